"""The shape of a query: all that decides its SQL text, without the values."""

from dataclasses import dataclass

from loomwork.expressions.tree import TRUE, Node
from loomwork.store.search.entry import SearchShape


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key: a field, and whether the largest comes first. Missing is the smallest.

    ``collated`` texts go by the order of their language, the others as they are kept.
    """

    field: str
    descending: bool = False
    collated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is read of which rows, in which order.

    ``rows`` is the caller's right, ``where`` his filter with its literals lifted out, ``preset``
    one of the metadata;
    ``titles`` names the link fields whose record's title is read too, each with the entity that it
    leads to and the caller's right to read that record. ``after`` says, for a page that follows
    another, which of the last row's sort values were missing. ``search`` has the terms that are
    looked for, in the visibility ``classes`` that the caller may read; ``limit`` counts the rows.
    ``readable`` has the caller's right to read each further entity that his filter looks at; of
    those he may not read, it sees nothing. ``single`` reads one id.
    ``fields`` are keys of rows; ``gathered`` names those with parts that are shown as one value.
    ``as_of`` reads versions of a moment, of those records that are there now; ``rows`` looks at the
    record as it is now, all the rest at the version.
    ``locked`` keeps others from changing what is read until the transaction ends; ``held`` does
    so too, but lets others hold it at the same time.
    """

    entity: str
    fields: tuple[str, ...]
    rows: Node = TRUE
    where: Node = TRUE
    preset: Node = TRUE
    readable: tuple[tuple[str, Node], ...] = ()
    titles: tuple[tuple[str, str, Node], ...] = ()
    gathered: tuple[str, ...] = ()
    order: tuple[Order, ...] = ()
    after: tuple[bool, ...] | None = None
    search: SearchShape = ()
    classes: tuple[int, ...] = ()
    limit: int = 0
    single: bool = False
    deleted: bool = False
    as_of: bool = False
    locked: bool = False
    held: bool = False
