"""The ends of random trees: fields near and far, literals, and what is given."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias

from loomwork.expressions.tree import Field, Given, Literal, Node, Step
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.multi_select import MultiSelectType
from loomwork.model.types.select import SelectType
from tests.language.givens import GIVENS
from tests.language.values import LITERALS
from tests.language.world import ENTITIES, kind_and_target, make_world

FUNCTIONS = frozenset(
    (
        *("lower", "upper", "trim", "length", "contains", "starts_with", "ends_with", "concat"),
        *("coalesce", "round", "abs", "min", "max", "floor", "ceil", "year", "month", "day"),
        *("weekday", "quarter", "days", "hours", "add_months", "start_of", "days_between"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the trees may contain.

    ``roots`` offers records beside the one that the tree is about: which entity each is of.
    ``totals`` offers sums and averages of durations, which only rollups can ask for.
    Without ``relations`` a tree needs no other record: no paths, no aggregates, no `Under`.
    """

    entity: str = "deal"
    roots: Mapping[str, str] = field(default_factory=dict)
    changes: bool = False
    relations: bool = True
    givens: bool = True
    functions: frozenset[str] = FUNCTIONS
    totals: bool = False


EVERYTHING = Options(
    roots={"old": "deal", "this": "account", "candidate": "user"},
    changes=True,
)
"""As much as no single place in the documents offers."""

Maker: TypeAlias = tuple[int, Callable[[], Node]]


@dataclass(frozen=True)
class Leaves:
    """Grows what has nothing below it. ``alone`` is for what must not depend on any record."""

    source: random.Random
    options: Options
    alone: bool = False

    def pick(self, makers: Sequence[Maker]) -> Node:
        """Return what one of ``makers`` makes, chosen by their weights."""
        weights = [weight for weight, _ in makers]
        return self.source.choices(makers, weights)[0][1]()

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of the cases."""
        return self.source.random() < share

    def calls(self, *makers: tuple[int, str, Callable[[], Node]]) -> list[Maker]:
        """Return those makers whose function may be used."""
        return [(weight, make) for weight, name, make in makers if name in self.options.functions]

    @property
    def lonely(self) -> Self:
        """Return a grower of what depends on no record."""
        return replace(self, alone=True)

    @property
    def related(self) -> bool:
        """Tell whether other records may be asked."""
        return self.options.relations and not self.alone

    def inside(self, entity: str) -> Self:
        """Return a grower of what stands inside an aggregate over ``entity``."""
        roots = {"this": self.options.entity}
        return replace(
            self, options=replace(self.options, entity=entity, roots=roots, changes=False)
        )

    def leaf(self, kind: Kind) -> Node:
        """Return a value of ``kind`` with nothing below it; TEXT is never a bare select."""
        makers: list[Maker] = [(3, lambda: self.literal(kind))]
        known = [] if self.alone else self.fields(kind)
        if known:
            makers.append((9, lambda: self.source.choice(known)))
        given = [given for given in GIVENS if given.kind is kind and self.options.givens]
        if given:
            makers.append((1, lambda: self.source.choice(given)))
        return self.pick(makers)

    def literal(self, kind: Kind) -> Node:
        """Return a fixed value, or what stands for one."""
        if kind is Kind.DURATION:
            return self.pieced_duration()
        if kind is Kind.NUMBER and self.chance(0.5):
            return Literal(LITERALS[kind][self.source.randrange(12)], kind)
        return Literal(self.source.choice(LITERALS[kind]), kind)

    def pieced_duration(self) -> Node:
        """Return a duration; the language has no way to write one down but its functions."""
        raise NotImplementedError

    def linked(self, entity: str) -> Node:
        """Return a link to ``entity``; an id only where nothing else leads there.

        A text is read as an id only beside what is a link already.
        """
        allowed = GIVENS if self.options.givens else ()
        given = [one for one in allowed if one.entity == entity and one.kind is Kind.LINK]
        if given and (self.alone or self.chance(0.3)):
            return self.source.choice(given)
        for _ in range(0 if self.alone else 8):
            known = self.fields(Kind.LINK, entity=entity)
            if known:
                return self.source.choice(known)
        own = [] if self.alone else fields_at(self.options.entity, "", ())
        near = [found for found in own if found.kind is Kind.LINK and found.entity == entity]
        ends: list[Node] = [*near, *given]
        return self.source.choice(ends or [self.identity(entity)])

    def reachable(self) -> str:
        """Return an entity to which something leads from here."""
        here = [] if self.alone else fields_at(self.options.entity, "", ())
        linked = [found.entity for found in here if found.kind is Kind.LINK]
        given = ["user", "region"] if self.options.givens else []
        return self.source.choice([*linked, *given] or ["user"])

    def identity(self, entity: str) -> Literal:
        """Return the id of a record that many link to."""
        return Literal(self.source.choice(tuple(make_world().rows[entity])[:3]), Kind.LINK)

    def given_named(self, name: str) -> Given:
        """Return the given value of that name."""
        return next(given for given in GIVENS if given.name == name)

    def fields(self, kind: Kind, *, select: bool = False, entity: str = "") -> Sequence[Field]:
        """Return the fields of ``kind`` at a random place, selects or all others."""
        root, path, owner = self.start()
        return [
            found
            for found in fields_at(owner, root, path)
            if found.kind is kind
            and (not entity or found.entity == entity)
            and bool(options_of(owner, found)) is select
        ]

    def start(self, *, now: bool = False) -> tuple[str, tuple[Step, ...], str]:
        """Return a root, a path from it, and the entity at its end.

        What links to a record is only known ``now``, so that no such path starts at the old one.
        """
        places = {"": self.options.entity, **self.options.roots}
        if now:
            places.pop("old", None)
        root = self.source.choice(tuple(places)) if self.chance(0.3) else ""
        entity = places[root]
        path: list[Step] = []
        while self.related and len(path) < 3 and self.chance(0.25):
            links = ENTITIES[entity].links
            name = self.source.choice(tuple(links))
            entity = links[name].to
            path.append(Step(name, entity))
        return root, tuple(path), entity


def fields_at(owner: str, root: str, path: tuple[Step, ...]) -> Iterator[Field]:
    """Yield all fields of the entity ``owner`` as seen over a path."""
    entity = ENTITIES[owner]
    for name, member in entity.fields.items():
        kind, target = kind_and_target(entity, name)
        storage = member.type.storage
        places = storage.places if storage.kind is StorageKind.DECIMAL else None
        # `account.id` is nothing but `account`.
        if name != "id" or not path:
            yield Field(name, kind, places, root, path, target)
        for part in member.type.parts:
            yield Field(f"{name}.{part.name}", part.kind, None, root, path)


def options_of(owner: str, found: Field) -> Sequence[str]:
    """Return the names of a select's options, nothing for any other field."""
    type_ = ENTITIES[owner].fields[found.name.partition(".")[0]].type
    return tuple(type_.options) if isinstance(type_, SelectType | MultiSelectType) else ()


def owner_of(found: Field, options: Options) -> str:
    """Return the entity that has the field."""
    places = {"": options.entity, **options.roots}
    return found.path[-1].entity if found.path else places[found.root]
