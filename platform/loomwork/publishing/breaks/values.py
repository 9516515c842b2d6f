"""Values that break what a field's type or key newly says of each value alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.sql import operators

from loomwork.errors import N_
from loomwork.expressions import tree
from loomwork.expressions.tree import Operator
from loomwork.model.entity import Field
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.decimal import DIGITS
from loomwork.publishing.breaks.data import Rows
from loomwork.publishing.breaks.seen import NUMBERS, WAS, Seen
from loomwork.store.types import SQLITE

BLOCKS, BREAKS = "blocks", "breaks"
FIELD, CHECK, UNIQUE, LINK = "field", "check", "unique", "link"

Predicate = Callable[[Rows], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that every live record has to satisfy from now on.

    ``broken`` gives the predicate of those that do not; ``text`` says it, with places for
    ``context``. ``told`` is the field whose broken values are named, each with its number;
    ``node`` the expression that is judged, where it is one.
    """

    entity: str
    subject: str
    name: str
    text: str
    broken: Predicate
    code: str = BREAKS
    told: str = ""
    node: tree.Node | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


REQUIRED = N_("“{field}” becomes required and is empty.")
TOO_LONG = N_("“{field}” is longer than {limit} characters.")
BELOW = N_("“{field}” is less than {limit}.")
ABOVE = N_("“{field}” is more than {limit}.")
NOT_OFFERED = N_("“{field}” has a value that is no longer offered: {values}.")
PLACES = N_("“{field}” has more than {limit} digits after the point.")
TOO_LARGE = N_("“{field}” is too large to be kept with {places} digits after the point.")


def value_rules(seen: Seen, before: Field | None, after: Field) -> Iterator[Rule]:
    """Yield what one field newly says of its values; ``before`` is the field in force.

    Of a field that comes back with what it kept there is no field before: all is new then.
    """
    if after.required and (before is None or not before.required):
        yield from _required(seen, after)
    if after.name in seen.sets and seen.there:
        yield from _options(seen, before, after)
    if after.name not in seen.places:
        return
    yield from _limits(seen, before, after)
    yield from _options(seen, before, after)
    yield from _places(seen, after)


def _rule(seen: Seen, field_: Field, text: str, broken: Predicate, **context: Any) -> Rule:
    named = {"field": field_.label, **context}
    return Rule(
        entity=seen.entity.name,
        subject=FIELD,
        name=field_.name,
        text=text,
        broken=broken,
        context=named,
    )


def _required(seen: Seen, after: Field) -> Iterator[Rule]:
    yield _rule(seen, after, REQUIRED, lambda rows: empty(rows, after))


def empty(rows: Rows, field_: Field) -> ColumnElement[bool]:
    """Return the condition that a field has no value."""
    many = rows.seen.sets.get(field_.name)
    if many is None:
        return rows.column(field_.name).is_(None)
    own = many.table.c["record"] == rows.column("id")
    return ~sa.exists(sa.select(sa.literal_column("1")).select_from(many.table).where(own))


def _limits(seen: Seen, before: Field | None, after: Field) -> Iterator[Rule]:
    name = after.name
    longest = _lowered(before, after, "max_length")
    if longest is not None:
        yield _rule(
            seen,
            after,
            TOO_LONG,
            lambda rows: _length(rows, name) > sa.literal_column(str(longest)),
            limit=longest,
        )
    least = _raised(before, after, "min")
    if least is not None:
        yield _rule(seen, after, BELOW, _compared(Operator.LESS, after, least), limit=least)
    most = _lowered(before, after, "max")
    if most is not None:
        yield _rule(seen, after, ABOVE, _compared(Operator.MORE, after, most), limit=most)


def _compared(operator: Operator, after: Field, limit: Any) -> Predicate:
    """Return the comparison with a limit, which may have more places than the column keeps."""
    type_ = after.type
    if type_.kind is not Kind.NUMBER:
        compare = {Operator.LESS: operators.lt, Operator.MORE: operators.gt}[operator]
        return lambda rows: compare(rows.column(after.name), limit)
    places = type_.storage.places if type_.storage.kind is StorageKind.DECIMAL else None
    number = tree.Field(after.name, Kind.NUMBER, places=places)
    literal = tree.Literal(Decimal(str(limit)), Kind.NUMBER)
    return lambda rows: rows.condition(tree.Compare(operator, number, literal))


