"""Search over all entities that somebody may read."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from loomwork.access.policy import Rights
from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.lift import parameters
from loomwork.expressions.tree import FALSE
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity
from loomwork.records.context import context_of
from loomwork.records.runtime import Runtime
from loomwork.store.reading.query import Plan
from loomwork.store.search.index import INDEXES, classes, shape_of
from loomwork.store.search.query import Place, SearchPlan, compile_search
from loomwork.store.text.terms import Term, terms

LONGEST_SEARCH = 500
MOST_HITS = 100
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Signs that no stored text has."""


class Search(NamedTuple):
    """A search made ready: its statement, and the values."""

    plan: Plan
    values: dict[str, Any]


def search_terms(search: str, pointer: str) -> tuple[Term, ...]:
    """Return what to look for; InvalidError at ``pointer`` where ``search`` is too long."""
    if len(search) > LONGEST_SEARCH:
        problem = Problem(
            code="too_long",
            text=N_("At most {limit} characters are possible; these are {length}."),
            pointer=pointer,
            context={"limit": LONGEST_SEARCH, "length": len(search)},
        )
        raise InvalidError(problems=(problem,))
    return terms(UNSTORABLE.sub(" ", search))


def prepare_search(
    runtime: Runtime,
    actor: Actor,
    rights: Rights,
    search: str,
    entities: Sequence[str] | None,
    limit: int,
) -> Search | None:
    """Return a search made ready; None where nothing can be found.

    Raises NotFoundError for an entity that there is not, InvalidError for a bad limit.
    """
    if not 1 <= limit <= MOST_HITS:
        problem = Problem(
            code="bad_limit",
            text=N_("The limit is a whole number from 1 to {limit}."),
            pointer="/limit",
            context={"limit": MOST_HITS},
        )
        raise InvalidError(problems=(problem,))
    wanted = search_terms(search, "/q")
    names = sorted(runtime.model.entities) if entities is None else list(dict.fromkeys(entities))
    key = ("places", rights.signature, tuple(names))
    places = runtime.made.get(key, lambda: tuple(_places(runtime, rights, names)))
    if not wanted or not places:
        return None
    shape = SearchPlan(places, shape_of(wanted), limit)
    engine = runtime.store.database
    plan = runtime.made.get(
        ("search", shape),
        lambda: compile_search(runtime.tables, shape, engine.reader.dialect),
    )
    values = INDEXES[engine.name].values(wanted, tuple((one.entity, one.classes) for one in places))
    return Search(plan, {**values, **parameters((), context_of(runtime, actor))})


def readable_classes(rights: Rights, entity: Entity) -> tuple[int, ...]:
    """Return the visibility classes of which the caller may read all fields.

    As long as a grant covers every field of a record, those are all or none.
    """
    allowed = rights.rule(entity.name, "read").node != FALSE
    return tuple(class_.number for class_ in classes(entity)) if allowed else ()


def _places(runtime: Runtime, rights: Rights, names: Sequence[str]) -> Iterator[Place]:
    """Yield where to look: the classes of entities whose fields and rows the caller may read."""
    for name in names:
        entity = runtime.entity(name)
        rows = rights.rule(name, "read").node
        numbers = readable_classes(rights, entity)
        if numbers:
            yield Place(name, numbers, rows)
