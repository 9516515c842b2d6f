"""A site in this process: its database and the Model it runs, swapped when the generation moves."""

import threading
from typing import TYPE_CHECKING, Self

from loomwork.access.policy import Policy
from loomwork.automation.queue import Waker
from loomwork.catalog.compile import Compiler
from loomwork.errors import DocumentError, LoomworkError
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing.reconcile import reconcile
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.publishing.settings import read_settings, setting_values
from loomwork.records.deriving.marks import marks_of, with_built
from loomwork.records.runtime import Runtime
from loomwork.records.service import Records
from loomwork.store.engine import Database, connect, translated
from loomwork.store.files.files import Files
from loomwork.store.files.thumbnails import Thumbnails
from loomwork.store.keys.ring import read_ring
from loomwork.store.schema.columns import ColumnMap, assign_columns, in_force, read_columns
from loomwork.store.schema.derived import read_marks
from loomwork.store.schema.tables import EntityTable, build_tables
from loomwork.store.settings import Settings
from loomwork.store.store import Store
from loomwork.store.transaction import read_generation
from loomwork.store.upgrade import require_present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loomwork.catalog.documents import Document
    from loomwork.catalog.folding import FoldedDocument


class Site:
    """One database, one home folder, one Model. Safe to use from several threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.store = Store(database)
        self.store.wake = Waker(settings)
        self.files = Files(self.store, settings)
        self.thumbnails = Thumbnails(self.files, settings.home)
        self.records = Records(self, self.store, settings.secret_key)
        self.access_generation = 0
        self.compiler = Compiler(field_types())
        self.documents: tuple[Document, ...] = ()
        self.folded: Mapping[str, Mapping[str, FoldedDocument]] = {}
        self.columns: ColumnMap = {}
        self._swap = threading.Lock()
        self._runtime = self._load()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Return the site of ``settings``; UnavailableError if it is not there or does not fit."""
        database = connect(settings.database_url)
        try:
            require_present(database)
            reconcile(database)
            return cls(settings, database)
        except LoomworkError:
            database.dispose()
            raise

    @property
    def model(self) -> Model:
        """Return the Model as last seen."""
        return self._runtime.model

    @property
    def tables(self) -> dict[str, EntityTable]:
        """Return the tables of the Model by entity."""
        return dict(self._runtime.tables)

    def current(self) -> Runtime:
        """Return the Runtime as last seen."""
        return self._runtime

    def refresh(self) -> Runtime:
        """Look at the generation in the database; return the Runtime that belongs to it."""
        generation = self.store.generation()
        self.access_generation = generation.access
        if generation.metadata != self._runtime.revision:
            with self._swap:
                if generation.metadata != self._runtime.revision:
                    self._runtime = self._load()
        return self._runtime

    def close(self) -> None:
        """Close the site's connections."""
        self.database.dispose()

    def _load(self) -> Runtime:
        """Read the newest revision. What is read twice makes sure that it is one revision's."""
        while True:
            with translated(), self.database.reader.connect() as connection:
                generation = read_generation(connection)
                revision = newest_revision(connection)
                documents = read_documents(connection, revision, self.documents)
                texts = read_settings(connection)
                complete = read_marks(connection)
                stored = read_columns(connection)
                keys = read_ring(connection, self.settings.secret_key)
                if read_generation(connection).metadata != generation.metadata:
                    continue
            report = self.compiler.report(documents)
            if report.model is None:
                raise DocumentError(problems=report.problems)
            settings = setting_values(report.model, texts)
            model = with_built(report.model, marks_of(report.model, settings), complete)
            self.documents, self.folded = documents, report.documents
            assigned, _ = assign_columns(model.entities.values(), stored)
            columns = in_force(assigned, stored)
            self.columns = columns
            self.access_generation = generation.access
            return Runtime(
                revision=generation.metadata,
                model=model,
                tables=build_tables(model, columns, self.database.name),
                policy=Policy(model),
                store=self.store,
                zone=self.settings.time_zone,
                settings=settings,
                keys=keys,
            )
