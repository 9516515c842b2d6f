"""JSON in a box of its own."""

import json
from typing import Any, ClassVar

from markupsafe import Markup, escape

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget

SHOWN = Markup('<pre class="code json" dir="ltr">{}</pre>')
IN_A_LIST = 80


class JsonWidget(Widget):
    """JSON as text, indented for people; what is typed goes on as it is."""

    template: ClassVar[str] = "widgets/json.html"
    filter_template: ClassVar[str] = "widgets/text.html"
    wide: ClassVar[bool] = True

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else indented(str(value))

    def display(self, value: Any, reader: Reader) -> str:
        return "" if value is None else SHOWN.format(self.entered(value, reader))

    def cell(self, value: Any, reader: Reader) -> str:
        del reader
        if value is None:
            return ""
        line = str(value)
        short = line if len(line) <= IN_A_LIST else f"{line[:IN_A_LIST]}…"
        return f'<span class="code" dir="ltr">{escape(short)}</span>'


def indented(text: str) -> str:
    """Return JSON with a line for each of its parts, its numbers with every digit."""
    try:
        value = json.loads(text, parse_float=_Digits, parse_int=_Digits)
    except (ValueError, RecursionError):
        return text
    return _lines(value, "")


class _Digits(str):
    """A number as it was written."""

    __slots__ = ()


def _lines(value: object, margin: str) -> str:
    inner = f"{margin}  "
    if isinstance(value, dict) and value:
        members = (f"{inner}{_plain(key)}: {_lines(one, inner)}" for key, one in value.items())
        return "{\n" + ",\n".join(members) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(inner + _lines(one, inner) for one in value) + f"\n{margin}]"
    return str(value) if isinstance(value, _Digits) else _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
