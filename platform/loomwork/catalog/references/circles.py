"""Fields whose values follow from each other, around in a circle."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from loomwork.catalog.references.reader import Path, Reader
from loomwork.errors import N_, ExpressionError
from loomwork.expressions.parse import parse_value
from loomwork.expressions.tree import uses
from loomwork.model.entity import Entity

Graph = Mapping[str, Iterable[str]]


def check_circles(reader: Reader, entity: Entity) -> None:
    """Note defaults that need each other, and links that fill each other."""
    scope = reader.scope(("fields",), entity)

    def reads(source: str) -> frozenset[str]:
        try:
            return uses(parse_value(source, scope))
        except ExpressionError:
            return frozenset()

    defaults = {
        name: reads(field.default_is) for name, field in entity.fields.items() if field.default_is
    }
    fills = {
        # A link that fills itself has been told so.
        name: tuple(other for other in field.fill if other != name)
        for name, field in entity.fields.items()
    }
    _check(reader, defaults, "default", N_("The defaults follow from each other: {circle}."))
    _check(reader, fills, "fill", N_("The links fill each other: {circle}."))


def _check(reader: Reader, graph: Graph, key: str, text: str) -> None:
    for circle in circles(graph):
        path: Path = ("fields", circle[0], key)
        reader.add(path, "circle", text, circle=" → ".join((*circle, circle[0])))


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """Return circles of the graph until none is left; a node is the first of one at most."""
    found: list[tuple[str, ...]] = []
    left = {node: set(following) for node, following in graph.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            # The library names the first node again at the end, and follows the arrows backwards.
            circle = tuple(reversed(error.args[1][1:]))
            found.append(circle)
            del left[circle[0]]
        else:
            return found
