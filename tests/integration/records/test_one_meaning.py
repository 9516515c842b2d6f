"""One condition, three judges: saving a record, the effects while it is edited, and Python."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.access.policy import Policy
from loomwork.cli.setup import prepare_site
from loomwork.errors import InvalidError
from loomwork.expressions.context import Context
from loomwork.expressions.print import to_text
from loomwork.expressions.to_python import to_python
from loomwork.model.actor import Actor
from loomwork.model.entity import Check
from loomwork.model.settings import Setting
from loomwork.model.text import Text
from loomwork.model.types.boolean import BooleanType
from loomwork.model.types.date import DateType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.text import TextType
from loomwork.model.whole import Model
from loomwork.publishing.site import Site
from loomwork.records import context as moments
from loomwork.records.context import context_of
from loomwork.records.drafts.effects import Question
from loomwork.records.runtime import Runtime
from loomwork.store.schema.columns import assign_columns
from loomwork.store.schema.tables import build_tables
from tests.language.oracle import MemoryRelations, is_live
from tests.language.trees import Options, trees
from tests.language.world import DEAL, ENTITIES, World, make_world
from tests.sites import settings_of

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"version": 1, "created_at": NOON, "updated_at": NOON}
    return {**row, **{name: row.get(name) or value for name, value in kept.items()}}


RANDOM = make_world()
WORLD = World(
    rows={
        name: {id_: _whole(row) for id_, row in rows.items()} for name, rows in RANDOM.rows.items()
    },
    user=RANDOM.user,
)
ME = Actor(name="me", user=WORLD.user, admin=True, roles=frozenset({"sales"}))
SETTINGS = {
    one.key: one
    for one in (
        Setting(pack="sales", name="threshold", type=DecimalType(places=2), label=Text("t")),
        Setting(pack="sales", name="absent", type=DecimalType(places=2), label=Text("a")),
        Setting(pack="sales", name="label", type=TextType(), label=Text("l")),
        Setting(pack="sales", name="start", type=DateType(), label=Text("s")),
        Setting(pack="sales", name="strict", type=BooleanType(), label=Text("s")),
    )
}
SET: Mapping[str, Any] = {
    "sales.threshold": Decimal("100.50"),
    "sales.label": "Acme",
    "sales.start": date(2025, 12, 31),
    "sales.strict": True,
}
OVER_DEAL = trees(options=Options())
OVER_ACCOUNT = trees(options=Options(entity="account", roots={"this": "deal"}))


class _Undone(Exception):  # noqa: N818 -- a signal, not an error
    """Ends a transaction that is to leave no trace."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site whose database holds the test world."""
    home = tmp_path_factory.mktemp("world")
    made = prepare_site(settings_of(f"sqlite:///{home / 'site.db'}", home))
    tables = _tables(made)
    first = next(iter(tables.values()))
    for one in tables.values():
        # Links of the world may lead to what is made later.
        for table in one.tables:
            table.constraints.difference_update(table.foreign_key_constraints)
    wanted = [table for one in tables.values() for table in one.tables]
    first.table.metadata.create_all(made.database.writer, tables=wanted)
    with made.store.transaction() as running:
        for name, rows in WORLD.rows.items():
            running.insert_many(tables[name], list(rows.values()))
            for row in rows.values():
                if not is_live(row):
                    running.update(tables[name], row["id"], {"live": None})
    yield made
    made.close()


def _tables(site: Site) -> Any:
    entities = {**ENTITIES}
    columns, _ = assign_columns(entities.values(), {})
    return build_tables(_model(entities), columns, site.database.name)


def _model(entities: Mapping[str, Any]) -> Model:
    nothing: dict[str, Any] = {}
    return Model(
        hash="x",
        packs=nothing,
        entities=entities,
        roles=nothing,
        forms=nothing,
        views=nothing,
        apps=nothing,
        settings=SETTINGS,
    )


def under_rules(site: Site, deal: Any) -> None:
    """Let the site run a Model whose deals have these rules."""
    present = site.current()
    model = _model({**ENTITIES, "deal": deal})
    site._runtime = Runtime(  # noqa: SLF001 -- nothing else swaps a Model without a publish
        revision=present.revision,
        model=model,
        tables=_tables(site),
        policy=Policy(model),
        store=site.store,
        settings=SET,
    )


