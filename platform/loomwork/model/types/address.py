"""Postal addresses."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from babel.core import get_global

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.field_type import FieldType, Part, World, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean

PARTS: Mapping[str, tuple[int, str]] = {
    "country": (2, N_("Country")),
    "province": (80, N_("Province")),
    "city": (80, N_("City")),
    "district": (80, N_("District")),
    "street": (200, N_("Street")),
    "postcode": (20, N_("Postcode")),
}
"""The parts of an address, with how many characters each may have."""
LONGEST = 500
HAN = re.compile("[\u3400-\u9fff]")
NOT_AN_ADDRESS = N_("An address is expected: an object with some of {parts}.")
NO_COUNTRY = N_("“{country}” is no country. Write its two letters, such as DE or CN.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressType(FieldType):
    """An address of the parts ``asked``; the main value is all of it on one line.

    A new address is in ``country`` where it says none.
    """

    name: ClassVar[str] = "address"
    kind: ClassVar[Kind] = Kind.TEXT
    collated: ClassVar[bool] = True

    asked: tuple[str, ...] = tuple(PARTS)
    country: str = ""

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(asked=tuple(settings.get("parts", PARTS)), country=settings.get("country", ""))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(
                name=name,
                storage=Storage(kind=StorageKind.TEXT, length=PARTS[name][0]),
                kind=Kind.TEXT,
                label=PARTS[name][1],
            )
            for name in self.asked
        )

    def parse(self, value: object) -> object:
        """Read an object of parts; what it does not name is missing. A text is the street."""
        if isinstance(value, str):
            value = {"street" if "street" in self.asked else self.asked[0]: value}
        if not isinstance(value, Mapping) or not value.keys() <= set(self.asked):
            raise refuse("not_an_address", NOT_AN_ADDRESS, parts=", ".join(self.asked))
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for name in self.asked:
            try:
                found[name] = self._part(name, value.get(name))
            except InvalidError as error:
                problems += [problem.at(f"/{name}") for problem in error.problems]
        if problems:
            raise InvalidError(problems=problems)
        if all(part is None for name, part in found.items() if name != "country"):
            return None
        if self.country and "country" in self.asked and found["country"] is None:
            found["country"] = self.country
        return found

    @staticmethod
    def _part(name: str, value: object) -> str | None:
        if value is None:
            return None
        text = clean(value, longest=PARTS[name][0] if name != "country" else 20)
        if text is None:
            return None
        text = " ".join(text.split())
        if name == "country":
            return country_code(text)
        return text

    def spread(self, value: Any) -> Mapping[str, Any]:
        return {"": one_line(value), **{name: value.get(name) for name in self.asked}}

    def compose(self, kept: Mapping[str, Any], world: World) -> Mapping[str, Any]:
        del world
        return {**kept, "": one_line(kept)}

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: kept[name] for name in self.asked if kept[name] is not None}

    def to_text(self, value: Any) -> str:
        return one_line(value) or "" if isinstance(value, Mapping) else str(value)

    def sample(self, source: random.Random) -> object:
        number = source.randrange(1, 200)
        all_ = {"country": "CN", "province": "江苏省", "city": "苏州市", "district": "姑苏区"}
        all_ |= {"street": f"人民路{number}号", "postcode": f"{215000 + number}"}
        return {name: all_[name] for name in self.asked}


def country_code(text: str) -> str:
    """Return the two letters of a country in capitals; InvalidError where they are none."""
    code = text.upper()
    if code not in get_global("territory_currencies"):
        raise refuse("not_a_country", NO_COUNTRY, country=text[:20])
    return code


def one_line(parts: Mapping[str, Any]) -> str | None:
    """Return an address on one line: from the large to the small in Chinese, else the reverse."""
    named = {name: parts.get(name) for name in PARTS}
    if not any(named.values()):
        return None
    if any(HAN.search(text) for text in named.values() if text):
        order = ("province", "city", "district", "street")
        line = "".join(named[name] or "" for name in order)
        return " ".join(filter(None, (named["country"], line, named["postcode"])))
    place = " ".join(filter(None, (named["postcode"], named["city"])))
    order_ = (named["street"], named["district"], place, named["province"], named["country"])
    return ", ".join(filter(None, order_))
