"""An import is held to the rules of the metadata like any other write, row by row."""

from pathlib import Path
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from tests.sites import statements


def brought_in(
    site: Site, actor: Actor, file: Path, text: str, entity: str = "deal", **how: Any
) -> Outcome:
    """Import ``text`` and return what became of its rows."""
    file.write_text(text, encoding="utf-8")
    source = open_source(file, "")
    columns = map_columns(site.current().entity(entity), source.columns, {})
    outcome = Outcome()
    Import(
        records=site.records,
        actor=lambda: actor,
        entity=entity,
        source=source,
        columns=columns,
        **how,
    ).run(outcome, lambda _: None)
    return outcome


def reasons(outcome: Outcome) -> dict[int, list[tuple[str, str]]]:
    return {
        reject.line: [(problem.pointer, problem.code) for problem in reject.problems]
        for reject in outcome.rejects
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a file to import can be."""
    return tmp_path / "deals.csv"


def test_every_rule_rejects_the_rows_that_break_it_and_no_others(
    trading: Site, boss: Actor, file: Path
) -> None:
    records = trading.records
    first = records.create(boss, "account", {"name": "first", "customer": True, "credit": 50})
    records.create(boss, "account", {"name": "other"})
    records.create(boss, "contact", {"name": "cid", "account": str(first["id"])})
    text = """name,stage,amount,reason,kind,account,contact,code
a,lost,,,,,,
b,lost,,price,,,,x 1
c,,,,renewal,other,,
d,,,,renewal,first,,
e,,,,,other,cid,
f,,,,,first,cid,
g,won,,,,,,
h,,10000,,,,,
i,,51,,,first,,
j,quoted,,,,,,
k,,50,,,first,,
l,,,,,,,Ｘ１
"""
    outcome = brought_in(trading, boss, file, text)
    assert reasons(outcome) == {
        2: [("/reason", "required")],
        4: [("/kind", "not_offered")],
        6: [("/contact", "does_not_fit")],
        8: [("/amount", "check")],
        9: [("/amount", "warning")],
        10: [("", "check")],
        11: [("", "check")],
        13: [("/code", "repeated")],
    }
    kept = records.page(boss, "deal", ListQuery(sort=("name",))).items
    assert [one["name"] for one in kept] == ["b", "d", "f", "k"]
    assert [one["limit"] is None for one in kept] == [True, False, False, False]
    assert (kept[0]["code"], kept[0]["share"]) == ("X1", 4)


def test_a_warning_that_is_accepted_rejects_no_row(trading: Site, boss: Actor, file: Path) -> None:
    text = "name,amount\na,10000\nb,20000\n"
    outcome = brought_in(trading, boss, file, text, accepted=frozenset({"large"}))
    assert (outcome.created, outcome.rejects) == (2, [])
    with pytest.raises(InvalidError, match="no warning “big”"):
        brought_in(trading, boss, file, text, accepted=frozenset({"big"}))


def test_a_row_that_updates_is_held_to_the_rules_too(
    trading: Site, boss: Actor, file: Path
) -> None:
    deals = [
        trading.records.create(boss, "deal", {"name": name, "code": name, "amount": 5})
        for name in ("A", "B", "C")
    ]
    trading.records.create(boss, "line", {"name": "l", "deal": str(deals[1]["id"])})
    text = "code,name,stage\na,A,quoted\nb,B,quoted\n c ,C,won\n"
    outcome = brought_in(trading, boss, file, text, match="code")
    assert reasons(outcome) == {2: [("", "check")]}
    stages = [trading.records.read(boss, "deal", one["id"])["stage"] for one in deals]
    assert stages == ["open", "quoted", "won"]
    locked = brought_in(trading, boss, file, "code,name,amount\nC,C,6\n", match="code")
    assert reasons(locked) == {2: [("/amount", "readonly")]}


def test_rows_see_the_rows_before_them(trading: Site, boss: Actor, file: Path) -> None:
    text = "name,parent,people\nNorth,,5\nHill,North,3\nTop,Hill,4\nBig,North,6\n"
    outcome = brought_in(trading, boss, file, text, entity="region")
    assert reasons(outcome) == {4: [("/people", "check")], 5: [("/people", "check")]}


def test_what_many_rows_link_to_is_read_at_once(trading: Site, boss: Actor, file: Path) -> None:
    for number in range(30):
        trading.records.create(boss, "account", {"name": f"a{number}", "credit": 5})
    rows = "".join(f"d{number},a{number % 30},1\n" for number in range(60))
    with statements(trading) as few:
        brought_in(trading, boss, file, "name,account,amount\n" + rows[: rows.index("d2,")])
    with statements(trading) as many:
        outcome = brought_in(trading, boss, file, "name,account,amount\n" + rows)
    assert outcome.created == 60
    assert len(many) <= len(few) + 1
