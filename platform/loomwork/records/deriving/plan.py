"""Which derived fields of a Model are kept in columns, what they read, and in which order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, TypeAlias

from loomwork.expressions.dependencies import Way, dependencies, everything
from loomwork.expressions.derived import Derived
from loomwork.expressions.model_scope import derived_of
from loomwork.expressions.tree import Aggregate, Node, Step
from loomwork.expressions.tree import Field as FieldNode
from loomwork.model.derived import LIVE, DerivedType

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.model.whole import Model
    from loomwork.records.runtime import Runtime

Place: TypeAlias = tuple[str, str]
"""An entity and its field."""


@dataclass(frozen=True, slots=True)
class Read:
    """A field of ``entity`` that is read at the end of ``way``."""

    entity: str
    field: str
    way: Way


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """A derived field with a column."""

    entity: "Entity"
    field: "Field"
    derived: Derived

    @property
    def place(self) -> Place:
        """Return the entity and the field."""
        return self.entity.name, self.field.name

    @property
    def refresh(self) -> str:
        """Return when the value is worked out again."""
        return self.field.type.refresh if isinstance(self.field.type, DerivedType) else LIVE

    @property
    def live(self) -> bool:
        """Tell whether the value is kept with every write."""
        return self.refresh == LIVE

    @cached_property
    def node(self) -> FieldNode:
        """Return the field as one that is worked out, whether or not a record has it."""
        kind = self.field.type.kind
        return FieldNode(self.field.name, kind, self.derived.places, derived=self.derived)

    @cached_property
    def reads(self) -> frozenset[Read]:
        """Return everything that the value depends on."""
        own = self.entity.name
        return frozenset(
            Read(read.path[-1].entity if read.path else own, read.field, read.path)
            for read in dependencies(self.derived.node)
            if not read.root
        )

    @cached_property
    def own(self) -> frozenset[str]:
        """Return the fields of the record itself that are read."""
        return frozenset(read.field for read in self.reads if not read.way)

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """Return everything that the value is made of."""
        return tuple(everything(self.derived.node))

    @cached_property
    def gathers(self) -> bool:
        """Tell whether several records are looked at to work it out."""
        return any(isinstance(part, Aggregate) for part in self.parts)

    @cached_property
    def paths(self) -> frozenset[tuple[Step, ...]]:
        """Return the ways over more than one link that the value comes along."""
        ways = (tuple(one for one in read.way if isinstance(one, Step)) for read in self.reads)
        return frozenset(
            way
            for way, read in zip(ways, self.reads, strict=True)
            if len(way) > 1 and len(way) == len(read.way)
        )

    @cached_property
    def fans_out(self) -> bool:
        """Tell whether one record elsewhere may be read by any number of these."""
        return any(isinstance(one, Step) for read in self.reads for one in read.way)


Group: TypeAlias = tuple[Kept, ...]
"""Fields of one entity that do not follow from each other."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """All kept fields. ``order`` has them so that each follows from earlier ones only."""

    kept: Mapping[Place, Kept]
    order: tuple[Group, ...]

    @cached_property
    def of(self) -> Mapping[str, tuple[Kept, ...]]:
        """Return the kept fields of each entity, in their order."""
        found: dict[str, tuple[Kept, ...]] = {}
        for group in self.order:
            name = group[0].entity.name
            found[name] = (*found.get(name, ()), *group)
        return found

    @cached_property
    def sources(self) -> frozenset[str]:
        """Return the entities whose records something follows from."""
        return frozenset(
            read.entity for one in self.kept.values() if one.live for read in one.reads
        )

    @cached_property
    def parents(self) -> Mapping[str, frozenset[str]]:
        """Return, by entity, its links to records that keep something about those that link."""
        found: dict[str, set[str]] = {}
        for one in self.kept.values():
            for read in one.reads if one.live else ():
                for step in read.way:
                    if not isinstance(step, Step) and step.link:
                        found.setdefault(step.entity, set()).add(step.link)
        return {entity: frozenset(links) for entity, links in found.items()}

    @cached_property
    def upstream(self) -> Mapping[str, frozenset[str]]:
        """Return, by entity, its links to records that something kept with it is read from."""
        found: dict[str, set[str]] = {}
        for one in self.kept.values():
            for read in one.reads if one.live else ():
                if read.way and isinstance(read.way[0], Step):
                    found.setdefault(one.entity.name, set()).add(read.way[0].field)
        return {entity: frozenset(links) for entity, links in found.items()}


def plan_of(runtime: "Runtime") -> Plan:
    """Return the plan of a Runtime, made once."""
    return runtime.made.get(("deriving",), lambda: make_plan(runtime.model))


def make_plan(model: "Model") -> Plan:
    """Return the plan of ``model``."""
    kept = {one.place: one for one in _kept(model)}
    graph = {
        place: {(read.entity, read.field) for read in one.reads} & kept.keys()
        for place, one in kept.items()
    }
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    order: list[Group] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        groups: dict[str, list[Kept]] = {}
        for place in ready:
            groups.setdefault(place[0], []).append(kept[place])
        order += map(tuple, groups.values())
        sorter.done(*ready)
    return Plan(kept=kept, order=tuple(order))


def _kept(model: "Model") -> Iterator[Kept]:
    for entity in model.entities.values():
        for field in entity.fields.values():
            if isinstance(field.type, DerivedType) and field.type.stored:
                derived = derived_of(model, entity, field)
                yield Kept(entity=entity, field=field, derived=derived)
