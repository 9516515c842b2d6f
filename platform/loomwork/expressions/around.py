"""What an expression reads of the records around its own, in Python."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from loomwork.expressions.context import NOTHING, Context, Record
from loomwork.expressions.semantics import numbers, times
from loomwork.expressions.tree import Aggregate, Field, Node, Step, Under
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.derived import Derived

Evaluate: TypeAlias = Callable[[Record, Context], Any]
Compile: TypeAlias = Callable[[Node], Evaluate]


def field(node: Field, _: Compile) -> Evaluate:
    """Return what reads a field, of the record itself or of one that a path leads to."""
    name, root, path = node.name, node.root, node.path
    if node.derived is not None:
        return _derived(node.derived, root, path)
    if path:
        reach = _over(root, path)
        return lambda record, context: reach(record, context).get(name)
    if root:
        return lambda _, context: context.root(root).get(name)
    return lambda record, _: record.get(name)


def _derived(derived: "Derived", root: str, path: tuple[Step, ...]) -> Evaluate:
    """Return what works a field out; where the record is missing, so is the value."""
    reach = _over(root, path) if root or path else None

    def worked_out(record: Record, context: Context) -> Any:
        found = record if reach is None else reach(record, context)
        return derived.value(found, context) if found else None

    return worked_out


def _over(root: str, path: tuple[Step, ...]) -> Callable[[Record, Context], Record]:
    """Return what finds the record at the end of a path, or one without values."""

    def reached(record: Record, context: Context) -> Record:
        found: Record | None = context.root(root) if root else record
        for step in path:
            link = found.get(step.field) if found else None
            if link is None:
                return NOTHING
            found = context.relations.linked(step.entity, link)
        return found or NOTHING

    return reached


def under(node: Under, compile_: Compile) -> Evaluate:
    """Return what tells whether a record is another or below it."""
    get, get_ancestor = compile_(node.value), compile_(node.ancestor)
    entity, parent = node.entity, node.parent

    def is_under(record: Record, context: Context) -> bool:
        ancestor = get_ancestor(record, context)
        current = get(record, context)
        visited = set()
        while ancestor is not None and current is not None and current not in visited:
            if current == ancestor:
                return True
            # Records may lead in a circle; the walk then ends where it began.
            visited.add(current)
            current = (context.relations.linked(entity, current) or NOTHING).get(parent)
        return False

    return is_under


def aggregate(node: Aggregate, compile_: Compile) -> Evaluate:
    """Return what counts, sums up or asks the records that link here."""
    where = None if node.where is None else compile_(node.where)
    if node.function == "all":
        failing = _linking(node, compile_, _opposite(where))
        return lambda record, context: not any(True for _ in failing(record, context))
    chosen = _linking(node, compile_, where)
    if node.function == "any":
        return lambda record, context: any(True for _ in chosen(record, context))
    if node.function == "count":
        return lambda record, context: sum(1 for _ in chosen(record, context))
    if node.value is None:
        raise TypeError(f"{node.function} needs a value")
    get = compile_(node.value)
    if node.function == "first":
        return _first(node, chosen, get, compile_)
    kinds = OF_DURATIONS if node.kind is Kind.DURATION else GATHERED
    gather = kinds[node.function]

    def gathered(record: Record, context: Context) -> Any:
        found = (get(child, inner) for child, inner in chosen(record, context))
        return gather(value for value in found if value is not None)

    return gathered


def _first(node: Aggregate, chosen: "Chosen", get: Evaluate, compile_: Compile) -> Evaluate:
    """Return what finds the value of the record that comes first; what is missing is smallest."""
    keys = [(compile_(key.field), key.descending) for key in node.sort]

    def first(record: Record, context: Context) -> Any:
        found = sorted(chosen(record, context), key=lambda one: one[0]["id"])
        # Sorting keeps the order of equals, so that the last key is sorted by first.
        for key, descending in reversed(keys):
            found.sort(key=lambda one: _rank(key(*one)), reverse=descending)
        return get(*found[0]) if found else None

    return first


def _rank(value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def _opposite(where: Evaluate | None) -> Evaluate:
    if where is None:
        return lambda _, __: False
    return lambda record, context: not where(record, context)


Chosen: TypeAlias = Callable[[Record, Context], Iterator[tuple[Record, Context]]]


def _linking(node: Aggregate, compile_: Compile, where: Evaluate | None) -> Chosen:
    """Return what finds the linking records for which ``where`` holds, and their context."""
    if not node.link:
        return _fitting(node, where)
    path = node.path
    name = path[-1].field if path else "id"
    get_id = compile_(Field(name, Kind.LINK, root=node.root, path=path[:-1]))
    entity, link = node.entity, node.link

    def chosen(record: Record, context: Context) -> Iterator[tuple[Record, Context]]:
        id_ = get_id(record, context)
        if id_ is None:
            return
        inner = context.inside(record)
        for child in context.relations.linking(entity, link, id_):
            if where is None or where(child, inner):
                yield child, inner

    return chosen


def _fitting(node: Aggregate, where: Evaluate | None) -> Chosen:
    """Return what finds those of all records of an entity for which ``where`` holds."""

    def chosen(record: Record, context: Context) -> Iterator[tuple[Record, Context]]:
        inner = context.inside(record)
        for other in context.relations.fitting(node.entity, node.where, inner):
            if where is None or where(other, inner):
                yield other, inner

    return chosen


def _least(values: Iterable[Any]) -> Any:
    return min(values, default=None)


def _greatest(values: Iterable[Any]) -> Any:
    return max(values, default=None)


GATHERED: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    "sum": numbers.total,
    "avg": numbers.average,
    "min": _least,
    "max": _greatest,
}
OF_DURATIONS: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    **GATHERED,
    "sum": times.total,
    "avg": times.average,
}
