"""The layout of record pages and what their forms send."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from loomwork.errors import InvalidError, Problem
from loomwork_ui.forms.comparison import compare
from loomwork_ui.forms.layout import layout
from loomwork_ui.forms.submission import messages, writable
from loomwork_ui.prepared import Prepared
from loomwork_ui.reader import Reader

ID = UUID("01a20055-fabd-7000-bfb1-b496fff0861b")


def test_a_form_document_arranges_the_fields(prepared: Prepared) -> None:
    entity = prepared.entity("opportunity")
    arranged = prepared.layout(entity)
    assert [tab.label for tab in arranged.tabs] == ["Details", "Result"]
    assert arranged.highlights == ("stage", "amount", "close_date", "owner")
    assert arranged.tabs[0].sections[0].slots[0].span == 2


def test_without_a_document_every_own_field_has_its_place(prepared: Prepared) -> None:
    entity = prepared.entity("opportunity")
    arranged = layout(entity, None, prepared.widgets(entity), "en", str)
    assert arranged.names == (*entity.own_fields, "owner", "team")


def test_only_what_the_grants_allow_is_writable(prepared: Prepared) -> None:
    entity = prepared.entity("opportunity")
    names = ("name", "owner", "created_at")
    assert writable(entity, names, frozenset({"update"})) == ("name",)
    assert writable(entity, names, frozenset({"update", "assign"})) == ("name", "owner")
    assert writable(entity, names, frozenset({"read"})) == ()


def test_a_readonly_field_is_never_writable(prepared: Prepared) -> None:
    entity = prepared.entity("opportunity")
    fields = {**entity.fields, "name": replace(entity.fields["name"], readonly=True)}
    locked = replace(entity, fields=fields)
    assert writable(locked, ("name",), frozenset({"update"})) == ()


def test_only_changed_fields_are_sent(prepared: Prepared, reader: Reader) -> None:
    widgets = prepared.widgets(prepared.entity("opportunity"))
    record = {
        "amount": Decimal("1200.5"),
        "name": "A",
        "close_reason": "one\ntwo",
        "account": {"id": ID, "title": "Acme"},
    }
    form = {"name": "B", "close_reason": "one\r\ntwo", "account": str(ID), "amount": "1200.50"}
    names = ("name", "close_reason", "account", "amount")
    edit = compare(widgets, names, form, record, reader, current=True)
    assert (edit.values, edit.disputed) == ({"name": "B"}, ())


def test_errors_are_sorted_by_field() -> None:
    error = InvalidError(
        problems=(
            Problem(code="a", text="One.", pointer="/name"),
            Problem(code="b", text="Two.", pointer="/name"),
            Problem(code="c", text="Of {what}.", context={"what": "all"}),
        )
    )
    assert messages(error, str, "en") == {"name": "One. Two.", "": "Of all."}
    assert messages(InvalidError(), str, "en") == {"": "Some of the values are not acceptable."}
