"""Settings: what the environment says, what is refused, and the key that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from loomwork.errors import UnavailableError
from loomwork.store.settings import KEY_FILE, Settings


def settings(home: Path, *, create: bool = True, **variables: str) -> Settings:
    return Settings.from_environment({"LOOMWORK_HOME": str(home), **variables}, create=create)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    first = settings(home)
    assert settings(home, create=False).secret_key == first.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((home / KEY_FILE).stat().st_mode) == 0o600
    assert "secret" not in repr(first)
    assert [path.name for path in home.iterdir()] == [KEY_FILE]


def test_of_many_makers_of_the_key_the_first_wins(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: settings(tmp_path).secret_key, range(16)))
    assert len(made) == 1


def test_without_a_site_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="loomwork init"):
        settings(tmp_path / "home", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(UnavailableError, match="cannot be used"):
        settings(tmp_path / "home")


def test_the_database_is_in_the_home_where_nothing_else_is_said(tmp_path: Path) -> None:
    url = settings(tmp_path).database_url
    assert (url.drivername, url.database) == ("sqlite", str(tmp_path / "loomwork.db"))


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "oracle://x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://localhost/x",
        "postgresql+psycopg://localhost:port/x",
        "mysql+mysqldb://localhost/x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnavailableError):
        settings(tmp_path, LOOMWORK_DATABASE_URL=url)


def test_mysql_is_spoken_as_mariadb(tmp_path: Path) -> None:
    made = settings(tmp_path, LOOMWORK_DATABASE_URL="mysql+pymysql://root@localhost/x")
    assert made.database_url.drivername == "mariadb+pymysql"


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="32"):
        settings(tmp_path, LOOMWORK_SECRET_KEY="short")
    assert settings(tmp_path, LOOMWORK_SECRET_KEY="k" * 32).secret_key == b"k" * 32


def test_days_begin_in_utc_where_nothing_else_is_said(tmp_path: Path) -> None:
    assert settings(tmp_path).time_zone.key == "UTC"
    assert settings(tmp_path, LOOMWORK_TIME_ZONE="Asia/Shanghai").time_zone.key == "Asia/Shanghai"


@pytest.mark.parametrize("name", ["Asia/Shangai", "../etc/passwd", "/etc/localtime", "8", "Asia"])
def test_what_is_no_time_zone_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnavailableError, match="LOOMWORK_TIME_ZONE"):
        settings(tmp_path, LOOMWORK_TIME_ZONE=name)
