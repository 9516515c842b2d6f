"""What depends on other documents before any expression can be read.

The options of a select may be the states of a workflow, and the kind of a lookup is that of what
it shows, which may be a lookup again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.references.circles import circles
from loomwork.catalog.references.reader import entity_of
from loomwork.catalog.references.world import World
from loomwork.catalog.texts import Translations
from loomwork.errors import N_, ExpressionError
from loomwork.expressions.dependencies import Dependency, dependencies
from loomwork.expressions.parse import parse, parse_value
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import Field as FieldNode
from loomwork.expressions.tree import Node, kind_of
from loomwork.model.derived import DerivedType, result_of
from loomwork.model.entity import Entity
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.text import Text
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.formula import TEXT, FormulaType, type_of_kind
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.select import SelectType

Derived = tuple[str, str]
"""An entity and its derived field."""
AVERAGE_PLACES = 4
"""Places that an average has more than what it is taken of."""
MOST_PLACES = 10


def govern(world: World, entities: dict[str, Entity], texts: Translations) -> None:
    """Give the selects that workflows govern their states as options."""
    for name, workflows in world.workflows.items():
        entity = entities.get(name)
        if entity is None:
            continue
        fields = dict(entity.fields)
        for field_name, workflow in workflows.items():
            field = fields.get(field_name)
            if field is not None and isinstance(field.type, SelectType):
                fields[field_name] = replace(field, type=_states(workflow.body, texts))
        entities[name] = replace(entity, fields=fields)


def _states(workflow: Mapping[str, Any], texts: Translations) -> SelectType:
    below = texts.below(f"workflow/{workflow['name']}#")

    def state_text(pointer: str, source: str) -> Text:
        return below(pointer.replace("options", "states", 1), source)

    return SelectType.from_document({"options": workflow["states"]}, state_text)


def derive(world: World, entities: dict[str, Entity], findings: Findings) -> None:
    """Find out the kinds of lookups and rollups; note derived fields that need each other."""
    derived = dict(_derived(world))
    types = {key: world.entities[key[0]].fields[key[1]].type for key in derived}
    waiting = {key for key, type_ in types.items() if not isinstance(type_, FormulaType)}
    while True:
        solved = {key for key in waiting if _solve(world, entities, key, derived[key])}
        if not solved:
            break
        waiting -= solved
    for entity, name in waiting:
        # So that only what is really wrong is told, not all that follows from it.
        _know(entities, (entity, name), TEXT)
    graph = {key: set(_reads(world, key, derived[key])) & set(derived) for key in derived}
    named = {".".join(key): {".".join(other) for other in graph[key]} for key in graph}
    for circle in circles(named):
        entity, name = circle[0].split(".")
        text = N_("These fields are worked out from each other: {circle}.")
        document = world.all("entity")[entity]
        shown = " → ".join((*circle, circle[0]))
        findings.add(document, ("fields", name), "circle", text, circle=shown)


def _derived(world: World) -> Iterator[tuple[Derived, Mapping[str, Any]]]:
    for entity, document in world.all("entity").items():
        fields = world.entities[entity].fields
        for name, settings in document.body["fields"].items():
            if name in fields and isinstance(fields[name].type, DerivedType):
                yield (entity, name), settings


def _solve(
    world: World, entities: dict[str, Entity], key: Derived, settings: Mapping[str, Any]
) -> bool:
    """Give a derived field its type of values, if it can be told by now."""
    source = _source(world, key[0], settings)
    if source is None:
        return False
    if settings["type"] == "rollup":
        summed = source.fields.get(settings.get("field", ""))
        function = settings["function"]
        if function == "count":
            _know(entities, key, IntegerType())
        elif summed is not None and summed.type.usable:
            _know(entities, key, _total(function, result_of(summed.type)))
        else:
            return False
        return True
    node = _tree(settings.get("is"), _scope(world, key[0], source), value=True)
    if node is None:
        return False
    _know(entities, key, _shown(world, node, source))
    return True


def _total(function: str, summed: FieldType) -> FieldType:
    """Return the type of a total of values of the type ``summed``."""
    if function in ("min", "max") or summed.kind is not Kind.NUMBER:
        return _plain(summed) or TEXT
    storage = summed.storage
    places = storage.places if storage.kind is StorageKind.DECIMAL else 0
    if function == "avg":
        return DecimalType(places=min(MOST_PLACES, places + AVERAGE_PLACES))
    return DecimalType(places=places) if places else IntegerType()


def _shown(world: World, node: Node, source: Entity) -> FieldType:
    """Return the type of what ``node`` gives: that of a field where it is one."""
    if isinstance(node, FieldNode) and not node.root:
        entity = world.entities[node.path[-1].entity] if node.path else source
        plain = _plain(result_of(entity.fields[node.name].type))
        if plain is not None:
            return plain
    return type_of_kind(kind_of(node), entity_of(node)) or TEXT


def _plain(type_: FieldType) -> FieldType | None:
    """Return a type for one plain value as ``type_`` has it; None of one that has parts."""
    if not (type_.parts or type_.many):
        return type_
    if type_.kind is Kind.NUMBER and type_.storage.kind is StorageKind.DECIMAL:
        return DecimalType(places=type_.storage.places)
    return None


def _know(entities: dict[str, Entity], key: Derived, result: FieldType) -> None:
    entity = entities[key[0]]
    field = entity.fields[key[1]]
    if isinstance(field.type, DerivedType):
        known = replace(field, type=field.type.known(result))
        entities[entity.name] = replace(entity, fields={**entity.fields, field.name: known})


def _source(world: World, entity: str, settings: Mapping[str, Any]) -> Entity | None:
    """Return the entity whose records are shown, if there is one."""
    if "of" in settings:
        links = world.inverses.get(entity, {}).get(settings["of"])
        return world.entities.get(links[0][0]) if links else None
    return world.entities.get(settings.get("from", entity))


def _scope(world: World, entity: str, source: Entity) -> Scope:
    outer = world.entities[entity]
    pack = world.all("entity")[entity].pack
    return world.scope(source, pack=pack, this=outer if source is not outer else None)


def _tree(source: object, scope: Scope, *, value: bool) -> Node | None:
    if not isinstance(source, str):
        return None
    try:
        return parse_value(source, scope) if value else parse(source, scope)
    except ExpressionError:
        return None


def _reads(world: World, key: Derived, settings: Mapping[str, Any]) -> Iterator[Derived]:
    """Yield every field of every entity from which a derived field follows."""
    source = _source(world, key[0], settings)
    if source is None:
        return
    scope = _scope(world, key[0], source)
    if settings["type"] == "rollup" and "field" in settings:
        yield source.name, settings["field"]
    starts = {"": source.name, "this": key[0]}
    for said, value in (("is", True), ("where", False)):
        node = _tree(settings.get(said), scope, value=value)
        for read in dependencies(node) if node is not None else ():
            yield _place(read, starts), read.field


def _place(read: Dependency, starts: Mapping[str, str]) -> str:
    return read.path[-1].entity if read.path else starts.get(read.root, "")
