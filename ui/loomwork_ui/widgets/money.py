"""Amounts of money."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from babel.core import Locale
from babel.numbers import format_currency
from markupsafe import escape

from loomwork.model.types.money import CURRENCY, MoneyType, is_currency
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget, lines
from loomwork_ui.widgets.number import plain_typed

COMMON = ("EUR", "USD", "CNY", "GBP", "JPY", "CHF", "HKD", "SGD", "AUD", "CAD", "INR", "KRW")
"""The currencies that are suggested; any other can be typed."""


class MoneyWidget(Widget):
    """An amount and, where the field does not fix it, its currency.

    Without a currency it is in the site's, which the input shows as long as nothing is typed.
    """

    template: ClassVar[str] = "widgets/money.html"
    numeric: ClassVar[bool] = True
    common = COMMON

    @property
    def fixed(self) -> str:
        """Return the currency of all amounts of the field, empty where each has its own."""
        return self.field.type.currency if isinstance(self.field.type, MoneyType) else ""

    @property
    def places(self) -> int:
        """Return the digits after the point."""
        return int(getattr(self.field.type, "places", 2))

    def pieces(self, entry: str) -> list[str]:
        """Return the amount and the currency of what the inputs hold."""
        return lines(entry, 2)

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        typed, currency = self.pieces(form.get(self.field.name, ""))
        amount = plain_typed(typed)
        if not amount:
            return ""
        code = currency.strip().upper() or self.fixed
        return {"amount": amount, CURRENCY: code} if code else {"amount": amount}

    def entered(self, value: Any, reader: Reader) -> str:
        if not isinstance(value, Mapping) or value.get("amount") is None:
            return ""
        amount = reader.number(Decimal(value["amount"]), self.places)
        return f"{amount}\n{value.get(CURRENCY) or ''}".rstrip("\n")

    def typed(self, text: str) -> str:
        return " ".join(filter(None, self.pieces(text)))

    def words(self, value: Any, reader: Reader) -> str:
        if not isinstance(value, Mapping) or value.get("amount") is None:
            return ""
        amount, currency = Decimal(value["amount"]), value.get(CURRENCY) or reader.currency
        if not is_currency(currency):
            return f"{reader.number(amount, self.places)} {currency}".rstrip()
        return _written(amount, currency, self.places, reader.locale)

    def display(self, value: Any, reader: Reader) -> str:
        return str(escape(self.words(value, reader)))


@lru_cache(maxsize=8192)
def _written(amount: Decimal, currency: str, places: int, locale: str) -> str:
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    digits = f"0.{'0' * places}" if places else "0"
    return format_currency(
        amount,
        currency,
        format=pattern.replace("0.00", digits),
        locale=locale,
        currency_digits=False,
    )
