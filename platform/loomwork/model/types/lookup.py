"""A value of another record: over a link, or of the first record that fits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from loomwork.model.derived import LIVE, DerivedType
from loomwork.model.field_type import FieldType
from loomwork.model.text import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupType(DerivedType):
    """The value of ``source``.

    It is about the record itself; or, with ``entity``, about that one of its records for which
    ``where`` holds and that comes first by ``sort``. There, ``this`` is the record with the field.
    """

    name: ClassVar[str] = "lookup"

    source: str
    entity: str = ""
    where: str = ""
    sort: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(
            source=settings["is"],
            entity=settings.get("from", ""),
            where=_written(settings.get("where", True)),
            sort=tuple(settings.get("sort", ())),
        )

    @property
    def refresh(self) -> str:
        return LIVE

    def known(self, result: FieldType) -> Self:
        return replace(self, result=result)


def _written(where: bool | str) -> str:
    """Return a condition's source; empty where it always holds."""
    if isinstance(where, bool):
        return "" if where else "False"
    return where
