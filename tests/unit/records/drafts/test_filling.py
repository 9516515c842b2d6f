"""Computed defaults and what links bring."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import InvalidError
from loomwork.expressions.context import Context
from loomwork.expressions.scope import EntityScope
from loomwork.model.entity import Entity
from loomwork.records.drafts.filling import Filling, fitted
from loomwork.records.rules.conditions import Values
from loomwork.records.rules.expression import value
from tests.language.oracle import MemoryRelations
from tests.language.world import DEAL, ENTITIES, make_world

WORLD = make_world()
CONTEXT = Context(relations=MemoryRelations(WORLD))
SCOPE = EntityScope(DEAL, ENTITIES)


def rules(defaults: dict[str, str] | None = None, fills: Any = None) -> Values:
    return Values(
        defaults={name: value(source, SCOPE) for name, source in (defaults or {}).items()},
        fills={
            link: {name: value(source, SCOPE) for name, source in brought.items()}
            for link, brought in (fills or {}).items()
        },
    )


def live(entity: str) -> dict[str, Any]:
    return next(dict(row) for row in WORLD.all(entity) if row.get("deleted_at") is None)


@pytest.mark.parametrize(
    ("field", "result", "kept"),
    [
        ("score", Decimal("2.5"), 3),
        ("score", Decimal("-2.5"), -3),
        ("amount", Decimal("1.005"), Decimal("1.01")),
        ("amount", Decimal("1"), Decimal("1.00")),
        ("name", "x", "x"),
        ("closes", date(2026, 1, 1), date(2026, 1, 1)),
        ("seen", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("active", False, False),
        ("account", UUID(int=5), UUID(int=5)),
        ("score", None, None),
    ],
)
def test_a_computed_value_is_kept_as_its_field_keeps_values(
    field: str, result: object, kept: object
) -> None:
    found = fitted(DEAL.fields[field], result)
    assert (found, type(found)) == (kept, type(kept))


def test_a_computed_value_that_does_not_fit_is_told_at_its_field() -> None:
    with pytest.raises(InvalidError) as caught:
        fitted(DEAL.fields["code"], "x" * 21)
    assert [(one.pointer, one.code) for one in caught.value.problems] == [("/code", "too_long")]


def filling(
    entity: Entity,
    found: Values,
    values: dict[str, Any],
    given: set[str],
    before: dict[str, Any] | None = None,
) -> Filling:
    return Filling(
        entity=entity,
        rules=found,
        locks={},
        context=CONTEXT,
        values=values,
        given=dict.fromkeys(given),
        before=before,
    )


def test_defaults_are_computed_in_their_order_from_what_is_there() -> None:
    values: dict[str, Any] = {"name": "a"}
    found = rules({"code": "concat(name, '!')", "notes": "concat(code, '?')", "score": "1"})
    filling(DEAL, found, values, {"score"}).compute_defaults()
    assert values == {"name": "a", "code": "a!", "notes": "a!?"}


def filled(
    entity: Entity,
    found: Values,
    values: dict[str, Any],
    given: set[str],
    before: dict[str, Any] | None = None,
) -> set[str]:
    begun = filling(entity, found, values, given, before)
    begun.follow(given)
    assert begun.problems == []
    return begun.fields


def test_a_link_that_is_filled_brings_more_and_circles_end() -> None:
    account = live("account")
    deal = {"account": account["id"], "deputy": None, "parent": None}
    found = rules(fills={"account": {"deputy": "account.owner"}, "deputy": {"name": "deputy.name"}})
    assert filled(DEAL, found, deal, {"account"}) <= {"deputy", "name"}
    assert deal["deputy"] == account["owner"]
    circle = rules(fills={"account": {"parent": "parent"}, "parent": {"account": "account"}})
    assert filled(DEAL, circle, deal, {"account"}) == set()


def test_an_emptied_link_brings_nothing_and_a_missing_value_keeps_a_default() -> None:
    found = rules(fills={"account": {"code": "account.industry", "notes": "account.name"}})
    emptied = {"account": None, "code": "kept", "notes": "kept"}
    assert filled(DEAL, found, emptied, {"account"}) == set()
    missing = rules(fills={"account": {"notes": "account.owner.manager.email"}})
    nobody = replace(DEAL)
    deal = {"account": UUID(int=1), "notes": "default"}
    assert filled(nobody, missing, deal, {"account"}) == set()
    assert filled(nobody, missing, deal, {"account"}, {"account": None}) == set()
    assert deal["notes"] == "default"


def test_a_missing_value_empties_only_what_the_link_before_had_brought() -> None:
    found = rules(fills={"account": {"notes": "account.name"}})
    account = live("account")
    before = {"account": account["id"], "notes": account["name"]}
    for notes, left, fields in ((account["name"], None, {"notes"}), ("mine", "mine", set())):
        deal = {"account": UUID(int=1), "notes": notes}
        assert filled(DEAL, found, deal, {"account"}, before) == fields
        assert deal["notes"] == left
