"""What users get wrong: an exit code that says what kind it is, a sentence, no traceback."""

import json
import socket
import sqlite3
from pathlib import Path

import pytest

from loomwork.store import engine
from tests.documents import workshop
from tests.integration.cli.conftest import Outcome, Shell

PROBLEMS, USAGE, NOT_THERE = 1, 2, 3
EVERY_COMMAND = [
    ["serve"],
    ["worker"],
    ["pack", "install", "base"],
    ["pack", "list"],
    ["pack", "origin", "entity/user"],
    ["pack", "settings"],
    ["pack", "set", "sales", "x", "1"],
    ["import", "plant", "x.csv"],
    ["user", "add", "x"],
    ["user", "password", "x"],
    ["user", "token", "x"],
    ["user", "disable", "x"],
    ["user", "enable", "x"],
]
NOWHERE = {
    "unknown driver": "oracle://localhost/x",
    "other driver": "postgresql+asyncpg://localhost/x",
    "no address": "what is this",
    "empty memory": "sqlite://",
    "memory": "sqlite:///:memory:",
    "no server": "postgresql+psycopg://nobody@127.0.0.1:1/x",
    "no server (MariaDB)": "mysql+pymysql://nobody@127.0.0.1:1/x",
    "no folder": "sqlite:////dev/null/site.db",
    "bad port": "postgresql+psycopg://localhost:port/x",
}


def error(ended: Outcome, code: int) -> str:
    """Return the code of the error that a command with --json tells."""
    assert ended.code == code, ended
    body = json.loads(ended.out)
    assert body["message"]
    return str(body["error"])


@pytest.mark.parametrize("arguments", EVERY_COMMAND, ids=" ".join)
def test_without_a_site_a_command_says_how_to_make_one(bare: Shell, arguments: list[str]) -> None:
    ended = bare.run(*arguments, "--json")
    assert error(ended, NOT_THERE) == "unavailable"
    assert "loomwork init" in ended.json()["message"]
    assert not bare.home.exists()


@pytest.mark.parametrize("url", NOWHERE.values(), ids=NOWHERE.keys())
@pytest.mark.parametrize("arguments", [["init"], ["pack", "list"]], ids=" ".join)
def test_a_database_that_cannot_be_used_is_not_there(
    shell: Shell, arguments: list[str], url: str
) -> None:
    ended = shell.run(*arguments, "--json", LOOMWORK_DATABASE_URL=url)
    assert error(ended, NOT_THERE) == "unavailable"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["pack", "nothing"],
        ["pack", "list", "--colour"],
        ["pack", "check"],
        ["pack", "check", ""],
        ["pack", "install", ""],
        ["init", "--pack", ""],
        ["import", "plant"],
        ["init", "--admin"],
        ["init", "--password-file", "x"],
        ["serve", "--port", "99999"],
        ["serve", "--port", "-1"],
        ["serve", "--port", "0"],
        ["serve", "--port", "http"],
        ["serve", "--workers", "0"],
        ["user", "token", "ann", "--expires", "soon"],
        ["user", "token", "ann", "--expires", "0d"],
        ["user", "token", "ann", "--expires", "-3d"],
        ["user", "token", "ann", "--expires", "123456d"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(shell: Shell, arguments: list[str]) -> None:
    ended = shell.run(*arguments)
    assert (ended.code, ended.out) == (USAGE, "")
    assert ended.err


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["pack", "nothing"], ["pack", "list", "--colour"], ["pack", "check"], ["fmt"]],
    ids=" ".join,
)
def test_a_program_reads_what_is_wrong_with_its_arguments(
    bare: Shell, arguments: list[str]
) -> None:
    assert error(bare.run(*arguments, "--json"), USAGE) == "usage"


@pytest.mark.parametrize("name", ["/nowhere", "no/where", "nowhere.zip", "nowhere"])
@pytest.mark.parametrize(
    "arguments", [["fmt"], ["pack", "check"], ["pack", "install"], ["init", "--pack"]], ids=" ".join
)
def test_a_path_at_which_there_is_nothing_is_not_there(
    shell: Shell, arguments: list[str], name: str
) -> None:
    assert error(shell.run(*arguments, name, "--json"), NOT_THERE) == "unavailable"


def test_an_installation_names_unreadable_files_as_a_check_does(
    shell: Shell, tmp_path: Path
) -> None:
    folder = workshop().write(tmp_path / "somewhere")
    (folder / "entities" / "bad.json").write_text("{")
    for verb in ("check", "install"):
        ended = shell.run("pack", verb, folder, "--json")
        assert [one["file"] for one in ended.json()["problems"]] == ["workshop/entities/bad.json"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "add", "ann"], "invalid"),
        (["user", "add", " "], "invalid"),
        (["user", "add", "x" * 65], "invalid"),
        (["user", "add", "eve", "--role", "queen"], "invalid"),
        (["user", "token", "nobody"], "not_found"),
        (["user", "disable", "nobody"], "not_found"),
        (["user", "enable", "nobody"], "not_found"),
        (["user", "password", "nobody"], "not_found"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else value,
)
def test_what_is_not_acceptable_is_a_problem(shell: Shell, arguments: list[str], code: str) -> None:
    ended = shell.run(*arguments, "--json")
    assert error(ended, PROBLEMS) == code
    spoken = shell.run(*arguments)
    assert (spoken.code, spoken.out) == (PROBLEMS, "")
    assert spoken.err


