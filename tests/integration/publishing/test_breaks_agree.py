"""Random rules over random records: what is counted is what Python says of each record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import ExpressionError
from loomwork.expressions.context import Context
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.parse import parse
from loomwork.expressions.print import to_text
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import Node, asks_user
from loomwork.model.entity import Check, Field
from loomwork.model.settings import Setting
from loomwork.model.text import Text
from loomwork.model.types.boolean import BooleanType
from loomwork.model.types.date import DateType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.select import Option, SelectType
from loomwork.model.types.text import TextType
from loomwork.model.whole import Model
from loomwork.publishing.breaks.finding import find_breaks
from loomwork.publishing.plan import SAMPLES
from tests.integration.engines import ENGINES, shared_database
from tests.integration.publishing.stored import NOON, Stored, stored
from tests.language.oracle import MemoryRelations, is_live
from tests.language.trees import Options, trees
from tests.language.values import NUMBERS
from tests.language.world import DEAL, ENTITIES, World, make_world


def whole(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with what no stored one is without."""
    kept = {"version": 1, "created_at": NOON, "updated_at": NOON}
    return {**row, **{name: row.get(name) or value for name, value in kept.items()}}


RANDOM = make_world()
WORLD = World(
    rows={
        name: {id_: whole(row) for id_, row in rows.items()} for name, rows in RANDOM.rows.items()
    },
    user=RANDOM.user,
)
SETTINGS = {
    one.key: one
    for one in (
        Setting(
            pack="sales",
            name="threshold",
            type=DecimalType(places=2),
            label=Text("t"),
            default=Decimal("100.50"),
        ),
        Setting(pack="sales", name="absent", type=DecimalType(places=2), label=Text("a")),
        Setting(pack="sales", name="label", type=TextType(), label=Text("l"), default="Acme"),
        Setting(pack="sales", name="start", type=DateType(), label=Text("s")),
        Setting(pack="sales", name="strict", type=BooleanType(), label=Text("s"), default=True),
    )
}
Row: TypeAlias = Mapping[str, Any]
Judge: TypeAlias = Callable[[Row, Context], bool]


def model_with(deal: Any) -> Model:
    nothing: dict[str, Any] = {}
    return Model(
        hash="x",
        packs=nothing,
        entities={**ENTITIES, "deal": deal},
        roles=nothing,
        forms=nothing,
        views=nothing,
        apps=nothing,
        settings=SETTINGS,
    )


@pytest.fixture(scope="module", params=ENGINES)
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stored]:
    """Yield the test world in a database, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, _),
        stored(url, model_with(DEAL)) as made,
    ):
        for name, rows in WORLD.rows.items():
            made.fill(name, *(row for row in rows.values() if is_live(row)))
            made.fill(name, *(row for row in rows.values() if not is_live(row)), live=None)
        yield made


@dataclass(frozen=True, repr=False)
class Change:
    """A rule that a field or the entity gets, and who breaks it in Python's eyes."""

    subject: str
    name: str
    broken: Judge
    fields: Mapping[str, Field]
    check: Check | None = None
    nodes: tuple[Node, ...] = ()

    def __repr__(self) -> str:
        """Say the rule as documents do."""
        return f"{self.subject} {self.name}: {' | '.join(map(to_text, self.nodes))}"


def field(name: str, **said: Any) -> dict[str, Field]:
    return {name: replace(DEAL.fields[name], **said)}


def required(name: str) -> Change:
    return Change("field", name, lambda row, _: row[name] is None, field(name, required=True))


def shorter(limit: int) -> Change:
    return Change(
        "field",
        "name",
        lambda row, _: row["name"] is not None and len(row["name"]) > limit,
        field("name", type=TextType(max_length=limit)),
    )


def least(limit: int) -> Change:
    return Change(
        "field",
        "score",
        lambda row, _: row["score"] is not None and row["score"] < limit,
        field("score", type=IntegerType(min=limit)),
    )


def most(limit: Decimal) -> Change:
    return Change(
        "field",
        "amount",
        lambda row, _: row["amount"] is not None and row["amount"] > limit,
        field("amount", type=DecimalType(places=2, max=limit)),
    )


def offered(options: Iterable[str]) -> Change:
    names = tuple(options)
    type_ = SelectType(options={name: Option(name=name, label=Text(name)) for name in names})
    return Change(
        "field",
        "stage",
        lambda row, _: row["stage"] is not None and row["stage"] not in names,
        field("stage", type=type_),
    )


def placed(places: int) -> Change:
    return Change(
        "field",
        "fine",
        lambda row, _: row["fine"] is not None and round(row["fine"], places) != row["fine"],
        field("fine", type=DecimalType(places=places)),
    )


def asked(when: Node, seen: Node) -> Change:
    judge = (to_python(when), to_python(seen))
    return Change(
        "field",
        "code",
        lambda row, context: row["code"] is None and all(one(row, context) for one in judge),
        field("code", required_when=to_text(when), visible_when=to_text(seen)),
        nodes=(when, seen),
    )


