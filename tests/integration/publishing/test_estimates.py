"""How much a step touches: counted where that is cheap, estimated where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from loomwork.publishing import estimate
from loomwork.publishing.estimate import KINDS, PER_MILLION, Estimates, Work, seconds, table_size
from loomwork.publishing.plan import CLEAN_UP, PREPARE, SWITCH, Phase, PlannedStep
from tests.integration.engines import ENGINES
from tests.integration.publishing.stored import Stored, gadget, model_of, stored

STATISTICS = {"sqlite": "SELECT 1", "postgresql": "ANALYZE", "mariadb": "ANALYZE TABLE `gadget`"}


@pytest.fixture
def kept(database_url: str) -> Iterator[Stored]:
    """Yield forty gadgets, one in four of which has a size, and ten that are deleted."""
    size = {"type": "integer"}
    with stored(database_url, model_of(gadget(size=size))) as made:
        made.fill("gadget", *({"size": n if n % 4 == 0 else None} for n in range(40)))
        made.fill("gadget", *({"size": 1} for _ in range(10)), live=None)
        yield made


def step(kind: str, name: str, phase: Phase = PREPARE, table: str = "gadget") -> PlannedStep:
    place = table if kind.endswith("table") else f"{table}.{name}"
    return PlannedStep(
        id=f"{kind}:{place}", kind=kind, phase=phase, entity=table, table=table, name=name
    )


def test_rows_are_those_that_a_step_looks_at_or_whose_values_stay_behind(kept: Stored) -> None:
    steps = (
        step("add_column", "more"),
        step("add_index", "gadget__size"),
        step("convert", "size"),
        step("retire_field", "size", SWITCH),
        step("retire_field", "gone_before", SWITCH),
        step("drop_index", "gadget__size", CLEAN_UP),
        step("add_table", "novelty", table="novelty"),
        step("add_index", "novelty__name", table="novelty"),
    )
    with kept.seen_by(model_of(gadget())) as data:
        found = Estimates(data).of(steps)
    assert [one.rows for one in found] == [0, 50, 50, 10, 0, 0, 0, 0]
    assert all(one.seconds is not None and 0 < one.seconds < 1 for one in found)


def test_what_somebody_has_counted_is_not_counted_again(kept: Stored) -> None:
    given_ = PlannedStep(
        id="convert:gadget.size",
        kind="convert",
        phase=PREPARE,
        entity="gadget",
        rows=7,
        seconds=1.5,
    )
    with kept.seen_by(model_of(gadget())) as data:
        assert Estimates(data).of([given_]) == (given_,)


def test_large_tables_are_estimated_from_what_the_engine_knows(
    kept: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "EXACT", 20)
    engine = kept.database.name
    with kept.database.reader.connect() as connection:
        connection.execute(sa.text(STATISTICS[engine]))
        size = table_size(connection, engine, "gadget")
    assert not size.exact
    assert 40 <= size.rows <= 60


def test_small_tables_are_counted(kept: Stored) -> None:
    with kept.database.reader.connect() as connection:
        size = table_size(connection, kept.database.name, "gadget")
    assert (size.rows, size.exact) == (50, True)


@given(
    kind=st.sampled_from(sorted(KINDS)),
    engine=st.sampled_from(ENGINES),
    rows=st.integers(0, 10**8),
    more=st.integers(0, 10**8),
)
def test_more_rows_never_take_less_time(kind: str, engine: str, rows: int, more: int) -> None:
    assert 0 < seconds(engine, kind, rows) <= seconds(engine, kind, rows + more)


def test_every_work_is_known_of_every_engine() -> None:
    assert set(PER_MILLION) == set(Work)
    assert all(set(known) == set(ENGINES) for known in PER_MILLION.values())


def test_the_rates_are_those_of_the_reference() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/plan.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    told = {row[0].split("`")[1]: row[1:] for row in rows if len(row) == 4 and "`" in row[0]}
    costly = [work for work in Work if any(PER_MILLION[work].values())]
    assert {str(work): told[work] for work in costly} == {
        str(work): [str(PER_MILLION[work][engine]) for engine in ENGINES] for work in costly
    }