@pytest.mark.parametrize("password", ["", "short", "x" * 2000, b"\xff\xfe secret word\n"])
def test_a_password_that_does_not_fit_is_a_problem(shell: Shell, password: str | bytes) -> None:
    ended = shell.run("user", "password", "ann", "--json", stdin=password)
    assert error(ended, PROBLEMS) == "invalid"


def test_a_name_that_is_no_text_is_a_problem(shell: Shell) -> None:
    ended = shell.run("user", "add", "\udcff\udcfe", "--json")
    assert error(ended, PROBLEMS) == "invalid"


def test_a_port_that_is_taken_is_not_free(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = shell.run("serve", "--port", port, "--json")
    assert error(ended, NOT_THERE) == "unavailable"
    assert port in ended.json()["message"]


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid", "::zz", "a" * 80])
def test_a_host_that_is_not_ours_cannot_be_listened_on(shell: Shell, host: str) -> None:
    ended = shell.run("serve", "--host", host, "--json")
    assert error(ended, NOT_THERE) == "unavailable"


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(
    "url", ["redis://:hidden@127.0.0.1:1", "nonsense", "redis://[", "redis://h:x", "http://hidden"]
)
def test_a_queue_that_does_not_answer_is_not_there(shell: Shell, command: str, url: str) -> None:
    ended = shell.run(command, "--json", LOOMWORK_REDIS_URL=url)
    assert error(ended, NOT_THERE) == "unavailable"
    assert "Redis" in ended.json()["message"]
    assert "hidden" not in ended.out + ended.err


def test_a_home_that_is_a_file_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("taken")
    for home in (file, file / "home"):
        ended = Shell(home).run("init", "--json")
        assert error(ended, NOT_THERE) == "unavailable"


def test_a_database_that_is_no_database_cannot_be_used(shell: Shell) -> None:
    (shell.home / "loomwork.db").write_bytes(b"this is no database at all" * 1000)
    for arguments in (["init"], ["pack", "list"], ["user", "add", "x"]):
        assert error(shell.run(*arguments, "--json"), NOT_THERE) == "unavailable"


def test_a_locked_database_is_busy(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    blocker = sqlite3.connect(shell.home / "loomwork.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    ended = shell.run("user", "disable", "ann", "--json")
    blocker.execute("ROLLBACK")
    blocker.close()
    assert error(ended, NOT_THERE) == "unavailable"


def test_a_short_key_is_refused(shell: Shell) -> None:
    ended = shell.run("pack", "list", "--json", LOOMWORK_SECRET_KEY="short")
    assert error(ended, NOT_THERE) == "unavailable"


def test_a_password_file_that_cannot_be_read_or_does_not_fit_is_told(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    for content, code, name in ((b"\xff\xfe", 3, "unavailable"), (b"short", 1, "invalid")):
        file.write_bytes(content)
        ended = shell.run("init", "--admin", "eve", "--password-file", file, "--json")
        assert error(ended, code) == name
    blocked = shell.run("init", "--admin", "eve", "--password-file", file / "x", "--json")
    assert error(blocked, NOT_THERE) == "unavailable"


def test_a_broken_pack_is_told_with_every_problem_and_changes_nothing(
    shell: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "broken"
    (folder / "entities").mkdir(parents=True)
    (folder / "pack.json").write_text('{"kind": "pack", "name": "broken"')
    (folder / "entities" / "a.json").write_bytes(b"\xff")
    (folder / "stray.txt").write_text("?")
    for verb in ("check", "install"):
        ended = shell.run("pack", verb, folder, "--json")
        assert error(ended, PROBLEMS) == "bad_documents"
        found = {(one["file"], one["code"]) for one in ended.json()["problems"]}
        assert found == {
            ("pack.json", "not_json"),
            ("entities/a.json", "not_utf8"),
            ("stray.txt", "stray_file"),
        }
    installed = {one["name"] for one in shell.ok("pack", "list")["installed"]}
    assert installed == {"base", "garden"}


def test_a_terminal_in_chinese_reads_chinese(shell: Shell) -> None:
    spoken = shell.run("user", "token", "nobody", LANG="zh_CN.UTF-8")
    assert spoken.code == PROBLEMS
    assert any("\u4e00" <= sign <= "\u9fff" for sign in spoken.err), spoken.err
    told = shell.run("user", "token", "nobody", "--json", LC_ALL="zh_CN.UTF-8").json()
    assert told["error"] == "not_found"
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told["message"])


def test_a_terminal_that_knows_no_chinese_still_gets_an_answer(shell: Shell) -> None:
    ended = shell.process(
        "pack", "check", "没有", PYTHONUTF8="0", PYTHONIOENCODING="latin-1:strict"
    )
    assert (ended.code, ended.out) == (NOT_THERE, "")
    assert "\\u6ca1" in ended.err
