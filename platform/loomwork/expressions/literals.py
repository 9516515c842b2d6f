"""Fixed values: read from the source and fitted to the field they are compared with."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from uuid import UUID

from loomwork.expressions import refusal
from loomwork.expressions.refusal import refuse, unknown_option
from loomwork.expressions.scope import FieldInfo
from loomwork.expressions.tree import Literal
from loomwork.model.kinds import Kind
from loomwork.model.text import Text

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


def fit(
    literal: Literal,
    info: FieldInfo,
    name: str,
    column: int,
    *,
    locale: str | None = None,
    shown: Sequence[str] = (),
) -> Literal:
    """Return ``literal`` as what ``info`` tells of the value beside it, which is called ``name``.

    A text may write a date, a time or an id; with a ``locale`` also an option's label.
    ``shown`` are the options as sentences call them.
    """
    value = literal.value
    if isinstance(value, str) and info.kind in READERS:
        return READERS[info.kind](value, column)
    if literal.kind is not info.kind:
        raise refuse("wrong_kind", refusal.EXPECTED[info.kind], column, name=name)
    if info.choices is None or value in info.choices:
        return literal
    option = None if locale is None else labelled(str(value), info.options, locale, column)
    if option is None:
        raise unknown_option(str(value), name, shown or info.choices, column)
    return Literal(option, Kind.TEXT)


def labelled(label: str, labels: Mapping[str, Text], locale: str, column: int) -> str | None:
    """Return the name of what is called ``label``: in ``locale`` first, then in any language.

    Raises ExpressionError where several are called so.
    """
    here = [name for name, text in labels.items() if text.to(locale) == label]
    found = here or [
        name
        for name, text in labels.items()
        if label == text.source or label in text.translations.values()
    ]
    if len(found) > 1:
        names = ", ".join(found)
        raise refuse("ambiguous", refusal.AMBIGUOUS, column, label=label, names=names)
    return found[0] if found else None
