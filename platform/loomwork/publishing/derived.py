"""Filling the columns of derived fields once the revision that has them is in force."""

import logging
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from loomwork.access.policy import Policy
from loomwork.errors import LoomworkError
from loomwork.publishing.settings import read_settings, setting_values
from loomwork.records.deriving.building import build_missing
from loomwork.records.deriving.marks import marks_of, with_built
from loomwork.records.runtime import Runtime
from loomwork.store.engine import Database, translated
from loomwork.store.schema.derived import forget_marks, read_marks
from loomwork.store.schema.tables import build_tables
from loomwork.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from loomwork.model.whole import Model
    from loomwork.store.schema.columns import ColumnMap

LOG = logging.getLogger(__name__)


def forget_outdated(connection: "Connection", model: "Model") -> None:
    """Take back that columns are complete which nobody keeps so under ``model``.

    Their fields are out of use, or worked out in another way. Should they come back as they were,
    the columns lack what has been written since.
    """
    complete = read_marks(connection)
    if not complete:
        return
    marks = marks_of(model, setting_values(model, read_settings(connection)))
    forget_marks(
        connection, [place for place, mark in complete.items() if marks.get(place) != mark]
    )


def fill_derived(database: Database, model: "Model", columns: "ColumnMap") -> None:
    """Fill the columns of derived fields that are new, or that are worked out in another way.

    Until that is done they are worked out whenever they are read, so that nobody has to wait for
    it; should it be cut off, the next publish or ``loomwork derived rebuild`` goes on.
    """
    try:
        with translated(), database.reader.connect() as connection:
            settings = setting_values(model, read_settings(connection))
            complete = read_marks(connection)
        marks = marks_of(model, settings)
        if all(complete.get(place) == mark for place, mark in marks.items()):
            return
        present = with_built(model, marks, complete)
        runtime = Runtime(
            revision=0,
            model=present,
            tables=build_tables(present, columns, database.name),
            policy=Policy(present),
            store=Store(database),
            settings=settings,
        )
        build_missing(runtime)
    except (LoomworkError, DBAPIError) as error:
        LOG.warning("Derived values are worked out at each reading for now: %s", error)
