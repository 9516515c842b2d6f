"""Uninstalling packs: their documents go, and their data is kept, archived, or dropped."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.catalog.compile import Compiler
from loomwork.catalog.documents import Document
from loomwork.errors import N_, ConflictError, NotFoundError
from loomwork.model.whole import Model
from loomwork.publishing.plan import PlannedStep
from loomwork.publishing.planning import Target
from loomwork.publishing.publish import AtSwitch, Order
from loomwork.publishing.purge import purgeable
from loomwork.store.engine import Database
from loomwork.store.system import SETTING


def order_of_uninstall(
    name: str,
    model: Model,
    *,
    author: str,
    at_switch: Sequence[AtSwitch] = (),
    compiler: Compiler,
    dropping: bool = False,
) -> Order:
    """Return the order that takes a pack out of the site; ``dropping`` forgets its settings too.

    Raises NotFoundError where it is not installed, ConflictError for the pack that brings users.
    """
    if name not in model.packs:
        raise NotFoundError(N_("The pack “{name}” is not installed."), name=name)
    if name == "base":
        raise ConflictError(
            N_("The pack “base” cannot be uninstalled: every site needs its users.")
        )

    def wanted(present: Sequence[Document]) -> tuple[Document, ...]:
        return tuple(document for document in present if document.pack != name)

    def forget(connection: Connection, _: Model) -> None:
        connection.execute(sa.delete(SETTING).where(SETTING.c.pack == name))

    return Order(
        wanted=wanted,
        message=f"Uninstall {name}",
        author=author,
        at_switch=(*at_switch, forget) if dropping else at_switch,
        compiler=compiler,
    )


def left_behind(database: Database, target: Target) -> list[PlannedStep]:
    """Return what would be dropped of what goes out of use, before and after it has."""
    old = target.old
    if old is None:
        return []
    gone = {
        (need.entity, column)
        for need, column in old.columns.items()
        if (need.entity, column) not in {(n.entity, c) for n, c in target.new.columns.items()}
    }
    entities = {entity for entity, _ in gone}
    steps = purgeable(database, target.new.columns, target.new.model.entities)
    return [
        one.step
        for one in steps
        if (one.step.entity, one.step.name) in gone
        or (one.step.entity in entities and one.step.name == one.step.entity)
    ]
