"""One Model at work: its tables, its policy, and every statement compiled for it so far."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Protocol, TypeVar

from loomwork.access.policy import Policy
from loomwork.errors import N_, NotFoundError
from loomwork.expressions.lift import lift
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.parse import parse
from loomwork.expressions.tree import Node, Value
from loomwork.model.entity import Entity
from loomwork.model.whole import Model
from loomwork.store.keys.cipher import KeyRing
from loomwork.store.reading.query import Plan, compile_count, compile_plan
from loomwork.store.reading.shape import Shape
from loomwork.store.schema.tables import EntityTable
from loomwork.store.store import Store

Made = TypeVar("Made")
CACHED = 2_000
"""How many plans, filters and input schemas a worker keeps of each kind."""


class Cache:
    """Values by key. When it is full it begins anew, which costs one compilation each."""

    def __init__(self, limit: int = CACHED) -> None:
        self._limit = limit
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the value of ``key``, made when it is not there yet."""
        found = self._values.get(key)
        if found is None:
            if len(self._values) >= self._limit:
                self._values = {}
            found = self._values[key] = make()
        return found


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A revision in the memory of this process. ``revision`` is its metadata generation.

    ``zone`` is the site's; ``settings`` holds what the site has set of its packs' settings by
    ``pack.name``; ``keys`` open encrypted fields; ``people`` what is known of users, by user and
    access generation.
    """

    revision: int
    model: Model
    tables: Mapping[str, EntityTable]
    policy: Policy
    store: Store
    zone: tzinfo = UTC
    settings: Mapping[str, Any] = field(default_factory=dict)
    keys: KeyRing = field(default_factory=KeyRing)
    people: Cache = field(default_factory=Cache)
    _plans: Cache = field(default_factory=Cache)
    _filters: Cache = field(default_factory=Cache)
    made: Cache = field(default_factory=Cache)

    def entity(self, name: str) -> Entity:
        """Return the entity ``name``; NotFoundError where there is none."""
        found = self.model.entities.get(name)
        if found is None:
            raise NotFoundError(N_("There is no entity “{name}”."), name=name)
        return found

    def setting(self, key: str) -> Any:
        """Return the value of a pack's setting: the site's own, or the pack's default."""
        found = self.settings.get(key)
        return self.model.settings[key].default if found is None else found

    def plan(self, shape: Shape) -> Plan:
        """Return the statement for ``shape``, compiled once per revision."""
        dialect = self.store.database.reader.dialect
        return self._plans.get(shape, lambda: compile_plan(self.tables, shape, dialect))

    def count_plan(self, shape: Shape) -> Plan:
        """Return the statement that counts the rows of ``shape``."""
        dialect = self.store.database.reader.dialect
        key = ("count", shape)
        return self._plans.get(key, lambda: compile_count(self.tables, shape, dialect))

    def filter(self, entity: Entity, source: str) -> tuple[Node, tuple[Value, ...]]:
        """Return a caller's filter as shape and values; ExpressionError says what is wrong."""
        key = (entity.name, source)
        return self._filters.get(key, lambda: lift(parse(source, model_scope(self.model, entity))))


class Runtimes(Protocol):
    """Where the present Runtime comes from; the site of this process."""

    def current(self) -> Runtime:
        """Return the Runtime as last seen."""

    def refresh(self) -> Runtime:
        """Look at the generation in the database; return the Runtime that belongs to it."""
