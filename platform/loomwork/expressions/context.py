"""What an expression is evaluated against, beside the record itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    from loomwork.expressions.tree import Node

Record: TypeAlias = Mapping[str, Any]
"""Values by field: str, int, Decimal, date, datetime in UTC, bool, UUID; a set is a frozenset.

What is None or not there is missing.
"""
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Relations(Protocol):
    """The records around a record; an expression in metadata may see them all."""

    def linked(self, entity: str, id_: UUID) -> Record | None:
        """Return the live record ``id_`` of ``entity``."""

    def linking(self, entity: str, link: str, id_: UUID) -> Iterable[Record]:
        """Return the live records of ``entity`` whose field ``link`` is ``id_``, in any order."""

    def fitting(self, entity: str, where: "Node | None", context: "Context") -> Iterable[Record]:
        """Return the live records of ``entity`` for which ``where`` holds, or more, in any order.

        The root ``this`` of ``context`` is the record that asks.
        """


class NoRelations:
    """For expressions that are known to stay within their record."""

    def linked(self, entity: str, id_: UUID) -> Record | None:
        """Return nothing."""
        del entity, id_
        return None

    def linking(self, entity: str, link: str, id_: UUID) -> Iterable[Record]:
        """Return nothing."""
        del entity, link, id_
        return ()

    def fitting(self, entity: str, where: "Node | None", context: "Context") -> Iterable[Record]:
        """Return nothing."""
        del entity, where, context
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks and when.

    ``given`` has the values of `Given` nodes by name, among them ``user.id``, ``today``, ``now``;
    ``roots`` the records named ``old``, ``this``, ``candidate``, ``ask`` and ``steps.NAME``;
    ``zone`` is the site's, by which days begin.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    roots: Mapping[str, Record | None] = field(default_factory=dict)
    relations: Relations = field(default_factory=NoRelations)
    zone: tzinfo = UTC

    def root(self, name: str) -> Record:
        """Return the record that a root names; where there is none, one without values."""
        return self.roots.get(name) or NOTHING

    def inside(self, record: Record) -> "Context":
        """Return the context of the records that link to one: ``this`` is ``record``, outside."""
        return Context(
            given=self.given,
            roots={**self.roots, "this": record},
            relations=self.relations,
            zone=self.zone,
        )
