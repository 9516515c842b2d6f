"""Publishing, going back, uninstalling and purging on the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.documents import Body, PackBuilder
from tests.integration.cli.conftest import Shell
from tests.integration.cli.test_mistakes import PROBLEMS, error

BOAT: Body = {"kind": "entity", "name": "boat", "fields": {"name": {"type": "text"}}}
LONG: Body = {**BOAT, "fields": {**BOAT["fields"], "metres": {"type": "integer"}}}
METRES = "drop_column:boat.metres"


@pytest.fixture
def own(shell: Shell) -> Path:
    """Return the folder of the site's own documents, in which a boat is described."""
    folder = shell.home / "site" / "entities"
    folder.mkdir(parents=True)
    write(folder, LONG)
    return folder


def write(own: Path, body: Body) -> None:
    (own / f"{body['name']}.json").write_text(json.dumps(body), encoding="utf-8")


def numbers(shell: Shell) -> list[int]:
    return [one["number"] for one in shell.ok("revisions")["revisions"]]


def test_a_revision_has_its_message_its_author_its_time_and_its_steps(
    shell: Shell, own: Path
) -> None:
    assert own.is_dir()
    done = shell.ok("publish", "-m", "Boats")
    newest = shell.ok("revisions")["revisions"][0]
    assert newest["number"] == done["revision"]
    assert (newest["message"], newest["author"]) == ("Boats", "loomwork publish")
    assert newest["created_at"].endswith("+00:00")
    assert [step["id"] for step in newest["steps"]] == done["steps"]
    assert "add_table:boat" in done["steps"]
    assert shell.ok("publish", "-m", "Again")["revision"] is None


def test_rolling_back_and_forth_and_purging(shell: Shell, own: Path, tmp_path: Path) -> None:
    shell.ok("publish", "-m", "Boats")
    (tmp_path / "boats.csv").write_text("name,metres\nIris,9\nOtto,12\n")
    shell.ok("import", "boat", tmp_path / "boats.csv", "--owner", "ann")
    before = shell.ok("revisions")["revisions"][0]
    write(own, BOAT)
    assert shell.ok("publish", "-m", "Short")["steps"] == ["retire_field:boat.metres"]
    (kept,) = shell.ok("purge", "--plan")["steps"]
    assert (kept["id"], kept["rows"]) == (METRES, 2)
    assert shell.ok("purge", "--plan", "--older-than", "1d")["steps"] == []
    planned = shell.ok("rollback", str(before["number"]), "--plan")
    assert planned["base"] == before["number"] + 1
    shell.ok("rollback", str(before["number"]))
    assert shell.ok("revisions")["revisions"][0]["hash"] == before["hash"]
    assert shell.ok("purge", "--plan")["steps"] == []
    shell.ok("publish", "-m", "Short after all")
    refused = shell.run("purge", "--json")
    assert error(refused, PROBLEMS) == "conflict"
    assert shell.ok("purge", "--confirm", METRES)["dropped"] == [METRES]
    assert shell.ok("purge")["steps"] == []


def test_what_is_confirmed_by_mistake_changes_nothing(shell: Shell, own: Path) -> None:
    assert own.is_dir()
    before = numbers(shell)
    for arguments in (
        ("publish", "-m", "x", "--confirm", "drop_table:plant"),
        ("rollback", "1", "--confirm", "drop_table:plant"),
        ("purge", "--confirm", "drop_table:plant"),
    ):
        refused = shell.run(*arguments, "--json")
        assert error(refused, PROBLEMS) == "conflict"
    assert numbers(shell) == before
    assert error(shell.run("rollback", "99", "--json"), PROBLEMS) == "not_found"
    assert shell.run("purge", "--older-than", "soon").code == 2


def test_a_pack_is_upgraded_but_not_back_by_accident(shell: Shell, tmp_path: Path) -> None:
    old = PackBuilder(BOAT, name="boats", version="1.2.0").write(tmp_path / "old")
    new = PackBuilder(LONG, name="boats", version="1.10.0").write(tmp_path / "new")
    assert error(shell.run("pack", "upgrade", old, "--json"), PROBLEMS) == "not_found"
    shell.ok("pack", "install", old)
    assert shell.ok("pack", "upgrade", new, "--plan")["steps"]
    assert shell.ok("pack", "upgrade", new)["version"] == "1.10.0"
    assert error(shell.run("pack", "upgrade", old, "--json"), PROBLEMS) == "conflict"
    assert "retire_field:boat.metres" in shell.ok("pack", "upgrade", old, "--force")["steps"]


def test_uninstalling_keeps_archives_or_drops(shell: Shell, tmp_path: Path) -> None:
    pack = PackBuilder(LONG, name="boats").write(tmp_path / "boats")
    (tmp_path / "boats.csv").write_text("name,metres\nIris,9\n")
    shell.ok("pack", "install", pack)
    shell.ok("import", "boat", tmp_path / "boats.csv", "--owner", "ann")
    shell.ok("pack", "uninstall", "boats")
    assert shell.run("pack", "uninstall", "boats").code == PROBLEMS
    shell.ok("pack", "install", pack)
    shown = shell.ok("pack", "uninstall", "boats", "--archive", "--plan")
    assert [(one["id"], one["rows"]) for one in shown["steps"]] == [("drop_table:boat", 1)]
    refused = shell.run("pack", "uninstall", "boats", "--archive", "--json")
    assert error(refused, PROBLEMS) == "conflict"
    done = shell.ok("pack", "uninstall", "boats", "--archive", "--confirm", "drop_table:boat")
    assert done["dropped"] == ["drop_table:boat"]
    with zipfile.ZipFile(done["archive"]) as archive:
        (line,) = archive.read("data/boat.jsonl").decode().splitlines()
        assert "pack/pack.json" in archive.namelist()
    assert (json.loads(line)["name"], json.loads(line)["metres"]) == ("Iris", 9)
    shell.ok("pack", "install", pack)
    shell.ok("pack", "uninstall", "boats", "--drop", "--confirm", "drop_table:boat")
    assert shell.ok("purge", "--plan")["steps"] == []


def test_uninstalling_says_what_it_did_and_takes_one_option(shell: Shell, tmp_path: Path) -> None:
    shell.ok("pack", "install", PackBuilder(LONG, name="boats").write(tmp_path / "boats"))
    refused = shell.run("pack", "uninstall", "boats", "--archive", "--drop", "--keep")
    assert (refused.code, "Give one of --keep" in refused.err) == (2, True)
    drop = ("--confirm", "drop_table:boat")
    shown = shell.run("pack", "uninstall", "boats", "--archive", *drop)
    assert shown.code == 0
    archived, dropped, done = shown.out.splitlines()
    assert Path(archived.removeprefix("Archived in ").removesuffix(".")).is_file()
    assert dropped == "Dropped: drop_table:boat"
    assert done.startswith("Uninstalled “boats” as revision ")


def test_an_id_that_nobody_knows_is_all_that_a_purge_tells(shell: Shell, own: Path) -> None:
    shell.ok("publish", "-m", "Boats")
    write(own, BOAT)
    shell.ok("publish", "-m", "Short")
    refused = shell.run("purge", "--confirm", "nonsense", "--json").json()
    assert "is not in this plan" in refused["message"]
    assert [one["code"] for one in refused["problems"]] == ["unknown_step"]
    assert "confirmed: 1 step." in shell.run("purge", "--json").json()["message"]
