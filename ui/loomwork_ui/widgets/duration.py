"""Durations, as people say them."""

from typing import Any, ClassVar

from loomwork.errors import N_
from loomwork.model.values import DAY, HOUR, MINUTE, SECOND
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget

UNITS = (
    (DAY, N_("{number} d")),
    (HOUR, N_("{number} h")),
    (MINUTE, N_("{number} min")),
)
SECONDS = N_("{number} s")
EXAMPLE = N_("1h 30min")
TYPED = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"))


class DurationWidget(Widget):
    """How long something takes: typed as ``1h 30min``, ``1:30``, ``90m`` or by ISO 8601."""

    template: ClassVar[str] = "widgets/contact.html"
    keyboard: ClassVar[str] = "text"
    numeric: ClassVar[bool] = True

    @property
    def placeholder(self) -> str:
        """Return an example of what is wanted, shown as long as nothing is typed."""
        return self.translate(EXAMPLE)

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        return form.get(self.field.name, "").strip()

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        if value is None:
            return ""
        sign, rest = ("-", -int(value)) if value < 0 else ("", int(value))
        parts = []
        for length, unit in TYPED:
            number, rest = divmod(rest, length)
            parts += [f"{number}{unit}"] if number else []
        parts += [f"{_seconds(rest)}s"] if rest or not parts else []
        return sign + " ".join(parts)

    def words(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        sign, rest = ("−", -int(value)) if value < 0 else ("", int(value))
        parts = []
        for length, unit in UNITS:
            number, rest = divmod(rest, length)
            parts += [self.translate(unit).format(number=reader.number(number))] if number else []
        if rest or not parts:
            parts.append(self.translate(SECONDS).format(number=_seconds(rest)))
        return sign + " ".join(parts)


def _seconds(microseconds: int) -> str:
    """Return seconds with as many digits after the point as they need."""
    whole, fraction = divmod(microseconds, SECOND)
    return f"{whole}.{fraction:06}".rstrip("0") if fraction else str(whole)
