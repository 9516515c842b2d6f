"""The columns and rows of lists."""

from uuid import UUID

from loomwork_ui.listing.columns import column_names
from loomwork_ui.prepared import Prepared
from loomwork_ui.reader import Reader

ID = UUID("01a20055-fabd-7000-bfb1-b496fff0861b")


def test_a_view_names_its_columns(prepared: Prepared) -> None:
    entity = prepared.entity("opportunity")
    view = prepared.model.views["open_pipeline"]
    assert column_names(entity, view) == view.columns


def test_without_a_view_the_title_and_a_few_fields_are_shown(prepared: Prepared) -> None:
    names = column_names(prepared.entity("opportunity"), None)
    assert names[0] == "name"
    assert names[-2:] == ("owner", "updated_at")
    assert "close_reason" not in names
    assert len(names) <= 9


def test_the_list_opens_with_the_view_that_leaves_nothing_out(prepared: Prepared) -> None:
    for entity in prepared.model.entities.values():
        first = prepared.first_view(entity)
        assert first is None or not first.filter


def test_a_row_leads_to_its_record_and_escapes_everything(
    prepared: Prepared, reader: Reader
) -> None:
    entity = prepared.entity("opportunity")
    table = prepared.table(entity, prepared.first_view(entity))
    row = table.rows([{"id": ID, "name": "<b>", "account": {"id": ID, "title": "<i>"}}], reader)
    assert f'<tr data-href="/app/opportunity/{ID}">' in row
    assert f'<a href="/app/opportunity/{ID}"><span>&lt;b&gt;</span></a>' in row
    assert "<b>" not in row
    assert "<i>" not in row


def test_a_record_without_a_title_can_still_be_opened(prepared: Prepared, reader: Reader) -> None:
    entity = prepared.entity("opportunity")
    table = prepared.table(entity, None)
    assert "<span>Untitled</span></a>" in table.rows([{"id": ID}], reader)


def test_lists_sort_by_links_too(prepared: Prepared) -> None:
    table = prepared.table(prepared.entity("opportunity"), None)
    assert {column.name for column in table.columns if column.sortable} >= {"account", "owner"}


def test_long_and_right_to_left_text_is_whole_in_its_hint(
    prepared: Prepared, reader: Reader
) -> None:
    entity = prepared.entity("opportunity")
    long = "عقد صيانة المعدات " * 9
    row = prepared.table(entity, None).rows(
        [{"id": ID, "name": long, "account": {"id": ID, "title": long}}], reader
    )
    assert row.count(f'title="{long}"') == 2
    assert '<td class="title" data-label="Name" dir="auto">' in row
    assert '<td class="is-link" data-label="Account" dir="auto">' in row


def test_tables_are_made_once(prepared: Prepared) -> None:
    entity = prepared.entity("account")
    assert prepared.table(entity, None) is prepared.table(entity, None)
