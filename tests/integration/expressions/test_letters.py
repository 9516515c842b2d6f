"""Every letter there is becomes the same on every engine."""

import sys

import pytest
import sqlalchemy as sa

from loomwork.expressions import value_sql
from loomwork.expressions.semantics.texts import lower, trim, upper
from loomwork.expressions.tree import Call, Field
from loomwork.model.kinds import Kind
from loomwork.store.types import engine_name, text
from tests.language.engines import open_database

CHARACTERS = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
ROW = 2_000
TEXTS = ["".join(CHARACTERS[start : start + ROW]) for start in range(0, len(CHARACTERS), ROW)]
TABLE = sa.Table(
    "letters",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("t", text()),
)
TEXT = Field("t", Kind.TEXT)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_every_character_has_the_small_and_capital_letter_of_our_table(
    engine: str, request: pytest.FixtureRequest
) -> None:
    database = open_database(request.getfixturevalue(f"{engine}_database"))
    with database.writer.begin() as connection:
        TABLE.create(connection)
        rows = [{"id": number, "t": one} for number, one in enumerate(TEXTS)]
        connection.execute(TABLE.insert(), rows)
        dialect = engine_name(connection.dialect)
        columns = [
            value_sql(Call(name, (TEXT,), Kind.TEXT), TABLE.c.__getitem__, dialect=dialect)
            for name in ("lower", "upper")
        ]
        found = connection.execute(
            sa.select(*columns).select_from(TABLE).order_by(TABLE.c.id)
        ).all()
    database.dispose()
    assert [tuple(row) for row in found] == [(lower(one), upper(one)) for one in TEXTS]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_every_blank_and_nothing_else_is_trimmed(
    engine: str, request: pytest.FixtureRequest
) -> None:
    database = open_database(request.getfixturevalue(f"{engine}_database"))
    around = [f"{one}a{one}" for one in CHARACTERS[:0x3100]] + ["\u3000" * 20_000 + "a b"]
    with database.writer.begin() as connection:
        TABLE.create(connection)
        rows = [{"id": number, "t": one} for number, one in enumerate(around)]
        connection.execute(TABLE.insert(), rows)
        dialect = engine_name(connection.dialect)
        column = value_sql(Call("trim", (TEXT,), Kind.TEXT), TABLE.c.__getitem__, dialect=dialect)
        found = connection.scalars(sa.select(column).select_from(TABLE).order_by(TABLE.c.id)).all()
    database.dispose()
    assert found == [trim(one) for one in around]
