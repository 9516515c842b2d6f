"""Places on the earth."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Self

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.field_type import FieldType, Part, World, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.decimal import exact_number

PLACES = 6
"""Digits after the point of a degree: a tenth of a metre."""
BOUNDS: Mapping[str, int] = {"latitude": 90, "longitude": 180}
NOT_A_PLACE = N_("A place is expected: an object with “latitude” and “longitude” in degrees.")
MISSING: Mapping[str, str] = {
    "latitude": N_("The latitude is missing."),
    "longitude": N_("The longitude is missing."),
}
OUTSIDE: Mapping[str, str] = {
    "latitude": N_("The latitude is a number of degrees from -90 to 90."),
    "longitude": N_("The longitude is a number of degrees from -180 to 180."),
}


@dataclass(frozen=True, slots=True)
class GeoType(FieldType):
    """A place by latitude and longitude in degrees (WGS 84); the main value is both as a text."""

    name: ClassVar[str] = "geo"
    kind: ClassVar[Kind] = Kind.TEXT
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")
    sortable: ClassVar[bool] = False

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=40)

    @property
    def parts(self) -> tuple[Part, ...]:
        storage = Storage(kind=StorageKind.DECIMAL, places=PLACES)
        labels = {"latitude": N_("Latitude"), "longitude": N_("Longitude")}
        return tuple(
            Part(name=name, storage=storage, kind=Kind.NUMBER, label=label)
            for name, label in labels.items()
        )

    def parse(self, value: object) -> object:
        """Read an object with both parts, or a text with a comma between them.

        Digits beyond what is kept are rounded away, since browsers give all that they have.
        """
        if isinstance(value, str):
            if not value.strip():
                return None
            latitude, comma, longitude = value.partition(",")
            value = {"latitude": latitude, "longitude": longitude} if comma else None
        if not isinstance(value, Mapping) or not value or value.keys() - BOUNDS.keys():
            raise refuse("not_a_place", NOT_A_PLACE)
        if value.keys() == BOUNDS.keys() and all(map(_is_missing, value.values())):
            return None
        found: dict[str, Decimal] = {}
        problems: list[Problem] = []
        for name in BOUNDS:
            try:
                found[name] = _degrees(name, value.get(name))
            except InvalidError as error:
                problems += [problem.at(f"/{name}") for problem in error.problems]
        if problems:
            raise InvalidError(problems=problems)
        return found

    def spread(self, value: Any) -> Mapping[str, Any]:
        return {"": f"{value['latitude']:f},{value['longitude']:f}", **value}

    def compose(self, kept: Mapping[str, Any], world: World) -> Mapping[str, Any]:
        del world
        if kept["latitude"] is None or kept["longitude"] is None:
            return dict.fromkeys(kept)
        return self.spread({name: kept[name] for name in BOUNDS})

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: kept[name] for name in BOUNDS}

    def to_text(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return f"{Decimal(value['latitude']):f},{Decimal(value['longitude']):f}"
        return str(value)

    def sample(self, source: random.Random) -> object:
        return {
            name: Decimal(source.randrange(-bound * 100, bound * 100)).scaleb(-2)
            for name, bound in BOUNDS.items()
        }


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _degrees(name: str, value: object) -> Decimal:
    if _is_missing(value):
        raise refuse("not_a_place", MISSING[name])
    try:
        number = exact_number(value)
    except InvalidError:
        raise refuse("not_a_place", OUTSIDE[name]) from None
    if abs(number) > BOUNDS[name]:
        raise refuse("not_a_place", OUTSIDE[name])
    return number.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_UP) + 0
