"""Installing packs: their documents beside those of the other packs, as one revision."""

from collections.abc import Collection, Sequence

from loomwork.catalog.compile import Compiler
from loomwork.catalog.documents import SITE, Document
from loomwork.catalog.layers import arranged
from loomwork.extension.field_types import field_types
from loomwork.publishing.publish import AtSwitch, Installation, Order, publish
from loomwork.store.engine import Database

__all__ = ["AtSwitch", "Installation", "install_packs", "merged", "order_of_packs"]


def install_packs(
    database: Database,
    packs: Sequence[Sequence[Document]],
    *,
    author: str,
    at_switch: Sequence[AtSwitch] = (),
    compiler: Compiler | None = None,
    confirmed: Collection[str] = (),
) -> Installation:
    """Install packs, or other versions of packs that are installed, as one revision.

    ``at_switch`` is called inside the transaction that makes the revision the present one; a
    ``compiler`` that has seen the present revision spares repeating it. Raises DocumentError with
    every problem, and with everything that the packs say and this version does not carry out;
    then nothing has changed.
    """
    order = order_of_packs(
        packs, author=author, at_switch=at_switch, compiler=compiler, confirmed=confirmed
    )
    return publish(database, order)


def order_of_packs(
    packs: Sequence[Sequence[Document]],
    *,
    author: str,
    at_switch: Sequence[AtSwitch] = (),
    compiler: Compiler | None = None,
    confirmed: Collection[str] = (),
) -> Order:
    """Return the order that installs packs."""
    return Order(
        wanted=lambda present: merged(present, packs),
        message="Install " + ", ".join(_version(pack[0]) for pack in packs),
        author=author,
        at_switch=at_switch,
        confirmed=confirmed,
        compiler=compiler or Compiler(field_types()),
    )


def merged(
    present: Sequence[Document], packs: Sequence[Sequence[Document]]
) -> tuple[Document, ...]:
    """Return the documents of all packs, each pack after those that it requires."""
    fresh = {pack[0].pack: pack for pack in packs}
    kept = [document for document in present if document.pack not in fresh]
    return arranged((*kept, *(document for pack in fresh.values() for document in pack)))


def _version(document: Document) -> str:
    """Return the layer with its version; the site's own has none."""
    version = document.body.get("version", "") if document.pack != SITE else ""
    return f"{document.pack} {version}".rstrip()
