"""What holds of every tree and every record, and what single nodes mean."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loomwork.expressions.context import Context, NoRelations, Record
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    USER,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Changed,
    Choose,
    Compare,
    Condition,
    Field,
    Given,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Operator,
    Or,
    Parameter,
    StartOfDay,
    Step,
    Under,
    walk,
)
from loomwork.model.kinds import Kind
from tests.language.oracle import ZONES, context_in, of_user, results, some_roots
from tests.language.trees import EVERYTHING, VALUE_KINDS, tree, trees
from tests.language.world import make_world

TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.NUMBER: (int, Decimal),
    Kind.DATE: (date,),
    Kind.DATETIME: (datetime,),
    Kind.BOOLEAN: (bool,),
    Kind.LINK: (UUID,),
    Kind.DURATION: (int,),
}
WORLD = make_world()
ROWS = WORLD.all("deal")[::5]
CASES = settings(max_examples=max(300, settings().max_examples))
CONTEXTS = st.builds(
    lambda zone, anybody, number: context_in(
        WORLD, zone, anybody=anybody, roots=some_roots(WORLD, number)
    ),
    st.sampled_from(ZONES),
    st.booleans(),
    st.integers(0, 39),
)
CONDITIONS = trees(options=EVERYTHING)


# Laws


@pytest.mark.parametrize("kind", VALUE_KINDS)
def test_every_tree_has_a_value_of_its_kind_for_every_record(kind: Kind) -> None:
    source = random.Random(kind)
    for number in range(300):
        context = context_in(WORLD, ZONES[number % 4], roots=some_roots(WORLD, number % 40))
        node = tree(source, kind, depth=number % 6, options=EVERYTHING)
        found = {type(value) for value in results(node, ROWS, context)} - {type(None)}
        assert found <= set(TYPES[kind])


def test_random_trees_have_every_class_of_node_and_are_often_in_doubt() -> None:
    source, context = random.Random(1), context_in(WORLD, roots=some_roots(WORLD))
    several = [tree(source, options=EVERYTHING) for _ in range(600)]
    kinds = {type(part) for node in several for part in walk(node)}
    assert kinds == set(get_args(Node)) - {Parameter}
    doubtful = [node for node in several if len(set(results(node, ROWS, context))) > 1]
    assert len(doubtful) > len(several) / 3


@CASES
@given(node=CONDITIONS, context=CONTEXTS)
def test_a_negation_is_exact(node: Node, context: Context) -> None:
    held = [bool(value) for value in results(node, ROWS, context)]
    assert results(Not(node), ROWS, context) == [not value for value in held]


@CASES
@given(node=CONDITIONS.filter(lambda node: isinstance(node, Condition)), context=CONTEXTS)
def test_a_condition_is_never_missing(node: Node, context: Context) -> None:
    assert set(results(node, ROWS, context)) <= {True, False}


@CASES
@given(left=CONDITIONS, right=CONDITIONS, context=CONTEXTS)
def test_and_or_and_not_keep_to_de_morgan(left: Node, right: Node, context: Context) -> None:
    both = results(And((left, right)), ROWS, context)
    assert both == results(Not(Or((Not(left), Not(right)))), ROWS, context)


@CASES
@given(left=trees(Kind.NUMBER, 3), right=trees(Kind.NUMBER, 3), context=CONTEXTS)
def test_comparisons_of_two_values_exclude_each_other(
    left: Node, right: Node, context: Context
) -> None:
    present = Not(Or((IsNone(left), IsNone(right))))
    several = [
        results(Compare(operator, left, right), ROWS, context)
        for operator in (Operator.LESS, Operator.EQUAL, Operator.MORE)
    ]
    assert [sum(three) for three in zip(*several, strict=True)] == results(present, ROWS, context)


@CASES
@given(
    value=trees(Kind.TEXT, 3),
    options=st.lists(trees(Kind.TEXT, 2), max_size=3),
    context=CONTEXTS,
)
def test_in_is_an_or_of_equalities(value: Node, options: list[Node], context: Context) -> None:
    equalities = Or(tuple(Compare(Operator.EQUAL, value, option) for option in options))
    assert results(In(value, tuple(options)), ROWS, context) == results(equalities, ROWS, context)
    negated = results(In(value, tuple(options), negated=True), ROWS, context)
    assert negated == results(Not(equalities), ROWS, context)


@CASES
@given(asked=CONDITIONS, value=trees(Kind.NUMBER, 3), context=CONTEXTS)
def test_a_choice_of_the_same_is_no_choice(asked: Node, value: Node, context: Context) -> None:
    chosen = Choose(asked, value, value, Kind.NUMBER)
    assert results(chosen, ROWS, context) == results(value, ROWS, context)


# Missing values

NOTHING = Literal(None, Kind.NUMBER)
ONE = Literal(Decimal(1), Kind.NUMBER)
AMOUNT = Field("amount", Kind.NUMBER, 2)
FLAG = Field("flag", Kind.BOOLEAN)
NAME = Field("name", Kind.TEXT)


def value_of(node: Node, record: Record | None = None, context: Context | None = None) -> Any:
    """Return what ``node`` is for a record, which is empty if none is given."""
    return to_python(node)(record or {}, context or Context())


@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("sides", [(AMOUNT, ONE), (ONE, AMOUNT), (AMOUNT, AMOUNT), (ONE, NOTHING)])
def test_a_comparison_with_what_is_missing_is_false_but_unequal(
    operator: Operator, sides: tuple[Node, Node]
) -> None:
    assert value_of(Compare(operator, *sides)) is (operator is Operator.NOT_EQUAL)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", "%"])
def test_arithmetic_with_what_is_missing_is_missing(operator: str) -> None:
    assert value_of(Arithmetic(operator, ONE, AMOUNT, Kind.NUMBER)) is None
    assert value_of(Arithmetic(operator, AMOUNT, ONE, Kind.NUMBER)) is None


def test_a_function_of_what_is_missing_is_missing_or_false() -> None:
    assert value_of(Call("length", (NAME,), Kind.NUMBER)) is None
    assert value_of(Call("days_between", (NOTHING, NOTHING), Kind.NUMBER)) is None
    search = Call("contains", (NAME, Literal("a", Kind.TEXT)), Kind.BOOLEAN)
    assert value_of(search) is False
    assert value_of(Call("coalesce", (search, TRUE), Kind.BOOLEAN)) is False


def test_a_missing_boolean_is_a_value_but_counts_as_false() -> None:
    assert value_of(FLAG) is None
    assert value_of(Not(FLAG)) is True
    assert value_of(And((FLAG, TRUE))) is False
    assert value_of(Or((FLAG, FALSE))) is False
    assert value_of(Choose(FLAG, ONE, NOTHING, Kind.NUMBER)) is None
    assert value_of(Call("coalesce", (FLAG, TRUE), Kind.BOOLEAN)) is True


def test_what_is_missing_is_in_no_list_and_no_set() -> None:
    assert value_of(In(AMOUNT, (ONE, NOTHING))) is False
    assert value_of(In(AMOUNT, (ONE,), negated=True)) is True
    roles = Given("user.roles", Kind.TEXTS)
    context = Context(given={"user.roles": frozenset({"a"})})
    assert value_of(Member(NAME, roles), {}, context) is False
    assert value_of(Member(NAME, roles), {"name": "a"}, context) is True
    assert value_of(Member(NAME, roles), {"name": "a"}) is False


def test_nobody_owns_nothing() -> None:
    owned = Compare(Operator.EQUAL, Field("owner", Kind.LINK, entity="user"), USER)
    assert value_of(owned, {"owner": None}, of_user(None)) is False
    assert value_of(owned, {"owner": UUID(int=1)}, of_user(UUID(int=1))) is True


# Other records

ACME, WEST, CITY, LOOP = (UUID(int=number) for number in range(1, 5))


class Little(NoRelations):
    """An account in a city in the west, two deals of it, and a region that is above itself."""

    def linked(self, entity: str, id_: UUID) -> Record | None:
        """Return the record of that id."""
        return LINKED.get((entity, id_))

    def linking(self, entity: str, link: str, id_: UUID) -> Sequence[Record]:
        """Return the deals of the account."""
        known = [row for row in DEALS if row.get(link) == id_]
        return known if entity == "deal" else ()


LINKED: Mapping[tuple[str, UUID], Record] = {
    ("account", ACME): {"id": ACME, "region": CITY, "limit": Decimal(10)},
    ("region", CITY): {"id": CITY, "parent": WEST, "name": "City"},
    ("region", WEST): {"id": WEST, "parent": None, "name": "West"},
    ("region", LOOP): {"id": LOOP, "parent": LOOP},
}
DEALS: Sequence[Record] = (
    {"account": ACME, "amount": Decimal(5)},
    {"account": ACME, "amount": Decimal(20), "closes": date(2026, 1, 31)},
    {"account": ACME, "amount": None},
)
AROUND = Context(relations=Little())
TO_ACCOUNT = Step("account", "account")
REGION = Field("region", Kind.LINK, path=(TO_ACCOUNT,), entity="region")


def over(function: str, **parts: Any) -> Aggregate:
    """Return an aggregate over the deals of the record's account."""
    kind = parts.pop("kind", Kind.NUMBER)
    return Aggregate(function, "deal", "account", kind, path=(TO_ACCOUNT,), **parts)


