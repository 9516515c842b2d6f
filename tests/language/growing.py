"""Random values: arithmetic, functions, choices and aggregates of every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from loomwork.expressions.tree import Aggregate, Arithmetic, Call, Choose, Literal, Node
from loomwork.model.kinds import Kind
from tests.language.leaves import Leaves, Maker
from tests.language.world import ENTITIES

LEAST_AND_GREATEST = (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION)
PERIODS = ("year", "quarter", "month", "week", "day")
PARTS_OF_A_DAY = ("year", "month", "day", "quarter", "weekday")


@dataclass(frozen=True)
class Values(Leaves):
    """Grows values. Every method leaves the depth that it is given for what it makes."""

    def condition(self, depth: int) -> Node:
        """Return a condition."""
        raise NotImplementedError

    def value(self, kind: Kind, depth: int) -> Node:
        """Return a value of ``kind``; a link leads to any entity."""
        if kind is Kind.LINK:
            return self.link(self.reachable(), depth)
        if depth <= 0 or self.chance(0.25):
            return self.leaf(kind)
        return self.pick([*self.of_any_kind(kind, depth - 1), *OWN[kind](self, depth - 1)])

    def link(self, entity: str, depth: int) -> Node:
        """Return a link to ``entity``."""
        if depth <= 0 or self.chance(0.7):
            return self.linked(entity)
        then, otherwise = self.link(entity, depth - 1), self.link(entity, depth - 1)
        if self.chance(0.4) and "coalesce" in self.options.functions:
            return Call("coalesce", (then, otherwise), Kind.LINK)
        return Choose(self.condition(depth - 1), then, otherwise, Kind.LINK, entity)

    def of_any_kind(self, kind: Kind, depth: int) -> list[Maker]:
        """Return what makes values of several kinds."""
        found: list[Maker] = [
            (2, lambda: self.leaf(kind)),
            (1, lambda: self.choice(kind, depth)),
            *self.calls((2, "coalesce", lambda: self.several("coalesce", kind, depth))),
        ]
        if kind not in LEAST_AND_GREATEST:
            return found
        name = self.source.choice(("min", "max"))
        found += self.calls((2, name, lambda: self.several(name, kind, depth)))
        if self.related:
            found.append((1, lambda: self.aggregate(name, kind, depth)))
        if self.related and self.options.totals and kind is Kind.DURATION:
            total = self.source.choice(("sum", "avg"))
            found.append((3, lambda: self.aggregate(total, kind, depth)))
        return found

    def choice(self, kind: Kind, depth: int) -> Node:
        """Return ``a if condition else b``, where one of both may be None."""
        then, otherwise = self.value(kind, depth), self.value(kind, depth)
        if self.chance(0.15):
            otherwise = Literal(None, kind)
        elif self.chance(0.15):
            then = Literal(None, kind)
        return Choose(self.condition(depth), then, otherwise, kind)

    def several(self, name: str, kind: Kind, depth: int) -> Node:
        """Return a function of two or three values of one kind."""
        count = self.source.choice((2, 2, 3))
        return Call(name, tuple(self.value(kind, depth) for _ in range(count)), kind)

    def one(self, name: str, of: Kind, kind: Kind, depth: int) -> Callable[[], Node]:
        """Return the maker of a function of one value."""
        return lambda: Call(name, (self.value(of, depth),), kind)

    def aggregate(self, function: str, kind: Kind, depth: int) -> Node:
        """Return an aggregate over the records that link to the one at a random place."""
        root, path, owner = self.start(now=True)
        known = [
            (entity.name, name)
            for entity in ENTITIES.values()
            for name, link in entity.links.items()
            if link.inverse and link.to == owner
        ]
        if not known:
            return self.leaf(kind)
        entity, link = self.source.choice(known)
        inner = self.inside(entity)
        asks = function in ("any", "all")
        counts = asks or function == "count"
        value = None if counts else inner.value(kind, depth - 1)
        where = inner.condition(depth - 1) if asks or self.chance(0.4) else None
        called = ENTITIES[entity].links[link].inverse
        return Aggregate(function, entity, link, kind, value, where, root, path, called)

    def arithmetic(self, kind: Kind, left: Kind, operators: str, right: Kind, depth: int) -> Node:
        """Return an operation; an operator is one of ``operators``, written with blanks."""
        operator = self.source.choice(operators.split())
        return Arithmetic(operator, self.value(left, depth), self.value(right, depth), kind)

    def opposite(self, kind: Kind, depth: int) -> Node:
        """Return ``-value``, which is zero minus it; of a literal it would be another literal."""
        value = self.value(kind, depth)
        if isinstance(value, Literal):
            return value
        return Arithmetic("-", Literal(ZERO[kind], kind), value, kind)

    def rounded(self, depth: int) -> Node:
        """Return a number rounded to some places."""
        number = self.value(Kind.NUMBER, depth)
        if self.chance(0.3):
            return Call("round", (number,), Kind.NUMBER)
        places = Literal(Decimal(self.source.choice((0, 1, 2, 4, 10))), Kind.NUMBER)
        return Call("round", (number, places), Kind.NUMBER)

    def numbers(self, depth: int) -> list[Maker]:
        """Return what makes numbers only."""
        number, day = Kind.NUMBER, Kind.DATE
        part = self.source.choice(PARTS_OF_A_DAY)
        found: list[Maker] = [
            (9, lambda: self.arithmetic(number, number, "+ - * / // %", number, depth)),
            (1, lambda: self.opposite(number, depth)),
            *self.calls(
                (2, "round", lambda: self.rounded(depth)),
                (1, "abs", self.one("abs", number, number, depth)),
                (1, "floor", self.one("floor", number, number, depth)),
                (1, "ceil", self.one("ceil", number, number, depth)),
                (2, "length", lambda: Call("length", (self.text_part(depth),), number)),
                (1, "days_between", lambda: self.between(depth)),
                (3, part, self.one(part, day, number, depth)),
            ),
        ]
        if self.related:
            name = self.source.choice(("count", "sum", "avg"))
            found.append((3, lambda: self.aggregate(name, number, depth)))
        return found

    def between(self, depth: int) -> Node:
        """Return the days from one date to another."""
        days = (self.value(Kind.DATE, depth), self.value(Kind.DATE, depth))
        return Call("days_between", days, Kind.NUMBER)

    def texts(self, depth: int) -> list[Maker]:
        """Return what makes texts only."""
        text = Kind.TEXT
        return self.calls(
            (2, "lower", lambda: Call("lower", (self.text_part(depth),), text)),
            (2, "upper", lambda: Call("upper", (self.text_part(depth),), text)),
            (2, "trim", lambda: Call("trim", (self.text_part(depth),), text)),
            (3, "concat", lambda: self.joined(depth)),
        )

    def text_part(self, depth: int) -> Node:
        """Return a text as functions take it: a select is one too."""
        selects = [] if self.alone else self.fields(Kind.TEXT, select=True)
        if selects and self.chance(0.3):
            return self.source.choice(selects)
        return self.value(Kind.TEXT, depth)

    def joined(self, depth: int) -> Node:
        """Return texts, numbers and dates, one after the other."""
        kinds = self.source.choices((Kind.TEXT, Kind.NUMBER, Kind.DATE), (3, 2, 1), k=2)
        first = self.text_part(depth)
        return Call("concat", (first, *(self.value(kind, depth) for kind in kinds)), Kind.TEXT)

    def dates(self, depth: int) -> list[Maker]:
        """Return what makes dates only."""
        day = Kind.DATE
        return [
            (4, lambda: self.arithmetic(day, day, "+ -", Kind.DURATION, depth)),
            *self.calls(
                (3, "add_months", lambda: self.months_later(depth)),
                (3, "start_of", lambda: self.start_of(depth)),
            ),
        ]

    def months_later(self, depth: int) -> Node:
        """Return a date some months from another."""
        parts = (self.value(Kind.DATE, depth), self.value(Kind.NUMBER, depth))
        return Call("add_months", parts, Kind.DATE)

    def start_of(self, depth: int) -> Node:
        """Return the beginning of a period."""
        period = Literal(self.source.choice(PERIODS), Kind.TEXT)
        return Call("start_of", (self.value(Kind.DATE, depth), period), Kind.DATE)

    def moments(self, depth: int) -> list[Maker]:
        """Return what makes moments only."""
        moment = Kind.DATETIME
        return [(3, lambda: self.arithmetic(moment, moment, "+ -", Kind.DURATION, depth))]

    def pieced_duration(self) -> Node:
        """Return a number of days or hours."""
        name = self.source.choice(("days", "hours"))
        return Call(name, (self.literal(Kind.NUMBER),), Kind.DURATION)

    def durations(self, depth: int) -> list[Maker]:
        """Return what makes durations only."""
        span, number = Kind.DURATION, Kind.NUMBER
        name = self.source.choice(("days", "hours"))
        return [
            (2, lambda: self.arithmetic(span, Kind.DATE, "-", Kind.DATE, depth)),
            (2, lambda: self.arithmetic(span, Kind.DATETIME, "-", Kind.DATETIME, depth)),
            (2, lambda: self.arithmetic(span, span, "+ -", span, depth)),
            (1, lambda: self.arithmetic(span, span, "* /", number, depth)),
            (1, lambda: self.arithmetic(span, number, "*", span, depth)),
            (1, lambda: self.opposite(span, depth)),
            *self.calls((3, name, self.one(name, number, span, depth))),
        ]

    def booleans(self, depth: int) -> list[Maker]:
        """Return what makes booleans only."""
        return [(3, lambda: self.condition(depth))]


ZERO: Mapping[Kind, Decimal | int] = {Kind.NUMBER: Decimal(0), Kind.DURATION: 0}
OWN: Mapping[Kind, Callable[[Values, int], list[Maker]]] = {
    Kind.NUMBER: Values.numbers,
    Kind.TEXT: Values.texts,
    Kind.DATE: Values.dates,
    Kind.DATETIME: Values.moments,
    Kind.DURATION: Values.durations,
    Kind.BOOLEAN: Values.booleans,
}
