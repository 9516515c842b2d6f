"""Values at which translations are likely to part: of each kind, for records and for literals."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any
from unicodedata import is_normalized

from loomwork.model.kinds import Kind

EXACT = Context(prec=60)

TEXTS: Sequence[str] = (
    *(
        "a",
        "A",
        "ab",
        "aB",
        "a b",
        "a ",
        "a  ",
        " a",
        "b",
        "Z",
        "z",
        "Acme",
        "acme",
        "%",
        "_",
        "a%",
    ),
    *(
        "a_b",
        "a%b",
        "\\",
        "a\\b",
        "'",
        '"',
        "''",
        "a\nb",
        "\t",
        "\t a \n",
        "\u3000a\u00a0",
        "1200.5",
    ),
    *(
        "\x85a\u2028",
        "\u200ba",
        "ß",
        "ẞ",
        "é",
        "É",
        "Å",
        "\u212b",
        "İ",
        "ı",
        "I",
        "i",
        "ſ",
        "\u212a",
        "ǅ",
        "Ǆ",
    ),
    *(
        "ﬀ",
        "ŉ",
        "ΟΔΟΣ",
        "οδος",
        "οδοσ",
        "Ж",
        "ж",
        "ԱՒ",
        "և",
        "Ა",
        "ა",
        "Ꭰ",
        "ꭰ",
        "Ⅷ",
        "ⓐ",
        "Ａ",
        "ａ",
    ),
    *(
        "中",
        "中文",
        "文",
        "\ue000",
        "\uffff",
        "😀",
        "😀a",
        "a😀",
        "👨\u200d👩",
        "𐐀",
        "𐐨",
        "\U0010ffff",
    ),
    *("a\u0301b", "\u00e1", "e\u0301", "\x01", "\x7f", "\u2028"),
)
"""Never empty; some not in NFC, as a result of functions may be."""

NUMBERS: Sequence[Decimal] = tuple(
    Decimal(written)
    for written in (
        *(
            "0",
            "1",
            "-1",
            "2",
            "3",
            "-3",
            "7",
            "10",
            "12",
            "100",
            "-100",
            "90000",
            "0.5",
            "-0.5",
            "1.5",
        ),
        *(
            "2.5",
            "-2.5",
            "0.1",
            "0.01",
            "-0.01",
            "0.005",
            "1.005",
            "-1.005",
            "1.01",
            "1.1",
            "0.0001",
        ),
        *("-0.0001", "1.0099", "0.33333333", "0.0000000001", "-0.0000000001", "0.00000001"),
        *("9007199254740991", "-9007199254740991", "9999999999999999.99", "-9999999999999999.99"),
        *("999999999999999999", "9223372036854775807", "9223372036854775808", "0.99999999"),
        *("9999999999999999999", "-9999999999999999999", "9999999999999999999.9999999999"),
    )
)
"""Below 10^19 with at most ten places, as far as the language goes."""

DATES: Sequence[date] = (
    *(date.min, date(1, 1, 2), date(1000, 1, 1), date(1582, 10, 15), date(1900, 2, 28)),
    *(
        date(2000, 2, 29),
        date(2024, 2, 29),
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 1, 31),
    ),
    *(
        date(2026, 2, 1),
        date(2026, 2, 28),
        date(2026, 3, 15),
        date(2026, 3, 31),
        date(2026, 11, 22),
    ),
    *(date(9999, 12, 30), date.max, date(2018, 11, 4), date(2011, 12, 30)),
)

MOMENTS: Sequence[datetime] = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2018, 11, 4, 2, 59, 59, 999_999, tzinfo=UTC),
    datetime(2018, 11, 4, 3, tzinfo=UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 1, 30, 16, tzinfo=UTC),
    datetime(2026, 1, 31, tzinfo=UTC),
    datetime(2026, 1, 31, 8, tzinfo=UTC),
    datetime(2026, 1, 31, 8, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 1, 31, 15, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 1, 31, 16, tzinfo=UTC),
    datetime(2026, 11, 22, 1, 45, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)

LITERALS: Mapping[Kind, Sequence[Any]] = {
    Kind.TEXT: tuple(text for text in TEXTS if is_normalized("NFC", text)),
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DATES,
    Kind.DATETIME: MOMENTS,
    Kind.BOOLEAN: (True, False),
}


def decimals(places: int) -> Sequence[Decimal]:
    """Return the edges and some inner values of a column of decimals with ``places``."""
    step = Decimal(1).scaleb(-places)
    largest = Decimal(10**18 - 1).scaleb(-places, EXACT)
    inner = [number for number in NUMBERS if abs(number) <= largest]
    fitting = [number.quantize(step, context=EXACT) for number in inner]
    return (*dict.fromkeys(fitting), step, -step, largest, -largest)


INTEGERS: Sequence[int] = (*range(-3, 13), 99, 100, -100, 90_000, 2**53 - 1, 1 - 2**53)
