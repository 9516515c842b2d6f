"""The tables of the search index, as the running code sees them; a migration creates them.

SQLite and PostgreSQL keep one row per record and visibility class, MariaDB one per token of it.
"""

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, SmallInteger, String, Table, Text
from sqlalchemy.dialects import mysql, postgresql

from loomwork.store.types import integer, text, uuid

SEARCH_TABLES = MetaData()
"""Apart from the other system tables, since no engine has all of them."""

TOKEN = String(48).with_variant(
    mysql.VARCHAR(48, charset="utf8mb4", collation="utf8mb4_nopad_bin"), "mysql", "mariadb"
)

SQLITE_SEARCH = Table(
    "lw_search",
    SEARCH_TABLES,
    Column("number", integer(), primary_key=True),
    Column("entity", text(48), nullable=False),
    Column("class", SmallInteger, nullable=False),
    Column("record", uuid(), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("place", Text, nullable=False),
)
"""Tokens with a blank before and behind each, and one that says where the record belongs.

``lw_search_text`` is its full-text index.
"""

POSTGRESQL_SEARCH = Table(
    "lw_search",
    MetaData(),
    Column("entity", text(48), nullable=False),
    Column("class", SmallInteger, nullable=False),
    Column("record", uuid(), nullable=False),
    Column("tokens", postgresql.TSVECTOR, nullable=False),
    PrimaryKeyConstraint("entity", "class", "record"),
)
"""Tokens of the title have the weight A."""

MARIADB_SEARCH = Table(
    "lw_search_token",
    SEARCH_TABLES,
    Column("entity", text(48), nullable=False),
    Column("class", SmallInteger, nullable=False),
    Column("token", TOKEN, nullable=False),
    Column("record", uuid(), nullable=False),
    Column("weight", SmallInteger, nullable=False),
    PrimaryKeyConstraint("entity", "class", "token", "record"),
)
"""Its name is not lw_token, which keeps the tokens of the API."""
