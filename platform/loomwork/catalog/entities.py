"""Entity documents to entities."""

import keyword
from collections.abc import Mapping
from typing import Any

from loomwork.catalog.documents import Document
from loomwork.catalog.findings import Findings
from loomwork.catalog.texts import Translations
from loomwork.errors import N_, InvalidError
from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.system_fields import NAMES, system_fields
from loomwork.model.text import label_from_name
from loomwork.model.types.link import LinkType

RESERVED_ENTITIES = frozenset({"lookup", "new", "import"})
LONGEST_INDEX = 600
"""Characters: in bytes, what the smallest limit of the three engines allows."""
RESERVED_PREFIXES = ("lw_", "ab_", "sqlite_")
KEYWORDS = frozenset(word.lower() for word in keyword.kwlist)
EXPRESSION_NAMES = frozenset(
    ["user", "old", "this", "record", "steps", "settings", "ask", "date", "datetime"]
)
EXPRESSION_FUNCTIONS = frozenset(
    [
        "abs",
        "add_months",
        "all",
        "any",
        "avg",
        "ceil",
        "coalesce",
        "concat",
        "contains",
        "count",
        "day",
        "days",
        "days_between",
        "ends_with",
        "floor",
        "hours",
        "length",
        "lower",
        "max",
        "min",
        "month",
        "now",
        "quarter",
        "round",
        "start_of",
        "starts_with",
        "sum",
        "today",
        "trim",
        "under",
        "upper",
        "weekday",
        "year",
    ]
)
RESERVED_FIELDS = (NAMES - {"owner", "team"}) | KEYWORDS | EXPRESSION_NAMES | EXPRESSION_FUNCTIONS


def build_entity(
    document: Document,
    types: Mapping[str, type[FieldType]],
    texts: Translations,
    findings: Findings,
) -> Entity:
    """Return the entity that ``document`` describes; problems go into ``findings``."""
    body, name = document.body, document.name
    address = f"entity/{name}#"
    if name in RESERVED_ENTITIES or name.startswith(RESERVED_PREFIXES):
        text = N_("The name “{name}” is reserved.")
        findings.add(document, ("name",), "reserved_name", text, name=name)
    ownership = body.get("ownership", "user")
    recycle = body.get("features", {}).get("recycle", True)
    system = {field.name: field for field in system_fields(ownership=ownership, recycle=recycle)}
    fields: dict[str, Field] = {}
    for field_name, settings in body["fields"].items():
        if field_name in RESERVED_FIELDS or field_name in system:
            text = N_("The name “{name}” is reserved.")
            path = ("fields", field_name)
            findings.add(document, path, "reserved_name", text, name=field_name)
            continue
        fields[field_name] = _field(document, field_name, settings, types, texts, findings)
    fields |= system
    label = body.get("label", label_from_name(name))
    return Entity(
        name=name,
        label=texts.text(f"{address}/label", label),
        plural=texts.text(f"{address}/plural", body.get("plural", label)),
        icon=body.get("icon", "table"),
        title=_title(document, fields, findings),
        ownership=ownership,
        fields=fields,
        indexes={key: tuple(names) for key, names in body.get("indexes", {}).items()},
        recycle=recycle,
    )


def _field(
    document: Document,
    name: str,
    settings: Mapping[str, Any],
    types: Mapping[str, type[FieldType]],
    texts: Translations,
    findings: Findings,
) -> Field:
    address = f"entity/{document.name}#/fields/{name}"
    type_ = types[settings["type"]].from_document(settings, texts.below(address))
    return Field(
        name=name,
        type=type_,
        label=texts.text(f"{address}/label", settings.get("label", label_from_name(name))),
        help=texts.text(f"{address}/help", settings["help"]) if "help" in settings else None,
        required=settings.get("required", False),
        default=_default(document, name, settings, type_, findings),
        unique=settings.get("unique", False),
        readonly=settings.get("readonly", False),
        indexed=settings.get("indexed", False),
        search=settings.get("search", False),
    )


def _default(
    document: Document,
    name: str,
    settings: Mapping[str, Any],
    type_: FieldType,
    findings: Findings,
) -> object:
    if settings.get("default") is None:
        return None
    try:
        return type_.parse(settings["default"])
    except InvalidError as error:
        path = ("fields", name, "default")
        for problem in error.problems:
            findings.add(document, path, problem.code, problem.text, **problem.context)
        return None


def _title(document: Document, fields: Mapping[str, Field], findings: Findings) -> str:
    """Return the field that stands for a record: as written, or ``name``, or the first text."""
    texts = [
        name for name, field in fields.items() if field.type.kind is Kind.TEXT and not field.system
    ]
    if "title" in document.body:
        wanted = str(document.body["title"]["is"]).strip()
        if wanted not in texts:
            text = N_("The title has to be the name of a text field; there are: {fields}.")
            findings.add(
                document, ("title", "is"), "bad_title", text, fields=", ".join(texts) or "–"
            )
        return wanted
    if not texts:
        text = N_("The entity needs a text field that stands for a record where it is linked.")
        findings.add(document, ("fields",), "no_title", text)
        return "id"
    return "name" if "name" in texts else texts[0]


def check_entity(
    document: Document, entity: Entity, entities: Mapping[str, Entity], findings: Findings
) -> None:
    """Note links to entities that do not exist, and indexes over fields that do not."""
    for name, field in entity.own_fields.items():
        if isinstance(field.type, LinkType):
            findings.known(document, ("fields", name, "to"), "entity", field.type.to, entities)
        _check_range(document, field, findings)
    for index, names in entity.indexes.items():
        _check_index(document, index, names, entity, findings)
    if entity.ownership == "user" and "user" not in entities:
        text = N_("Records with an owner need the entity “user”, which the pack “base” brings.")
        findings.add(document, ("ownership",), "no_user_entity", text)


def _check_range(document: Document, field: Field, findings: Findings) -> None:
    """Note a smallest value above the largest."""
    low, high = getattr(field.type, "min", None), getattr(field.type, "max", None)
    if low is not None and high is not None and low > high:
        text = N_("The smallest value, {low}, is above the largest, {high}.")
        findings.add(
            document, ("fields", field.name, "min"), "bad_bounds", text, low=low, high=high
        )


def _check_index(
    document: Document, index: str, names: tuple[str, ...], entity: Entity, findings: Findings
) -> None:
    """Note unknown fields, and texts that are too long for an index on every engine."""
    path = ("indexes", index)
    known = [
        entity.fields[name]
        for place, name in enumerate(names)
        if findings.known(document, (*path, place), "field", name, entity.fields)
    ]
    lengths = [
        field.type.storage.length for field in known if field.type.storage.kind is StorageKind.TEXT
    ]
    if sum(length or LONGEST_INDEX + 1 for length in lengths) > LONGEST_INDEX:
        text = N_("The texts of an index may have {limit} characters together, no long texts.")
        findings.add(document, path, "not_indexable", text, limit=LONGEST_INDEX)
