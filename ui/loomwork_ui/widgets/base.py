"""What a widget is: one Python class and one template for a type of field."""

from abc import ABC
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

from markupsafe import escape

from loomwork.model.entity import Field
from loomwork.model.whole import Model
from loomwork_ui.reader import Reader

Form: TypeAlias = Mapping[str, str]
"""The fields of a submitted form; an unchecked box is absent.

Of several inputs with one name, such as the parts of an address, each has a line.
"""
BASE = "_base."
"""Before a field's name: what the form was made from; it also says that the form has the field."""
Translate: TypeAlias = Callable[[str], str]

LONG = 24
"""From how many characters on a text may be cut where space is short."""


def hint(text: str) -> str:
    """Return the attribute that shows a long text whole, as safe HTML; nothing for a short one."""
    return f' title="{escape(text)}"' if len(text) > LONG else ""


def lines(entry: str, count: int) -> list[str]:
    """Return what each of ``count`` inputs of one name holds; those that were not sent nothing."""
    found = entry.split("\n")
    return [*found, *[""] * count][:count]


class Widget(ABC):
    """Shows and edits the values of one field, in one language.

    A plug-in registers its class under the entry point group ``loomwork_ui.widgets``, exactly as
    the built-in widgets do; the entry point's name is the name of the field type.
    """

    template: ClassVar[str]
    """The Jinja file that draws the input; it sees ``widget``, ``field`` and ``entry``."""
    filter_template: ClassVar[str] = ""
    """The Jinja file of the filter builder's input; empty: the same as ``template``."""
    numeric: ClassVar[bool] = False
    """Whether lists align the values at the right."""
    wide: ClassVar[bool] = False
    """Whether the input takes the whole width of its section."""

    sealed: bool = False
    """Whether the values are kept encrypted: lists can neither be filtered nor sorted by them."""

    def __init__(self, field: Field, locale: str, translate: Translate = str) -> None:
        self.field = field
        self.locale = locale
        self.translate = translate

    def within(self, model: Model) -> None:  # noqa: B027 -- most widgets need no more than a field
        """Let the widget take what it needs of the entities beside its own."""

    @property
    def label(self) -> str:
        """Return the field's label in the widget's language."""
        return self.field.label.to(self.locale)

    def sent(self, form: Form) -> bool:
        """Tell whether a form has the field at all; one without it leaves the field alone."""
        return self.field.name in form

    def parse(self, form: Form, reader: Reader) -> object:
        """Return what the records service is given for the field.

        What cannot be read goes on as it was typed: the field type refuses it with its reason.
        """
        del reader
        return form.get(self.field.name, "")

    def entered(self, value: Any, reader: Reader) -> str:
        """Return a value as a person would type it; the opposite of `parse`."""
        del reader
        return "" if value is None else str(value)

    def typed(self, text: str) -> str:
        """Return what was typed, and need not be acceptable, as plain text for people."""
        return text

    def words(self, value: Any, reader: Reader) -> str:
        """Return a value as plain text."""
        return self.entered(value, reader)

    def display(self, value: Any, reader: Reader) -> str:
        """Return a value as safe HTML; nothing at all where it is missing."""
        return "" if value is None else str(escape(self.words(value, reader)))

    def cell(self, value: Any, reader: Reader) -> str:
        """Return a value as safe HTML for a list, where space is short."""
        return self.display(value, reader)