def checked(when: Node, must: Node) -> Change:
    applies, holds = to_python(when), to_python(must)

    def broken(row: Row, context: Context) -> bool:
        own = replace(context, roots={"old": row})
        return bool(applies(row, own)) and not holds(row, own)

    check = Check(name="rule", when=to_text(when), must=to_text(must), message=Text("m"))
    return Change("check", "rule", broken, {}, check, (when, must))


def filtered(node: Node) -> Change:
    holds = to_python(node)

    def broken(row: Row, context: Context) -> bool:
        if row["account"] is None:
            return False
        account = context.relations.linked("account", row["account"])
        return account is None or not holds(account, replace(context, roots={"this": row}))

    return Change("link", "account", broken, field("account", filter=to_text(node)), nodes=(node,))


def readable(node: Node, entity: str = "deal", this: str = "") -> bool:
    """Tell whether a tree can be written in a document: not all that is typed rightly can."""
    around = ENTITIES[this] if this else None
    scope = model_scope(model_with(DEAL), ENTITIES[entity], this=around, changes=not this)
    try:
        parse(to_text(node), scope)
    except ExpressionError:
        return False
    return True


PLAIN = Options(givens=False)
OLD = Options(roots={"old": "deal"}, changes=True, givens=False)
CHANGES = st.one_of(
    st.sampled_from(("name", "stage", "amount", "closes", "seen", "vip", "account")).map(required),
    st.integers(1, 12).map(shorter),
    st.integers(-20, 120).map(least),
    st.sampled_from(NUMBERS).map(Decimal).map(most),
    st.sets(st.sampled_from(("lost", "new", "won", "other")), min_size=1).map(offered),
    st.integers(0, 7).map(placed),
    st.builds(
        asked,
        trees(options=Options(), depth=3).filter(readable),
        trees(options=PLAIN, depth=2).filter(readable),
    ),
    st.builds(
        checked,
        trees(options=PLAIN, depth=2).filter(readable),
        trees(options=OLD, depth=4).filter(readable),
    ),
    trees(options=Options(entity="account", roots={"this": "deal"}, givens=False))
    .filter(lambda node: readable(node, "account", "deal"))
    .map(filtered),
)


def as_kept(row: Row, fields: Mapping[str, Field]) -> Row:
    """Return a record as the new Model keeps it: a number that does not fit is missing."""
    places = fields["fine"].type.storage.places
    fine = row["fine"]
    return {**row, "fine": fine if fine is None or round(fine, places) == fine else None}


@dataclass(frozen=True)
class Expected:
    """What is to be found of a change: the notes, and the records that break it."""

    notes: tuple[str, ...] = ()
    wrong: frozenset[UUID] = frozenset()


def expected(change: Change, model: Model, context: Context) -> Expected:
    """Return by Python's judgement alone what is to be found of a change."""
    if any(map(asks_user, change.nodes)):
        return Expected(notes=("not_judged",))
    fields = model.entities["deal"].fields
    rows = {id_: as_kept(row, fields) for id_, row in WORLD.rows["deal"].items()}
    world = World(rows={**WORLD.rows, "deal": rows}, user=WORLD.user)
    relations: Any = MemoryRelations(world)
    inside = replace(context, relations=relations)
    # The rule on a number's places is about what it was.
    judged = WORLD.rows["deal"] if change.name == "fine" else rows
    live = {id_: row for id_, row in judged.items() if is_live(row)}
    wrong = frozenset(id_ for id_, row in live.items() if change.broken(row, inside))
    return Expected(wrong=wrong)


@given(change=CHANGES)
def test_the_records_that_break_a_rule_are_those_that_python_finds(
    kept: Stored, change: Change
) -> None:
    fields = {**DEAL.fields, **change.fields}
    checks = {} if change.check is None else {"rule": change.check}
    model = model_with(replace(DEAL, fields=fields, checks=checks))
    with kept.seen_by(model) as data:
        found = find_breaks(data)
    wanted = expected(change, model, data.context)
    assert tuple(note.code for note in found.notes) == wanted.notes
    told = [(change.subject, change.name, len(wanted.wrong))]
    assert [(one.subject, one.name, one.count) for one in found.breaks] == told[: len(wanted.wrong)]
    # MariaDB sorts ids that were made by chance in another order.
    samples = {UUID(one) for find in found.breaks for one in find.sample_ids}
    assert len(samples) == min(SAMPLES, len(wanted.wrong))
    assert samples <= wanted.wrong


UNIQUE = ("name", "code", "score", "amount", "closes", "seen", "active", "account", "parent")


@pytest.mark.parametrize("name", UNIQUE)
def test_values_that_are_repeated_are_those_that_python_finds(kept: Stored, name: str) -> None:
    model = model_with(replace(DEAL, fields={**DEAL.fields, **field(name, unique=True)}))
    (found,) = kept.breaks(model)
    live = [row for row in WORLD.rows["deal"].values() if is_live(row)]
    values = [row[name] for row in live if row[name] is not None]
    groups = {value for value in values if values.count(value) > 1}
    assert (found.code, found.subject, found.groups) == ("blocks", "unique", len(groups))
    assert found.count == sum(values.count(value) for value in groups)
    by_id = {row["id"]: row for row in live}
    samples = [by_id[UUID(one)][name] for one in found.sample_ids]
    assert len(samples) == min(SAMPLES, found.count)
    assert set(samples) <= groups
