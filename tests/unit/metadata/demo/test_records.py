"""The demo data is repeatable, can be loaded in its order, and fits the entities."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from loomwork.model.field_type import FieldType
from loomwork_metadata.demo import DemoRecord, Ref, demo_records, demo_teams, demo_users

Records = tuple[DemoRecord, ...]
Types = Mapping[str, Mapping[str, FieldType]]
Entities = Mapping[str, dict[str, Any]]


def test_the_same_seed_and_day_give_the_same_records(today: date, records: Records) -> None:
    assert tuple(demo_records(7, today)) == records


def test_another_seed_gives_other_records(today: date, records: Records) -> None:
    assert tuple(demo_records(8, today)) != records


def test_there_are_as_many_records_as_a_small_team_makes_in_a_year(records: Records) -> None:
    counts = Counter(record.entity for record in records)
    assert counts.pop("product") == 40
    assert counts == {
        "account": 300, "contact": 700, "lead": 400, "opportunity": 900, "task": 600
    }  # fmt: skip


@pytest.mark.parametrize(("scale", "accounts"), [(0.001, 1), (0.1, 30), (3, 900)])
def test_the_scale_multiplies_the_records(today: date, scale: float, accounts: int) -> None:
    counts = Counter(record.entity for record in demo_records(7, today, scale))
    assert counts["account"] == accounts
    assert counts["product"] == 40


def test_every_link_points_to_a_record_that_came_earlier(today: date, records: Records) -> None:
    known = {Ref("user", user.username) for user in demo_users()}
    known |= {Ref("team", team.key) for team in demo_teams(today)}
    missing = []
    for record in records:
        missing += [
            value
            for value in record.values.values()
            if isinstance(value, Ref) and value not in known
        ]
        known.add(Ref(record.entity, record.key))
    assert missing == []
    assert len(known) == len(records) + len(demo_users()) + len(demo_teams(today))


def test_every_link_points_to_the_entity_that_its_field_names(
    records: Records, entities: Entities
) -> None:
    system = {"owner": "user", "team": "team"}
    links = {
        (record.entity, name, value.entity)
        for record in records
        for name, value in record.values.items()
        if isinstance(value, Ref)
    }
    wrong = [
        (entity, name)
        for entity, name, to in links
        if to != (system.get(name) or entities[entity]["fields"][name]["to"])
    ]
    assert wrong == []


def test_every_value_fits_the_type_of_its_field(records: Records, types: Types) -> None:
    parsed = [
        types[record.entity][name].parse(value)
        for record in records
        for name, value in record.values.items()
        if not isinstance(value, Ref)
    ]
    assert None not in parsed


def test_required_fields_have_values_and_unique_ones_differ(
    records: Records, entities: Entities
) -> None:
    missing = [
        (record.key, name)
        for record in records
        for name, field in entities[record.entity]["fields"].items()
        if field.get("required") and name not in record.values
    ]
    assert missing == []
    unique = [
        (record.entity, name, record.values[name])
        for record in records
        for name, field in entities[record.entity]["fields"].items()
        if field.get("unique") and name in record.values
    ]
    assert len(unique) == len(set(unique))


def test_every_field_but_three_notes_is_filled_somewhere(
    records: Records, entities: Entities
) -> None:
    filled = {(record.entity, name) for record in records for name in record.values}
    expected = {
        (entity, field)
        for entity in {record.entity for record in records}
        for field, settings in entities[entity]["fields"].items()
        if settings["type"] not in ("formula", "lookup", "rollup")
    }
    assert expected - filled == {
        ("contact", "notes"), ("lead", "notes"), ("task", "description")
    }  # fmt: skip


def test_what_belongs_to_somebody_says_to_whom(records: Records, entities: Entities) -> None:
    unowned = [
        record.key
        for record in records
        if entities[record.entity]["ownership"] == "user"
        and not {"owner", "team"} <= set(record.values)
    ]
    assert unowned == []


def test_records_were_made_in_the_twelve_months_before_today(today: date, records: Records) -> None:
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    moments = [record.at for record in records]
    assert midnight - timedelta(days=366) < min(moments)
    assert max(moments) < midnight + timedelta(hours=4)


def test_a_record_is_not_older_than_the_account_it_belongs_to(records: Records) -> None:
    days = {record.key: record.at.date() for record in records if record.entity == "account"}
    early = [
        record.key
        for record in records
        for account in [record.values.get("account")]
        if record.entity in {"contact", "opportunity", "task"}
        and isinstance(account, Ref)
        and record.at.date() + timedelta(days=1) < days[account.key]
    ]
    assert early == []
