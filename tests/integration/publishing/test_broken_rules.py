"""Which stored records a new Model's conditions, checks and filters would refuse."""

from typing import Any

import pytest

from tests.documents import MAKER, Body
from tests.integration.publishing.breaking import Open, ids, one_break, said
from tests.integration.publishing.stored import gadget, model_of


def required_if(condition: str, **more: Any) -> Body:
    return {"type": "text", "required": condition, **more}


def test_a_condition_newly_asks_for_a_field(keep: Open) -> None:
    kept = keep(model_of(gadget(size={"type": "integer"}, why={"type": "text"})))
    made = kept.fill(
        "gadget",
        *({"size": 9}, {"size": 9, "why": "x"}, {"size": 1}, {"size": None}, {"size": 10}),
    )
    after = gadget(size={"type": "integer"}, why=required_if("size > 5"))
    only = one_break(kept.breaks(model_of(after)), subject="field", name="why")
    assert (only.count, ids(only)) == (2, [made[0], made[4]])
    assert said(only) == "“Why” becomes required where Size > 5, and is empty."


def test_nobody_is_asked_for_what_he_does_not_see(keep: Open) -> None:
    kept = keep(model_of(gadget(size={"type": "integer"}, why={"type": "text"})))
    made = kept.fill("gadget", {"size": 9}, {"size": 6}, {"size": None})
    after = gadget(size={"type": "integer"}, why=required_if("size > 5", visible="size < 8"))
    only = one_break(kept.breaks(model_of(after)), subject="field", name="why")
    assert (only.count, ids(only)) == (1, [made[1]])


def checked(check: Body, **fields: Body) -> Body:
    return {**gadget(**fields), "checks": {"rule": check}}


@pytest.mark.parametrize("severity", ["refuse", "warn"])
def test_a_check_that_is_new_does_not_hold_of_some_records(keep: Open, severity: str) -> None:
    number: Body = {"type": "integer"}
    kept = keep(model_of(gadget(size=number, top=number)))
    made = kept.fill(
        "gadget",
        *({"size": 3, "top": 2}, {"size": 1, "top": 2}, {"size": 3}, {"top": 1}, {}),
    )
    check = {"when": "top is not None", "must": "size <= top", "severity": severity}
    after = checked(check | {"message": "Too big."}, size=number, top=number)
    only = one_break(kept.breaks(model_of(after)), subject="check", name="rule")
    assert (only.count, ids(only)) == (2, [made[0], made[3]])
    assert said(only) == "“Too big.” does not hold."


def test_a_check_that_changes_is_judged_and_one_that_only_marks_is_not(keep: Open) -> None:
    number: Body = {"type": "integer"}
    kept = keep(model_of(checked({"must": "size > 1"}, size=number)))
    made = kept.fill("gadget", {"size": 1}, {"size": 4}, {"size": 9})
    same = model_of(checked({"must": "size > 1", "severity": "warn"}, size=number))
    assert kept.breaks(same) == []
    other = checked({"must": "size > 5"}, size=number)
    only = one_break(kept.breaks(model_of(other)), subject="check", name="rule")
    assert (only.count, ids(only)) == (2, made[:2])
    marks = checked({"must": "size > 5", "severity": "flag"}, size=number)
    assert kept.breaks(model_of(marks)) == []


def test_a_check_of_what_was_before_is_judged_as_if_the_record_stayed(keep: Open) -> None:
    number: Body = {"type": "integer"}
    kept = keep(model_of(gadget(size=number)))
    made = kept.fill("gadget", {"size": 1}, {"size": 4})
    check = {"must": "size >= old.size and not changed('size') and size > 2"}
    only = one_break(
        kept.breaks(model_of(checked(check, size=number))), subject="check", name="rule"
    )
    assert (only.count, ids(only)) == (1, made[:1])


def test_a_check_reads_over_links_and_what_links_here(keep: Open) -> None:
    link: Body = {"type": "link", "to": "maker", "inverse": "gadgets"}
    kept = keep(model_of(gadget(maker=link), MAKER))
    makers = kept.fill("maker", {"name": "a", "secret": True}, {"name": "b", "secret": False})
    made = kept.fill("gadget", *({"maker": makers[place]} for place in (0, 1, 1)), {"maker": None})
    check = {"must": "maker.secret == True or count(maker.gadgets) == 0"}
    after = model_of(checked(check, maker=link), MAKER)
    only = one_break(kept.breaks(after), subject="check", name="rule")
    assert (only.count, ids(only)) == (2, made[1:3])


