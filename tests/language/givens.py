"""What the test world knows without any record, and the values of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from loomwork.expressions.scope import FieldInfo
from loomwork.expressions.tree import Given
from loomwork.model.kinds import Kind
from tests.language.world import World

SETTINGS: Mapping[str, FieldInfo] = {
    "sales.threshold": FieldInfo(kind=Kind.NUMBER),
    "sales.absent": FieldInfo(kind=Kind.NUMBER),
    "sales.label": FieldInfo(kind=Kind.TEXT),
    "sales.start": FieldInfo(kind=Kind.DATE),
    "sales.strict": FieldInfo(kind=Kind.BOOLEAN, ordered=False),
}
GIVENS: tuple[Given, ...] = (
    Given("user.id", Kind.LINK, "user"),
    Given("user.manager", Kind.LINK, "user"),
    Given("user.region", Kind.LINK, "region"),
    Given("user.teams", Kind.LINKS, "team"),
    Given("user.reports", Kind.LINKS, "user"),
    Given("user.roles", Kind.TEXTS),
    Given("user.name", Kind.TEXT),
    Given("user.manager.name", Kind.TEXT),
    Given("user.joined", Kind.DATE),
    Given("user.quota", Kind.NUMBER),
    Given("user.on_leave", Kind.BOOLEAN),
    Given("today", Kind.DATE),
    Given("now", Kind.DATETIME),
    *(Given(f"settings.{name}", info.kind) for name, info in SETTINGS.items()),
)


def given_values(world: World, *, anybody: bool = True) -> Mapping[str, Any]:
    """Return the values of all of them, for the world's user or for nobody."""
    fixed: dict[str, Any] = {
        "today": date(2026, 1, 31),
        "now": datetime(2026, 1, 31, 8, 0, 0, 1, tzinfo=UTC),
        "settings.sales.threshold": Decimal("100.50"),
        "settings.sales.absent": None,
        "settings.sales.label": "Acme",
        "settings.sales.start": date(2025, 12, 31),
        "settings.sales.strict": True,
    }
    return {**fixed, **(_of_user(world) if anybody else {"user.id": None})}


def _of_user(world: World) -> Mapping[str, Any]:
    users = world.rows["user"]
    row = users[world.user]
    manager = row["manager"]
    own = {f"user.{name}": row[name] for name in ("id", "manager", "region", "name")}
    further = {f"user.{name}": row[name] for name in ("joined", "quota", "on_leave")}
    return {
        **own,
        **further,
        "user.manager.name": users[manager]["name"] if manager else None,
        "user.teams": frozenset(tuple(world.rows["team"])[:2]),
        "user.reports": frozenset(tuple(users)[2:5]),
        "user.roles": frozenset(("sales", "a", "中文")),
    }
