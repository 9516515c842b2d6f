"""A link to one record of any of several entities."""

from collections.abc import Mapping
from typing import Any, ClassVar

from loomwork.model.types.reference import ENTITY, ReferenceType
from loomwork.model.whole import Model
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form
from loomwork_ui.widgets.link import LinkWidget, shown_link


class ReferenceWidget(LinkWidget):
    """The kind of record, and the record, found by typing a part of its title.

    Its input holds ``entity:id``.
    """

    template: ClassVar[str] = "widgets/reference.html"

    kinds: Mapping[str, str]
    """The labels of the entities whose records can be named."""

    def within(self, model: Model) -> None:
        allowed = self.field.type.allowed if isinstance(self.field.type, ReferenceType) else ()
        self.kinds = {
            name: model.entities[name].label.to(self.locale)
            for name in allowed
            if name in model.entities
        }

    def kind(self, entry: str) -> str:
        """Return the entity of what the input holds, or the first that is possible."""
        return entry.partition(":")[0] or next(iter(self.kinds), "")

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        entity, _, id_ = form.get(self.field.name, "").partition(":")
        return {ENTITY: entity, "id": id_} if id_ else entity

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return f"{value[ENTITY]}:{value['id']}" if isinstance(value, Mapping) else ""

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        if not isinstance(value, Mapping):
            return ""
        return shown_link(value[ENTITY], value, self.title(value))
