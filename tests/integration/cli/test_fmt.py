"""`loomwork fmt` brings documents into their canonical form, all of them or none."""

import json
import shutil
from pathlib import Path

import pytest

from loomwork_metadata import pack_folder
from tests.integration.cli.conftest import Shell

PROBLEMS, USAGE, NOT_THERE = 1, 2, 3
UGLY = '{"name": "note", "kind":"entity", "fields":{"name":{"label":"Näme","type":"text"}}}'
NEAT = """{
  "kind": "entity",
  "name": "note",
  "fields": {
    "name": {
      "type": "text",
      "label": "Näme"
    }
  }
}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack in its canonical form, but for one document."""
    shipped = pack_folder("base")
    assert shipped is not None
    folder = Path(shutil.copytree(shipped, tmp_path / "base"))
    (folder / "entities" / "note.json").write_text(UGLY, encoding="utf-8")
    return folder


def texts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_document_is_written_in_its_canonical_form(bare: Shell, pack: Path) -> None:
    file = pack / "entities" / "note.json"
    file.chmod(0o640)
    ended = bare.run("fmt", file)
    assert (ended.code, ended.err) == (0, "")
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == (NEAT, 0o640)
    assert str(file) in ended.out
    assert bare.ok("fmt", file) == {"files": 1, "changed": []}
    assert not bare.home.exists()


def test_a_folder_is_formatted_whole_and_nothing_else_is_touched(bare: Shell, pack: Path) -> None:
    before = texts(pack)
    file = pack / "entities" / "note.json"
    outcome = bare.ok("fmt", pack.parent)
    assert outcome["changed"] == [str(file)]
    assert texts(pack) == {**before, file: NEAT.encode()}


def test_check_tells_what_would_change_and_changes_nothing(bare: Shell, pack: Path) -> None:
    before = texts(pack)
    ended = bare.run("fmt", pack, "--check")
    assert (ended.code, ended.err) == (PROBLEMS, "")
    assert "note.json" in ended.out
    told = bare.run("fmt", pack, "--check", "--json")
    assert told.code == PROBLEMS
    assert told.json()["changed"] == [str(pack / "entities" / "note.json")]
    assert texts(pack) == before
    bare.ok("fmt", pack)
    assert bare.ok("fmt", pack, "--check")["changed"] == []


def test_with_one_broken_document_nothing_is_written(bare: Shell, pack: Path) -> None:
    broken = pack / "views" / "broken.json"
    broken.write_text('{\n  "kind": "view",\n  oops\n}')
    before = texts(pack)
    ended = bare.run("fmt", pack, "--json")
    assert ended.code == PROBLEMS
    (problem,) = ended.json()["problems"]
    assert (problem["file"], problem["code"]) == (str(broken), "not_json")
    assert "line 3" in problem["message"]
    assert texts(pack) == before


def test_a_link_to_a_document_stays_a_link(bare: Shell, pack: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(pack / "entities" / "note.json")
    bare.ok("fmt", link)
    assert link.is_symlink()
    assert link.read_text(encoding="utf-8") == NEAT


def test_a_document_in_the_first_language_keeps_its_version(bare: Shell, tmp_path: Path) -> None:
    body = {"columns": ["name"], "kind": "view", "name": "notes", "entity": "note"}
    first = {"$schema": "https://loomwork.dev/schemas/1/view.json", **body}
    file = tmp_path / "view.json"
    file.write_text(json.dumps(first))
    bare.ok("fmt", file)
    assert json.loads(file.read_text()) == first


def test_what_is_not_there_ends_with_three(bare: Shell, tmp_path: Path) -> None:
    ended = bare.run("fmt", tmp_path / "nothing", "--json")
    assert (ended.code, ended.json()["error"]) == (NOT_THERE, "unavailable")


def test_a_folder_without_documents_is_a_problem(bare: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = bare.run("fmt", tmp_path / "empty", "--json")
    assert (ended.code, ended.json()["error"]) == (PROBLEMS, "not_found")


def test_without_a_path_the_command_is_used_wrongly(bare: Shell) -> None:
    assert bare.run("fmt").code == USAGE


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied", "a file")


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "shutil.copymode", "Path.replace"])
def test_a_file_that_cannot_be_written_is_told_and_stays_as_it_was(
    bare: Shell, pack: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = texts(pack)
    monkeypatch.setattr(f"loomwork.cli.formatting.{step}", refuse)
    ended = bare.run("fmt", pack, "--json")
    assert (ended.code, ended.json()["error"]) == (NOT_THERE, "unavailable")
    assert texts(pack) == before
