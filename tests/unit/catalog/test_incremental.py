"""A compiler that has seen earlier documents gives just what one gives that has seen nothing."""

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog.compile import Compiler, Report
from loomwork.catalog.documents import Document
from loomwork.extension.field_types import field_types
from loomwork.model.system_fields import system_fields
from loomwork.publishing.install import merged
from tests.documents import Body, base
from tests.unit.catalog.layering import FORM, NOTE, VIEW, change, pack, site

LINE: Body = {
    "kind": "entity",
    "name": "line",
    "fields": {
        "name": {"type": "text"},
        "note": {"type": "link", "to": "note", "inverse": "lines"},
    },
    "checks": {"small": {"must": "note.size < 9", "message": "Too large."}},
}
ROLE: Body = {
    "kind": "role",
    "name": "reader",
    "grants": {"note": {"read": "owner == user and size > 3"}, "line": {"read": True}},
}
TEXTS: Body = {
    "kind": "translation",
    "name": "de",
    "texts": {"entity/note#/label": "Notiz", "entity/note#/fields/size/label": "Größe"},
}
UPPER = change(label="Memo", fields={"upper_kind": {"type": "text"}, "size": {"max": 9}})
EDITS: Sequence[tuple[str, tuple[str, ...], Any]] = (
    ("note", ("fields", "size", "type"), "decimal"),
    ("note", ("fields", "size", "type"), "text"),
    ("note", ("fields", "size", "label"), "Width"),
    ("note", ("fields", "size", "typo"), 1),
    ("note", ("fields", "extra"), {"type": "date"}),
    ("note", ("label",), "Sheet"),
    ("note", ("name",), "paper"),
    ("note", ("ownership",), "none"),
    ("note", ("fields", "mood", "options", "fair"), {}),
    ("line", ("fields", "note", "to"), "line"),
    ("line", ("fields", "note", "inverse"), "rows"),
    ("line", ("checks", "small", "must"), "note.sise < 9"),
    ("line", ("checks", "small", "must"), "note.owner.name == 'x'"),
    ("notes", ("columns",), ["name", "upper_kind"]),
    ("notes", ("filter",), "mood == 'fair'"),
    ("notes", ("filter",), "size =="),
    ("notes", ("entity",), "line"),
    ("reader", ("grants", "note", "read"), "mood in ['fair', 'bad']"),
    ("reader", ("label",), "Reads"),
    ("de", ("texts", "entity/note#/label"), "Zettel"),
    ("de", ("texts", "entity/note#/fields/extra/label"), "Mehr"),
    ("upper", ("label",), None),
    ("upper", ("fields", "size"), None),
    ("upper", ("fields", "upper_kind", "type"), "date"),
    ("upper", ("extends",), False),
    ("site", ("label",), "Ours"),
    ("site", ("fields",), {"x_own": {"type": "integer"}, "mood": None}),
)
STATES = st.lists(st.sets(st.integers(0, len(EDITS) - 1), max_size=4), min_size=1, max_size=4)
BASE = base()


def documents(edits: Sequence[int]) -> tuple[Document, ...]:
    """Return three layers upon ``base`` with these edits in them."""
    bodies = deepcopy(
        {
            "note": NOTE,
            "line": LINE,
            "notes": VIEW,
            "form": FORM,
            "reader": ROLE,
            "de": TEXTS,
            "upper": UPPER,
            "site": change(),
        }
    )
    for number in sorted(edits):
        name, path, value = EDITS[number]
        inner: Any = bodies[name]
        for key in path[:-1]:
            inner = inner.setdefault(key, {}) if isinstance(inner, dict) else {}
        inner = inner if isinstance(inner, dict) else {}
        inner[path[-1]] = deepcopy(value)
    own = [bodies[name] for name in ("note", "line", "notes", "form", "reader", "de")]
    requires = {"base": ">=1"}
    return merged(
        (),
        [
            BASE,
            pack("lower", *own, requires=requires),
            pack("upper", bodies["upper"]),
            site(bodies["site"]),
        ],
    )


def said(report: Report) -> Any:
    """Return everything that a report says, in a form that compares by value."""
    folded = [
        (kind, name, json.dumps(one.body), one.hash)
        for kind, same in report.documents.items()
        for name, one in same.items()
    ]
    return report.problems, report.warnings, report.pending, report.model, folded


@given(STATES)
def test_what_is_compiled_upon_earlier_work_is_the_same(states: list[set[int]]) -> None:
    compiler = Compiler(field_types())
    for edits in states:
        found = documents(tuple(edits))
        assert said(compiler.report(found)) == said(Compiler(field_types()).report(found))


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_every_single_edit_and_its_undoing_are_noticed(number: int) -> None:
    compiler, plain = Compiler(field_types()), documents(())
    before = said(compiler.report(plain))
    found = documents((number,))
    assert said(compiler.report(found)) == said(Compiler(field_types()).report(found))
    assert said(compiler.report(plain)) == before


def test_models_are_compared_by_what_they_hold() -> None:
    one, two = (Compiler(field_types()).report(documents(edits)).model for edits in ((), (2,)))
    again = Compiler(field_types()).report(documents(())).model
    assert one == again
    assert one is not None
    assert two is not None
    assert one.entities["note"] != two.entities["note"]
    assert list(system_fields(ownership="user", recycle=True)) == list(
        system_fields(ownership="user", recycle=True)
    )


def test_what_did_not_change_is_not_made_again() -> None:
    compiler = Compiler(field_types())
    one = compiler.compile(documents(()))
    two = compiler.compile(documents((18,)))
    assert two.roles["reader"] is not one.roles["reader"]
    assert two.entities["user"] is one.entities["user"]
    assert two.forms["note"] is one.forms["note"]


def test_a_document_that_others_refer_to_is_checked_with_them() -> None:
    compiler = Compiler(field_types())
    compiler.compile(documents(()))
    report = compiler.report(documents((1, 22)))
    said = "\n".join(problem.message() for problem in report.problems)
    assert "lower/entities/line.json" in said
    assert "lower/roles/reader.json" in said
