"""Numbers and keys by command."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Shell
from tests.vault import vault


@pytest.fixture
def guarded(shell: Shell) -> Shell:
    """Return a shell of a site with the vault and two records."""
    folder = vault().write(shell.home.parent / "vault")
    shell.ok("pack", "install", str(folder))
    rows = shell.home.parent / "patients.csv"
    rows.write_text("name,card\nAnn,4711\nBea,4712\n", encoding="utf-8")
    shell.ok("import", "patient", str(rows))
    return shell


def tokens(shell: Shell) -> list[str]:
    with sqlite3.connect(shell.home / "loomwork.db") as connection:
        return [card for (card,) in connection.execute('SELECT "card" FROM "patient"')]


def test_keys_are_listed_and_rotated(guarded: Shell) -> None:
    (first,) = guarded.ok("keys", "list")["keys"]
    assert (first["retired_at"], first["opens"]) == (None, True)
    done = guarded.ok("keys", "rotate")
    assert (done["values"], done["damaged"]) == (4, [])
    assert {token[3:11] for token in tokens(guarded)} == {done["key"]}
    found = {one["id"]: one["retired_at"] is None for one in guarded.ok("keys", "list")["keys"]}
    assert found == {first["id"]: False, done["key"]: True}
    assert "retired" in guarded.run("keys", "list").out


def test_a_rotation_names_what_somebody_has_changed(guarded: Shell) -> None:
    with sqlite3.connect(guarded.home / "loomwork.db") as connection:
        connection.execute("""UPDATE "patient" SET "card" = 'x' WHERE "name" = 'Ann'""")
    told = guarded.run("keys", "rotate", "--json")
    assert told.code == 1
    (broken,) = told.json()["damaged"]
    assert (broken["table"], broken["column"]) == ("patient", "card")


def test_another_secret_key_is_let_in_with_the_old_one(guarded: Shell) -> None:
    old = guarded.home / "secret.key"
    new = {"LOOMWORK_SECRET_KEY": "n" * 40}
    listed = guarded.run("keys", "list", "--json", **new).json()["keys"]
    assert [one["opens"] for one in listed] == [False]
    refused = guarded.run("keys", "rotate", **new)
    assert (refused.code, "keys rewrap" in refused.err) == (3, True)
    done = guarded.run("keys", "rewrap", "--old-key-file", str(old), "--json", **new)
    assert json.loads(done.out) == {"keys": 1}
    assert guarded.run("keys", "list", "--json", **new).json()["keys"][0]["opens"]
    assert guarded.run("keys", "rotate", **new).code == 0
    again = guarded.run("keys", "rewrap", "--old-key-file", str(old), **new)
    assert again.code == 0
    other = guarded.home.parent / "other.key"
    other.write_text("o" * 32, encoding="utf-8")
    wrong = guarded.run(
        "keys", "rewrap", "--old-key-file", str(other), LOOMWORK_SECRET_KEY="q" * 40
    )
    assert (wrong.code, "Neither" in wrong.err) == (1, True)
    missing = guarded.run("keys", "rewrap", "--old-key-file", str(Path("nowhere.key")))
    assert (missing.code, "nowhere.key" in missing.err) == (3, True)


def test_a_site_that_is_made_again_keeps_its_key(guarded: Shell) -> None:
    before = guarded.ok("keys", "list")
    guarded.ok("init")
    assert guarded.ok("keys", "list") == before


def test_records_get_numbers_and_what_is_no_sequence_is_named(guarded: Shell) -> None:
    rows = guarded.home.parent / "invoices.csv"
    rows.write_text("name\none\ntwo\n", encoding="utf-8")
    guarded.ok("import", "invoice", str(rows))
    with sqlite3.connect(guarded.home / "loomwork.db") as connection:
        connection.execute('UPDATE "invoice" SET "ticket" = NULL')
    assert guarded.ok("numbers", "fill", "invoice.ticket")["numbered"] == 2
    assert guarded.ok("numbers", "fill", "invoice.ticket")["numbered"] == 0
    for place in ("invoice.name", "invoice", "patient.number"):
        refused = guarded.run("numbers", "fill", place)
        assert (refused.code, "is no sequence" in refused.err) == (1, True)
    unknown = guarded.run("numbers", "fill", "nothing.number")
    assert (unknown.code, "nothing" in unknown.err) == (1, True)
