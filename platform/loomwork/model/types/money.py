"""Amounts of money, each with its currency."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, ClassVar, Self

from babel.core import get_global

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.field_type import FieldType, Part, World, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.decimal import DIGITS, DecimalType
from loomwork.model.types.integer import TOO_LARGE
from loomwork.model.types.numerals import plain_number

VALUE, CURRENCY = "value", "currency"
CODE = re.compile("[A-Z]{3}")
NO_CURRENCY = N_("“{currency}” is no currency. Write its three letters, such as EUR or CNY.")
OTHER_CURRENCY = N_("Only amounts in {currency} are possible here.")
NO_RATE = N_("No exchange rate from {currency} to {base} is known for today: add one first.")
NOT_MONEY = N_("An amount is expected: a number, or an object with “amount” and “currency”.")


def is_currency(code: str) -> bool:
    """Tell whether ``code`` is a currency of ISO 4217, of today or of the past."""
    return bool(CODE.fullmatch(code)) and code in get_global("all_currencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyType(FieldType):
    """An amount in its ``currency`` (any, if empty), and what it is worth in the site's.

    The main value is the worth: expressions, filters and sorts compare and add that. It was worked
    out at the rate of the day on which the amount was last written.
    """

    name: ClassVar[str] = "money"
    kind: ClassVar[Kind] = Kind.NUMBER
    ending: ClassVar[str] = "base"

    number: DecimalType
    currency: str = ""

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        number = DecimalType.from_document(settings, texts)
        return cls(number=number, currency=settings.get("currency", ""))

    @property
    def places(self) -> int:
        """Return the digits after the point."""
        return self.number.places

    @property
    def storage(self) -> Storage:
        return self.number.storage

    @property
    def parts(self) -> tuple[Part, ...]:
        return (
            Part(
                name=VALUE,
                storage=self.number.storage,
                kind=Kind.NUMBER,
                label=N_("Amount"),
                column="-",
            ),
            Part(
                name=CURRENCY,
                storage=Storage(kind=StorageKind.TEXT, length=3),
                kind=Kind.TEXT,
                label=N_("Currency"),
            ),
        )

    def parse(self, value: object) -> object:
        """Read a number or text, in the site's currency, or an object with both."""
        currency: object = None
        if isinstance(value, Mapping):
            if value.keys() - {"amount", CURRENCY}:
                raise refuse("not_money", NOT_MONEY)
            if "amount" not in value:
                problem = Problem(code="not_money", text=NOT_MONEY, pointer="/amount")
                raise InvalidError(problems=(problem,))
            currency = value.get(CURRENCY)
            value = value["amount"]
            if value is None:
                return None
        number = self.number.parse(value)
        if number is None:
            return None
        return {VALUE: number, CURRENCY: self._currency(currency)}

    def _currency(self, currency: object) -> str | None:
        if currency in (None, ""):
            return self.currency or None
        if not isinstance(currency, str) or not is_currency(currency.strip().upper()):
            shown = str(currency)[:20]
            raise refuse("not_a_currency", NO_CURRENCY, currency=shown)
        code = currency.strip().upper()
        if self.currency and code != self.currency:
            raise refuse("other_currency", OTHER_CURRENCY, currency=self.currency)
        return code

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read a number with the letters of a currency before it, after it, or without any."""
        plain = text.strip()
        found = re.fullmatch(r"([A-Za-z]{3})?\s*(.+?)\s*([A-Za-z]{3})?", plain, re.DOTALL)
        if found is None or (found[1] and found[3]):
            raise refuse("not_money", NOT_MONEY)
        number = plain_number(found[2], locale)
        return self.parse({"amount": number, CURRENCY: found[1] or found[3]})

    def to_text(self, value: Any) -> str:
        """Return ``1200.50 EUR``; a worth alone is written without a currency."""
        if isinstance(value, Mapping):
            amount = value.get(VALUE, value.get("amount"))
            return f"{Decimal(str(amount)):f} {value[CURRENCY] or ''}".rstrip()
        return format(value, "f")

    def spread(self, value: Any) -> Mapping[str, Any]:
        """Return the parts; what they are worth is known only to the site, see `compose`."""
        if isinstance(value, Mapping):
            return {"": value[VALUE], VALUE: value[VALUE], CURRENCY: value[CURRENCY]}
        return {"": value, VALUE: value, CURRENCY: self.currency or None}

    def compose(self, kept: Mapping[str, Any], world: World) -> Mapping[str, Any]:
        value, currency = kept[VALUE], kept[CURRENCY] or self.currency or world.currency
        if value is None:
            return {"": None, VALUE: None, CURRENCY: None}
        rate = Decimal(1) if currency == world.currency else world.rate(currency)
        if rate is None:
            raise refuse("no_rate", NO_RATE, currency=currency, base=world.currency)
        step = Decimal(1).scaleb(-self.places)
        with localcontext(prec=60):
            worth = (value * rate).quantize(step, rounding=ROUND_HALF_UP)
        bound = Decimal(10) ** (DIGITS - self.places)
        if abs(worth) >= bound:
            raise refuse("too_large", TOO_LARGE, limit=bound)
        return {"": worth, VALUE: value, CURRENCY: currency}

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        value = kept[VALUE] if kept[VALUE] is not None else kept[""]
        return {"amount": value, CURRENCY: kept[CURRENCY]}

    def sample(self, source: random.Random) -> object:
        return {"amount": self.number.sample(source), CURRENCY: self.currency or None}
