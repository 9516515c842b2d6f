"""What a new Model would not accept of the stored data: exact numbers and ids on every engine."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from loomwork.publishing.breaks import types as breaks_types
from loomwork.publishing.plan import Break
from tests.documents import MAKER, Body
from tests.integration.publishing.breaking import Open, ids, one_break, said
from tests.integration.publishing.stored import gadget, model_of


def one_field(
    keep: Open,
    before: Body,
    after: Body,
    *values: Any,
    code: str = "breaks",
    subject: str = "field",
) -> tuple[Break, list[UUID]]:
    """Return what breaks when ``size`` changes over these values, and the ids of their records."""
    kept = keep(model_of(gadget(size=before), MAKER))
    made = kept.fill("gadget", *({"size": value} for value in values))
    kept.fill("gadget", *({"size": value} for value in values), live=None)
    found = kept.breaks(model_of(gadget(size=after), MAKER))
    return one_break(found, subject=subject, name="size", code=code), made


def test_nothing_breaks_where_nothing_becomes_stricter(keep: Open) -> None:
    before = {"type": "integer", "min": 0, "max": 5}
    kept = keep(model_of(gadget(size=before, other={"type": "text", "required": True})))
    kept.fill("gadget", {"size": 99}, {"size": None})
    after = gadget(size={**before, "max": 7, "min": -1}, other={"type": "text"})
    assert kept.breaks(model_of(after)) == []


def test_a_field_that_becomes_required_is_empty_in_some_records(keep: Open) -> None:
    number: Body = {"type": "integer"}
    found, made = one_field(keep, number, {**number, "required": True}, None, 1, None, 0)
    assert (found.count, ids(found)) == (2, [made[0], made[2]])
    assert said(found) == "“Size” becomes required and is empty."


def test_a_required_field_that_is_new_is_empty_in_all_records(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    made = kept.fill("gadget", *({"name": f"g{number}"} for number in range(7)))
    found = kept.breaks(model_of(gadget(size={"type": "date", "required": True})))
    only = one_break(found, subject="field", name="size")
    assert (only.count, ids(only)) == (7, made[:5])


def test_texts_become_too_long_by_characters_not_bytes(keep: Open) -> None:
    found, made = one_field(
        keep,
        {"type": "text", "max_length": 40},
        {"type": "text", "max_length": 4},
        *("abcd", "中文中文", "中文中文中", "😀😀😀😀", "ab cd", None),
    )
    assert (found.count, ids(found)) == (2, [made[2], made[4]])
    assert said(found) == "“Size” is longer than 4 characters."


def test_a_long_text_becomes_a_short_one(keep: Open) -> None:
    kept = keep(model_of(gadget(size={"type": "long_text"})))
    made = kept.fill("gadget", {"size": "x" * 200}, {"size": "x"}, {"size": None})
    only = one_break(
        kept.breaks(model_of(gadget(size={"type": "text", "max_length": 199}))),
        subject="field",
        name="size",
    )
    assert (only.count, ids(only)) == (1, made[:1])


@pytest.mark.parametrize(
    ("limit", "broken", "text"),
    [
        ({"min": 3}, (0, 1), "“Size” is less than 3."),
        ({"max": 2}, (2, 3), "“Size” is more than 2."),
    ],
)
def test_numbers_leave_limits_that_become_narrower(
    keep: Open, limit: Body, broken: tuple[int, ...], text: str
) -> None:
    found, made = one_field(
        keep, {"type": "integer"}, {"type": "integer", **limit}, -(2**40), 2, 3, 2**40, None
    )
    assert (found.count, ids(found)) == (2, [made[place] for place in broken])
    assert said(found) == text


def test_a_limit_of_more_places_than_the_field_has_is_met_exactly(keep: Open) -> None:
    before: Body = {"type": "decimal", "places": 2}
    values = [Decimal(text) for text in ("1.00", "1.01", "-5.55", "99999999999.99")]
    found, made = one_field(keep, before, {**before, "min": 1.005}, *values, None)
    assert (found.count, ids(found)) == (2, [made[0], made[2]])


def test_options_that_are_taken_away_are_named_with_their_numbers(keep: Open) -> None:
    before: Body = {"type": "select", "options": {"a": {}, "b": {}, "c": {}, "d": {}}}
    after: Body = {"type": "select", "options": {"a": {}, "d": {}, "e": {}}}
    found, made = one_field(keep, before, after, "b", "a", "c", "b", None)
    assert (found.count, ids(found)) == (3, [made[0], made[2], made[3]])
    assert said(found) == "“Size” has a value that is no longer offered: b (2), c (1)."


def test_a_text_becomes_a_choice(keep: Open) -> None:
    after: Body = {"type": "select", "options": {"a": {}}}
    found, made = one_field(keep, {"type": "text", "max_length": 48}, after, "A", "a", None)
    assert (found.count, ids(found)) == (1, made[:1])


def test_a_text_of_several_lines_does_not_become_one_line(keep: Open) -> None:
    kept = keep(model_of(gadget(size={"type": "long_text"})))
    made = kept.fill("gadget", *({"size": text} for text in ("a\nb", "a b", "c\u2028d", None)))
    kept.fill("gadget", {"size": "x\ny"}, live=None)
    found = kept.breaks(model_of(gadget(size={"type": "text"})))
    only = one_break(found, subject="field", name="size")
    assert (only.count, ids(only)) == (2, [made[0], made[2]])
    assert said(only).endswith("does not accept: The text has to fit on one line.")


def test_of_very_many_texts_only_the_first_are_looked_at(
    keep: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaks_types, "MOST", 6)
    monkeypatch.setattr(breaks_types, "CHUNK", 2)
    kept = keep(model_of(gadget(size={"type": "long_text"})))
    kept.fill("gadget", *({"size": "a\nb"} for _ in range(7)))
    found = kept.found(model_of(gadget(size={"type": "text"})))
    assert [one.count for one in found.breaks] == [6]
    assert [(note.code, note.name) for note in found.notes] == [("not_counted", "size")]


def test_fewer_places_lose_digits_of_some_numbers(keep: Open) -> None:
    values = [Decimal(text) for text in ("1.2500", "-1.2501", "0.0001", "7.0000", "-0.5000")]
    found, made = one_field(
        keep, {"type": "decimal", "places": 4}, {"type": "decimal", "places": 2}, *values, None
    )
    assert (found.count, ids(found)) == (2, [made[1], made[2]])
    assert said(found) == "“Size” has more than 2 digits after the point."


def test_a_decimal_becomes_a_whole_number(keep: Open) -> None:
    values = [Decimal(text) for text in ("1.00", "-1.25", "0.00")]
    found, made = one_field(keep, {"type": "decimal", "places": 2}, {"type": "integer"}, *values)
    assert (found.count, ids(found)) == (1, [made[1]])


@pytest.mark.parametrize("number", [{"type": "integer"}, {"type": "decimal", "places": 0}])
def test_numbers_too_large_for_more_places_block(keep: Open, number: Body) -> None:
    after: Body = {"type": "decimal", "places": 4}
    values = (10**14, 1 - 10**15, 10**14 - 1, 1 - 10**14, None)
    found, made = one_field(keep, number, after, *values, code="blocks")
    assert (found.count, ids(found)) == (2, made[:2])


def test_limits_are_judged_on_what_a_number_becomes(keep: Open) -> None:
    found, made = one_field(
        keep, {"type": "integer"}, {"type": "decimal", "places": 3, "max": 2.5}, 2, 3, None
    )
    assert (found.count, ids(found)) == (1, [made[1]])


def test_repeated_values_of_what_becomes_unique_block(keep: Open) -> None:
    text: Body = {"type": "text", "max_length": 20}
    found, made = one_field(
        keep,
        text,
        {**text, "unique": True},
        *("b", "a", "b", "A", "a ", "b", None, None, "c", "a"),
        code="blocks",
        subject="unique",
    )
    assert (found.groups, found.count) == (2, 5)
    assert ids(found) == [made[1], made[9], made[0], made[2], made[5]]
    assert said(found) == "“Size” becomes unique; values that occur more than once: 2."
