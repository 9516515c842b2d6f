"""What a search looks for: terms that all have to be there, each in one of its spellings."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from loomwork.store.text.fold import fold, spellings
from loomwork.store.text.tokens import (
    FEWEST_DIGITS,
    LONGEST,
    MOST_DIGITS,
    MOST_PARTS,
    SHORTEST_END,
    digits_of,
    groups,
    pairs,
)

MOST_WORDS = 8
MOST_TERMS = 16
NUMBER = re.compile(r"[+0(][0-9 ()+./-]{6,}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token that is looked for; as a ``prefix`` it stands for all that begin with it."""

    token: str
    prefix: bool = False


Term: TypeAlias = tuple[Wanted, ...]
"""One of these has to be there."""


def terms(search: str) -> tuple[Term, ...]:
    """Return what a text has to have that ``search`` finds.

    A word finds what begins with it; a single letter only where it is the last word, which may
    still be being typed.
    """
    number = _dialled(fold(search))
    if number:
        return (number,)
    words = [word for part in search.split() for word in _words(part)][:MOST_WORDS]
    found: dict[Term, None] = {}
    for place, word in enumerate(words):
        found |= dict.fromkeys(_of_word(word, last=place == len(words) - 1))
    return tuple(found)[:MOST_TERMS]


def _words(part: str) -> Iterator[tuple[str, ...]]:
    """Yield what is one word when folded, with its other spelling if it has one."""
    first, *others = [spelling.split() for spelling in spellings(part)]
    alike = [other for other in others if len(other) == len(first)]
    yield from zip(first, *alike, strict=True)


def _of_word(word: tuple[str, ...], *, last: bool) -> Iterator[Term]:
    first, *others = [list(groups(spelling)) for spelling in word]
    alike = [first, *(other for other in others if len(other) == len(first))]
    for place, (run, _) in enumerate(first):
        if run:
            for token in pairs(run) or [run]:
                yield (Wanted(token),)
        else:
            joined = ("".join(one[place][1][:MOST_PARTS])[:LONGEST] for one in alike)
            yield tuple(Wanted(token, last or len(token) > 1) for token in dict.fromkeys(joined))


def _dialled(search: str) -> Term:
    """Return the term of what can only be a telephone number, () of anything else."""
    digits = digits_of(search)
    if not NUMBER.fullmatch(search) or len(digits) < FEWEST_DIGITS:
        return ()
    abroad = digits.lstrip("0")[:MOST_DIGITS]
    if len(abroad) < SHORTEST_END:
        return ()
    return tuple(Wanted(token, True) for token in dict.fromkeys((digits[:LONGEST], abroad)))


def matches(kept: Collection[str], wanted: tuple[Term, ...]) -> bool:
    """Tell whether a text with these tokens is found: the meaning that every engine keeps to."""
    return bool(wanted) and all(any(_has(kept, one) for one in term) for term in wanted)


def _has(kept: Collection[str], wanted: Wanted) -> bool:
    if wanted.prefix:
        return any(token.startswith(wanted.token) for token in kept)
    return wanted.token in kept
