"""The search index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from loomwork.store.types import MARIADB, SQLITE, engine_name, text, uuid

revision = "0007"
down_revision = "0006"

TOKEN = mysql.VARCHAR(48, charset="utf8mb4", collation="utf8mb4_nopad_bin")


def upgrade() -> None:
    """Create the index of the engine; the records there are come in by `loomwork search rebuild`.

    A site that is older than the index searches it from then on, see `loomwork upgrade`.
    """
    engine = engine_name(op.get_bind().dialect)
    if engine == SQLITE:
        _sqlite()
    elif engine == MARIADB:
        _mariadb()
    else:
        _postgresql()


def _sqlite() -> None:
    op.execute(
        "CREATE TABLE IF NOT EXISTS lw_search (number INTEGER PRIMARY KEY, entity TEXT NOT NULL,"
        " class SMALLINT NOT NULL, record BLOB NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,"
        " place TEXT NOT NULL)"
    )
    op.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS lw_search_record ON lw_search (record, entity, class)"
    )
    # Its tokenizer leaves everything beyond ASCII alone: the tokens are whole already.
    op.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS lw_search_text USING fts5(title, body, place,"
        " content='lw_search', content_rowid='number', tokenize='ascii', detail='none',"
        " columnsize=0)"
    )
    gone = (
        "INSERT INTO lw_search_text (lw_search_text, rowid, title, body, place)"
        " VALUES ('delete', old.number, old.title, old.body, old.place);"
    )
    come = (
        "INSERT INTO lw_search_text (rowid, title, body, place) "
        " VALUES (new.number, new.title, new.body, new.place);"
    )
    for event, work in (("insert", come), ("delete", gone), ("update", gone + " " + come)):
        op.execute(
            f"CREATE TRIGGER IF NOT EXISTS lw_search_{event} AFTER {event} ON lw_search"
            f" BEGIN {work} END"
        )


def _postgresql() -> None:
    op.create_table(
        "lw_search",
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("class", sa.SmallInteger, primary_key=True),
        sa.Column("record", uuid(), primary_key=True),
        sa.Column("tokens", sa.dialects.postgresql.TSVECTOR, nullable=False),
        if_not_exists=True,
    )
    op.create_index(
        "lw_search_tokens", "lw_search", ["tokens"], postgresql_using="gin", if_not_exists=True
    )


def _mariadb() -> None:
    op.create_table(
        "lw_search_token",
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("class", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("token", TOKEN, primary_key=True),
        sa.Column("record", uuid(), primary_key=True),
        sa.Column("weight", sa.SmallInteger, nullable=False),
        if_not_exists=True,
    )
    op.create_index(
        "lw_search_token_record",
        "lw_search_token",
        ["record", "class", "token"],
        if_not_exists=True,
    )
