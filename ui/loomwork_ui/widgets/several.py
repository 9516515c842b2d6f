"""Several values of one type: shown one after the other, left alone by forms."""

from dataclasses import replace
from typing import Any, ClassVar

from markupsafe import escape

from loomwork.model.types.several import SetType
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget
from loomwork_ui.widgets.registry import registry


class SeveralWidget(Widget):
    """Several values, each as its own type's widget shows it. They are changed over REST."""

    template: ClassVar[str] = "widgets/several.html"
    filter_template: ClassVar[str] = "widgets/text.html"

    @property
    def _each(self) -> Widget:
        type_ = self.field.type
        one = type_.inner if isinstance(type_, SetType) else type_
        return registry().widget(replace(self.field, type=one), self.locale, self.translate)

    def sent(self, form: Form) -> bool:
        del form
        return False

    def entered(self, value: Any, reader: Reader) -> str:
        return ", ".join(self._each.words(one, reader) for one in value or ())

    def display(self, value: Any, reader: Reader) -> str:
        shown = (self._each.cell(one, reader) for one in value or ())
        return str(escape(", ")).join(shown)
