"""Postal addresses."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from babel.core import Locale, get_global
from markupsafe import escape

from loomwork.model.types.address import HAN, PARTS, AddressType, one_line
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import LONG, Form, Widget, hint, lines

COUNTRY = "country"
COMPLETED_BY = {
    "country": "country",
    "province": "address-level1",
    "city": "address-level2",
    "district": "address-level3",
    "street": "street-address",
    "postcode": "postal-code",
}
"""What browsers call the parts when they fill them in."""


class AddressWidget(Widget):
    """An address by its parts, shown on one line with the country by its name."""

    template: ClassVar[str] = "widgets/address.html"
    wide: ClassVar[bool] = True
    completed_by = COMPLETED_BY

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the parts in the order in which they are asked for."""
        return self.field.type.asked if isinstance(self.field.type, AddressType) else tuple(PARTS)

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the labels of the parts."""
        return {name: self.translate(PARTS[name][1]) for name in self.asked}

    @property
    def countries(self) -> Mapping[str, str]:
        """Return the names of the countries by code, in the order of their names."""
        return _countries(self.locale)

    def pieces(self, entry: str) -> Mapping[str, str]:
        """Return what the inputs hold by part."""
        return dict(zip(self.asked, lines(entry, len(self.asked)), strict=True))

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        typed = {
            name: text.strip() for name, text in self.pieces(form.get(self.field.name, "")).items()
        }
        # A country alone is what the input begins with, and no address.
        if not any(text for name, text in typed.items() if name != COUNTRY):
            return ""
        return {name: text for name, text in typed.items() if text}

    def entered(self, value: Any, reader: Reader) -> str:
        if value is None:
            value = {COUNTRY: getattr(self.field.type, COUNTRY, "") or reader.country}
        entry = "\n".join(str(value.get(name) or "") for name in self.asked)
        return entry if entry.strip() else ""

    def typed(self, text: str) -> str:
        return self._line(self.pieces(text)) if self.parse({self.field.name: text}, None) else ""  # type: ignore[arg-type]

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return self._line(value) if isinstance(value, Mapping) else str(value or "")

    def cell(self, value: Any, reader: Reader) -> str:
        words = self.words(value, reader)
        if len(words) <= LONG:
            return str(escape(words))
        return f"<span{hint(words)}>{escape(words)}</span>"

    def _line(self, parts: Mapping[str, Any]) -> str:
        """Return an address on one line: its country comes first where the order is Chinese."""
        code = parts.get(COUNTRY) or ""
        country = self.countries.get(code, code)
        line = one_line({**parts, COUNTRY: None}) or ""
        if not line or not country:
            return line or country
        return f"{country} {line}" if HAN.search(line) else f"{line}, {country}"


@lru_cache(maxsize=8)
def _countries(locale: str) -> Mapping[str, str]:
    names = Locale.parse(locale).territories
    known = {code: names.get(code, code) for code in get_global("territory_currencies")}
    return dict(sorted(known.items(), key=lambda one: one[1]))