def around(node: Node, account: UUID | None = ACME) -> Any:
    """Return what ``node`` is for a record of that account."""
    return value_of(node, {"account": account}, AROUND)


def test_a_path_ends_where_a_record_is_missing() -> None:
    name = Field("name", Kind.TEXT, path=(TO_ACCOUNT, Step("region", "region")))
    assert around(name) == "City"
    assert around(name, None) is None
    assert around(name, LOOP) is None


def test_aggregates_skip_what_is_missing() -> None:
    assert around(over("count")) == 3
    assert around(over("sum", value=AMOUNT)) == 25
    assert around(over("avg", value=AMOUNT)) == Decimal("12.5")
    assert around(over("min", value=AMOUNT)) == 5
    closes = Field("closes", Kind.DATE)
    assert around(over("max", value=closes, kind=Kind.DATE)) == date(2026, 1, 31)


def test_nothing_has_a_count_and_a_sum_but_no_average() -> None:
    assert around(over("count"), None) == 0
    assert around(over("sum", value=AMOUNT), None) == 0
    assert around(over("avg", value=AMOUNT), None) is None
    assert around(over("min", value=AMOUNT), None) is None
    assert around(over("any", where=TRUE, kind=Kind.BOOLEAN), None) is False
    assert around(over("all", where=FALSE, kind=Kind.BOOLEAN), None) is True


