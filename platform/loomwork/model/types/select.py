"""One of a few named options."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.field_type import NOT_A_CHOICE, NOT_TEXT, FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Text, TextList, Texts, label_from_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: a stable name, a label that may change, a semantic colour."""

    name: str
    label: Text
    color: str = "gray"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectType(FieldType):
    """One of ``options``, kept and sent by its name; shown by its label, sorted by its name."""

    name: ClassVar[str] = "select"
    kind: ClassVar[Kind] = Kind.TEXT
    filter_operators: ClassVar[tuple[str, ...]] = (
        "==",
        "!=",
        "in",
        "not in",
        "is None",
    )

    options: Mapping[str, Option]

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        return cls(
            options={
                name: Option(
                    name=name,
                    label=texts(
                        f"options/{name}/label",
                        option.get("label", label_from_name(name)),
                    ),
                    color=option.get("color", "gray"),
                )
                for name, option in settings["options"].items()
            }
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=48)

    def parse(self, value: object) -> object:
        if not isinstance(value, str):
            raise refuse("not_text", NOT_TEXT)
        if not value.strip():
            return None
        if value not in self.options:
            allowed = ", ".join(self.options)
            raise refuse("not_an_option", NOT_A_CHOICE, value=_shown(value), allowed=allowed)
        return value

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read an option's name or its label in any language."""
        del locale
        wanted = text.strip().casefold()
        for option in self.options.values():
            texts = (option.label.source, *option.label.translations.values())
            if wanted == option.name or wanted in (label.casefold() for label in texts):
                return option.name
        labels = TextList(tuple(option.label for option in self.options.values()))
        raise refuse("not_an_option", NOT_A_CHOICE, value=_shown(text.strip()), allowed=labels)

    def sample(self, source: random.Random) -> object:
        return source.choice(list(self.options))


def _shown(value: str) -> str:
    return value if len(value) <= 60 else value[:60] + "…"
