"""The language's letters are those of one collation of MariaDB, over all of Unicode."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from loomwork.expressions.semantics.texts import lower, upper

CODES = [code for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
BATCH = 4096


@pytest.mark.parametrize(("name", "change"), [("lower", lower), ("upper", upper)])
def test_mariadb_changes_exactly_these_letters(
    mariadb_url: str, name: str, change: Callable[[str], str]
) -> None:
    query = text(f"SELECT {name}(CONVERT(:given USING utf8mb4) COLLATE utf8mb4_unicode_520_ci)")
    engine = create_engine(mariadb_url)
    with engine.connect() as connection:
        for start in range(0, len(CODES), BATCH):
            given = "".join(map(chr, CODES[start : start + BATCH]))
            assert connection.scalar(query, {"given": given}) == change(given)
    engine.dispose()
