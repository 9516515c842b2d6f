"""Random trees that the type check admits, of every class of node, about the test world.

`tree` grows one from a plain source of randomness, fast; `trees` is the same as a Hypothesis
strategy, which can shrink what it found.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    And,
    Call,
    Changed,
    Compare,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Operator,
    Or,
    StartOfDay,
    Under,
)
from loomwork.model.kinds import Kind
from tests.language.growing import Values
from tests.language.leaves import (
    EVERYTHING,
    FUNCTIONS,
    Maker,
    Options,
    fields_at,
    options_of,
    owner_of,
)
from tests.language.values import NUMBERS
from tests.language.world import ENTITIES

__all__ = [
    "EVERYTHING",
    "FUNCTIONS",
    "VALUE_KINDS",
    "Options",
    "number_comparisons",
    "tree",
    "trees",
]

EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
VALUE_KINDS = (
    *(Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME),
    *(Kind.BOOLEAN, Kind.LINK, Kind.DURATION),
)
"""What a value may be; sets only stand behind ``in``."""
ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.DURATION)
SEARCHES = ("contains", "starts_with", "ends_with")


def tree(
    source: random.Random, kind: Kind = Kind.BOOLEAN, depth: int = 4, options: Options | None = None
) -> Node:
    """Return a tree of ``kind``, at most about ``depth`` levels deep; of BOOLEAN, a condition."""
    grower = _Conditions(source, options or Options())
    return grower.condition(depth) if kind is Kind.BOOLEAN else grower.value(kind, depth)


@st.composite
def trees(
    draw: st.DrawFn, kind: Kind = Kind.BOOLEAN, depth: int = 4, options: Options | None = None
) -> Node:
    """Draw what `tree` grows."""
    source = draw(st.randoms(use_true_random=False, note_method_calls=False))
    return tree(source, kind, depth, options)


def number_comparisons() -> Sequence[Node]:
    """Return every comparison of a deal's numbers with each other and with every literal."""
    fields = [found for found in fields_at("deal", "", ()) if found.kind is Kind.NUMBER]
    literals = [Literal(number, Kind.NUMBER) for number in NUMBERS]
    others: list[Node] = [*fields, *literals]
    return [
        Compare(operator, found, other)
        for operator in Operator
        for found in fields
        for other in others
    ]


