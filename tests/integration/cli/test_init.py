"""Making a site: once, twice, and by four processes at once."""

import os
import stat
import tempfile
from pathlib import Path

import sqlalchemy as sa

from loomwork.store.settings import Settings
from tests.forking import start
from tests.integration.cli.conftest import Shell
from tests.processes import environment

AT_ONCE = 4


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_site_is_made_with_its_secrets_and_an_administrator(bare: Shell) -> None:
    password = bare.home / "admin.password"
    made = bare.ok("init", "--admin", "root", "--password-file", password, "--pack", "sales")
    assert made["packs"] == ["base", "sales"]
    assert (mode(bare.home / "secret.key"), mode(password)) == (0o600, 0o600)
    assert len(password.read_text().strip()) >= 12


def test_the_site_s_own_data_is_for_its_own_user_only(bare: Shell) -> None:
    bare.ok("init")
    assert mode(bare.home) == 0o700


def test_a_second_time_changes_nothing(bare: Shell) -> None:
    password = bare.home / "admin.password"
    arguments = ("init", "--admin", "root", "--password-file", password, "--pack", "sales")
    first = bare.ok(*arguments)
    kept = [(bare.home / name).read_bytes() for name in ("secret.key", "admin.password")]
    assert bare.ok(*arguments) == first
    assert [(bare.home / name).read_bytes() for name in ("secret.key", "admin.password")] == kept


def test_a_password_that_was_made_is_shown_once(bare: Shell) -> None:
    assert len(bare.ok("init", "--admin", "root")["password"]) >= 12
    assert "password" not in bare.ok("init", "--admin", "root")


def test_demo_data_comes_once(bare: Shell) -> None:
    first = bare.ok("init", "--pack", "sales", "--demo")
    again = bare.ok("init", "--pack", "sales", "--demo")
    assert first["demo_records"] > 100
    assert again["demo_records"] == 0
    assert mode(bare.home / "demo.password") == 0o600


def test_demo_data_without_its_pack_is_told(bare: Shell) -> None:
    ended = bare.run("init", "--demo")
    assert (ended.code, ended.out) == (3, "")
    assert "--pack sales" in ended.err


def test_four_at_once_make_one_site(database_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    variables = environment(home, LOOMWORK_DATABASE_URL=database_url)
    arguments = ("init", "--admin", "root", "--password-file", home / "pw", "--pack", "sales")
    with tempfile.TemporaryFile() as output:
        with Path(os.devnull).open("rb", buffering=0) as nothing:
            pids = [start(arguments, variables, (nothing, output, output)) for _ in range(AT_ONCE)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        output.seek(0)
        assert codes == [0] * AT_ONCE, output.read().decode()
    url = Settings.from_environment(variables).database_url
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        admins, generations = (
            connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
            for table in ("ab_user", "lw_generation")
        )
    assert (admins, generations) == (1, 1)
    assert Shell(home).ok("user", "token", "root", LOOMWORK_DATABASE_URL=database_url)["token"]