def as_input(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record of the world as a caller gives it, without links to what is deleted."""
    known: dict[str, Any] = {}
    for name in DEAL.own_fields:
        value = row[name]
        if isinstance(value, UUID):
            target = WORLD.rows[DEAL.links[name].to][value]
            value = str(value) if is_live(target) else None
        elif isinstance(value, date | datetime):
            value = value.isoformat()
        known[name] = value
    return {**known, "code": None, "notes": None}


def oracle(runtime: Runtime, record: Mapping[str, Any]) -> Context:
    """Return the context in which the new record is already part of the world."""
    deals = {**WORLD.rows["deal"], record["id"]: record}
    relations = MemoryRelations(World(rows={**WORLD.rows, "deal": deals}, user=WORLD.user))
    own = context_of(runtime, ME)
    return Context(given=own.given, relations=relations, zone=own.zone)


@given(
    asked=OVER_DEAL,
    seen=OVER_DEAL,
    must=OVER_DEAL,
    offered=OVER_DEAL,
    locked=OVER_DEAL,
    linked=OVER_ACCOUNT,
    number=st.integers(0, 150),
)
def test_what_is_refused_is_what_the_effects_show_and_what_python_says(
    site: Site,
    asked: Any,
    seen: Any,
    must: Any,
    offered: Any,
    locked: Any,
    linked: Any,
    number: int,
) -> None:
    rules: dict[str, Any] = {
        "code": {"required_when": to_text(asked)},
        "notes": {"required_when": "True", "visible_when": to_text(seen)},
        "stage": {"option_when": dict.fromkeys(("won", "lost", "new"), to_text(offered))},
        "score": {"readonly_when": to_text(locked)},
        "account": {"filter": to_text(linked)},
    }
    check = Check(name="must", must=to_text(must), message=Text("m"))
    fields = {name: replace(field, **rules.get(name, {})) for name, field in DEAL.fields.items()}
    under_rules(site, replace(DEAL, fields=fields, checks={"must": check}))
    given_ = as_input(WORLD.all("deal")[number])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moments, "clock", lambda: NOON)
        told, record = saved(site, given_)
        found = site.records.effects(ME, "deal", None, Question(values=given_))
        runtime = site.current()
        context = oracle(runtime, record)
        blank = {**dict.fromkeys(DEAL.own_fields), **{k: record[k] for k in SYSTEM & record.keys()}}
        held = {
            name: bool(to_python(node)(record, context))
            for name, node in (("asked", asked), ("seen", seen), ("must", must))
        }
        held["offered"] = bool(to_python(offered)(record, context))
        held["locked"] = bool(to_python(locked)(record, context))
        held["was locked"] = bool(to_python(locked)(blank, oracle(runtime, blank)))
        account = context.relations.linked("account", record["account"] or UUID(int=0))
        inside = replace(context, roots={"this": record})
        held["linked"] = account is None or bool(to_python(linked)(account, inside))
    shown = found.fields
    assert (("/code", "required") in told) == held["asked"] == shown["code"].required
    assert (("/notes", "required") in told) == held["seen"] == shown["notes"].visible
    assert (("", "check") in told) == (not held["must"])
    offers = ("lost", "new", "won") if held["offered"] else ()
    assert shown["stage"].options == offers
    assert (("/stage", "not_offered") in told) == (
        record["stage"] is not None and not held["offered"]
    )
    assert (("/score", "readonly") in told) == (
        record["score"] is not None and held["locked"] and held["was locked"]
    )
    assert (("/account", "does_not_fit") in told) == (not held["linked"])


SYSTEM = frozenset(DEAL.fields) - frozenset(DEAL.own_fields)


def saved(site: Site, given_: dict[str, Any]) -> tuple[set[tuple[str, str]], dict[str, Any]]:
    """Return why the record is refused, and how it would have been; nothing is kept."""
    told: set[tuple[str, str]] = set()
    record: dict[str, Any] = {}

    def work(writer: Any) -> None:
        deals = writer("deal")
        record.update(deals.drafting.new(deals.drafting.payload().read(given_)))
        try:
            deals.create(given_)
        except InvalidError as error:
            told.update((problem.pointer, problem.code) for problem in error.problems)
        raise _Undone

    with pytest.raises(_Undone):
        site.records.write(ME, work)
    return told, record