def test_this_is_the_record_outside() -> None:
    outside = Field("limit", Kind.NUMBER, 2, root="this")
    above = Compare(Operator.MORE, AMOUNT, outside)
    account = {"id": ACME, "limit": Decimal(10)}
    count = Aggregate("count", "deal", "account", Kind.NUMBER, where=above)
    assert value_of(count, account, AROUND) == 1
    limit = Field("limit", Kind.NUMBER, 2, root="this", path=(TO_ACCOUNT,))
    assert around(over("any", where=Compare(Operator.MORE, AMOUNT, limit), kind=Kind.BOOLEAN))
    assert not around(over("all", where=IsNone(AMOUNT), kind=Kind.BOOLEAN))


@pytest.mark.parametrize(
    ("ancestor", "expected"), [(CITY, True), (WEST, True), (LOOP, False), (None, False)]
)
def test_what_is_below_a_record(ancestor: UUID | None, expected: bool) -> None:
    node = Under(REGION, Literal(ancestor, Kind.LINK), "region", "parent")
    assert around(node) is expected
    assert around(node, None) is False


def test_a_tree_that_is_a_circle_ends() -> None:
    loop = Literal(LOOP, Kind.LINK)
    assert value_of(Under(loop, Literal(WEST, Kind.LINK), "region", "parent"), {}, AROUND) is False
    assert value_of(Under(loop, loop, "region", "parent"), {}, AROUND) is True


# Old values, days, parameters


@pytest.mark.parametrize(
    ("old", "now", "expected"),
    [
        (None, {"amount": None}, False),
        (None, {"amount": Decimal(0)}, True),
        ({"amount": Decimal("1.0")}, {"amount": 1}, False),
        ({"amount": Decimal(1)}, {"amount": None}, True),
        ({}, {"amount": Decimal(1)}, True),
    ],
)
def test_a_field_has_changed(old: Record | None, now: Record, expected: bool) -> None:
    assert value_of(Changed(AMOUNT), now, Context(roots={"old": old})) is expected


def test_a_day_begins_by_the_clocks_of_the_site() -> None:
    node = StartOfDay(Given("today", Kind.DATE))
    context = Context(given={"today": date(2026, 1, 31)}, zone=ZoneInfo("Asia/Shanghai"))
    assert value_of(node, {}, context) == datetime(2026, 1, 30, 16, tzinfo=UTC)
    assert value_of(node, {}, Context()) is None


def test_lifted_values_come_back() -> None:
    def held(parts: Iterable[Node], record: Record) -> list[Any]:
        return [to_python(part, ["a", Decimal(2)])(record, Context()) for part in parts]

    first, second = Parameter(0, Kind.TEXT), Parameter(1, Kind.NUMBER)
    equal = Compare(Operator.EQUAL, NAME, first)
    bigger = Compare(Operator.MORE, AMOUNT, second)
    several = In(AMOUNT, (second, ONE))
    record = {"name": "a", "amount": Decimal(2)}
    assert held((equal, bigger, several), record) == [True, False, True]