@dataclass(frozen=True)
class _Conditions(Values):
    """Grows conditions."""

    def condition(self, depth: int) -> Node:
        makers: list[Maker] = [(10, lambda: self.plain(depth))]
        if depth > 1:
            makers += [
                (3, lambda: Not(self.condition(depth - 1))),
                (3, lambda: And(self.parts(depth - 1))),
                (3, lambda: Or(self.parts(depth - 1))),
            ]
        return self.pick(makers)

    def parts(self, depth: int) -> tuple[Node, ...]:
        return tuple(self.condition(depth) for _ in range(self.source.choice((2, 2, 3))))

    def plain(self, depth: int) -> Node:
        makers: list[Maker] = [
            (14, lambda: self.comparison(depth - 1)),
            (3, lambda: self.membership(depth - 1)),
            (2, lambda: IsNone(self.value(self.source.choice(VALUE_KINDS), depth - 1))),
            (2, lambda: self.value(Kind.BOOLEAN, depth - 1)),
            (1, lambda: self.source.choice((TRUE, FALSE))),
        ]
        search = self.source.choice(SEARCHES)
        makers += self.calls((2, search, lambda: self.search(search, depth - 1)))
        if self.options.givens:
            makers.append((2, lambda: self.member(depth - 1)))
            makers.append((2, lambda: self.among(depth - 1)))
        return self.pick(makers if self.alone else [*makers, *self.about_records(depth)])

    def about_records(self, depth: int) -> list[Maker]:
        makers: list[Maker] = [
            (3, self.about_a_select),
            (2, lambda: self.by_day(depth - 1)),
        ]
        if self.options.changes:
            makers.append((2, self.changed))
        if self.related:
            function = self.source.choice(("any", "all"))
            makers.append((4, lambda: self.under(depth - 1)))
            makers.append((2, lambda: self.aggregate(function, Kind.BOOLEAN, depth - 1)))
        return makers

    def comparison(self, depth: int) -> Node:
        kind = self.source.choices(VALUE_KINDS, (4, 8, 4, 3, 1, 3, 2))[0]
        if kind is Kind.LINK:
            entity = self.reachable()
            left = self.link(entity, depth)
            right = self.identity(entity) if self.chance(0.2) else self.link(entity, depth)
            return Compare(self.source.choice(EQUALITY), left, right)
        operator = self.source.choice(tuple(Operator) if kind in ORDERED else EQUALITY)
        return Compare(operator, self.value(kind, depth), self.value(kind, depth))

    def membership(self, depth: int) -> Node:
        kind = self.source.choices(VALUE_KINDS[:4], (3, 3, 1, 1))[0]
        options = tuple(self.literal(kind) for _ in range(self.source.randrange(5)))
        return In(self.value(kind, depth), options, self.chance(0.4))

    def about_a_select(self) -> Node:
        known = self.fields(Kind.TEXT, select=True)
        if not known:
            return self.comparison(0)
        chosen = self.source.choice(known)
        names = options_of(owner_of(chosen, self.options), chosen)
        options = [Literal(name, Kind.TEXT) for name in names]
        several = tuple(self.source.sample(options, self.source.randrange(len(options) + 1)))
        operator = self.source.choice(EQUALITY)
        makers: list[Maker] = [
            (4, lambda: Compare(operator, chosen, self.source.choice(options))),
            (1, lambda: Compare(operator, chosen, self.source.choice(known))),
            (3, lambda: In(chosen, several, self.chance(0.5))),
            (1, lambda: IsNone(chosen)),
        ]
        return self.pick(makers)

    def by_day(self, depth: int) -> Node:
        """Compare a moment with a day, as the parser lowers it."""
        operator = self.source.choice((Operator.AT_LEAST, Operator.LESS))
        day = StartOfDay(self.lonely.value(Kind.DATE, depth))
        return Compare(operator, self.value(Kind.DATETIME, depth), day)

    def search(self, name: str, depth: int) -> Node:
        return Call(name, (self.text_part(depth), self.text_part(depth)), Kind.BOOLEAN)

    def member(self, depth: int) -> Node:
        name = self.source.choice(("user.teams", "user.roles", "user.reports"))
        given = self.given_named(name)
        if given.kind is Kind.TEXTS:
            return Member(self.value(Kind.TEXT, depth), given)
        return Member(self.link(given.entity, depth), given)

    def among(self, depth: int) -> Node:
        """Ask a field for one of its many values, or whether it has any."""
        kind = self.source.choice((Kind.TEXTS, Kind.LINKS))
        select = kind is Kind.TEXTS and self.chance(0.4)
        known = () if self.alone else self.fields(kind, select=select)
        if not known:
            return self.member(depth)
        chosen = self.source.choice(known)
        if self.chance(0.2):
            return IsNone(chosen)
        names = options_of(owner_of(chosen, self.options), chosen)
        if names:
            return Member(Literal(self.source.choice(names), Kind.TEXT), chosen)
        value = self.value(Kind.TEXT, depth) if kind is Kind.TEXTS else None
        return Member(value or self.link(chosen.entity, depth), chosen)

    def changed(self) -> Node:
        return Changed(self.source.choice(list(fields_at(self.options.entity, "", ()))))

    def under(self, depth: int) -> Node:
        entity = self.reachable()
        parent = ENTITIES[entity].hierarchy
        if not parent:
            return self.comparison(depth)
        this = self.options.roots.get("this", "")
        outer = (
            [
                found
                for found in fields_at(this, "this", ())
                if found.entity == entity and found.kind is Kind.LINK
            ]
            if this
            else []
        )
        if outer and self.chance(0.6):
            return Under(self.link(entity, depth), self.source.choice(outer), entity, parent)
        ancestor = self.lonely.linked(entity) if self.chance(0.5) else self.identity(entity)
        return Under(self.link(entity, depth), ancestor, entity, parent)
