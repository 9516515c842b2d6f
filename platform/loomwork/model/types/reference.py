"""A link to one record of any of several entities."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, Part, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.link import NOT_AN_ID, LinkType

ENTITY = "entity"
NOT_A_REFERENCE = N_("An object with “entity” and “id” is expected.")
OTHER_ENTITY = N_("Records of “{entity}” cannot be named here; possible are: {allowed}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceType(FieldType):
    """A record of one of the entities ``allowed``; the main value is its id.

    ``on_delete`` is ``restrict`` or ``clear``.
    """

    name: ClassVar[str] = "reference"
    kind: ClassVar[Kind] = Kind.LINK
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")
    sortable: ClassVar[bool] = False

    allowed: tuple[str, ...]
    on_delete: str = "restrict"
    inverse: str = ""

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(
            allowed=tuple(settings["to"]),
            on_delete=settings.get("on_delete", "restrict"),
            inverse=settings.get("inverse", ""),
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.UUID)

    @property
    def parts(self) -> tuple[Part, ...]:
        storage = Storage(kind=StorageKind.TEXT, length=48)
        return (Part(name=ENTITY, storage=storage, kind=Kind.TEXT, label=N_("Kind of record")),)

    def parse(self, value: object) -> object:
        """Read an object with entity and id, or an id alone where only one entity is possible."""
        if isinstance(value, str) and not value.strip():
            return None
        if isinstance(value, str | UUID) and len(self.allowed) == 1:
            value = {ENTITY: self.allowed[0], "id": value}
        if not isinstance(value, Mapping) or not value.keys() <= {ENTITY, "id", "title"}:
            raise refuse("not_a_reference", NOT_A_REFERENCE)
        if "id" not in value:
            raise refuse("not_a_reference", NOT_A_REFERENCE)
        if value["id"] in (None, ""):
            return None
        entity = value.get(ENTITY)
        if not isinstance(entity, str):
            raise refuse("not_a_reference", NOT_A_REFERENCE)
        if entity not in self.allowed:
            raise refuse(
                "other_entity", OTHER_ENTITY, entity=entity[:60], allowed=", ".join(self.allowed)
            )
        id_ = LinkType(to=entity).parse(value["id"])
        if id_ is None:
            raise refuse("not_an_id", NOT_AN_ID)
        return {ENTITY: entity, "id": id_}

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read ``entity:id``, or an id alone where only one entity is possible."""
        del locale
        entity, colon, id_ = text.strip().rpartition(":")
        return self.parse({ENTITY: entity.strip(), "id": id_.strip()} if colon else id_)

    def to_text(self, value: Any) -> str:
        return f"{value[ENTITY]}:{value['id']}" if isinstance(value, Mapping) else str(value)

    def spread(self, value: Any) -> Mapping[str, Any]:
        return {"": value["id"], ENTITY: value[ENTITY]}

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {ENTITY: kept[ENTITY], "id": kept[""]}

    @property
    def targets(self) -> tuple[str, ...]:
        return self.allowed

    @property
    def at_deletion(self) -> str:
        return self.on_delete

    def leads(self, kept: Mapping[str, Any]) -> tuple[tuple[str, str, UUID], ...]:
        return () if kept[""] is None else (("", kept[ENTITY], kept[""]),)

    def sample(self, source: random.Random) -> object:
        id_ = UUID(int=source.getrandbits(128), version=4)
        return {ENTITY: source.choice(self.allowed), "id": id_}
