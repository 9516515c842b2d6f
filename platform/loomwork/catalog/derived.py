"""What can only be said of derived fields when all of them are known: what follows from what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import N_
from loomwork.expressions.dependencies import dependencies, everything
from loomwork.expressions.derived import Derived
from loomwork.expressions.model_scope import derived_of, model_scope
from loomwork.expressions.parse import parse
from loomwork.expressions.tree import Aggregate, Given, Node, Step, Under, walk
from loomwork.expressions.tree import Field as FieldNode
from loomwork.model.derived import LIVE, DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.model.role import OPERATIONS, Role
from loomwork.model.settings import Setting
from loomwork.model.whole import Model

MOST_PARTS = 1_000
"""Parts that a value is worked out of, those of other derived fields included."""
DEEPEST = 8
"""Derived fields that follow from each other and are worked out when they are read."""
MOMENTS = {"now", "today"}
CHANGES_ALONE = N_("A stored value cannot follow from “{name}”, which changes by itself.")
OF_ANY = N_("A stored value cannot follow from all records of “{entity}”: any of them may change.")
OF_TREE = N_("A stored value cannot follow from under(), which looks at a whole tree.")
TOO_LARGE = N_("The value is worked out from too many others.")
TOO_DEEP = N_(
    "More than {limit} derived fields follow from each other here: store one of those between."
)
LAGS = N_("“{field}” may lag behind for a moment, so that no access may depend on it.")

Documents: TypeAlias = Mapping[str, Mapping[str, FoldedDocument]]
Place: TypeAlias = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """One derived field under check."""

    entity: Entity
    field: Field
    type: DerivedType
    derived: Derived

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        return tuple(everything(self.derived.node))

    @property
    def must_follow(self) -> bool:
        """Tell whether the value has to be kept with every write."""
        return self.type.stored and self.type.refresh == LIVE


def check_derivations(
    documents: Documents,
    entities: Mapping[str, Entity],
    roles: Mapping[str, Role],
    settings: Mapping[str, Setting],
    findings: Findings,
) -> None:
    """Note derived fields that cannot be kept or worked out, and access that depends on old ones.

    The definitions have no other problems.
    """
    model = _model(entities, roles, settings)
    for one in _fields(model):
        document = documents["entity"][one.entity.name]
        for text, context in _problems(one):
            path = ("fields", one.field.name)
            findings.add(document, path, "not_derivable", text, **context)
    if not findings.problems:
        _check_access(documents, model, findings)


def _model(
    entities: Mapping[str, Entity], roles: Mapping[str, Role], settings: Mapping[str, Setting]
) -> Model:
    return Model(
        hash="",
        packs={},
        entities=entities,
        roles=roles,
        forms={},
        views={},
        apps={},
        settings=settings,
    )


def _fields(model: Model) -> Iterator[_Checked]:
    for entity in model.entities.values():
        for field in entity.fields.values():
            if isinstance(field.type, DerivedType):
                derived = derived_of(model, entity, field)
                yield _Checked(entity=entity, field=field, type=field.type, derived=derived)


def _problems(one: _Checked) -> Iterator[tuple[str, Mapping[str, object]]]:
    if _depth(one.derived) > DEEPEST:
        yield TOO_DEEP, {"limit": DEEPEST}
        return
    if _more_than(one.derived.node, MOST_PARTS):
        yield TOO_LARGE, {}
        return
    if not one.type.stored:
        return
    for part in one.parts:
        match part:
            case Given(name) if _changes_alone(name, one):
                yield CHANGES_ALONE, {"name": name.partition(".")[0]}
                return
            case Aggregate(link="", entity=entity) if one.must_follow:
                yield OF_ANY, {"entity": entity}
                return
            case Under() if one.must_follow:
                yield OF_TREE, {}
                return


def _changes_alone(name: str, one: _Checked) -> bool:
    """Tell whether a given value makes another of a stored one without any write."""
    return name.partition(".")[0] == "user" or (name in MOMENTS and one.must_follow)


def _depth(derived: Derived) -> int:
    """Return how many fields are worked out inside each other; it ends, as there is no circle."""
    inner = [part.derived for part in _derived_parts(derived.node)]
    return 1 + max((_depth(one) for one in inner if one is not None), default=0)


def _derived_parts(node: Node) -> Iterator[FieldNode]:
    for part in walk(node):
        if isinstance(part, FieldNode) and part.derived is not None:
            yield part
        if isinstance(part, Aggregate):
            yield from (key.field for key in part.sort if key.field.derived is not None)


def _more_than(node: Node, limit: int) -> bool:
    return any(number >= limit for number, _ in enumerate(everything(node)))


def _check_access(documents: Documents, model: Model, findings: Findings) -> None:
    """Note grants that look at stored values which may be old for a while."""
    lagging = _lagging(model)
    for role in model.roles.values() if lagging else ():
        document = documents["role"][role.name]
        for entity, grant in document.body.get("grants", {}).items():
            for key in OPERATIONS:
                source = grant.get(key)
                if entity not in model.entities or not isinstance(source, str):
                    continue
                node = parse(source, model_scope(model, model.entities[entity]))
                for place in sorted(_read_places(node, entity) & lagging):
                    path = ("grants", entity, key)
                    findings.add(document, path, "lags", LAGS, field=".".join(place))


def _lagging(model: Model) -> set[Place]:
    """Return the stored fields whose values may be old for a while.

    One record elsewhere may change any number of them, or they are renewed only now and then, or
    they follow from such fields.
    """
    stored = {(one.entity.name, one.field.name): one for one in _fields(model) if one.type.stored}
    reads = {place: _read_places(one.derived.node, place[0]) for place, one in stored.items()}
    found = {place for place, one in stored.items() if one.type.refresh != LIVE or _fans_out(one)}
    while more := {place for place in stored if place not in found and reads[place] & found}:
        found |= more
    return found


def _fans_out(one: _Checked) -> bool:
    ways = (read.path for read in dependencies(one.derived.node))
    return any(isinstance(step, Step) for way in ways for step in way)


def _read_places(node: Node, entity: str) -> set[Place]:
    return {
        (read.path[-1].entity if read.path else entity, read.field)
        for read in dependencies(node)
        if not read.root
    }
