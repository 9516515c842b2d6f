"""Trees of records stay trees: none lies below itself."""

from typing import TYPE_CHECKING
from uuid import UUID

from loomwork.errors import N_, InvalidError, Problem
from loomwork.store.reading.shape import Shape

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting

BELOW_ITSELF = N_("The record would lie below itself.")


def require_tree(by: "Acting", entity: "Entity", id_: UUID, parent: UUID | None) -> None:
    """Raise InvalidError if the record ``id_`` cannot lie below ``parent``.

    Inside a transaction every record on the way up is held until its end. Whoever moves one of
    them at the same moment has locked it: the two wait for each other or see what the other did.
    """
    seen: set[UUID] = set()
    while parent is not None and parent not in seen:
        if parent == id_:
            problem = Problem(code="circle", text=BELOW_ITSELF, pointer=f"/{entity.hierarchy}")
            raise InvalidError(problems=(problem,))
        seen.add(parent)
        parent = _parent(by, entity, parent)


def _parent(by: "Acting", entity: "Entity", id_: UUID) -> UUID | None:
    fields = ("id", entity.hierarchy)
    shape = Shape(entity=entity.name, fields=fields, single=True, held=by.holding)
    plan = by.runtime.plan(shape)
    rows = by.fetch(plan, {"id": id_})
    found: UUID | None = plan.decode(rows[0])[entity.hierarchy] if rows else None
    return found
