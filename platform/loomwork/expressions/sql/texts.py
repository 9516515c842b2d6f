"""Texts in SQL: code points in their order, never empty; see `semantics.texts`."""

from collections.abc import Mapping, Sequence
from typing import cast

from loomwork.expressions.semantics.letters import LOWER, UPPER
from loomwork.expressions.semantics.texts import BLANKS, LONGEST
from loomwork.expressions.sql.element import MARIADB, POSTGRESQL, SQLITE, Element, Let, Sql
from loomwork.expressions.sql.numbers import of_integer, plain, storage_of
from loomwork.expressions.sql.values import COLLATION, TYPES, sql
from loomwork.model.kinds import Kind

TEXT, BOOLEAN = Kind.TEXT, Kind.BOOLEAN
OLD_LETTERS = "utf8mb4_unicode_520_ci"
"""MariaDB's collation whose letters are those of our table, whatever the server's version."""
SOURCE = 10_000
"""What is written in an expression, or set in the settings, is not longer."""


def _translation(table: Mapping[int, int]) -> str:
    letters = sorted(table)
    return f"'{''.join(map(chr, letters))}', '{''.join(chr(table[one]) for one in letters)}'"


CASES = {"lower": _translation(LOWER), "upper": _translation(UPPER)}


def longest(text: Element) -> int | None:
    """Return the length that a text does not exceed, if it is known."""
    if isinstance(text, Sql):
        return None if text.bound is None else text.bound
    storage = storage_of(text)
    return storage.length if storage is not None else None


def _case(engine: str, name: str, text: Element) -> Element:
    bound = longest(text)
    if engine == SQLITE:
        return sql(TEXT, f"lw_{name}({{0}})", text, bound=bound)
    if engine == POSTGRESQL:
        return sql(TEXT, f"translate({{0}}, {CASES[name]})", text, bound=bound)
    template = f"({name}({{0}} COLLATE {OLD_LETTERS}) COLLATE {COLLATION[MARIADB]})"
    return sql(TEXT, template, text, bound=bound)


def lower(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the text in small letters."""
    return _case(engine, "lower", arguments[0])


def upper(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the text in capital letters."""
    return _case(engine, "upper", arguments[0])


def trim(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the text without blanks at its ends."""
    (text,) = arguments
    bound = longest(text)
    if engine == SQLITE:
        return sql(TEXT, f"nullif(trim({{0}}, {_characters()}), '')", text, bound=bound)
    if engine == POSTGRESQL:
        blanks = "".join(f"\\{ord(blank):04x}" for blank in BLANKS)
        return sql(TEXT, f"nullif(btrim({{0}}, U&'{blanks}'), '')", text, bound=bound)
    # Greedy to the end and back over the blanks there, so that its time is linear.
    blanks = "".join(f"\\\\x{{{{{ord(blank):x}}}}}" for blank in BLANKS)
    pattern = f"(?s)[^{blanks}](?:.*[^{blanks}])?"
    return _present(sql(TEXT, f"REGEXP_SUBSTR({{0}}, '{pattern}')", text, bound=bound))


def _characters() -> str:
    return f"char({', '.join(str(ord(blank)) for blank in BLANKS)})"


def _present(text: Element) -> Element:
    """Return NULL for the empty text; MariaDB's NULLIF would compute the text twice."""
    found = Let(
        text,
        lambda name: sql(TEXT, f"IF({{0}} = '', NULL, {{0}} COLLATE {COLLATION[MARIADB]})", name),
        engine=MARIADB,
        cast="CHAR",
        type_=TYPES[TEXT],
    )
    return sql(TEXT, "({0})", found, bound=longest(text))


def length(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the number of code points."""
    name = "length" if engine == SQLITE else "char_length"
    return of_integer(engine, f"{name}({{0}})", *arguments)


def contains(engine: str, arguments: Sequence[Element]) -> Element:
    """Search without LIKE, whose wildcards and case rules differ between the engines."""
    template = {
        SQLITE: "(instr({0}, {1}) > 0)",
        POSTGRESQL: "(strpos({0}, {1}) > 0)",
        MARIADB: "(LOCATE({1}, {0}) > 0)",
    }[engine]
    return sql(BOOLEAN, template, *arguments)


def starts_with(engine: str, arguments: Sequence[Element]) -> Element:
    """Tell whether the text begins with the part."""
    template = {
        SQLITE: "(instr({0}, {1}) = 1)",
        POSTGRESQL: "starts_with({0}, {1})",
        MARIADB: "(LOCATE({1}, {0}) = 1)",
    }[engine]
    return sql(BOOLEAN, template, *arguments)


def ends_with(engine: str, arguments: Sequence[Element]) -> Element:
    """Tell whether the text ends with the part."""
    template = {
        SQLITE: "lw_ends_with({0}, {1})",
        POSTGRESQL: "starts_with(reverse({0}), reverse({1}))",
        MARIADB: "(LOCATE(REVERSE({1}), REVERSE({0})) = 1)",
    }[engine]
    return sql(BOOLEAN, template, *arguments)


def written(engine: str, value: Element, kind: Kind) -> Element:
    """Return a number or a date as text; a text stays."""
    if kind is Kind.NUMBER:
        return plain(engine, value)
    if kind is not Kind.DATE or engine == SQLITE:
        return sql(TEXT, "{0}", value, bound=10) if kind is Kind.DATE else value
    template = {
        POSTGRESQL: "to_char({0}, 'YYYY-MM-DD') COLLATE \"C\"",
        MARIADB: f"(DATE_FORMAT({{0}}, '%Y-%m-%d') COLLATE {COLLATION[MARIADB]})",
    }[engine]
    return sql(TEXT, template, value, bound=10)


def concat(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the texts one after the other; what is missing is left out."""
    places = ", ".join(f"{{{number}}}" for number in range(len(arguments)))
    lengths = [longest(argument) for argument in arguments]
    bound = None if None in lengths else sum(cast("list[int]", lengths))
    if engine == SQLITE:
        return sql(TEXT, f"lw_concat({places})", *arguments, bound=bound)
    if engine == POSTGRESQL:
        joined = sql(TEXT, f"nullif(concat({places}) COLLATE \"C\", '')", *arguments, bound=bound)
    else:
        template = f"(CONCAT_WS('', {places}) COLLATE {COLLATION[MARIADB]})"
        joined = sql(TEXT, template, *arguments, bound=bound)
    if bound is not None and bound <= LONGEST:
        return _present(joined) if engine == MARIADB else joined
    return _short_enough(engine, joined)


def _short_enough(engine: str, text: Element) -> Element:
    condition = "char_length({0}) BETWEEN 1 AND " + str(LONGEST)
    kept = f"{{0}} COLLATE {COLLATION[engine]}"
    found = Let(
        text,
        lambda name: sql(TEXT, f"CASE WHEN {condition} THEN {kept} END", name),
        engine=engine,
        cast="CHAR",
        type_=TYPES[TEXT],
    )
    return sql(TEXT, "({0})", found, bound=LONGEST)
