"""What the language refuses: always with one error of ours, its reason and its column."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loomwork.errors import ExpressionError, Problem
from loomwork.expressions import EntityScope, Node, parse, parse_value, to_text
from tests.language.world import ENTITIES
from tests.unit.expressions.samples import SCOPE

PLACE = re.compile(r"\{[a-z]+\}")


def problem(source: str) -> Problem:
    with pytest.raises(ExpressionError) as caught:
        parse(source, SCOPE)
    (found,) = caught.value.problems
    assert not PLACE.search(found.message())
    return found


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("", "empty", 1),
        (" \n\t", "empty", 1),
        ("stag == 'won'", "unknown_field", 1),
        ("name == '中文' and stag == 'won'", "unknown_field", 18),
        ("name == '😀' and\n stag == 'won'", "unknown_field", 18),
        ("stage == 'wonn'", "unknown_option", 10),
        ("stage in ['new', 'wonn']", "unknown_option", 18),
        ("amount > 'x'", "wrong_kind", 10),
        ("5 == name", "wrong_kind", 1),
        ("name == amount", "wrong_kind", 9),
        ("count == True", "wrong_kind", 10),
        ("active == 1", "wrong_kind", 11),
        ("contains(amount, 'x')", "wrong_kind", 10),
        ("owner == 'x'", "not_an_id", 10),
        ("born == '2026-02-30'", "not_a_date", 9),
        ("born == date('31.01.2026')", "not_a_date", 14),
        ("seen > '2026-01-31'", "not_a_datetime", 8),
        ("seen > '0001-01-01T00:00+01:00'", "not_a_datetime", 8),
        ("date(born) == born", "bad_arguments", 1),
        ("date() == born", "bad_arguments", 1),
        ("contains(name)", "bad_arguments", 1),
        ("contains(name, part='x')", "spelling", 20),
        ("name == None", "use_is_none", 9),
        ("None < amount", "use_is_none", 1),
        ("name in ['a', None]", "use_is_none", 15),
        ("name is 5", "only_none", 9),
        ("1 is 2", "only_none", 6),
        ("user in ['x']", "not_an_id", 10),
        ("name in ('a', 'b')", "not_a_list", 9),
        ("'x' in name", "not_a_list", 8),
        ("name in [amount]", "wrong_kind", 10),
        ("amount", "not_a_condition", 1),
        ("active and 'x'", "not_a_condition", 12),
        ("stage > 'new'", "not_ordered", 1),
        ("owner < user", "not_ordered", 1),
        ("active >= True", "not_ordered", 1),
        ("name < stage", "not_ordered", 8),
        ("name == ''", "empty_text", 9),
        ("1 < amount != 5", "chain", 15),
        ("1 < amount in [5]", "chain", 15),
        ("user.teams == owner", "a_set", 1),
        ("user.team == owner", "unknown_attribute", 6),
        ("owner.name == 'x'", "not_followed", 1),
        ("name.length == 1", "not_a_link", 1),
        ("lowr(name) == 'x'", "unknown_function", 1),
        ("seen > born", "day_of_record", 8),
        ("born < now()", "day_of_record", 1),
        ("seen in [today()]", "wrong_kind", 10),
        ("year(seen) == 2026", "wrong_kind", 6),
        ("amount + 'x' == 'y'", "wrong_kind", 10),
        ("born + 1 > today()", "wrong_kind", 1),
        ("amount + None > 1", "use_is_none", 10),
        ("-name == 'x'", "wrong_kind", 1),
        ("amount == -True", "wrong_kind", 11),
        ("round(amount, count) > 1", "bad_choice", 15),
        ("round(amount, 11) > 1", "bad_choice", 15),
        ("start_of(born, 'moth') == born", "bad_choice", 16),
        ("lower(amount) == 'x'", "wrong_kind", 7),
        ("concat(name, seen) == 'x'", "wrong_kind", 14),
        ("max(name, 'x') == 'x'", "wrong_kind", 5),
        ("coalesce(amount, name) == 1", "wrong_kind", 18),
        ("coalesce(stage, 'nw') == 'won'", "unknown_option", 17),
        ("stage == ('won' if active else 'nw')", "unknown_option", 32),
        ("name == ('x' if amount else 'y')", "not_a_condition", 17),
        ("name == (None if active else None)", "use_is_none", 10),
        ("amount == (1 if active else 'x')", "wrong_kind", 29),
        ("'x' in user.reports", "not_an_id", 1),
        ("1 in user.roles", "wrong_kind", 1),
        ("settings.days > 1", "unknown_setting", 10),
        ("this.name == 'x'", "not_offered", 1),
        ("changed('name')", "not_offered", 1),
        ("any(lines, active)", "no_records", 5),
        ("sum() > 1", "bad_arguments", 1),
        ("today(1) == born", "bad_arguments", 1),
        ("under(owner, user)", "no_hierarchy", 7),
        ("__import__('os')", "unknown_function", 1),
    ],
)
def test_types_are_checked_with_their_place(source: str, code: str, column: int) -> None:
    found = problem(source)
    assert (found.code, found.column) == (code, column)


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("name = 'x'", "spelling", 6),
        ("name == “x”", "spelling", 9),
        ("active && vip", "spelling", 8),
        ("active AND vip", "spelling", 8),
        ("!active", "spelling", 1),
        ("active == true", "spelling", 11),
        ("name is null", "spelling", 9),
        ("name is vip", "only_none", 9),
        ("name == null", "spelling", 9),
        ("（active）", "spelling", 1),
        ("名称 == 'x'", "bad_name", 1),
        ("nаme == 'x'", "bad_name", 1),
        ("ｎame == 'x'", "bad_name", 1),
        ("ﬁeld == 'x'", "bad_name", 1),
        ("name == 'x", "open_text", 9),
        ("name == 'a\nb'", "open_text", 9),
        ("name == 'x' 'y'", "two_texts", 13),
        ("name == '''x'''", "two_texts", 11),
        ("name == f'{x}'", "text_prefix", 9),
        ("name == b'x'", "text_prefix", 9),
        ("name == r'x'", "text_prefix", 9),
        ("name == 'a\\d'", "bad_escape", 11),
        ("name == '\\N{DIGIT ONE}'", "bad_escape", 10),
        ("name == '\\U00110000'", "bad_escape", 10),
        ("name == 'a\x00'", "bad_character", 11),
        ("name == '\\x00'", "bad_character", 9),
        ("name == '\ud800'", "bad_character", 10),
        ("name == '\\udfff'", "bad_character", 9),
        ("amount == 1e5", "bad_number", 11),
        ("amount == 0x10", "bad_number", 11),
        ("amount == 1_000", "bad_number", 11),
        ("amount == 1j", "bad_number", 11),
        ("amount == 007", "bad_number", 11),
        ("amount == 1.2.3", "bad_number", 11),
        ("amount == .0", "bad_number", 11),
        ("amount == 1.", "bad_number", 11),
        ("(name == 'x'", "bracket", 1),
        ("name == 'x')", "bracket", 12),
        ("name in ['x')", "bracket", 13),
        ("active) or (vip", "bracket", 7),
        ("name == 'x'; vip", "bad_sign", 12),
        ("active # note", "bad_sign", 8),
        ("{1: 2}", "bad_sign", 1),
        ("active\f", "bad_sign", 7),
        ("'x' * 10**9 == name", "unsupported", 9),
        ("+amount > 1", "unsupported", 1),
        ("contains(*name)", "unsupported", 10),
        ("(name := 'x')", "bad_sign", 7),
        ("'x'.upper() == name", "unsupported", 1),
        ("name\u200b == 'x'", "bad_sign", 5),
        ("amount == 12345678901234567890", "number_too_long", 11),
        ("amount == 1.00000000001", "number_too_long", 11),
        ("name if active", "syntax", 1),
        ("lambda: 1", "unsupported", 1),
        ("[x for x in name]", "unsupported", 4),
        ("name.upper() == 'X'", "unsupported", 1),
        ("name[0] == 'x'", "unsupported", 1),
        ("active,", "unsupported", 1),
        ("()", "unsupported", 1),
        ("...", "unsupported", 1),
        ("name ==", "syntax", 8),
        ("name == '中文' vip", "syntax", 14),
        ("  name == '中文'\n vip", "syntax", 17),
        ("== 5", "syntax", 1),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_place(
    source: str, code: str, column: int
) -> None:
    found = problem(source)
    assert (found.code, found.column) == (code, column)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("(" * 10_000, "too_large"),
        ("(" * 60 + "active" + ")" * 60, "too_deep"),
        ("[" * 400 + "]" * 400, "too_deep"),
        ("not " * 60 + "active", "too_deep"),
        ("not " * 2_499 + "vip", "too_deep"),
        ("amount == " + "-" * 100 + "1", "too_deep"),
        ("active" + ".id" * 900, "too_large"),
        ("active" + "()" * 400, "too_deep"),
        ("active" + " - 1" * 400, "too_deep"),
        ("'a' if active else " * 60 + "'b' == name", "too_deep"),
        (" < ".join(["amount"] * 300), "too_large"),
        ("(amount < amount < amount) == " * 45 + "active", "too_large"),
        ("name == '" + "\x01" * 5_000 + "'", "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("'" + "x" * 9_998, "open_text"),
        ("name == '" + "\\" * 9_990, "open_text"),
        ("amount == " + "9" * 9_000, "number_too_long"),
        ("amount == 0." + "9" * 9_000, "number_too_long"),
        (" or ".join(["active"] * 600), "too_large"),
        ("count in [" + ", ".join(["1"] * 600) + "]", "too_large"),
        ("x" * 9_999, "unknown_field"),
        ("stage == '" + "x" * 9_000 + "'", "unknown_option"),
    ],
)
def test_what_is_too_much_is_refused(source: str, code: str) -> None:
    found = problem(source)
    assert found.code == code
    assert len(found.message()) < 500


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("stag == 'won'", "stage"),
        ("stage == 'wonn'", "won"),
        ("stage == '???'", "lost, new, won"),
        ("lowr(name) == 'x'", "lower"),
        ("zzz(name) == 'x'", "abs, add_months, all, any, avg, ceil, coalesce"),
        ("start_of(born, 'moth') == born", "'year', 'quarter', 'month', 'week', 'day'"),
        ("contains(name)", "contains(text, part)"),
    ],
)
def test_the_message_names_what_was_probably_meant(source: str, hint: str) -> None:
    assert hint in problem(source).message()


@pytest.mark.parametrize(
    ("source", "column", "hint"),
    [
        ("name like 'x'", 6, "contains(field, 'a')"),
        ("name not LIKE 'x'", 10, "contains(field, 'a')"),
        ("amount between 1 and 5", 8, "1 <= amount <= 5"),
        ("amount > 1000 或 active", 15, "“or” instead of “或”"),
        ("amount > 1000或 active", 14, "“or” instead of “或”"),
        ("非 active", 1, "“not” instead of “非”"),
        ("if(active, 1, 2) > 1", 1, "if amount > 1000 else"),
        ("IF(active, 1, 2) > 1", 1, "if amount > 1000 else"),
        ("amount > (active ? 1 : 2)", 18, "if amount > 1000 else"),
        ("active || vip", 8, "“or” instead of “||”"),
        ("amount == null", 11, "“is None” or “is not None”"),
        ("amount is null", 11, "“is None” or “is not None”"),
        ("isnull(name)", 1, "name is None"),
        ("len(name) > 3", 1, "“length()” instead of “len()”"),
        ("seen > now() - 5", 8, "days(5)"),
        ("today() - seen > days(1)", 1, "now() beside a date with time"),
        ("days_between(seen, today()) > 3", 14, "seen < today() - days(30)"),
        ("name == “x”", 9, "straight quotation mark (') instead of “."),
    ],
)
def test_what_other_languages_write_is_answered_with_what_is_written_here(
    source: str, column: int, hint: str
) -> None:
    found = problem(source)
    assert hint in found.message()
    assert found.column == column


def test_the_functions_are_offered_once_and_where_they_can_be_used() -> None:
    offered = str(problem("zzz(name) == 'x'").context["allowed"]).split(", ")
    assert len(offered) == len(set(offered))
    assert "changed" not in offered
    with pytest.raises(ExpressionError, match="ceil, changed, coalesce"):
        parse("zzz(name)", EntityScope(ENTITIES["deal"], ENTITIES, changes=True))


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("active and any(lines, amount > 1)", "unknown_field", 23),
        ("any(lines, any(deal.lines, any(deal.lines, any(deal.lines, free))))", "too_deep", 44),
        ("active and " + "parent" + ".parent" * 21 + ".active", "too_large", 152),
        ("under(account.region, account.region)", "of_record", 23),
    ],
)
def test_questions_about_other_records_are_refused_with_their_place(
    source: str, code: str, column: int
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source, EntityScope(ENTITIES["deal"], ENTITIES))
    assert [(found.code, found.column) for found in caught.value.problems] == [(code, column)]


def test_a_field_of_the_record_outside_is_offered_with_this() -> None:
    with pytest.raises(ExpressionError, match=r"written this\.amount"):
        parse("any(lines, amount > 1)", EntityScope(ENTITIES["deal"], ENTITIES))


def outcome(source: str) -> Node | str:
    """Return what becomes of a source; what is accepted is read again from its canonical text."""
    try:
        tree = parse_value(source, SCOPE)
    except ExpressionError as error:
        (found,) = error.problems
        assert found.column is not None
        assert 1 <= found.column <= min(len(source), 10_000) + 1
        return found.code
    assert parse_value(to_text(tree), SCOPE) == tree
    return tree


PIECES = st.sampled_from(
    [
        *("name", "amount", "active", "stage", "owner", "born", "user", "user.id", "contains"),
        *("and", "or", "not", "in", "is", "None", "True", "==", "!=", "<", ">=", "-", ".", ","),
        *(
            "(",
            ")",
            "[",
            "]",
            "'x'",
            "'won'",
            "date",
            "1",
            "1.5",
            "'2026-01-31'",
            "中",
            "\n",
            "lambda",
            *("+", "*", "/", "//", "%", "**", "if", "else", "seen", "today()", "now()", "days"),
            *("coalesce", "min", "lower", "year", "count", "any", "sum", "under", "changed"),
            *("settings", "teams", "roles", "this", "old", "=", "`", "{", ":=", "\u200b", "ｎ"),
        ),
    ]
)


@given(st.text())
@example("-True")
def test_any_text_is_parsed_or_refused(source: str) -> None:
    assert outcome(source)


@given(st.lists(PIECES, max_size=30))
@example(["-", "True"])
@example([".", "0"])
@example(["name", "(", "'x'", ")"])
def test_any_sequence_of_pieces_is_parsed_or_refused(pieces: Sequence[str]) -> None:
    assert outcome(" ".join(pieces))
    assert outcome("".join(pieces))


SOURCES = st.sampled_from(
    (
        "stage in ['won', 'lost'] and not (amount > 10.5 or owner == user)",
        "coalesce(amount, price, 0) * 2 - -rate // 3 % 4 >= round(count / 7, 2)",
        "seen >= start_of(today(), 'month') and seen != date('2026-01-31')",
        "(born if active else due) - days(3) < '2026-01-31' < add_months(due, -1)",
        "concat(name, ' ', amount) is not None and 'sales' not in user.roles",
        "now() - seen > hours(4) if vip is None else 1 < amount <= 5 == (price)",
    )
)


@given(SOURCES, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 9), PIECES), max_size=4))
def test_a_source_with_mistakes_is_parsed_or_refused(
    source: str, edits: Sequence[tuple[int, int, str]]
) -> None:
    for place, length, piece in edits:
        source = source[:place] + piece + source[place + length :]
    assert outcome(source)


VALUES = (
    *("name", "stage", "amount", "born", "seen", "active", "owner", "user.roles", "user.teams"),
    *("'x'", "'won'", "'2026-01-31'", "1.5", "True", "None", "days(1)", "today()", "now()"),
    *("date('2026-01-31')", "born - today()", "amount / 2", "name is None", "not active", "[1]"),
    *("(name if active else 'x')", "(born if active else None)", "coalesce(owner, user)", "user"),
)
SIGNS = (
    *("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"),
    *("+", "-", "*", "/", "//", "%", "and", "or", "if active else"),
)


@pytest.mark.parametrize("sign", SIGNS)
def test_everything_meets_everything(sign: str) -> None:
    found = [outcome(f"{left} {sign} {right}") for left in VALUES for right in VALUES]
    assert len(found) == len(VALUES) ** 2
