"""Fixed values: read from the source and fitted to the field they are compared with."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from uuid import UUID

from loomwork.expressions import refusal
from loomwork.expressions.refusal import refuse, unknown_option
from loomwork.expressions.scope import FieldInfo
from loomwork.expressions.tree import Field, Literal
from loomwork.model.kinds import Kind

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EXACT = Context(prec=100)
"""Wide enough for every number that a source can write; the caller's own context is not used."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def number_literal(written: str, sign: int) -> Literal:
    """Return a number exactly as written, without zeros at its end."""
    digits = written.rstrip("0").rstrip(".") if "." in written else written
    return Literal(EXACT.plus(Decimal(digits).copy_sign(Decimal(sign))), Kind.NUMBER)


def text_literal(value: str, column: int) -> Literal:
    """Return a text as the store keeps it: composed (NFC), never empty."""
    if UNSTORABLE.search(value):
        raise refuse("bad_character", refusal.BAD_CHARACTER, column)
    if not value:
        raise refuse("empty_text", refusal.EMPTY_TEXT, column)
    return Literal(unicodedata.normalize("NFC", value), Kind.TEXT)


def date_literal(text: str, column: int) -> Literal:
    """Return the day that ``text`` writes as YYYY-MM-DD."""
    if DAY.fullmatch(text):
        try:
            return Literal(date.fromisoformat(text), Kind.DATE)
        except ValueError:
            pass
    raise refuse("not_a_date", refusal.NOT_A_DATE, column, value=text)


def datetime_literal(text: str, column: int) -> Literal:
    """Return the point in time that ``text`` writes in ISO 8601; without a zone it is in UTC."""
    if MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return Literal(moment.astimezone(UTC), Kind.DATETIME)
        except (ValueError, OverflowError):
            pass
    raise refuse("not_a_datetime", refusal.NOT_A_DATETIME, column, value=text)


def id_literal(text: str, column: int) -> Literal:
    """Return the record id that ``text`` writes in its usual form."""
    if not ID.fullmatch(text):
        raise refuse("not_an_id", refusal.NOT_AN_ID, column, value=text)
    return Literal(UUID(text), Kind.LINK)


READERS = {
    Kind.DATE: date_literal,
    Kind.DATETIME: datetime_literal,
    Kind.LINK: id_literal,
}


def fit(literal: Literal, field: Field, info: FieldInfo, column: int) -> Literal:
    """Return ``literal`` in the kind of ``field``; a text may write a date, a time or an id."""
    value = literal.value
    if isinstance(value, str) and field.kind in READERS:
        return READERS[field.kind](value, column)
    if literal.kind is not field.kind:
        raise refuse("wrong_kind", refusal.EXPECTED[field.kind], column, name=field.name)
    if info.choices is not None and value not in info.choices:
        raise unknown_option(str(value), field.name, info.choices, column)
    return literal
