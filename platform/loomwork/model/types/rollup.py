"""A total over other records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from loomwork.model.derived import LIVE, DerivedType
from loomwork.model.field_type import FieldType
from loomwork.model.text import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupType(DerivedType):
    """``function`` of ``field`` over the records that link here by the name ``of``.

    Or over all records of ``entity``. ``where`` chooses among them; ``this`` is the record with the
    field there.
    """

    name: ClassVar[str] = "rollup"

    function: str
    of: str = ""
    entity: str = ""
    field: str = ""
    where: str = ""
    renewed: str = LIVE

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        where = settings.get("where", True)
        renewed = settings.get("refresh", LIVE)
        return cls(
            function=settings["function"],
            of=settings.get("of", ""),
            entity=settings.get("from", ""),
            field=settings.get("field", ""),
            where=("" if where else "False") if isinstance(where, bool) else where,
            renewed=renewed,
            # A total of whatever fits has to be looked for at each reading, unless it may be old.
            stored="of" in settings or renewed != LIVE,
        )

    @property
    def refresh(self) -> str:
        return self.renewed

    def known(self, result: FieldType) -> Self:
        return replace(self, result=result)
