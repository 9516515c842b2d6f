"""Users and packs by command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.garden import write_garden
from tests.integration.cli.conftest import Shell


def test_a_user_is_added_given_a_password_and_a_token_and_kept_out(shell: Shell) -> None:
    added = shell.ok("user", "add", "eve", "--role", "gardener", "--email", "eve@example.com")
    assert (added["user"], added["roles"]) == ("eve", ["gardener"])
    assert shell.ok("user", "password", "eve", stdin="a good password\n") == {"user": "eve"}
    issued = shell.ok("user", "token", "eve", "--expires", "30d", "--label", "test")
    assert issued["token"].startswith("lw_")
    left = datetime.fromisoformat(issued["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29) < left <= timedelta(days=30)
    assert shell.ok("user", "token", "eve")["expires_at"] is None
    assert shell.ok("user", "disable", "eve") == {"user": "eve"}
    assert shell.ok("user", "disable", "eve") == {"user": "eve"}


def test_a_disabled_user_gets_no_token_until_enabled_again(shell: Shell) -> None:
    shell.ok("user", "disable", "ann")
    refused = shell.run("user", "token", "ann")
    assert (refused.code, refused.out) == (1, "")
    assert "“ann” is disabled" in refused.err
    assert shell.ok("user", "enable", "ann") == {"user": "ann"}
    assert shell.ok("user", "enable", "ann") == {"user": "ann"}
    assert shell.ok("user", "token", "ann")["token"]


def test_the_only_active_administrator_stays(shell: Shell) -> None:
    refused = shell.run("user", "disable", "root")
    assert (refused.code, refused.out) == (1, "")
    assert "only active administrator" in refused.err
    shell.ok("user", "add", "other", "--admin")
    shell.ok("user", "disable", "root")
    assert shell.run("user", "disable", "other").code == 1
    shell.ok("user", "enable", "root")
    shell.ok("user", "disable", "other")


@pytest.mark.parametrize("name", ["li.wei", "李伟", "a", "o_k-2", "ann@example.com", "Zoë"])
def test_a_user_name_may_have_letters_digits_and_a_few_signs(shell: Shell, name: str) -> None:
    assert shell.ok("user", "add", name)["user"] == name


@pytest.mark.parametrize("name", ["", " ", "a b", "<b>", "a/b", "a\n", "a\u3000b", "x" * 65, "“a”"])
def test_any_other_user_name_is_refused(shell: Shell, name: str) -> None:
    ended = shell.run("user", "add", name)
    assert (ended.code, ended.out) == (1, "")
    assert "A user name has" in ended.err


def test_a_password_that_is_too_long_is_told_so(shell: Shell) -> None:
    ended = shell.run("user", "password", "ann", stdin="x" * 2000)
    assert "at most 1024" in ended.err


def test_what_people_read_and_what_programs_read_is_kept_apart(shell: Shell) -> None:
    spoken = shell.run("user", "token", "ann")
    assert (spoken.code, spoken.err) == (0, "")
    assert spoken.out.startswith("lw_")


def test_a_pack_is_checked_installed_and_listed(shell: Shell, tmp_path: Path) -> None:
    pack = write_garden(tmp_path / "garden", {"scent": {"type": "text"}}, version="1.1.0")
    found = shell.ok("pack", "check", pack)
    assert (found["pack"], found["version"], found["documents"]) == ("garden", "1.1.0", 6)
    assert found["problems"] == found["warnings"] == found["pending"] == []
    first = shell.ok("pack", "install", pack)
    assert (first["version"], first["steps"]) == (
        "1.1.0",
        ["column plant.scent", "column plant.scent__sort"],
    )
    again = shell.ok("pack", "install", pack)
    assert (again["revision"], again["steps"]) == (None, [])
    listed = shell.ok("pack", "list")
    versions = {one["name"]: one["version"] for one in listed["installed"]}
    assert versions["garden"] == "1.1.0"
    assert listed["available"] == ["sales"]


def test_help_and_version_need_no_site(bare: Shell) -> None:
    for arguments in (["--help"], ["-h"], ["--version"], ["import", "--help"], ["pack", "--help"]):
        ended = bare.run(*arguments)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out
    assert not bare.home.exists()
