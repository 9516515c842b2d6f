"""Yes or no, and one of several options."""

from typing import Any, ClassVar

from markupsafe import Markup, escape

from loomwork.errors import N_
from loomwork.model.entity import Field
from loomwork.model.types.select import SelectType
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import BASE, Form, Translate, Widget

YES = N_("Yes")
NO = N_("No")


class BooleanWidget(Widget):
    """A switch; off means no."""

    template: ClassVar[str] = "widgets/boolean.html"
    filter_template: ClassVar[str] = "widgets/boolean_filter.html"

    def sent(self, form: Form) -> bool:
        return self.field.name in form or BASE + self.field.name in form

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        return form.get(self.field.name) == "true"

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return "true" if value else ""

    def typed(self, text: str) -> str:
        return self.translate(YES if text == "true" else NO)

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else self.translate(YES if value else NO)

    def cell(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        words = escape(self.words(value, reader))
        mark = "yes" if value else "no"
        return f'<span class="mark {mark}" role="img" aria-label="{words}" title="{words}"></span>'


class SelectWidget(Widget):
    """One of the options, shown as a pill in the option's colour."""

    template: ClassVar[str] = "widgets/select.html"
    filter_template: ClassVar[str] = "widgets/select_filter.html"

    def __init__(self, field: Field, locale: str, translate: Translate = str) -> None:
        super().__init__(field, locale, translate)
        options = field.type.options if isinstance(field.type, SelectType) else {}
        self.options = {name: option.label.to(locale) for name, option in options.items()}
        self._pills = {
            name: str(
                Markup('<span class="pill c-{}">{}</span>').format(
                    option.color, option.label.to(locale)
                )
            )
            for name, option in options.items()
        }

    def typed(self, text: str) -> str:
        return self.options.get(text, text)

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else self.options.get(value, str(value))

    def display(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        return self._pills.get(value) or super().display(value, reader)
