"""The shape of a query: all that decides its SQL text, without the values."""

from dataclasses import dataclass

from loomwork.expressions.tree import TRUE, Node


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key: a field, and whether the largest comes first. Missing is the smallest."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is read of which rows, in which order.

    ``rows`` is the caller's right, ``where`` his filter with its literals lifted out, ``preset``
    one of the metadata;
    ``titles`` names the link fields whose record's title is read too, each with the caller's right
    to read that record. ``after`` says, for a page that follows another, which of the last row's
    sort values were missing. ``words`` counts the searched words, ``limit`` the rows.
    ``readable`` has the caller's right to read each further entity that his filter looks at; of
    those he may not read, it sees nothing. ``single`` reads one id.
    ``locked`` keeps others from changing what is read until the transaction ends; ``held`` does
    so too, but lets others hold it at the same time.
    """

    entity: str
    fields: tuple[str, ...]
    rows: Node = TRUE
    where: Node = TRUE
    preset: Node = TRUE
    readable: tuple[tuple[str, Node], ...] = ()
    titles: tuple[tuple[str, Node], ...] = ()
    order: tuple[Order, ...] = ()
    after: tuple[bool, ...] | None = None
    words: int = 0
    limit: int = 0
    single: bool = False
    deleted: bool = False
    locked: bool = False
    held: bool = False
