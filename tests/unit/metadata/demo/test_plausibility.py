"""The demo data looks like a year of work, not like noise."""

import re
import statistics
from collections import Counter
from datetime import date

import pytest

from loomwork_metadata.demo import DemoRecord, Ref, Value, demo_users

Records = tuple[DemoRecord, ...]

RESERVED = re.compile(r"(^|@|\.|//)([a-z0-9-]+\.example|example\.(com|org|net))$")


@pytest.fixture(scope="session")
def opportunities(records: Records) -> Records:
    """Return the opportunities."""
    return tuple(record for record in records if record.entity == "opportunity")


def values(records: Records, entity: str, name: str) -> list[Value]:
    """Return the values of one field, without the missing ones."""
    return [
        record.values[name]
        for record in records
        if record.entity == entity and name in record.values
    ]


def test_about_half_of_the_accounts_are_chinese(records: Records) -> None:
    chinese = Counter(country == "china" for country in values(records, "account", "country"))
    assert 0.4 < chinese[True] / chinese.total() < 0.6


def test_a_chinese_company_is_called_after_its_city(records: Records) -> None:
    named = [
        str(record.values["name"]).startswith(str(record.values["city"]))
        for record in records
        if record.entity == "account" and record.values["country"] == "china"
    ]
    assert all(named)


def test_close_to_a_third_of_the_decided_deals_is_won(opportunities: Records) -> None:
    stages = Counter(record.values["stage"] for record in opportunities)
    assert 0.25 < stages["won"] / (stages["won"] + stages["lost"]) < 0.35


def test_every_open_stage_holds_some_deals(opportunities: Records) -> None:
    stages = Counter(record.values["stage"] for record in opportunities)
    assert min(stages[stage] for stage in ("new", "qualified", "proposal", "negotiation")) > 20


def test_decided_deals_are_older_than_open_ones(opportunities: Records) -> None:
    decided = {"won", "lost"}
    ages = {
        done: statistics.median(
            record.at.timestamp()
            for record in opportunities
            if (record.values["stage"] in decided) is done
        )
        for done in (True, False)
    }
    assert ages[True] < ages[False]


def test_deals_close_after_they_open_and_decided_ones_not_in_the_future(
    opportunities: Records, today: date
) -> None:
    closes = [
        (record, date.fromisoformat(str(record.values["close_date"])))
        for record in opportunities
        if "close_date" in record.values
    ]
    assert all(record.at.date() <= close for record, close in closes)
    decided = [close for record, close in closes if record.values["stage"] in {"won", "lost"}]
    assert max(decided) <= today


def test_the_chance_follows_the_stage(opportunities: Records) -> None:
    chances = [
        (record.values["stage"], int(str(record.values["chance"]))) for record in opportunities
    ]
    assert {chance for stage, chance in chances if stage == "won"} == {100}
    assert {chance for stage, chance in chances if stage == "lost"} == {0}
    means = [
        statistics.mean(chance for found, chance in chances if found == stage)
        for stage in ("new", "qualified", "proposal", "negotiation")
    ]
    assert means == sorted(means)


def test_amounts_have_a_long_tail(opportunities: Records) -> None:
    amounts = [
        float(str(record.values["amount"]))
        for record in opportunities
        if record.values["currency"] == "cny" and "amount" in record.values
    ]
    assert min(amounts) > 0
    assert statistics.mean(amounts) > 1.3 * statistics.median(amounts)


def test_every_month_has_deals_and_the_spring_festival_has_few(opportunities: Records) -> None:
    months = Counter(record.at.month for record in opportunities)
    assert len(months) == 12
    assert months[2] == min(months.values())


def test_work_happens_on_working_days(opportunities: Records) -> None:
    weekend = sum(record.at.weekday() > 4 for record in opportunities)
    assert weekend < 0.06 * len(opportunities)


def test_owners_carry_unequal_loads_and_all_of_them_sell(opportunities: Records) -> None:
    loads = Counter(
        owner.key
        for record in opportunities
        for owner in [record.values["owner"]]
        if isinstance(owner, Ref)
    )
    sellers = {user.username for user in demo_users() if user.roles != ("read_only",)}
    assert set(loads) == sellers
    assert max(loads.values()) > 3 * min(loads.values())


def test_accounts_that_bought_are_customers(records: Records, opportunities: Records) -> None:
    buyers = {
        record.values["account"] for record in opportunities if record.values["stage"] == "won"
    }
    status = {
        Ref("account", record.key): record.values["status"]
        for record in records
        if record.entity == "account"
    }
    assert {status[buyer] for buyer in buyers if isinstance(buyer, Ref)} == {"customer"}


def test_tasks_are_due_around_today(records: Records, today: date) -> None:
    days = [
        abs((date.fromisoformat(str(due)[:10]) - today).days)
        for due in values(records, "task", "due_at")
    ]
    assert statistics.median(days) < 21


def test_addresses_in_the_internet_are_reserved_ones(records: Records) -> None:
    addresses = [
        *(user.email for user in demo_users()),
        *values(records, "account", "website"),
        *values(records, "account", "email"),
        *values(records, "contact", "email"),
        *values(records, "lead", "email"),
    ]
    assert [address for address in addresses if not RESERVED.search(str(address))] == []
    assert all(str(address).isascii() for address in addresses)


def test_phones_are_out_of_service(records: Records) -> None:
    phones = [
        str(phone)
        for entity, name in (
            ("account", "phone"), ("contact", "phone"), ("contact", "mobile"), ("lead", "phone")
        )
        for phone in values(records, entity, name)
    ]  # fmt: skip
    fictitious = re.compile(
        r" 0555 |-0555 |555 01|23125|39200|1 99 00|6 39 98|1632 960|7700 900|390 06|70 174 06"
    )
    assert [phone for phone in phones if not fictitious.search(phone)] == []
