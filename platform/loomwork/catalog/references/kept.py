"""How values are kept: what cannot be done with encrypted ones, and what sequences need."""

from typing import Any

from loomwork.catalog.references.reader import Path, Reader
from loomwork.errors import N_
from loomwork.model.entity import Entity, Field
from loomwork.model.types.sequence import DATES, SequenceType

SEALED = N_("The values are encrypted, so that “{key}” is not possible.")
ENDLESS = N_("A sequence without gaps needs a recycle bin: nothing may be removed for good.")
NO_PLACE = N_("“{place}” stands for nothing here; possible are: {known}.")
IMPOSSIBLE = ("unique", "indexed", "search", "default")


def check_kept(reader: Reader, path: Path, entity: Entity, field: Field) -> None:
    """Note what the way in which a field is kept does not allow."""
    settings = reader.body["fields"][field.name]
    if field.type.sealed:
        _check_sealed(reader, path, entity, field, settings)
    if isinstance(field.type, SequenceType):
        _check_sequence(reader, path, entity, field.type)


def _check_sealed(reader: Reader, path: Path, entity: Entity, field: Field, settings: Any) -> None:
    for key in IMPOSSIBLE:
        if settings.get(key) not in (None, False):
            reader.add((*path, key), "encrypted", SEALED, key=key)
    for name in field.option_when:
        reader.add((*path, "options", name, "when"), "encrypted", SEALED, key="when")
    for index, names in entity.indexes.items():
        for place, name in enumerate(names):
            if name == field.name:
                reader.add(("indexes", index, place), "encrypted", SEALED, key="indexes")


def _check_sequence(reader: Reader, path: Path, entity: Entity, type_: SequenceType) -> None:
    known = ", ".join(f"{{{name}}}" for name in ("seq", "seq:05", *DATES))
    for name in type_.unknown:
        reader.add((*path, "pattern"), "unknown_place", NO_PLACE, place=f"{{{name}}}", known=known)
    if type_.gapless and not entity.recycle:
        reader.add((*path, "gapless"), "no_recycle_bin", ENDLESS)
