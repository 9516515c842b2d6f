"""Derived values by command: drift is found and mended, and what a mistake says."""

import sqlite3

import pytest

from tests.integration.cli.conftest import Shell
from tests.shop import shop


@pytest.fixture
def selling(shell: Shell) -> Shell:
    """Return a shell of a site with the shop and one order."""
    folder = shop().write(shell.home.parent / "shop")
    shell.ok("pack", "install", str(folder))
    orders = shell.home.parent / "orders.csv"
    orders.write_text("name,chance,expected\nfirst,50,7\nsecond,20,\n", encoding="utf-8")
    shell.ok("import", "order", str(orders))
    return shell


def test_drift_is_found_named_and_mended(selling: Shell) -> None:
    checked = selling.ok("derived", "check")["fields"]
    assert {one["wrong"] for one in checked} == {0}
    with sqlite3.connect(selling.home / "loomwork.db") as connection:
        connection.execute('UPDATE "order" SET "expected" = 500 WHERE "name" = \'first\'')
    spoilt = selling.run("derived", "check", "order.expected", "--json")
    assert spoilt.code == 1
    (only,) = spoilt.json()["fields"]
    assert (only["records"], only["wrong"], len(only["samples"])) == (2, 1, 1)
    told = selling.run("derived", "check")
    assert (told.code, "loomwork derived rebuild" in told.err) == (1, True)
    assert "order.expected: 1 of 2 records" in told.out
    assert selling.ok("derived", "rebuild", "order")["changed"]["order.expected"] == 1
    assert selling.run("derived", "check").code == 0
    assert selling.ok("derived", "rebuild", "--stale")["changed"] == {"stale": 0}


def test_what_has_no_stored_values_is_named(selling: Shell) -> None:
    for command in ("rebuild", "check"):
        refused = selling.run("derived", command, "order.rebated")
        assert (refused.code, refused.out) == (1, "")
        assert "“order.rebated”" in refused.err
        assert "order.expected" in refused.err
