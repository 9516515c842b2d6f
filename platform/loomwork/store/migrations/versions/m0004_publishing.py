"""The journal of publishing, and what a revision keeps beside its documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from loomwork.store.types import moment, text

revision = "0004"
down_revision = "0003"

ASCII = sa.String(64).with_variant(
    mysql.VARCHAR(64, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
BODY = sa.Text().with_variant(
    mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_nopad_bin"), "mysql", "mariadb"
)


def upgrade() -> None:
    """Create the tables and add the columns.

    MariaDB commits every statement by itself: what a kill left behind is taken as it is.
    """
    op.create_table(
        "lw_fence",
        sa.Column("name", text(48), primary_key=True),
        sa.Column("token", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_publish",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("hash", ASCII, nullable=False),
        sa.Column("message", text(500), nullable=False),
        sa.Column("author", text(120), nullable=False),
        sa.Column("worker", text(120), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("ended_at", moment()),
        sa.Column("error", BODY),
        if_not_exists=True,
    )
    op.create_table(
        "lw_step",
        sa.Column("publish", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", text(250), nullable=False),
        sa.Column("kind", text(32), nullable=False),
        sa.Column("phase", text(16), nullable=False),
        sa.Column("table", text(63), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("started_at", moment()),
        sa.Column("ended_at", moment()),
        sa.Column("error", BODY),
        if_not_exists=True,
    )
    _add("lw_revision", sa.Column("plan", BODY))
    _add("lw_column", sa.Column("retired", sa.Integer))


def _add(table: str, column: sa.Column[object]) -> None:
    present = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(table)}
    if column.name not in present:
        op.add_column(table, column)
