"""The kept values of a record that is about to be written, worked out before its checks."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from loomwork.expressions.dependencies import dependencies
from loomwork.expressions.model_scope import derived_of
from loomwork.expressions.tree import Step
from loomwork.model.derived import DerivedType
from loomwork.records.deriving.plan import Kept, plan_of
from loomwork.store.reading.derived_values import kept_value

if TYPE_CHECKING:
    from loomwork.expressions.context import Record
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting
    from loomwork.records.runtime import Runtime


def derive(
    by: "Acting", entity: "Entity", values: dict[str, Any], before: "Record | None"
) -> frozenset[str]:
    """Set the kept derived fields in ``values`` that follow from what differs from ``before``.

    Returns the fields that were worked out; ``before`` is None of a new record.
    """
    kept = plan_of(by.runtime).of.get(entity.name, ())
    if not kept:
        return frozenset()
    moved = None
    if before is not None:
        moved = {name for name, value in values.items() if before.get(name) != value}
    done: set[str] = set()
    with by.relations.standing(entity.name, values), by.relations.beginning(values, before):
        for one in _due(kept, moved, done):
            _hold(one, values, by, before)
            value = one.derived.value(values, by.context)
            values[one.field.name] = kept_value(one.field.type, value)
            done.add(one.field.name)
    return frozenset(done)


def work_out(
    by: "Acting", entity: "Entity", values: dict[str, Any], before: "Record | None"
) -> frozenset[str]:
    """Set in ``values`` the derived fields that no row has; return the names of all derived."""
    found = by.runtime.tables[entity.name].worked_out
    with by.relations.standing(entity.name, values), by.relations.beginning(values, before):
        for name, node in found.items():
            if node.derived is not None:
                value = node.derived.value(values, by.context)
                values[name] = kept_value(entity.fields[name].type, value)
    kept = plan_of(by.runtime).of.get(entity.name, ())
    return frozenset((*found, *(one.field.name for one in kept)))


def inputs_of(runtime: "Runtime", entity: "Entity") -> Mapping[str, frozenset[str]]:
    """Return, by derived field, the fields of the record itself that its value follows from."""
    return runtime.made.get(("inputs", entity.name), lambda: _inputs(runtime, entity))


def _inputs(runtime: "Runtime", entity: "Entity") -> Mapping[str, frozenset[str]]:
    reads = {
        name: {
            read.path[0].field if read.path and isinstance(read.path[0], Step) else read.field
            for read in dependencies(derived_of(runtime.model, entity, member).node)
            if not read.root and (not read.path or isinstance(read.path[0], Step))
        }
        for name, member in entity.fields.items()
        if isinstance(member.type, DerivedType)
    }

    def entered(name: str) -> set[str]:
        return set().union(*(entered(one) if one in reads else {one} for one in reads[name]))

    return {name: frozenset(entered(name)) for name in reads}


def _due(
    kept: Iterable[Kept], moved: Collection[str] | None, done: Collection[str]
) -> Iterable[Kept]:
    """Yield the fields that follow from ``moved`` ones, or from those that are ``done`` by then."""
    for one in kept:
        if moved is None or not (one.own.isdisjoint(moved) and one.own.isdisjoint(done)):
            yield one


def _hold(one: Kept, values: "Record", by: "Acting", before: "Record | None") -> None:
    """Keep others from changing what the value comes along until the transaction ends.

    Whoever changes it finds all records that are known by then, which this one may not be yet. The
    first record on each way is held as the target of a link.
    """
    if not by.holding:
        return
    for path in one.paths:
        first = path[0].field
        if before is not None and before.get(first) == values.get(first):
            continue
        record: Record | None = values
        for place, step in enumerate(path):
            target = record.get(step.field) if record is not None else None
            if target is None:
                break
            if place:
                by.relations.share(step.entity, target)
            record = by.relations.linked(step.entity, target)
