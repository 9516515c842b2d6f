"""Field types that the language knows and this version does not carry out yet."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts, label_from_name
from loomwork.model.types.select import Option

KINDS: Mapping[str, Kind | None] = {
    "rich_text": Kind.TEXT,
    "email": Kind.TEXT,
    "phone": Kind.TEXT,
    "url": Kind.TEXT,
    "person_name": Kind.TEXT,
    "address": Kind.TEXT,
    "code": Kind.TEXT,
    "color": Kind.TEXT,
    "barcode": Kind.TEXT,
    "sequence": Kind.TEXT,
    "time": Kind.TEXT,
    "money": Kind.NUMBER,
    "percent": Kind.NUMBER,
    "rating": Kind.NUMBER,
    "duration": Kind.DURATION,
    "multi_select": Kind.TEXTS,
    "tags": Kind.TEXTS,
    "links": Kind.LINKS,
    "reference": Kind.LINK,
    "file": Kind.LINK,
    "image": Kind.LINK,
    "signature": Kind.LINK,
    "formula": None,
    "lookup": None,
    "rollup": None,
    "json": None,
    "geo": None,
    "secret": None,
}
"""By type, the kind that its values have in expressions; None where that depends, or there is none.
"""
RESULTS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "long_text": Kind.TEXT,
    "integer": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
    "boolean": Kind.BOOLEAN,
    "link": Kind.LINK,
    **{name: kind for name, kind in KINDS.items() if kind is not None},
}
"""What a formula's ``result`` may be, as kinds."""
DERIVED = frozenset(("formula", "lookup", "rollup"))
PRESENCE_ONLY = frozenset(("file", "image", "signature"))
DIGITS = 10
SETS = {Kind.TEXT: Kind.TEXTS, Kind.LINK: Kind.LINKS}
EQUALITY = ("==", "!=", "is None")
ORDER = (*EQUALITY, "<", "<=", ">", ">=")
PRESENCE = ("is None",)
ORDERED = frozenset((Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredType(FieldType):
    """A type of which only the name and the kind in expressions are known.

    It keeps nothing: a Model with such a field has something pending and is not installed.
    ``entity`` is what links lead to, where that is one entity; ``options`` are those that can
    be chosen, if the type has any.
    """

    name: ClassVar[str] = "declared"

    declared: str
    # What other types know by their class differs here from one instance to the next.
    kind: Kind = Kind.TEXT  # type: ignore[misc]
    usable: bool = True  # type: ignore[misc]
    filter_operators: tuple[str, ...] = EQUALITY  # type: ignore[misc]
    entity: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        declared = settings["type"]
        kind = KINDS.get(declared)
        if declared == "formula":
            kind = RESULTS.get(settings.get("result", ""))
        if settings.get("many") and kind is not None:
            kind = SETS.get(kind)
        to = settings.get("to", "")
        options = {
            name: Option(
                name=name,
                label=texts(f"options/{name}/label", option.get("label", label_from_name(name))),
            )
            for name, option in settings.get("options", {}).items()
        }
        return cls(
            declared=declared,
            kind=kind or Kind.TEXT,
            usable=kind is not None,
            filter_operators=_operators(declared, kind),
            entity=to if isinstance(to, str) else "",
            options=options,
        )

    def of_kind(self, kind: Kind, entity: str = "") -> Self:
        """Return the same type, now that the kind of its values is known."""
        operators = _operators(self.declared, kind)
        return replace(self, kind=kind, usable=True, entity=entity, filter_operators=operators)

    @property
    def storage(self) -> Storage:
        if self.kind is Kind.NUMBER:
            return Storage(kind=StorageKind.DECIMAL, places=DIGITS)
        return Storage(kind=StorageKind.TEXT)

    def parse(self, value: object) -> object:
        return value

    def sample(self, source: random.Random) -> object:
        del source
        return None


def _operators(declared: str, kind: Kind | None) -> tuple[str, ...]:
    if declared in PRESENCE_ONLY or kind is None:
        return PRESENCE
    return ORDER if kind in ORDERED else EQUALITY
