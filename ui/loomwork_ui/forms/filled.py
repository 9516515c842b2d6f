"""Fields that follow others by themselves, on the page of a record that is not saved yet."""

from collections.abc import Mapping
from typing import Any

from loomwork.model.entity import Entity
from loomwork_ui.forms.comparison import FILLED
from loomwork_ui.forms.item import Before
from loomwork_ui.forms.linked import linked_title
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Form


def before_filled(
    visit: Visit,
    entity: Entity,
    stored: Mapping[str, Any] | None,
    fills: Mapping[str, Any],
    sent: Form,
) -> dict[str, Before]:
    """Return what the filled fields had before, as the form that was ``sent`` tells it.

    Where scripts do not run, no form tells it: then it is what is ``stored``. A new record is
    made of what fills it anyway.
    """
    widgets, found = visit.prepared.widgets(entity), {}
    for name, value in fills.items():
        entry = sent.get(FILLED + name)
        if entry is None and (stored is None or not sent):
            continue
        if entry is None:
            entry = widgets[name].entered((stored or {}).get(name), visit.reader)
        if entry != widgets[name].entered(value, visit.reader):
            title = linked_title(visit, widgets[name], entry, (stored or {}).get(name))
            found[name] = Before(entry, title)
    return found
