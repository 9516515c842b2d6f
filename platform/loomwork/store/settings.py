"""Where a site lives: its home folder, its database, its secret key."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from loomwork.errors import N_, UnavailableError

DRIVERS = {"sqlite", "postgresql+psycopg", "mysql+pymysql", "mariadb+pymysql"}
KEY_FILE = "secret.key"
UTC = ZoneInfo("UTC")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A site's settings. ``home`` is its folder, ``secret_key`` signs tokens, cursors, sessions.

    ``time_zone`` is the one in which the site's days begin; times are kept in UTC whatever it is.
    ``files_url`` is where files are kept, the home folder if it is empty; ``largest_file`` is in
    bytes.
    """

    home: Path
    database_url: URL
    secret_key: bytes = field(repr=False)
    redis_url: str = ""
    secure_cookies: bool = False
    time_zone: ZoneInfo = UTC
    files_url: str = ""
    largest_file: int = 50 * MEGABYTE

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, *, create: bool = False
    ) -> Self:
        """Return the settings that the environment describes.

        Only ``create`` (``loomwork init``) makes the folder and the key; without it,
        UnavailableError says that the site does not exist yet.
        """
        home = Path(environment.get("LOOMWORK_HOME") or "var").resolve()
        return cls(
            home=home,
            database_url=_database_url(environment.get("LOOMWORK_DATABASE_URL", ""), home),
            secret_key=_secret_key(environment.get("LOOMWORK_SECRET_KEY", ""), home, create=create),
            redis_url=environment.get("LOOMWORK_REDIS_URL", ""),
            secure_cookies=environment.get("LOOMWORK_SECURE_COOKIES", "") not in ("", "0"),
            time_zone=_time_zone(environment.get("LOOMWORK_TIME_ZONE", "")),
            files_url=environment.get("LOOMWORK_FILES_URL", ""),
            largest_file=_megabytes(environment.get("LOOMWORK_MAX_FILE_MB", "") or "50"),
        )


def _database_url(text: str, home: Path) -> URL:
    if not text:
        return URL.create("sqlite", database=str(home / "loomwork.db"))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise UnavailableError(N_("LOOMWORK_DATABASE_URL is not a database address.")) from error
    if url.drivername not in DRIVERS:
        raise UnavailableError(
            N_("LOOMWORK_DATABASE_URL names the driver “{driver}”; possible are: {drivers}."),
            driver=url.drivername,
            drivers=", ".join(sorted(DRIVERS)),
        )
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise UnavailableError(N_("A site cannot live in memory: give SQLite a file."))
    return url.set(drivername="mariadb+pymysql") if "mysql" in url.drivername else url


def _megabytes(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) == 0:
        raise UnavailableError(
            N_("LOOMWORK_MAX_FILE_MB is a whole number of megabytes, not “{text}”."),
            text=text[:60],
        )
    return int(text) * MEGABYTE


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnavailableError(
            N_("LOOMWORK_TIME_ZONE names no time zone: “{name}”. One is, for example, {example}."),
            name=name[:60],
            example="Asia/Shanghai",
        ) from error


def _secret_key(text: str, home: Path, *, create: bool) -> bytes:
    if text:
        if len(text) < 32:
            raise UnavailableError(N_("LOOMWORK_SECRET_KEY must have at least 32 characters."))
        return text.encode()
    file = home / KEY_FILE
    try:
        if create:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_key(file)
        return file.read_bytes().strip()
    except FileNotFoundError as error:
        raise UnavailableError(
            N_("There is no site in {home} yet. Make one with: loomwork init"), home=str(home)
        ) from error
    except OSError as error:
        raise UnavailableError(
            N_("The folder {home} cannot be used: {reason}."),
            home=str(home),
            reason=error.strerror or str(error),
        ) from error


def _write_key(file: Path) -> None:
    """Write a new key unless there is one; of several processes, the first one wins."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as target:
        target.write(secrets.token_hex(32))
        target.flush()
        os.fsync(target.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
