"""Role and pack documents to roles and settings."""

from collections.abc import Iterator, Mapping

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.texts import Translations
from loomwork.errors import N_, InvalidError
from loomwork.model.field_type import FieldType
from loomwork.model.role import OPERATIONS, Grant, Role
from loomwork.model.settings import Setting
from loomwork.model.text import label_from_name
from loomwork.model.types.declared import DeclaredType

BAD_BOUNDS = N_("The smallest value, {low}, is above the largest, {high}.")


def build_role(document: FoldedDocument, texts: Translations) -> Role:
    """Return the role that ``document`` describes, without what it inherits."""
    label = document.body.get("label", label_from_name(document.name))
    return Role(
        name=document.name,
        label=texts.text(f"role/{document.name}#/label", label),
        grants={
            entity: Grant(
                entity=entity,
                rows={
                    operation: str(grant[operation])
                    for operation in OPERATIONS
                    if operation in grant
                },
            )
            for entity, grant in document.body.get("grants", {}).items()
        },
    )


def build_settings(
    document: FoldedDocument,
    types: Mapping[str, type[FieldType]],
    texts: Translations,
    findings: Findings,
) -> Iterator[Setting]:
    """Yield the settings that a pack's document declares."""
    for name, said in document.body.get("settings", {}).items():
        below = texts.below(f"pack/{document.name}#/settings/{name}")
        type_ = types.get(said["type"], DeclaredType).from_document({"options": {}, **said}, below)
        bounded = _check_range(document, name, type_, findings)
        setting = Setting(
            pack=document.name,
            name=name,
            type=type_,
            label=below("label", said.get("label", label_from_name(name))),
            help=below("help", said["help"]) if "help" in said else None,
            default=_default(document, name, said.get("default"), type_, findings)
            if bounded
            else None,
        )
        yield setting


def _check_range(document: FoldedDocument, name: str, type_: FieldType, findings: Findings) -> bool:
    """Tell whether there are values between the smallest and the largest; note it if not."""
    low, high = getattr(type_, "min", None), getattr(type_, "max", None)
    if low is None or high is None or low <= high:
        return True
    findings.add(document, ("settings", name, "min"), "bad_bounds", BAD_BOUNDS, low=low, high=high)
    return False


def _default(
    document: FoldedDocument, name: str, value: object, type_: FieldType, findings: Findings
) -> object:
    if value is None:
        return None
    try:
        return type_.parse(value)
    except InvalidError as error:
        path = ("settings", name, "default")
        for problem in error.problems:
            findings.add(document, path, problem.code, problem.text, **problem.context)
        return None
