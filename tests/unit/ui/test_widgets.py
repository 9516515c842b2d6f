"""What widgets make of values and of what people type."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.model.entity import Field
from loomwork.model.text import Text
from loomwork.model.types.datetime import DatetimeType
from loomwork_ui.prepared import Prepared
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget
from loomwork_ui.widgets.registry import WidgetRegistry
from loomwork_ui.widgets.text import TextWidget
from loomwork_ui.widgets.time import DatetimeWidget

HOSTILE = '<img src=x onerror="alert(1)">\'&'
ID = UUID("01a20055-fabd-7000-bfb1-b496fff0861b")


@pytest.fixture
def deal(prepared: Prepared) -> dict[str, Widget]:
    return dict(prepared.widgets(prepared.entity("opportunity")))


@pytest.mark.parametrize(
    ("field", "typed", "parsed"),
    [
        ("amount", "1,200.50", "1200.50"),
        ("amount", "１２３", "123"),
        ("amount", "1,20", "1,20"),
        ("amount", "a lot", "a lot"),
        ("chance", " 40 ", "40"),
        ("close_date", "2026-01-31", "2026-01-31"),
        ("stage", "won", "won"),
        ("name", "", ""),
    ],
)
def test_typed_text_becomes_the_input_of_the_records_service(
    deal: dict[str, Widget], reader: Reader, field: str, typed: str, parsed: object
) -> None:
    assert deal[field].parse({field: typed}, reader) == parsed


def test_an_unchecked_box_means_no(prepared: Prepared, reader: Reader) -> None:
    active = prepared.widgets(prepared.entity("user"))["active"]
    assert active.parse({}, reader) is False
    assert active.parse({"active": "true"}, reader) is True


def test_a_moment_is_read_in_the_readers_zone(prepared: Prepared, reader: Reader) -> None:
    due = prepared.widgets(prepared.entity("task"))["due_at"]
    assert due.parse({"due_at": "2026-12-01 09:30"}, reader) == "2026-12-01T01:30:00+00:00"
    assert due.parse({"due_at": "2026-12-01"}, reader) == "2026-12-01"
    assert due.parse({"due_at": "soon"}, reader) == "soon"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", Decimal("1200.50"), "1,200.50"),
        ("chance", 40, "40"),
        ("close_date", date(2026, 1, 31), "Jan 31, 2026"),
        ("stage", "won", "Won"),
        ("name", "Ångström", "Ångström"),
        ("account", {"id": ID, "title": "Acme"}, "Acme"),
        ("account", {"id": ID}, "A record that you may not read"),
        ("amount", None, ""),
    ],
)
def test_values_are_written_for_people(
    deal: dict[str, Widget], reader: Reader, field: str, value: Any, words: str
) -> None:
    assert deal[field].words(value, reader) == words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", HOSTILE),
        ("close_reason", HOSTILE),
        ("stage", HOSTILE),
        ("account", {"id": ID, "title": HOSTILE}),
    ],
)
def test_no_value_becomes_markup(
    deal: dict[str, Widget], reader: Reader, field: str, value: Any
) -> None:
    for shown in (deal[field].display(value, reader), deal[field].cell(value, reader)):
        assert "<img" not in shown
        assert "&lt;" in shown


def test_a_list_shows_the_time_of_a_persons_own_moments(prepared: Prepared, reader: Reader) -> None:
    task = prepared.widgets(prepared.entity("task"))
    moment = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
    assert ">Nov 1, 2026 09:30</time>" in task["due_at"].cell(moment, reader)
    assert ">Nov 1, 2026</time>" in task["updated_at"].cell(moment, reader)


def test_every_missing_value_is_shown_as_nothing(prepared: Prepared, reader: Reader) -> None:
    for entity in prepared.model.entities.values():
        for widget in prepared.widgets(entity).values():
            assert widget.display(None, reader) == ""
            assert widget.cell(None, reader) == ""


@given(moment=st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1950 < at.year < 2200))
def test_what_a_moment_shows_reads_back_as_the_same_minute(moment: datetime) -> None:
    exact = moment.replace(second=0, microsecond=0)
    reader = Reader(zone=ZoneInfo("Asia/Kathmandu"), now=exact)
    field = Field(name="at", type=DatetimeType(), label=Text("At"))
    widget = DatetimeWidget(field, "en")
    read = widget.parse({"at": widget.entered(exact, reader)}, reader)
    assert datetime.fromisoformat(str(read)) == exact


def test_a_plug_in_takes_over_a_type(prepared: Prepared) -> None:
    class Shouting(Widget):
        template = "shouting.html"

    registry = WidgetRegistry([("text", TextWidget)])
    registry.register("text", Shouting)
    field = prepared.entity("account").fields["name"]
    assert isinstance(registry.widget(field, "en"), Shouting)
