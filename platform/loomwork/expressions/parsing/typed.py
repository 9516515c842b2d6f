"""A part of the source with what is known of its value."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from loomwork.expressions.scope import FieldInfo
from loomwork.expressions.tree import Literal, Node, kind_of
from loomwork.model.kinds import Kind

ADAPTING = ("coalesce", "min", "max")
SETS = (Kind.TEXTS, Kind.LINKS)
UNORDERED = (Kind.BOOLEAN, Kind.LINK, *SETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A node, what it is, where it is written, and how sentences call it."""

    node: Node
    info: FieldInfo
    at: ast.expr
    name: str

    @property
    def kind(self) -> Kind:
        """Return the kind of the value."""
        return self.info.kind


def plain(node: Node, at: ast.expr, name: str, *, entity: str = "") -> Typed:
    """Return a value of which nothing is known but its kind."""
    kind = kind_of(node)
    info = FieldInfo(kind=kind, ordered=kind not in UNORDERED, entity=entity)
    return Typed(node=node, info=info, at=at, name=name)


def adapts(node: ast.expr) -> bool:
    """Tell whether ``node`` is a text that may write a date, a time, an id or an option."""
    match node:
        case ast.Constant(str()):
            return True
        case ast.IfExp(_, then, otherwise):
            branches = [branch for branch in (then, otherwise) if not is_none(branch)]
            return bool(branches) and all(adapts(branch) for branch in branches)
        case ast.Call(ast.Name(name), [_, *_] as arguments, []) if name in ADAPTING:
            return all(adapts(argument) for argument in arguments)
    return False


def is_none(node: ast.expr) -> bool:
    """Tell whether ``node`` is None, as written."""
    return isinstance(node, ast.Constant) and node.value is None


def is_missing(value: Typed) -> bool:
    """Tell whether ``value`` is the missing one."""
    return isinstance(value.node, Literal) and value.node.value is None


def merged(values: Sequence[Typed]) -> FieldInfo:
    """Return what is known of a value that is one of ``values``, which are of one kind."""
    present = [value for value in values if not is_missing(value)]
    first = present[0].info
    choices: dict[str, None] | None = {}
    for value in present:
        if value.info.choices is None or choices is None:
            choices = None
        else:
            choices |= dict.fromkeys(value.info.choices)
    entities = {value.info.entity for value in present}
    return replace(
        first,
        choices=None if choices is None else tuple(choices),
        places=None,
        ordered=all(value.info.ordered for value in present),
        entity=entities.pop() if len(entities) == 1 else "",
        options={name: text for value in present for name, text in value.info.options.items()},
    )
