"""What a record must and may not be, by the conditions and checks of its metadata."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records import context
from loomwork.records.drafts.effects import Question
from loomwork.records.lists.listing import ListQuery
from loomwork.records.service import Records
from tests.sites import person, statements

BASICS = {"name": "a"}


@pytest.fixture
def records(trading: Site) -> Records:
    """Return the service under test."""
    return trading.records


def refused(caught: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str, str]]:
    """Return pointer, code and check of each problem."""
    return [
        (problem.pointer, problem.code, str(problem.context.get("check", "")))
        for problem in caught.value.problems
    ]


def refusals(work: Any, *arguments: Any, **named: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidError) as caught:
        work(*arguments, **named)
    return refused(caught)


def test_texts_are_normalised_in_the_order_written(records: Records, boss: Actor) -> None:
    given = {"name": "  Big \t deal ", "code": " ａ- 1 ｘ", "phone": "+49 (30) １２３"}
    made = records.create(boss, "deal", given)
    assert (made["name"], made["code"], made["phone"]) == ("Big deal", "A-1X", "4930123")
    changed = records.update(boss, "deal", made["id"], {"code": "b b", "phone": "none"})
    assert (changed["code"], changed["phone"]) == ("BB", None)


def test_what_is_equal_once_normalised_is_not_unique(records: Records, boss: Actor) -> None:
    records.create(boss, "deal", {**BASICS, "code": "a 1"})
    again = refusals(records.create, boss, "deal", {**BASICS, "code": "Ａ1"})
    assert again == [("/code", "not_unique", "")]


def test_a_computed_default_is_set_where_nothing_is_given(
    records: Records, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "clock", lambda: datetime(2026, 1, 31, 23, 0, tzinfo=UTC))
    made = records.create(boss, "deal", BASICS)
    assert made["due"] == date(2026, 3, 2)
    assert made["share"] == 4
    assert records.create(boss, "deal", {**BASICS, "due": None, "share": 1})["due"] is None


def test_a_condition_asks_for_a_field_and_lets_go_of_it(records: Records, boss: Actor) -> None:
    made = records.create(boss, "deal", BASICS)
    lost = {"stage": "lost"}
    assert refusals(records.update, boss, "deal", made["id"], lost) == [("/reason", "required", "")]
    assert refusals(records.create, boss, "deal", {**BASICS, **lost}) == [
        ("/reason", "required", "")
    ]
    told = records.update(boss, "deal", made["id"], {**lost, "reason": "price"})
    assert told["reason"] == "price"
    assert records.update(boss, "deal", made["id"], {"stage": "open", "reason": None})


def test_a_locked_field_keeps_its_value_until_the_record_is_unlocked(
    records: Records, boss: Actor
) -> None:
    made = records.create(boss, "deal", {**BASICS, "amount": 5, "stage": "won"})
    locked = refusals(records.update, boss, "deal", made["id"], {"amount": 6})
    assert locked == [("/amount", "readonly", "")]
    same = records.update(boss, "deal", made["id"], {"amount": 5, "name": "b"})
    assert same["name"] == "b"
    opened = records.update(boss, "deal", made["id"], {"amount": 6, "stage": "open"})
    assert opened["amount"] == 6
    closed = records.update(boss, "deal", made["id"], {"amount": 7, "stage": "won"})
    assert closed["amount"] == 7


def test_an_option_is_chosen_only_where_it_is_offered(records: Records, boss: Actor) -> None:
    known = records.create(boss, "account", {"name": "known", "customer": True})
    new = records.create(boss, "account", {"name": "new"})
    renewal = {**BASICS, "kind": "renewal"}
    assert refusals(records.create, boss, "deal", renewal) == [("/kind", "not_offered", "")]
    made = records.create(boss, "deal", {**renewal, "account": str(known["id"])})
    moved = refusals(records.update, boss, "deal", made["id"], {"account": str(new["id"])})
    assert moved == [("/kind", "not_offered", "")]
    records.update(boss, "account", known["id"], {"customer": False})
    stays = records.update(boss, "deal", made["id"], {"name": "the option stays as it was"})
    assert stays["kind"] == "renewal"


def test_a_link_leads_where_its_filter_allows(records: Records, boss: Actor) -> None:
    first = records.create(boss, "account", {"name": "first"})
    other = records.create(boss, "account", {"name": "other"})
    contact = records.create(boss, "contact", {"name": "c", "account": str(first["id"])})
    chosen = {**BASICS, "contact": str(contact["id"])}
    for account in ({}, {"account": str(other["id"])}):
        wrong = refusals(records.create, boss, "deal", {**chosen, **account})
        assert wrong == [("/contact", "does_not_fit", "")]
    made = records.create(boss, "deal", {**chosen, "account": str(first["id"])})
    moved = refusals(records.update, boss, "deal", made["id"], {"account": str(other["id"])})
    assert moved == [("/contact", "does_not_fit", "")]
    both = {"account": str(other["id"]), "contact": None}
    assert records.update(boss, "deal", made["id"], both)["contact"] is None


def test_a_link_brings_values_unless_they_are_given(records: Records, boss: Actor) -> None:
    north = records.create(boss, "region", {"name": "North"})
    south = records.create(boss, "region", {"name": "South"})
    rich = {"name": "rich", "region": str(north["id"]), "credit": "99.50"}
    account = str(records.create(boss, "account", rich)["id"])
    bare = str(records.create(boss, "account", {"name": "bare"})["id"])
    made = records.create(boss, "deal", {**BASICS, "account": account})
    assert (made["region"]["id"], made["limit"]) == (north["id"], Decimal("99.50"))
    given = {**BASICS, "account": account, "region": str(south["id"]), "limit": None}
    kept = records.create(boss, "deal", given)
    assert (kept["region"]["id"], kept["limit"]) == (south["id"], None)
    unmoved = records.update(boss, "deal", kept["id"], {"account": account, "name": "b"})
    assert unmoved["limit"] is None
    emptied = records.update(boss, "deal", made["id"], {"account": bare})
    assert (emptied["region"], emptied["limit"]) == (None, None)
    without = records.update(boss, "deal", kept["id"], {"account": None})
    assert without["region"]["id"] == south["id"]


def test_a_check_refuses_at_its_field_in_the_pack_s_words(records: Records, boss: Actor) -> None:
    with pytest.raises(InvalidError) as caught:
        records.create(boss, "deal", {**BASICS, "stage": "won"})
    assert refused(caught) == [("/amount", "check", "amount_to_close")]
    (problem,) = caught.value.problems
    assert problem.message() == "A won deal needs an amount."
    assert problem.message(locale="zh_CN") == "赢单必须填写金额。"
    assert records.create(boss, "deal", {**BASICS, "stage": "won", "amount": 1})


def test_a_check_without_words_is_told_by_its_condition(records: Records, boss: Actor) -> None:
    with pytest.raises(InvalidError) as caught:
        records.create(boss, "deal", {**BASICS, "amount": 2, "limit": 1})
    assert refused(caught) == [("", "check", "below_limit")]
    told = caught.value.problems[0].message(locale="zh_CN")
    assert told.endswith("金额 is None or 额度 is None or 金额 <= 额度")


def test_everything_that_is_wrong_is_told_at_once(records: Records, boss: Actor) -> None:
    wrong = {"name": "a", "stage": "lost", "kind": "renewal", "amount": 20000, "limit": 3}
    assert refusals(records.create, boss, "deal", wrong) == [
        ("/reason", "required", ""),
        ("/kind", "not_offered", ""),
        ("", "check", "below_limit"),
        ("/amount", "warning", "large"),
    ]


def test_a_record_that_breaks_a_check_is_refused_whatever_is_changed(
    records: Records, boss: Actor, trading: Site
) -> None:
    made = records.create(boss, "deal", {**BASICS, "amount": 5, "stage": "won"})
    table = trading.tables["deal"]
    with trading.store.transaction() as running:
        running.update(table, made["id"], {"amount": None})
    again = refusals(records.update, boss, "deal", made["id"], {"name": "b"})
    assert again == [("/amount", "check", "amount_to_close")]
    records.delete(boss, "deal", made["id"])
    assert records.restore(boss, "deal", made["id"])["amount"] is None


def test_a_warning_keeps_a_record_back_until_it_is_accepted(records: Records, boss: Actor) -> None:
    much = {**BASICS, "amount": 10000}
    assert refusals(records.create, boss, "deal", much) == [("/amount", "warning", "large")]
    made = records.create(boss, "deal", much, accepted=frozenset({"large"}))
    more = {"amount": 20000}
    assert refusals(records.update, boss, "deal", made["id"], more) == [
        ("/amount", "warning", "large")
    ]
    assert records.update(boss, "deal", made["id"], more, accepted=frozenset({"large"}))


def test_only_warnings_can_be_accepted(records: Records, boss: Actor) -> None:
    for name, hint in (("larg", "large"), ("below_limit", "")):
        with pytest.raises(InvalidError) as caught:
            records.create(boss, "deal", BASICS, accepted=frozenset({name}))
        assert refused(caught) == [("/accept", "unknown_warning", "")]
        assert caught.value.problems[0].context["hint"] == hint


def test_a_flag_marks_a_record_that_is_read_alone(records: Records, boss: Actor) -> None:
    made = records.create(boss, "deal", {**BASICS, "margin": 80})
    assert [flag["name"] for flag in made["flags"]] == ["odd_margin"]
    assert made["flags"][0]["message"].to("zh_CN") == "利润率异常偏高。"
    assert records.read(boss, "deal", made["id"]) == made
    assert records.update(boss, "deal", made["id"], {"margin": 79})["flags"] == []


def test_completeness_weighs_what_is_there(records: Records, boss: Actor) -> None:
    made = records.create(boss, "deal", {**BASICS, "amount": 1})
    assert made["completeness"] == {"percent": 50, "missing": ["account", "margin"]}
    whole = records.update(boss, "deal", made["id"], {"margin": 0})
    assert whole["completeness"] == {"percent": 67, "missing": ["account"]}


def test_a_check_at_commit_sees_the_end_of_the_transaction(records: Records, boss: Actor) -> None:
    quoted = {**BASICS, "stage": "quoted"}
    assert refusals(records.create, boss, "deal", quoted) == [("", "check", "has_lines")]

    def together(writer: Any) -> Any:
        deal = writer("deal").create(quoted)
        writer("line").create({"name": "l", "deal": str(deal["id"])})
        return deal

    made = records.write(boss, together)
    assert records.read(boss, "deal", made["id"])["stage"] == "quoted"

    def in_vain(writer: Any) -> None:
        together(writer)
        writer("deal").create(quoted)

    assert refusals(records.write, boss, in_vain) == [("", "check", "has_lines")]
    assert len(records.page(boss, "deal", ListQuery()).items) == 1


def test_a_joined_transaction_is_judged_at_its_end(
    records: Records, boss: Actor, trading: Site
) -> None:
    with trading.store.transaction() as running:
        deal = records.create(boss, "deal", {**BASICS, "stage": "quoted"}, transaction=running)
        line = {"name": "l", "deal": str(deal["id"])}
        records.create(boss, "line", line, transaction=running)
    assert len(records.page(boss, "deal", ListQuery()).items) == 1


def test_a_form_asks_and_locks_for_those_whom_it_is_for(records: Records, trading: Site) -> None:
    seller = person(trading, "seller", "seller")
    boss = person(trading, "boss2", "boss")
    open_ = {**BASICS, "amount": 600}
    assert refusals(records.create, seller, "deal", {**open_, "stage": "won"}) == [
        ("/margin", "required", "")
    ]
    assert records.create(boss, "deal", {**open_, "stage": "won"})
    # The section in which the field stands is hidden, so nobody is asked for it.
    assert records.create(seller, "deal", open_)
    # Lost deals have another form, or none.
    assert records.create(seller, "deal", {**open_, "stage": "lost", "reason": "r"})


def test_a_link_to_what_cannot_be_read_is_refused_before_anything_looks_at_it(
    records: Records, boss: Actor, trading: Site
) -> None:
    seller = person(trading, "seller", "seller")
    hidden = records.create(boss, "account", {"name": "h", "hidden": True, "customer": True})
    wanted = {**BASICS, "account": str(hidden["id"]), "kind": "renewal", "amount": 1}
    assert refusals(records.create, seller, "deal", wanted) == [("/account", "no_such_record", "")]
    asked = records.effects(seller, "deal", None, Question(values=wanted))
    assert asked.fields["kind"].options == ("first",)
    assert asked.fill == {"due": asked.fill["due"], "share": 4}
    assert [problem.code for problem in asked.problems] == ["no_such_record"]


def test_effects_tell_what_saving_would_demand(records: Records, boss: Actor) -> None:
    account = records.create(boss, "account", {"name": "k", "customer": True, "credit": 5})
    values = {"stage": "lost", "account": str(account["id"]), "amount": "x", "margin": 3}
    found = records.effects(boss, "deal", None, Question(values=values))
    assert found.fields["reason"].visible
    assert found.fields["reason"].required
    assert found.fields["name"].required
    assert found.fields["kind"].options == ("first", "renewal")
    assert found.fill["limit"] == Decimal("5.00")
    assert [(one.pointer, one.code) for one in found.problems] == [("/amount", "not_a_number")]
    assert found.completeness is not None
    assert found.completeness.missing == ("amount",)
    nothing = records.effects(boss, "deal", None, Question())
    assert not nothing.fields["reason"].visible
    assert not nothing.fields["reason"].required


def test_effects_of_a_stored_record_begin_with_what_is_stored(
    records: Records, boss: Actor
) -> None:
    made = records.create(boss, "deal", {**BASICS, "amount": 5, "stage": "won"})
    locked = records.effects(boss, "deal", made["id"], Question())
    assert locked.fields["amount"].readonly
    assert locked.fields["reason"].visible
    assert locked.fill == {}
    opened = records.effects(boss, "deal", made["id"], Question(values={"stage": "open"}))
    assert not opened.fields["amount"].readonly


def test_an_entity_without_conditions_is_written_with_as_many_statements_as_before(
    records: Records, boss: Actor, trading: Site
) -> None:
    records.create(boss, "contact", {"name": "warm"})
    with statements(trading) as sent:
        made = records.create(boss, "contact", {"name": "c"})
    kinds = [text.split()[0] for text in sent]
    # The record, and the event of it.
    assert kinds.count("INSERT") == 2
    assert kinds.count("SELECT") <= 3
    with statements(trading) as sent:
        records.update(boss, "contact", made["id"], {"name": "d"})
    kinds = [text.split()[0] for text in sent]
    assert kinds.count("UPDATE") == 1
    assert kinds.count("SELECT") <= 4


def test_conditions_over_the_record_itself_cost_no_statement(
    records: Records, boss: Actor, trading: Site
) -> None:
    made = records.create(boss, "deal", BASICS)
    plain = records.create(boss, "contact", {"name": "c"})
    with statements(trading) as with_conditions:
        records.update(boss, "deal", made["id"], {"amount": 5, "stage": "won", "margin": 90})
    with statements(trading) as without:
        records.update(boss, "contact", plain["id"], {"name": "d"})
    assert len(with_conditions) == len(without)


def test_users_are_kept_whatever_a_pack_demands_of_them(trading: Site) -> None:
    assert person(trading, "eve", "boss").user is not None


def test_a_check_over_records_around_counts_the_record_as_it_will_be(
    records: Records, boss: Actor
) -> None:
    deal = records.create(boss, "deal", {**BASICS, "limit": 10})
    line = {"name": "l", "deal": str(deal["id"])}
    first = records.create(boss, "line", {**line, "net": 6})
    too_much = [("/net", "check", "within_limit")]
    assert refusals(records.create, boss, "line", {**line, "net": 5}) == too_much
    assert refusals(records.update, boss, "line", first["id"], {"net": 11}) == too_much
    assert records.update(boss, "line", first["id"], {"net": 10})["net"] == 10
    moved = records.update(boss, "line", first["id"], {"net": 11, "deal": None})
    assert moved["deal"] is None
    assert records.create(boss, "line", {**line, "net": 10})


def test_writes_of_one_transaction_see_each_other(records: Records, boss: Actor) -> None:
    deal = records.create(boss, "deal", {**BASICS, "limit": 10})
    line = {"name": "l", "deal": str(deal["id"]), "net": 6}

    def twice(writer: Any) -> None:
        writer("line").create(line)
        writer("line").create(line)

    assert refusals(records.write, boss, twice) == [("/net", "check", "within_limit")]

    def raised_first(writer: Any) -> None:
        writer("deal").update(deal["id"], {"limit": 12})
        twice(writer)

    records.write(boss, raised_first)
    assert len(records.page(boss, "line", ListQuery()).items) == 2
