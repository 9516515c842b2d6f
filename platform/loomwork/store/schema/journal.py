"""The journal of publishing: who publishes, which step is done, and what a kill left undone."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table

from loomwork.store.system import ASCII, BODY, SYSTEM
from loomwork.store.types import moment, text

FENCE = Table(
    "lw_fence",
    SYSTEM,
    Column("name", text(48), nullable=False),
    Column("token", Integer, nullable=False),
    PrimaryKeyConstraint("name"),
)
"""The number of the latest who took a lock: whoever has a lower one has lost it."""

PUBLISH = Table(
    "lw_publish",
    SYSTEM,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("state", text(16), nullable=False),
    Column("base", Integer, nullable=False),
    Column("revision", Integer),
    Column("hash", ASCII, nullable=False),
    Column("message", text(500), nullable=False),
    Column("author", text(120), nullable=False),
    Column("worker", text(120), nullable=False),
    Column("started_at", moment(), nullable=False),
    Column("ended_at", moment()),
    Column("error", BODY),
)
"""One row for each publish; the id is its fence token."""

STEP = Table(
    "lw_step",
    SYSTEM,
    Column("publish", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("step", text(250), nullable=False),
    Column("kind", text(32), nullable=False),
    Column("phase", text(16), nullable=False),
    Column("table", text(63), nullable=False),
    Column("name", text(120), nullable=False),
    Column("state", text(16), nullable=False),
    Column("token", Integer, nullable=False),
    Column("started_at", moment()),
    Column("ended_at", moment()),
    Column("error", BODY),
    PrimaryKeyConstraint("publish", "ordinal"),
)
"""What a publish does, step by step; ``token`` is the fence of whoever carried the step out."""
