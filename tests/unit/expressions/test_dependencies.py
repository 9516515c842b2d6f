"""What the value of an expression depends on."""

import pytest

from loomwork.expressions import (
    Dependency,
    EntityScope,
    dependencies,
    needs_relations,
    parse_value,
    record_independent,
)
from loomwork.expressions.dependencies import Inverse, reads
from loomwork.expressions.tree import Step
from tests.language.world import ENTITIES

SCOPE = EntityScope(ENTITIES["deal"], ENTITIES, changes=True)
ACCOUNT = Step("account", "account")
LINES = Inverse("line", "deal")


@pytest.mark.parametrize(
    "source", ["today() - days(3)", "user.region", "'x' in user.roles", "1 + 2 == 3"]
)
def test_what_reads_no_field_is_the_same_for_every_record(source: str) -> None:
    assert record_independent(parse_value(source, SCOPE))


@pytest.mark.parametrize("source", ["amount", "count(lines)", "changed('name')", "account.name"])
def test_fields_and_linking_records_differ_from_record_to_record(source: str) -> None:
    assert not record_independent(parse_value(source, SCOPE))


@pytest.mark.parametrize(
    "source", ["account.name", "count(lines)", "under(account.region, user.region)"]
)
def test_other_records_are_reached_over_links_in_either_direction(source: str) -> None:
    assert needs_relations(parse_value(source, SCOPE))


@pytest.mark.parametrize("source", ["account", "user.manager.name == name", "amount + 1"])
def test_a_link_itself_and_the_user_need_no_other_record(source: str) -> None:
    assert not needs_relations(parse_value(source, SCOPE))


def test_every_link_on_the_way_is_a_dependency() -> None:
    found = dependencies(parse_value("account.region.name", SCOPE))
    assert found == {
        Dependency("account"),
        Dependency("region", (ACCOUNT,)),
        Dependency("name", (ACCOUNT, Step("region", "region"))),
    }


def test_an_aggregate_depends_on_the_link_and_on_both_sides() -> None:
    found = dependencies(parse_value("sum(lines, net, quantity > this.score)", SCOPE))
    assert found == {
        Dependency("deal", (LINES,)),
        Dependency("net", (LINES,)),
        Dependency("quantity", (LINES,)),
        Dependency("score"),
    }


def test_inside_of_two_aggregates_this_is_the_record_between() -> None:
    deals = (ACCOUNT, Inverse("deal", "account"))
    tree = parse_value("any(account.deals, any(lines, net > this.amount))", SCOPE)
    assert dependencies(tree) == {
        Dependency("account"),
        Dependency("account", deals),
        Dependency("deal", (*deals, LINES)),
        Dependency("net", (*deals, LINES)),
        Dependency("amount", deals),
    }


def test_a_change_depends_on_the_record_before() -> None:
    found = dependencies(parse_value("changed('amount')", SCOPE))
    assert found == {Dependency("amount"), Dependency("amount", root="old")}


def test_a_place_in_a_tree_depends_on_all_parents() -> None:
    tree = parse_value("under(account.region, user.region)", SCOPE)
    assert dependencies(tree) == {
        Dependency("account"),
        Dependency("region", (ACCOUNT,)),
        Dependency("parent", (ACCOUNT, Step("region", "region")), upwards=True),
    }


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("amount > 1 and account.industry == 'food'", "account.industry amount"),
        ("owner == user and closes < today()", "closes owner user"),
        ("account.region == user.region", "account.region user.region"),
        ("sum(lines, net, quantity > this.score)", "lines.net lines.quantity score"),
        ("count(lines) > count(account.deals)", "account.deals lines"),
        (
            "any(account.deals, any(lines, net > this.amount))",
            "account.deals.amount account.deals.lines.net",
        ),
        (
            "changed('amount') and old.account.name == name",
            "amount name old.account.name old.amount",
        ),
    ],
)
def test_what_is_read_is_told_as_it_is_written(source: str, paths: str) -> None:
    assert sorted(reads(parse_value(source, SCOPE))) == paths.split()
