"""The first tables: generation, tokens, revisions with their documents, columns of entities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from loomwork.store.types import integer, moment, text, uuid

revision = "0001"
down_revision = None

ASCII = sa.String(64).with_variant(
    mysql.VARCHAR(64, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
BODY = sa.Text().with_variant(
    mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_nopad_bin"), "mysql", "mariadb"
)


def upgrade() -> None:
    """Create the tables and the one generation row.

    MariaDB commits every statement by itself: what a kill left behind is taken as it is.
    """
    generation = op.create_table(
        "lw_generation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("metadata", integer(), nullable=False),
        sa.Column("access", integer(), nullable=False),
        if_not_exists=True,
    )
    if op.get_bind().execute(sa.select(generation.c.id)).first() is None:
        op.bulk_insert(generation, [{"id": 1, "metadata": 0, "access": 0}])
    op.create_table(
        "lw_token",
        sa.Column("id", uuid(), primary_key=True),
        sa.Column("user", uuid(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("digest", ASCII, nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("expires_at", moment()),
        sa.Column("last_used_at", moment()),
        sa.Column("revoked_at", moment()),
        sa.UniqueConstraint("digest", name="lw_token_digest"),
        if_not_exists=True,
    )
    op.create_index("lw_token_user", "lw_token", ["user"], if_not_exists=True)
    op.create_table(
        "lw_document",
        sa.Column("hash", ASCII, primary_key=True),
        sa.Column("body", BODY, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_revision",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", ASCII, nullable=False),
        sa.Column("message", text(500), nullable=False),
        sa.Column("author", text(120), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_revision_document",
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pack", text(48), nullable=False),
        sa.Column("file", text(500), nullable=False),
        sa.Column("hash", ASCII, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_column",
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("field", text(48), primary_key=True),
        sa.Column("storage", ASCII, primary_key=True),
        sa.Column("column", text(63), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        if_not_exists=True,
    )
