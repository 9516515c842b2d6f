"""Encrypted fields: values sealed before they are written, opened where a record is shown."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loomwork.errors import N_, ConflictError
from loomwork.model.field_type import Gathered
from loomwork.model.types.encrypted import SealedType, Unsealed
from loomwork.model.types.secret import SET, UNCHANGED, SecretType
from loomwork.store.keys.cipher import TokenError
from loomwork.store.keys.ring import place_name

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.model.field_type import World
    from loomwork.records.runtime import Runtime

DAMAGED = N_(
    "The value of “{field}” in the record {record} cannot be opened: it was changed in the"
    " database, or comes from elsewhere. Set it anew."
)


class Sealing:
    """Seals and opens the values of one entity's records."""

    def __init__(self, runtime: "Runtime", entity: "Entity") -> None:
        self._ring = runtime.keys
        self._entity = entity
        self._columns = runtime.tables[entity.name].columns

    def seal(
        self,
        world: "World",
        field: "Field",
        values: Mapping[str, Any],
        present: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Return the keys of a field in ``values`` as tokens; what is the same keeps its token."""
        type_ = _sealed(field)
        start = len(field.name) + 1
        given = {key[start:]: values.get(key) for key in field.keys}
        if all(value is None or isinstance(value, str) for value in given.values()):
            return {key: values.get(key) for key in field.keys}
        before = {key[start:]: (present or {}).get(key) for key in field.keys}
        plain = {part: self._plain(field, part, value) for part, value in given.items()}
        if plain[""] is UNCHANGED:
            return {field.name: before[""]}
        known = {part: self._known(field, part, token) for part, token in before.items()}
        made = dict(type_.of.compose(plain, world)) if type_.parts else plain
        parts = [part for part in made if part]
        same = type_.composes and all(made[part] == known[part] for part in parts)
        if present is not None and same:
            made[""] = known[""]
        row = {}
        for part, value in made.items():
            key = f"{field.name}.{part}" if part else field.name
            kept = before[part] is not None and value == known[part]
            row[key] = before[part] if kept else self._token(field, part, value)
        return row

    def show(self, record: dict[str, Any]) -> None:
        """Open the values of a record that was read for somebody, in place."""
        for field in sealed_fields(self._entity):
            value = record.get(field.name)
            if value is not None:
                record[field.name] = self.shown(field, _row(field, value), record.get("id"))

    def shown(self, field: "Field", row: Mapping[str, Any], record: UUID | None = None) -> Any:
        """Return what is shown of a field whose tokens are in ``row``."""
        start = len(field.name) + 1
        kept = {key: row.get(key) for key in field.keys}
        if all(token is None for token in kept.values()):
            return None
        if isinstance(field.type, SecretType):
            shown = Gathered({SET: True})
            shown.kept = kept
            return shown
        opened = {
            key[start:]: self._open(field, key[start:], token, record)
            for key, token in kept.items()
        }
        if not field.type.parts:
            return opened[""]
        shown = Gathered(field.type.gather(opened))
        shown.kept = kept
        return shown

    def secret(self, field: "Field", row: Mapping[str, Any]) -> str | None:
        """Return the text of a secret, for what acts with it and shows it to nobody."""
        token = row.get(field.name)
        return None if token is None else str(self._open(field, "", token, row.get("id")))

    def _plain(self, field: "Field", part: str, value: Any) -> Any:
        if isinstance(value, Unsealed):
            return value.value
        return self._open(field, part, value, None) if isinstance(value, str) else value

    def _known(self, field: "Field", part: str, token: str | None) -> Any:
        """Return the value that is to be replaced; what cannot be opened is equal to nothing."""
        with suppress(ConflictError):
            return self._open(field, part, token, None)
        return token

    def _open(self, field: "Field", part: str, token: str | None, record: UUID | None) -> Any:
        if token is None:
            return None
        try:
            text = self._ring.open(token, self._place(field, part))
        except TokenError as error:
            raise ConflictError(DAMAGED, field=field.label, record=record or "–") from error
        return _sealed(field).read(part, text)

    def _token(self, field: "Field", part: str, value: Any) -> str | None:
        if value is None:
            return None
        return self._ring.seal(_sealed(field).write(part, value), self._place(field, part))

    def _place(self, field: "Field", part: str) -> str:
        key = f"{field.name}.{part}" if part else field.name
        return place_name(self._entity.name, str(self._columns[key].name))


def sealed_fields(entity: "Entity") -> tuple["Field", ...]:
    """Return the fields of which rows hold tokens."""
    return tuple(field for field in entity.fields.values() if field.type.sealed)


def show_sealed(runtime: "Runtime", entity: "Entity", records: Iterable[dict[str, Any]]) -> None:
    """Open the values of records that were read for somebody, in place."""
    if not runtime.made.get(("sealed", entity.name), lambda: (sealed_fields(entity),))[0]:
        return
    sealing = Sealing(runtime, entity)
    for record in records:
        sealing.show(record)


def _sealed(field: "Field") -> SealedType:
    if not isinstance(field.type, SealedType):
        raise TypeError(f"{field.name} is not sealed")
    return field.type


def _row(field: "Field", value: Any) -> Mapping[str, Any]:
    """Return the tokens of a field as a row has them; one with parts was gathered."""
    return value.kept if isinstance(value, Gathered) else {field.name: value}