def _length(rows: Rows, name: str) -> ColumnElement[int]:
    """Return how many characters a text has; SQLite's name for it differs."""
    text = rows.column(name)
    return sa.func.length(text) if rows.engine == SQLITE else sa.func.char_length(text)


def _lowered(before: Field | None, after: Field, limit: str) -> Any:
    """Return an upper limit that is stricter than it was."""
    was, now = _limit(before, limit), _limit(after, limit)
    return now if now is not None and (was is None or now < was) else None


def _raised(before: Field | None, after: Field, limit: str) -> Any:
    """Return a lower limit that is stricter than it was."""
    was, now = _limit(before, limit), _limit(after, limit)
    return now if now is not None and (was is None or now > was) else None


def _limit(field_: Field | None, limit: str) -> Any:
    return None if field_ is None else getattr(field_.type, limit, None)


def _options(seen: Seen, before: Field | None, after: Field) -> Iterator[Rule]:
    """Yield the rule of a field with options, unless it has at least those that it had."""
    offered = getattr(after.type, "options", None)
    if not isinstance(offered, Mapping):
        return
    was = None if before is None else getattr(before.type, "options", None)
    if isinstance(was, Mapping) and was.keys() <= offered.keys():
        return
    yield Rule(
        entity=seen.entity.name,
        subject=FIELD,
        name=after.name,
        text=NOT_OFFERED,
        context={"field": after.label},
        told=after.name,
        broken=lambda rows: _has_other(rows, after.name, tuple(offered)),
    )


def _has_other(rows: Rows, name: str, options: tuple[str, ...]) -> ColumnElement[bool]:
    many = rows.seen.sets.get(name)
    if many is None:
        return rows.column(name).not_in(options)
    value = many.table.c["value"]
    found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(many.table)
    own = many.table.c["record"] == rows.column("id")
    return sa.exists(found.where(own, value.not_in(options)))


def _places(seen: Seen, after: Field) -> Iterator[Rule]:
    """Yield what is asked of numbers that are to be kept with other places than they are now."""
    before, now = seen.places[after.name].storage, after.type.storage
    key = after.name + WAS
    if key not in seen.table.c or now.kind not in NUMBERS or before.kind not in NUMBERS:
        return
    if now.places < before.places:
        yield _rule(
            seen,
            after,
            PLACES,
            lambda rows: _rest(rows, key, before.places, now.places),
            limit=now.places,
        )
    if now.kind is StorageKind.DECIMAL and now.places > before.places:
        # On SQLite a decimal is a whole number, scaled by its places.
        yield Rule(
            entity=seen.entity.name,
            subject=FIELD,
            name=after.name,
            code=BLOCKS,
            text=TOO_LARGE,
            context={"field": after.label, "places": now.places},
            broken=lambda rows: _too_large(rows, key, before.places, now.places),
        )


def _rest(rows: Rows, key: str, before: int, places: int) -> ColumnElement[bool]:
    """Return the condition that a number has digits beyond its new places."""
    if rows.engine == SQLITE:
        whole = sa.type_coerce(rows.column(key), sa.BigInteger)
        rest: ColumnElement[int] = whole.op("%")(sa.literal_column(str(10 ** (before - places))))
        return rest != sa.literal_column("0")
    number = sa.type_coerce(rows.column(key), sa.Numeric())
    return number != sa.func.round(number, places)


def _too_large(rows: Rows, key: str, before: int, places: int) -> ColumnElement[bool]:
    scaled = before if rows.engine == SQLITE else 0
    number = sa.type_coerce(rows.column(key), sa.Numeric() if scaled == 0 else sa.BigInteger())
    bound: ColumnElement[Any] = sa.literal_column(str(10 ** (DIGITS - places + scaled)))
    return sa.or_(number >= bound, number <= -bound)
