"""Role documents as rows of Flask-AppBuilder, which keeps who holds them."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.whole import Model
from loomwork.store.transaction import bump_access
from loomwork.web.fab.tables import ADMIN, OWN_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable


def project_roles(connection: Connection, model: Model) -> None:
    """Give every role of ``model`` its row; remove rows without a document that nobody holds.

    Whoever holds a role keeps it when its document goes: it then grants nothing, and is there again
    should the document return. Runs in the transaction of ``connection``, which its owner ends.
    """
    # Grants may have changed even where no row does.
    bump_access(connection)
    with Session(connection, join_transaction_mode="rollback_only") as session:
        _project(session, model)
        session.commit()


def _project(session: Session, model: Model) -> None:
    rows = {row.name: row for row in session.scalars(select(Role))}
    wanted = OWN_ROLES.union(model.roles)
    for name in sorted(wanted.difference(rows)):
        session.add(Role(name=name))
    unheld = select(Role).where(~Role.user.any(), ~Role.groups.any())
    for row in session.scalars(unheld):
        if row.name not in wanted:
            session.delete(row)


def rows_of(session: Session, names: "Iterable[str]", *, admin: bool) -> list[Role]:
    """Return the rows of the roles ``names``; InvalidError lists those that there are not."""
    wanted = set(names)
    found = {
        row.name: row
        for row in session.scalars(select(Role).where(Role.name.in_({*wanted, ADMIN})))
        if row.name == ADMIN or row.name not in OWN_ROLES
    }
    unknown = sorted(wanted.difference(found) | wanted.intersection(OWN_ROLES))
    if unknown:
        raise InvalidError(
            problems=[
                Problem(
                    code="unknown_role",
                    text=N_("There is no role “{role}”."),
                    context={"role": name},
                    pointer="/roles",
                )
                for name in unknown
            ]
        )
    if admin:
        wanted.add(ADMIN)
    return [found[name] for name in sorted(wanted)]
