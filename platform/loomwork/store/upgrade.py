"""Migrations of the platform's own tables: run them, and refuse a database of another version."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import Database, translated

VERSION_TABLE = "lw_migration"
RESTORING = "lw_restoring"
"""The table that stands in a database while a restore is under way."""


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.set_main_option("path_separator", "os")
    return configuration


def newest_version() -> str:
    """Return the version of the tables that this program works with."""
    return ScriptDirectory.from_config(_configuration()).get_current_head() or ""


def known_versions() -> frozenset[str]:
    """Return every version that this program can start from, the empty one included."""
    scripts = ScriptDirectory.from_config(_configuration())
    return frozenset(("", *(script.revision for script in scripts.walk_revisions())))


def present_version(database: Database) -> str:
    """Return the version of the tables in the database, empty where there are none."""
    with translated(), database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision() or ""


def upgrade(database: Database, version: str = "head") -> None:
    """Bring the platform's own tables to the newest version, or to the ``version`` of a backup.

    The caller holds the lock.
    """
    configuration = _configuration()
    present = present_version(database)
    if present not in known_versions():
        raise UnavailableError(
            N_(
                "The database has version {present} of the platform's tables, which this program"
                " does not know: it needs a newer program."
            ),
            present=present,
        )
    with database.transaction() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, version)


def refuse_half_restored(database: Database) -> None:
    """Raise UnavailableError where a restore has begun and not ended."""
    with translated(), database.reader.connect() as connection:
        if sa.inspect(connection).has_table(RESTORING):
            raise UnavailableError(
                N_(
                    "A restore into this database did not come to its end. Run it again, with the"
                    " same backup or another one: loomwork restore FILE"
                )
            )


def require_present(database: Database) -> None:
    """Raise UnavailableError unless the tables are whole and of just this program's version."""
    refuse_half_restored(database)
    present, newest = present_version(database), newest_version()
    if not present:
        raise UnavailableError(
            N_("There is no site in this database yet. Make one with: loomwork init")
        )
    if present != newest:
        raise UnavailableError(
            N_(
                "The database has version {present} of the platform's tables, this program needs"
                " {newest}. Run the program of the other version, or: loomwork init"
            ),
            present=present,
            newest=newest,
        )
