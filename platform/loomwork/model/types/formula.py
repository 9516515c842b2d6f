"""A value that is worked out from other fields."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from loomwork.model.derived import LIVE, DerivedType
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.text import Texts
from loomwork.model.types.boolean import BooleanType
from loomwork.model.types.date import DateType
from loomwork.model.types.datetime import DatetimeType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.duration import DurationType
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.link import LinkType
from loomwork.model.types.percent import PercentType
from loomwork.model.types.text import TextType
from loomwork.model.types.time import TimeType

PLACES = 2
"""Of numbers whose document does not say otherwise."""
USUAL_PLACES = 6
"""Of numbers that are worked out where no document can say it."""
LONGEST_TEXT = 100_000
"""Characters of a text that an expression gives at most."""
TEXT = TextType(max_length=LONGEST_TEXT)
RESULTS: Mapping[str, FieldType] = {
    "text": TEXT,
    "long_text": TEXT,
    "integer": IntegerType(),
    "duration": DurationType(),
    "date": DateType(),
    "time": TimeType(),
    "datetime": DatetimeType(),
    "boolean": BooleanType(),
}
OF_KIND: Mapping[Kind, FieldType] = {
    Kind.TEXT: TEXT,
    Kind.NUMBER: DecimalType(places=USUAL_PLACES),
    Kind.DURATION: DurationType(),
    Kind.DATE: DateType(),
    Kind.DATETIME: DatetimeType(),
    Kind.BOOLEAN: BooleanType(),
}


def type_of_kind(kind: Kind, entity: str = "") -> FieldType | None:
    """Return the type of values of which only the kind is known; None of sets, which have none."""
    return LinkType(to=entity) if kind is Kind.LINK else OF_KIND.get(kind)


def _result(settings: Mapping[str, Any]) -> FieldType:
    places = settings.get("places", PLACES)
    match settings["result"]:
        case "link":
            return LinkType(to=settings.get("to", ""))
        case "decimal" | "money":
            # What is worked out with money is worked out in the currency of the site.
            return DecimalType(places=places)
        case "percent":
            return PercentType(places=places)
        case name:
            return RESULTS[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaType(DerivedType):
    """The value of the expression ``source`` over the record."""

    name: ClassVar[str] = "formula"

    source: str

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        stored = settings.get("stored", False)
        return cls(source=settings["is"], result=_result(settings), stored=stored)

    @property
    def refresh(self) -> str:
        return LIVE

    def known(self, result: FieldType) -> Self:
        return replace(self, result=result)
