"""One row of the search index, as it is before an engine's module writes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

SearchShape: TypeAlias = tuple[tuple[bool, ...], ...]
"""Of each term, which of its spellings stand for all that begin with them."""
Places: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]
"""Where to look: entities, and of each the classes."""
FEW_PLACES = 3
"""So many at most are looked for along with the words; of more, hits in others are passed over."""
TITLE_EXACT, TITLE_PREFIX, BODY_EXACT, BODY_PREFIX = 8, 4, 2, 1
"""What a term adds to the score of a record, by where it is found and whether as a whole word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The tokens of a record in one visibility class, ``number``; ``fresh`` ones are the first."""

    entity: str
    number: int
    record: UUID
    title: frozenset[str]
    body: frozenset[str]
    fresh: bool = False


def name_of(term: int, spelling: int | str) -> str:
    """Return the name of the parameter of one spelling of a term."""
    return f"search{term}_{spelling}"


def place_token(entity: str, number: int) -> str:
    """Return the token that says where a record belongs; no text has its first character."""
    # To FTS5's tokenizer an underscore is a sign between tokens, a private character is a letter.
    return f"\ue000{number}{entity}".replace("_", "\ue001")


def place_tokens(places: Places) -> list[str]:
    """Return the tokens of a few places; of many none."""
    found = [place_token(entity, number) for entity, numbers in places for number in numbers]
    return found if len(found) <= FEW_PLACES else []


def among(
    entity: sa.ColumnElement[Any], class_: sa.ColumnElement[Any], places: Places
) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to one of the places; their names are ours."""
    by_classes: dict[tuple[int, ...], list[str]] = {}
    for name, numbers in places:
        by_classes.setdefault(numbers, []).append(name)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                entity.in_([sa.literal_column(f"'{name}'") for name in names]),
                class_.in_([sa.literal_column(str(number)) for number in numbers]),
            )
            for numbers, names in by_classes.items()
        ),
    )


def in_order(tokens: Iterable[str]) -> list[str]:
    """Return tokens in the one order in which they are written, so that equal rows are equal."""
    return sorted(tokens)
