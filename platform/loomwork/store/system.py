"""The platform's own tables, as the running code sees them; the migrations create them."""

from sqlalchemy import Column, Index, Integer, MetaData, PrimaryKeyConstraint, String, Table, Text
from sqlalchemy.dialects import mysql

from loomwork.store.types import integer, moment, text, uuid

SYSTEM = MetaData()

ASCII = String(64).with_variant(
    mysql.VARCHAR(64, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
BODY = Text().with_variant(
    mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_nopad_bin"), "mysql", "mariadb"
)

GENERATION = Table(
    "lw_generation",
    SYSTEM,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("metadata", integer(), nullable=False),
    Column("access", integer(), nullable=False),
)
"""One row. Every worker looks at it and reads again what has moved."""

TOKEN = Table(
    "lw_token",
    SYSTEM,
    Column("id", uuid(), primary_key=True),
    Column("user", uuid(), nullable=False),
    Column("name", text(120), nullable=False),
    Column("digest", ASCII, nullable=False, unique=True),
    Column("created_at", moment(), nullable=False),
    Column("expires_at", moment()),
    Column("last_used_at", moment()),
    Column("revoked_at", moment()),
    Index("lw_token_user", "user"),
)

DOCUMENT = Table(
    "lw_document",
    SYSTEM,
    Column("hash", ASCII, primary_key=True),
    Column("body", BODY, nullable=False),
)
"""Document texts by SHA-256: what two revisions share is kept once."""

REVISION = Table(
    "lw_revision",
    SYSTEM,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", ASCII, nullable=False),
    Column("message", text(500), nullable=False),
    Column("author", text(120), nullable=False),
    Column("created_at", moment(), nullable=False),
    Column("plan", BODY),
)

REVISION_DOCUMENT = Table(
    "lw_revision_document",
    SYSTEM,
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("pack", text(48), nullable=False),
    Column("file", text(500), nullable=False),
    Column("hash", ASCII, nullable=False),
    PrimaryKeyConstraint("revision", "position"),
)

COLUMN = Table(
    "lw_column",
    SYSTEM,
    Column("entity", text(48), nullable=False),
    Column("field", text(48), nullable=False),
    Column("storage", ASCII, nullable=False),
    Column("column", text(63), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("retired", Integer),
    PrimaryKeyConstraint("entity", "field", "storage"),
)
"""Which column keeps a field; it only grows, so that a column is never renamed or reused.

``retired`` is the revision that has no use for the column any more, empty while one is in use.
"""

CLEARED_LINK = Table(
    "lw_cleared_link",
    SYSTEM,
    Column("target", uuid(), nullable=False),
    Column("entity", text(48), nullable=False),
    Column("field", text(48), nullable=False),
    Column("record", uuid(), nullable=False),
    PrimaryKeyConstraint("target", "entity", "field", "record"),
)
"""Links that were emptied when their target went into the recycle bin, to be put back with it."""

SETTING = Table(
    "lw_setting",
    SYSTEM,
    Column("pack", text(48), nullable=False),
    Column("name", text(48), nullable=False),
    Column("value", BODY, nullable=False),
    PrimaryKeyConstraint("pack", "name"),
)
"""What the site has set of its packs' settings, as the text that the setting's type reads."""
