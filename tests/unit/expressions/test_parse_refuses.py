"""What the language refuses: always with one error of ours, its reason and its column."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loomwork.errors import ExpressionError, Problem
from loomwork.expressions import Node, parse
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
        ("seen > date('2026-01-31')", "wrong_kind", 8),
        ("contains(amount, 'x')", "wrong_kind", 10),
        ("contains(stage, 'x')", "wrong_kind", 10),
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
        ("5 is None", "not_a_field", 1),
        ("user in ['x']", "not_a_field", 1),
        ("name in ('a', 'b')", "not_a_list", 9),
        ("'x' in name", "not_a_list", 8),
        ("name in [notes]", "not_fixed", 10),
        ("1 == 1", "no_field", 1),
        ("user == user", "no_field", 1),
        ("contains('ab', 'a')", "no_field", 1),
        ("amount", "not_a_condition", 1),
        ("active and 'x'", "not_a_condition", 12),
        ("active == (name == 'x')", "not_a_value", 12),
        ("active == contains(name, 'x')", "not_a_value", 11),
        ("stage > 'new'", "not_ordered", 1),
        ("owner < user", "not_ordered", 1),
        ("active >= True", "not_ordered", 1),
        ("name < stage", "not_ordered", 8),
        ("name == ''", "empty_text", 9),
        ("1 < amount != 5", "chain", 15),
        ("1 < amount in [5]", "chain", 15),
        ("user.teams == owner", "unknown_attribute", 1),
        ("owner.name == 'x'", "unknown_attribute", 1),
        ("lower(name) == 'x'", "unknown_function", 1),
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
        ("name is null", "only_none", 9),
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
        ("amount + 1 > 2", "unsupported", 8),
        ("amount - 1 > 2", "unsupported", 1),
        ("-amount > 2", "unsupported", 1),
        ("amount == -True", "not_fixed", 11),
        ("'x'*10**9 == name", "unsupported", 4),
        ("name if active else notes", "unsupported", 6),
        ("lambda: 1", "unsupported", 1),
        ("[x for x in name]", "unsupported", 4),
        ("name.upper() == 'X'", "unsupported", 1),
        ("name[0] == 'x'", "unsupported", 1),
        ("active,", "unsupported", 1),
        ("()", "unsupported", 1),
        ("...", "not_fixed", 1),
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
        ("not " * 2_499 + "vip", "too_large"),
        ("amount == " + "-" * 100 + "1", "too_deep"),
        ("active" + ".id" * 900, "too_deep"),
        ("active" + "()" * 400, "too_deep"),
        ("active" + " - 1" * 400, "too_deep"),
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
        ("lower(name) == 'x'", "contains, date, datetime, starts_with"),
    ],
)
def test_the_message_names_what_was_probably_meant(source: str, hint: str) -> None:
    assert hint in problem(source).message()


def outcome(source: str) -> Node | str:
    try:
        return parse(source, SCOPE)
    except ExpressionError as error:
        return error.problems[0].code


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
