"""Field types of which nothing but the name is known."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts, label_from_name
from loomwork.model.types.select import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredType(FieldType):
    """A type of which only the name is known, such as that of a plug-in that is not installed.

    It stands in while the rest of the documents is checked; they are refused for it.
    ``entity`` is what links lead to, where that is one entity; ``options`` are those that can
    be chosen, if the type has any.
    """

    name: ClassVar[str] = "declared"
    kind: ClassVar[Kind] = Kind.TEXT
    usable: ClassVar[bool] = False
    filter_operators: ClassVar[tuple[str, ...]] = ("is None",)

    declared: str
    entity: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        to = settings.get("to", "")
        options = {
            name: Option(
                name=name,
                label=texts(f"options/{name}/label", option.get("label", label_from_name(name))),
            )
            for name, option in settings.get("options", {}).items()
        }
        return cls(
            declared=settings["type"],
            entity=to if isinstance(to, str) else "",
            options=options,
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT)

    def parse(self, value: object) -> object:
        return value

    def sample(self, source: random.Random) -> object:
        del source
        return None
