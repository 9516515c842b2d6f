"""The tables of files, as the running code sees them; migration 0006 creates them."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from loomwork.store.system import ASCII, SYSTEM
from loomwork.store.types import integer, moment, text, uuid

LONGEST_NAME = 255

CONTENT = Table(
    "lw_content",
    SYSTEM,
    Column("sha256", ASCII, primary_key=True),
    Column("size", integer(), nullable=False),
    Column("used_at", moment(), nullable=False),
)
"""What the storage keeps. Its row is the lock between an upload and a sweep of the same content."""

FILE = Table(
    "lw_file",
    SYSTEM,
    Column("id", uuid(), primary_key=True),
    Column("sha256", ASCII, nullable=False),
    Column("size", integer(), nullable=False),
    Column("media_type", text(120), nullable=False),
    Column("name", text(LONGEST_NAME), nullable=False),
    Column("created_at", moment(), nullable=False),
    Column("created_by", uuid()),
    Column("released_at", moment()),
    Index("lw_file_sha256", "sha256"),
    Index("lw_file_released_at", "released_at"),
)
"""One row per upload; ``released_at`` is since when no record holds it, None while one does."""

FILE_USE = Table(
    "lw_file_use",
    SYSTEM,
    Column("file", uuid(), nullable=False),
    Column("entity", text(48), nullable=False),
    Column("field", text(48), nullable=False),
    Column("record", uuid(), nullable=False),
    PrimaryKeyConstraint("file", "entity", "field", "record"),
)
"""Which records hold a file, in the recycle bin or not."""
