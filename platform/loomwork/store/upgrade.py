"""Migrations of the platform's own tables: run them, and refuse a database of another version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import Database, translated

VERSION_TABLE = "lw_migration"


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


def upgrade(database: Database) -> None:
    """Bring the platform's own tables to the newest version; the caller holds the lock."""
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
        command.upgrade(configuration, "head")


def require_present(database: Database) -> None:
    """Raise UnavailableError unless the tables are of just this program's version."""
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
