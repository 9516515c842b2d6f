"""Backup, restore and the files' storage on the command line."""

import stat
import zipfile
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Outcome, Shell


def refused(outcome: Outcome, code: int, *words: str) -> None:
    assert outcome.code == code, outcome
    for word in words:
        assert word in outcome.err


def test_a_site_moves_by_its_backup(shell: Shell, bare: Shell, tmp_path: Path) -> None:
    file = tmp_path / "site.zip"
    made = shell.ok("backup", file, "--with-key")
    assert made["bytes"] == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    back = bare.ok("restore", file)
    assert back["hash"] == made["hash"]
    assert (
        bare.home.joinpath("secret.key").read_bytes()
        == shell.home.joinpath("secret.key").read_bytes()
    )
    again = bare.ok("backup", tmp_path / "again.zip")
    assert again["hash"] == made["hash"]
    assert bare.run("user", "add", "new", "--role", "head").code == 0


def test_without_the_key_both_commands_say_so(shell: Shell, bare: Shell, tmp_path: Path) -> None:
    file = tmp_path / "site.zip"
    made = shell.run("backup", file)
    assert made.code == 0
    assert "secret.key" in made.err
    assert "secret.key" not in zipfile.ZipFile(file).namelist()
    back = bare.run("restore", file, "--into-empty")
    assert back.code == 0
    assert "secret.key" in back.err
    assert "Traceback" not in back.err


def test_a_restore_into_a_site_is_refused(shell: Shell, tmp_path: Path) -> None:
    shell.ok("backup", tmp_path / "site.zip")
    refused(shell.run("restore", tmp_path / "site.zip"), 1, "not empty")


def test_a_backup_replaces_no_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "site.zip"
    file.write_text("kept")
    refused(shell.run("backup", file), 1, "already", str(file))
    assert file.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "site.zip"]


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_what_is_no_backup_is_refused(bare: Shell, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "site.zip"
    file.write_bytes(content)
    refused(bare.run("restore", file), 1, "site.zip")
    refused(bare.run("restore", tmp_path / "none.zip"), 3, "none.zip")
    refused(bare.run("backup", file), 3, "no site")


def test_a_place_that_cannot_be_written_is_told(shell: Shell, tmp_path: Path) -> None:
    refused(shell.run("backup", tmp_path / "none" / "site.zip"), 3, "cannot be written")


def test_the_storage_is_checked_and_swept(shell: Shell) -> None:
    assert shell.ok("files", "check") == {"contents": 0, "missing": [], "extra": []}
    assert shell.ok("files", "sweep") == {"files": 0, "contents": 0, "bytes": 0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOOMWORK_FILES_URL", "ftp://example.com/files"),
        ("LOOMWORK_FILES_URL", "s3://"),
        ("LOOMWORK_MAX_FILE_MB", "many"),
        ("LOOMWORK_MAX_FILE_MB", "0"),
    ],
)
def test_a_setting_that_is_none_is_refused(shell: Shell, name: str, value: str) -> None:
    refused(shell.run("files", "check", **{name: value}), 3, name)
