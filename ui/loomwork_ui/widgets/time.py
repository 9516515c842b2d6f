"""Dates and points in time."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from markupsafe import escape

from loomwork.errors import InvalidError
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget


class DateWidget(Widget):
    """A day, picked from a calendar in the reader's language."""

    template: ClassVar[str] = "widgets/date.html"

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else str(value.isoformat())

    def words(self, value: Any, reader: Reader) -> str:
        return "" if value is None else reader.day(value)


class DatetimeWidget(Widget):
    """A point in time, shown and entered in the reader's zone."""

    template: ClassVar[str] = "widgets/datetime.html"

    def parse(self, form: Form, reader: Reader) -> object:
        typed = form.get(self.field.name, "").strip()
        try:
            moment = datetime.fromisoformat(typed)
        except ValueError:
            return typed
        if moment.tzinfo is None and len(typed) > len("2026-01-31"):
            moment = moment.replace(tzinfo=reader.zone)
            return moment.astimezone(UTC).isoformat()
        return typed

    def entered(self, value: Any, reader: Reader) -> str:
        return "" if value is None else f"{value.astimezone(reader.zone):%Y-%m-%d %H:%M}"

    def words(self, value: Any, reader: Reader) -> str:
        return "" if value is None else reader.moment(value)

    def display(self, value: Any, reader: Reader) -> str:
        return "" if value is None else self._element(value, reader.moment(value), reader)

    def cell(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        # How long ago the platform kept a record says enough; an appointment needs its hour.
        shown = reader.ago(value) if self.field.system else reader.moment(value)
        return self._element(value, shown, reader)

    def _element(self, value: datetime, shown: str, reader: Reader) -> str:
        exact = escape(f"{reader.moment(value)} {reader.zone.key}")
        return f'<time datetime="{value.isoformat()}" title="{exact}">{escape(shown)}</time>'


class TimeWidget(Widget):
    """A time of day, typed or picked; in lists without seconds that are zero."""

    template: ClassVar[str] = "widgets/time.html"

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        typed = form.get(self.field.name, "").strip()
        try:
            return self.field.type.parse_text(typed) if typed else ""
        except InvalidError:
            return typed
