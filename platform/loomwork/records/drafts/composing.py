"""Fields with parts: the main value worked out from them, as the site knows money and dates."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from loomwork.errors import InvalidError, Problem
from loomwork.expressions.tree import And, Compare, Field, Operator, Parameter
from loomwork.model.field_type import refuse
from loomwork.model.kinds import Kind
from loomwork.model.types.address import country_code
from loomwork.model.types.money import NO_CURRENCY, is_currency
from loomwork.records.drafts.sealing import Sealing
from loomwork.store.reading.shape import Order, Shape

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.model.entity import Field as Member
    from loomwork.records.context import Acting
    from loomwork.records.runtime import Runtime

CURRENCY = "base.currency"
"""The setting of the pack ``base`` that says in which currency the site counts."""
COUNTRY = "base.country"
FALLBACK = "EUR"
RATES = "exchange_rate"
"""The entity of the pack ``base`` that has the rates of currencies by day."""
NEWEST = Shape(
    entity=RATES,
    fields=("rate",),
    where=And(
        (
            Compare(Operator.EQUAL, Field("currency", Kind.TEXT), Parameter(0, Kind.TEXT)),
            Compare(Operator.AT_MOST, Field("valid_from", Kind.DATE), Parameter(1, Kind.DATE)),
        )
    ),
    order=(Order("valid_from", descending=True), Order("id", descending=True)),
    limit=1,
)


class SiteWorld:
    """What field types ask of the site, for one actor's writing; rates are read once."""

    def __init__(self, by: "Acting", entity: "Entity") -> None:
        self._by = by
        self._entity = entity
        self._rates: dict[str, Decimal | None] = {}

    @cached_property
    def sealing(self) -> Sealing:
        """Return what seals the values of encrypted fields."""
        return Sealing(self._by.runtime, self._entity)

    @cached_property
    def currency(self) -> str:
        """Return the site's currency."""
        return site_currency(self._by)

    def rate(self, currency: str) -> Decimal | None:
        """Return what one of ``currency`` is worth today: the newest rate that has begun."""
        if currency not in self._rates:
            self._rates[currency] = self._read(currency)
        return self._rates[currency]

    def _read(self, currency: str) -> Decimal | None:
        by = self._by
        if RATES not in by.runtime.tables:
            return None
        values = {"_p0": currency, "_p1": by.context.given["today"]}
        plan = by.runtime.plan(NEWEST)
        rows = by.fetch(plan, values)
        return plan.decode(rows[0])["rate"] if rows else None


def site_currency(by: "Acting") -> str:
    """Return the currency in which the site of ``by`` counts."""
    return currency_of(by.runtime)


def currency_of(runtime: "Runtime") -> str:
    """Return the currency in which a site counts."""
    value = runtime.setting(CURRENCY) if CURRENCY in runtime.model.settings else None
    return str(value) if value else FALLBACK


def fitting_setting(key: str, value: Any) -> Any:
    """Return what the site keeps of a setting's value; refuse what is no currency or country."""
    if value is None or key not in (CURRENCY, COUNTRY):
        return value
    if key == COUNTRY:
        return country_code(str(value))
    code = str(value).upper()
    if not is_currency(code):
        raise refuse("not_a_currency", NO_CURRENCY, currency=str(value)[:20])
    return code


def country_of(runtime: "Runtime") -> str:
    """Return the country in which a site's new addresses are; empty where it does not say."""
    value = runtime.setting(COUNTRY) if COUNTRY in runtime.model.settings else None
    return str(value or "").strip().upper()


def composed_fields(entity: "Entity") -> tuple["Member", ...]:
    """Return the fields that have parts, and those that are encrypted."""
    return tuple(field for field in entity.fields.values() if field.type.parts or field.type.sealed)


def compose(
    world: "SiteWorld",
    fields: Iterable["Member"],
    values: Mapping[str, Any],
    present: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the keys of these ``fields`` in ``values``, each main value worked out.

    Where the parts from which a main value follows are as they were ``present``, it stays too: an
    amount keeps what it was worth. Raises InvalidError with every field whose parts do not go
    together.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        start = len(field.name) + 1
        kept = {key[start:]: values.get(key) for key in field.keys}
        try:
            if field.type.sealed:
                found |= world.sealing.seal(world, field, values, present)
                continue
            made = field.type.compose(kept, world)
        except InvalidError as error:
            problems += [problem.at(f"/{field.name}") for problem in error.problems]
            continue
        row = {f"{field.name}.{part}" if part else field.name: one for part, one in made.items()}
        if present is not None and field.type.composes and _same(field.keys[1:], row, present):
            row[field.name] = present.get(field.name)
        found |= row
    if problems:
        raise InvalidError(problems=problems)
    return found


def _same(keys: Iterable[str], row: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
    return all(row[key] == present.get(key) for key in keys)