def test_a_check_of_a_field_that_is_new_finds_it_empty(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    kept.fill("gadget", {}, {})
    fields: dict[str, Body] = {
        "due": {"type": "date"},
        "price": {"type": "decimal"},
        "label": {"type": "text"},
        "on": {"type": "boolean"},
        "maker": {"type": "link", "to": "maker"},
    }
    must = "due is None and price is None and label is None and on is None and maker is None"
    after = checked({"must": f"not ({must}) or due < today()"}, **fields)
    only = one_break(kept.breaks(model_of(after, MAKER)), subject="check", name="rule")
    assert only.count == 2


@pytest.mark.parametrize("stored_", [False, True])
def test_a_check_of_a_value_that_is_newly_worked_out_is_judged_by_that_value(
    keep: Open, stored_: bool
) -> None:
    number: Body = {"type": "integer"}
    kept = keep(model_of(gadget(size=number)))
    made = kept.fill("gadget", {"size": 1}, {"size": 4}, {"size": None})
    double = {"type": "formula", "result": "integer", "is": "size * 2", "stored": stored_}
    after = checked({"must": "double > 5"}, size=number, double=double)
    only = one_break(kept.breaks(model_of(after)), subject="check", name="rule")
    assert (only.count, ids(only)) == (2, [made[0], made[2]])


def test_a_rule_over_a_value_that_depends_on_who_asks_is_not_counted(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    kept.fill("gadget", {})
    mine = {"type": "formula", "result": "boolean", "is": "created_by == user"}
    found = kept.found(model_of(checked({"must": "mine == True"}, mine=mine)))
    assert [note.code for note in found.notes] == ["not_judged"]


def test_options_of_several_that_are_taken_away_are_found(keep: Open) -> None:
    before: Body = {"type": "multi_select", "options": {"a": {}, "b": {}, "c": {}}}
    kept = keep(model_of(gadget(size=before)))
    made = kept.fill("gadget", {"size": ("a", "b", "c")}, {"size": ("b",)}, {})
    after = {"type": "multi_select", "options": {"a": {}}, "required": True}
    missing, taken = kept.breaks(model_of(gadget(size=after)))
    assert (missing.count, ids(missing)) == (1, [made[2]])
    assert (taken.count, ids(taken)) == (2, made[:2])
    assert said(taken).endswith("no longer offered: b (2), c (1).")


def test_a_rule_over_a_field_of_several_values_that_is_new_finds_none(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    made = kept.fill("gadget", {}, {})
    tags: Body = {"type": "multi_select", "options": {"a": {}}}
    only = one_break(
        kept.breaks(model_of(checked({"must": "'a' in size"}, size=tags))),
        subject="check",
        name="rule",
    )
    assert ids(only) == made


def test_a_field_that_is_renamed_is_judged_by_its_values_under_the_new_name(keep: Open) -> None:
    kept = keep(model_of(gadget(size={"type": "integer"})))
    made = kept.fill("gadget", {"size": 1}, {"size": None}, {"size": 9})
    renamed = {"type": "integer", "renamed_from": "size", "max": 5, "required": True}
    missing, above = kept.breaks(model_of(checked({"must": "length_ != 4"}, length_=renamed)))
    assert (missing.name, ids(missing)) == ("length_", [made[1]])
    assert (above.name, ids(above)) == ("length_", [made[2]])


def test_a_rule_that_depends_on_who_saves_is_told_and_not_counted(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    kept.fill("gadget", {})
    found = kept.found(model_of(checked({"must": "'sales' in user.roles"})))
    assert found.breaks == ()
    assert [(note.code, note.entity, note.name) for note in found.notes] == [
        ("not_judged", "gadget", "rule")
    ]


def test_links_lead_to_records_that_newly_do_not_fit(keep: Open) -> None:
    link: Body = {"type": "link", "to": "maker"}
    number: Body = {"type": "integer"}
    kept = keep(model_of(gadget(maker=link, size=number), MAKER))
    makers = kept.fill("maker", {"name": "aa", "secret": True}, {"name": "b", "secret": False})
    gone = kept.fill("maker", {"name": "c", "secret": True}, live=None)
    made = kept.fill(
        "gadget",
        {"maker": makers[0], "size": 2},
        {"maker": makers[0], "size": 1},
        {"maker": makers[1], "size": 2},
        {"maker": gone[0], "size": 1},
        {"maker": None, "size": 2},
        {"maker": makers[0], "size": None},
    )
    filtered = {**link, "filter": "secret == True and length(name) == this.size"}
    after = model_of(gadget(maker=filtered, size=number), MAKER)
    only = one_break(kept.breaks(after), subject="link", name="maker")
    assert (only.count, ids(only)) == (4, [made[1], made[2], made[3], made[5]])


def test_links_to_another_entity_are_not_carried_over(keep: Open) -> None:
    kept = keep(model_of(gadget(ref={"type": "link", "to": "maker"}), MAKER))
    makers = kept.fill("maker", {"name": "a"})
    made = kept.fill("gadget", {"ref": makers[0]}, {"ref": None})
    after = model_of(gadget(ref={"type": "link", "to": "gadget"}), MAKER)
    only = one_break(kept.breaks(after), subject="link", name="ref")
    assert (only.count, ids(only)) == (1, made[:1])
    assert (
        said(only) == "“Ref” leads to gadget from now on: its links to maker are not carried over."
    )


def test_a_field_that_comes_back_is_judged_by_what_it_kept(keep: Open) -> None:
    before: Body = {"type": "text", "max_length": 40}
    kept = keep(model_of(gadget(code=before)))
    made = kept.fill("gadget", {"code": "same"}, {"code": "same"}, {"code": "long" * 5}, {})
    after = gadget(code={**before, "max_length": 10, "unique": True, "required": True})
    found = kept.breaks(model_of(after), before=model_of(gadget()))
    assert [(one.code, one.count, ids(one)) for one in found] == [
        ("breaks", 1, [made[3]]),
        ("breaks", 1, [made[2]]),
        ("blocks", 2, made[:2]),
    ]


def test_an_entity_that_comes_back_is_judged_by_what_it_kept(keep: Open) -> None:
    kept = keep(model_of(gadget()))
    kept.fill("gadget", {"name": None})
    named = {"type": "text", "max_length": 80, "required": True}
    found = kept.breaks(model_of(gadget(name=named)), before=model_of(MAKER))
    assert [(one.name, one.count) for one in found] == [("name", 1)]


def test_an_entity_that_is_new_has_nothing_to_break(keep: Open) -> None:
    kept = keep(model_of(MAKER))
    assert kept.breaks(model_of(gadget(size={"type": "date", "required": True}), MAKER)) == []
