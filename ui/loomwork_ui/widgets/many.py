"""Fields with several values: options to tick, tags, links, one value per line."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from markupsafe import escape

from loomwork.model.entity import Field
from loomwork.model.types.several import SetType
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import BASE, Form, Translate, Widget, hint
from loomwork_ui.widgets.choice import SelectWidget
from loomwork_ui.widgets.registry import registry

IN_A_LIST = 4
"""Values that a list shows; the others are counted."""


class ManyWidget(Widget):
    """Several values, each on a line of its own; the widget of one of them reads and shows it."""

    template: ClassVar[str] = "widgets/many.html"

    def __init__(self, field: Field, locale: str, translate: Translate = str) -> None:
        super().__init__(field, locale, translate)
        inner = field.type.inner if isinstance(field.type, SetType) else field.type
        self.one = registry().widget(replace(field, type=inner), locale, translate)

    def sent(self, form: Form) -> bool:
        return self.field.name in form or BASE + self.field.name in form

    def parse(self, form: Form, reader: Reader) -> object:
        name = self.field.name
        return [self.one.parse({name: line}, reader) for line in self.pieces(form.get(name, ""))]

    def pieces(self, entry: str) -> list[str]:
        """Return the values that an input holds, each once."""
        stripped = (line.strip() for line in entry.splitlines())
        return list(dict.fromkeys(line for line in stripped if line))

    def entered(self, value: Any, reader: Reader) -> str:
        return "\n".join(" ".join(self.one.entered(one, reader).split("\n")) for one in value or ())

    def typed(self, text: str) -> str:
        return ", ".join(self.one.typed(line) for line in self.pieces(text))

    def words(self, value: Any, reader: Reader) -> str:
        return ", ".join(self.one.words(one, reader) for one in value or ())

    def display(self, value: Any, reader: Reader) -> str:
        return self._together([self._shown(one, reader) for one in value or ()])

    def cell(self, value: Any, reader: Reader) -> str:
        if not value:
            return ""
        shown = [self._shown(one, reader) for one in value[:IN_A_LIST]]
        if len(value) > IN_A_LIST:
            rest = ", ".join(self.one.words(one, reader) for one in value[IN_A_LIST:])
            shown.append(
                f'<span class="more" title="{escape(rest)}">+{len(value) - IN_A_LIST}</span>'
            )
        return self._together(shown)

    def _shown(self, one: Any, reader: Reader) -> str:
        return self.one.cell(one, reader)

    @staticmethod
    def _together(shown: list[str]) -> str:
        return f'<span class="several">{"".join(shown)}</span>' if shown else ""


class MultiSelectWidget(ManyWidget):
    """Options to tick; what was chosen and is none any more stays until it is taken out."""

    template: ClassVar[str] = "widgets/multi_select.html"

    @property
    def options(self) -> Mapping[str, str]:
        """Return the labels of the options."""
        return self.one.options if isinstance(self.one, SelectWidget) else {}


class TagsWidget(ManyWidget):
    """Words that people make up, with those that are in use suggested."""

    template: ClassVar[str] = "widgets/tags.html"

    def _shown(self, one: Any, reader: Reader) -> str:
        del reader
        return f'<span class="tag" dir="auto"{hint(str(one))}>{escape(one)}</span>'


class LinksWidget(ManyWidget):
    """Records, each found by typing a part of its title."""

    template: ClassVar[str] = "widgets/links.html"

    def chosen(self, entry: str, title: str) -> list[tuple[str, str]]:
        """Return ids and titles of what the input holds."""
        titles = title.split("\n")
        return [
            (id_, titles[place] if place < len(titles) and titles[place] else id_)
            for place, id_ in enumerate(self.pieces(entry))
        ]
