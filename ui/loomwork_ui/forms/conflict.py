"""What is shown when two people changed the same field of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from loomwork.errors import N_
from loomwork.model.entity import Entity
from loomwork.web.language import gettext
from loomwork_ui.forms.comparison import Edit
from loomwork_ui.forms.linked import linked_title
from loomwork_ui.request import Visit

BY_SOMEBODY = N_("Somebody else saved this record meanwhile.")
BY_NAME = N_("{name} saved this record meanwhile.")
BY_MYSELF = N_("You saved this record in another window.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which what was saved meanwhile differs from what was typed."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Who saved meanwhile and when, and the fields that both sides changed.

    ``based_on`` is the version that the form was made from, 0 where it does not tell.
    """

    saved: str
    when: Markup
    differences: tuple[Difference, ...]
    based_on: int


def conflict(
    visit: Visit, entity: Entity, present: Mapping[str, Any], edit: Edit, based_on: int
) -> Conflict:
    """Return what there is to decide between ``edit`` and the record as it is now."""
    widgets = visit.prepared.widgets(entity)
    moment = widgets["updated_at"].cell(present.get("updated_at"), visit.reader)
    return Conflict(
        saved=_saved(visit, present.get("updated_by")),
        when=Markup(moment),  # noqa: S704 -- safe by the widget's contract
        differences=tuple(
            _difference(visit, entity, name, present, edit.texts[name]) for name in edit.disputed
        ),
        based_on=based_on,
    )


def _saved(visit: Visit, who: Mapping[str, Any] | None) -> str:
    if who and who["id"] == visit.actor.user:
        return gettext(BY_MYSELF)
    name = who.get("title") if who else None
    return gettext(BY_NAME, name=name) if name else gettext(BY_SOMEBODY)


def _difference(
    visit: Visit, entity: Entity, name: str, present: Mapping[str, Any], text: str
) -> Difference:
    widget = visit.prepared.widgets(entity)[name]
    typed = linked_title(visit, widget, text, None) or text
    return Difference(
        label=widget.label,
        theirs=widget.words(present.get(name), visit.reader),
        mine=widget.typed(typed),
    )
