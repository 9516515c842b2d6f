"""Entity documents to entities; expressions stay as written until all entities are known."""

from collections.abc import Iterator, Mapping
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.names import (
    INNER,
    RESERVED_ENTITIES,
    RESERVED_FIELDS,
    RESERVED_PREFIXES,
    reason,
)
from loomwork.catalog.texts import Translations
from loomwork.errors import N_, Phrases
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Check, Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.system_fields import system_fields
from loomwork.model.text import Texts, label_from_name
from loomwork.model.types.declared import DeclaredType
from loomwork.model.types.encrypted import encrypted
from loomwork.model.types.sequence import SequenceType
from loomwork.model.types.several import several

Types = Mapping[str, type[FieldType]]
RESERVED = N_("The name “{name}” is taken: it is {reason}.")


def build_entity(
    document: FoldedDocument, types: Types, texts: Translations, findings: Findings
) -> Entity:
    """Return the entity that ``document`` describes; problems go into ``findings``."""
    body, name = document.body, document.name
    address = f"entity/{name}#"
    if name in RESERVED_ENTITIES or name.startswith(RESERVED_PREFIXES) or INNER in name:
        _reserved(document, ("name",), name, findings)
    ownership = body.get("ownership", "user")
    recycle = body.get("features", {}).get("recycle", True)
    system = {field.name: field for field in system_fields(ownership=ownership, recycle=recycle)}
    fields: dict[str, Field] = {}
    for key, settings in body["fields"].items():
        if key in RESERVED_FIELDS or key in system:
            _reserved(document, ("fields", key), key, findings)
            continue
        fields[key] = _field(key, settings, types, texts.below(f"{address}/fields/{key}"))
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
        history=body.get("features", {}).get("history", False),
        checks=dict(_checks(body, texts.below(address))),
        completeness=dict(body.get("completeness", {})),
        hierarchy=body.get("hierarchy", ""),
    )


def _reserved(
    document: FoldedDocument, path: tuple[str, ...], name: str, findings: Findings
) -> None:
    why = Phrases((reason(name),))
    findings.add(document, path, "reserved_name", RESERVED, name=name, reason=why)


def _field(name: str, settings: Mapping[str, Any], types: Types, texts: Texts) -> Field:
    written = settings["type"]
    if written == "select":
        # Those of a select that a workflow governs are its states, see `govern`.
        settings = {"options": {}, **settings}
    options = settings.get("options", {})
    required, required_when = _said(settings.get("required", False))
    readonly, readonly_when = _said(settings.get("readonly", False))
    default = settings.get("default")
    type_ = types.get(written, DeclaredType).from_document(settings, texts)
    if settings.get("many") and not isinstance(type_, DeclaredType):
        type_ = several(type_)
    if settings.get("encrypted"):
        type_ = encrypted(type_)
    return Field(
        name=name,
        type=type_,
        label=texts("label", settings.get("label", label_from_name(name))),
        help=texts("help", settings["help"]) if "help" in settings else None,
        required=required,
        required_when=required_when,
        # What is worked out is nobody's to set.
        readonly=readonly or isinstance(type_, DerivedType | SequenceType),
        readonly_when=readonly_when,
        visible_when=shown(settings.get("visible", True)),
        default_is=default["is"] if isinstance(default, dict) else "",
        unique=settings.get("unique", False)
        or (isinstance(type_, SequenceType) and type_.distinct),
        indexed=settings.get("indexed", False),
        search=bool(settings.get("search", False)),
        normalise=tuple(settings.get("normalise", ())),
        option_when={
            key: when
            for key, option in options.items()
            if (when := shown(option.get("when", True)))
        },
        filter=shown(settings.get("filter", True)),
        fill=dict(settings.get("fill", {})),
        renamed_from=str(settings.get("renamed_from", "")),
    )


def _said(value: bool | str) -> tuple[bool, str]:
    """Return what always holds, and else the condition under which it does."""
    return (value, "") if isinstance(value, bool) else (False, value)


def shown(value: bool | str) -> str:
    """Return a condition's source; empty where it always holds."""
    if isinstance(value, bool):
        return "" if value else "False"
    return value


def _checks(body: Mapping[str, Any], texts: Texts) -> Iterator[tuple[str, Check]]:
    for name, check in body.get("checks", {}).items():
        yield (
            name,
            Check(
                name=name,
                must=str(check["must"]),
                when=shown(check.get("when", True)),
                at=check.get("at", "write"),
                severity=check.get("severity", "refuse"),
                field=check.get("field", ""),
                message=texts(f"checks/{name}/message", check.get("message", "")),
            ),
        )


def _title(document: FoldedDocument, fields: Mapping[str, Field], findings: Findings) -> str:
    """Return the field that stands for a record: as written, or ``name``, or the first text."""
    texts = [
        name
        for name, field in fields.items()
        if field.type.kind is Kind.TEXT
        and not (field.system or field.type.parts or field.type.sealed)
        and not isinstance(field.type, DerivedType)
    ]
    if "title" in document.body:
        wanted = str(document.body["title"]["is"]).strip()
        if wanted in texts:
            return wanted
        if wanted.isidentifier():
            text = N_("The title has to be the name of a text field; there are: {fields}.")
            listed = ", ".join(texts) or "–"
            findings.add(document, ("title", "is"), "bad_title", text, fields=listed)
    elif not texts:
        text = N_("The entity needs a text field that stands for a record where it is linked.")
        findings.add(document, ("fields",), "no_title", text)
    if "name" in texts or not texts:
        return "name" if texts else "id"
    return texts[0]
