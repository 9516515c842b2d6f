"""What the trees mean for the records of the test world, by Python, whose word is final."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from loomwork.expressions.context import Context, Record
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import Node
from tests.language.givens import given_values
from tests.language.world import World

ZONES = ("UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia")
"""One without change, one with, two whose days begin or end where none should."""


def is_live(row: Record) -> bool:
    """Tell whether a record is not deleted."""
    return row.get("deleted_at") is None


@dataclass(frozen=True)
class MemoryRelations:
    """The live records of a world."""

    world: World

    def linked(self, entity: str, id_: UUID) -> Record | None:
        """Return the record of that id."""
        row = self.world.rows[entity].get(id_)
        return row if row is not None and is_live(row) else None

    def linking(self, entity: str, link: str, id_: UUID) -> Iterable[Record]:
        """Return the records whose ``link`` is that id."""
        return self._linking.get((entity, link, id_), ())

    def fitting(self, entity: str, where: Node | None, context: Context) -> Iterable[Record]:
        """Return every record."""
        del where, context
        return list(filter(is_live, self.world.rows[entity].values()))

    @cached_property
    def _linking(self) -> Mapping[tuple[str, str, UUID], list[Record]]:
        found: dict[tuple[str, str, UUID], list[Record]] = {}
        for entity, rows in self.world.rows.items():
            for row in filter(is_live, rows.values()):
                for name, value in row.items():
                    if isinstance(value, UUID):
                        found.setdefault((entity, name, value), []).append(row)
        return found


def context_in(
    world: World,
    zone: str = "UTC",
    *,
    anybody: bool = True,
    roots: Mapping[str, Record | None] | None = None,
) -> Context:
    """Return what holds for the world's user (or nobody) on the world's day."""
    return Context(
        given=given_values(world, anybody=anybody),
        roots=roots or {},
        relations=MemoryRelations(world),
        zone=ZoneInfo(zone),
    )


def of_user(user: UUID | None) -> Context:
    """Return the context of what asks for nothing but the acting user's id."""
    return Context(given={"user.id": user})


def some_roots(world: World, number: int = 0) -> Mapping[str, Record | None]:
    """Return records for the roots of `EVERYTHING`; each number has others, some have none."""
    return {
        "old": None if number % 5 == 4 else world.all("deal")[number],
        "this": None if number % 7 == 6 else world.all("account")[number],
        "candidate": world.all("user")[number % len(world.all("user"))],
    }


def results(node: Node, rows: Iterable[Record], context: Context) -> list[Any]:
    """Return what ``node`` is for each of the rows."""
    evaluate = to_python(node)
    return [evaluate(row, context) for row in rows]


def matches(node: Node, rows: Iterable[Record], context: Context) -> list[UUID]:
    """Return the ids of the rows for which the condition ``node`` is true, in their order."""
    holds = to_python(node)
    return [row["id"] for row in rows if holds(row, context)]
