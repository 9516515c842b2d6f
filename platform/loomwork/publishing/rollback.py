"""Rolling back: an earlier revision's documents are published again, as a new revision."""

from collections.abc import Collection, Sequence

from loomwork.catalog.compile import Compiler
from loomwork.catalog.documents import Document
from loomwork.errors import N_, NotFoundError
from loomwork.publishing.publish import AtSwitch, Order
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.store.engine import Database, translated


def order_of_rollback(
    database: Database,
    number: int,
    *,
    author: str,
    at_switch: Sequence[AtSwitch] = (),
    compiler: Compiler,
    confirmed: Collection[str] = (),
    base: int | None = None,
) -> Order:
    """Return the order that makes the documents of revision ``number`` the site's again.

    Raises NotFoundError where there is no such revision.
    """
    with translated(), database.reader.connect() as connection:
        newest = newest_revision(connection)
        documents = read_documents(connection, number)
    if not documents:
        raise NotFoundError(
            N_("There is no revision {number}: the newest is {newest}."),
            number=number,
            newest=newest,
        )

    def wanted(_: Sequence[Document]) -> tuple[Document, ...]:
        return documents

    return Order(
        wanted=wanted,
        message=f"Roll back to revision {number}",
        author=author,
        at_switch=at_switch,
        compiler=compiler,
        confirmed=confirmed,
        base=base,
        back=True,
    )
