"""The search index by command: made anew, compared, and what a mistake says."""

import sqlite3

from tests.integration.cli.conftest import Shell


def test_an_index_is_compared_and_made_anew(shell: Shell) -> None:
    agreed = shell.ok("search", "check")["entities"]
    assert all(one["missing"] == one["wrong"] == one["left"] == 0 for one in agreed.values())
    shell.ok("user", "add", "searched", "--full-name", "Vera Vogel")
    with sqlite3.connect(shell.home / "loomwork.db") as connection:
        connection.execute("DELETE FROM lw_search")
    spoilt = shell.run("search", "check", "user", "--json")
    assert spoilt.code == 1
    counts = spoilt.json()["entities"]["user"]
    assert counts["missing"] == counts["records"] > 0
    told = shell.run("search", "check")
    assert (told.code, "loomwork search rebuild" in told.err) == (1, True)
    assert f"user: {counts['records']} records are missing" in told.out
    assert shell.ok("search", "rebuild", "user")["entities"] == {"user": counts["records"]}
    assert shell.ok("search", "check", "user")["entities"]["user"]["missing"] == 0
    assert shell.ok("search", "rebuild")["entities"]["user"] == counts["records"]


def test_an_unknown_entity_is_named(shell: Shell) -> None:
    for command in ("rebuild", "check"):
        refused = shell.run("search", command, "nothing")
        assert (refused.code, refused.out) == (1, "")
        assert "“nothing”" in refused.err
