"""The access generation: moved by whoever changes users, roles, grants or tokens."""

from sqlalchemy import BigInteger, type_coerce, update
from sqlalchemy.engine import Connection

from loomwork.store.system import GENERATION


def bump_access(connection: Connection) -> None:
    """Let every worker look at users, roles and tokens again once this transaction commits."""
    # The column's own type does not know that + adds numbers.
    present = type_coerce(GENERATION.c.access, BigInteger)
    connection.execute(update(GENERATION).where(GENERATION.c.id == 1).values(access=present + 1))
