"""What a submitted form says: which fields were changed, to what."""

from collections.abc import Iterable, Mapping
from typing import Any

from loomwork.errors import LoomworkError
from loomwork.model.entity import Entity
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Translate, Widget

ASSIGNED = frozenset(("owner", "team"))
"""System fields that may be set, by those who may assign."""


def writable(entity: Entity, names: Iterable[str], allowed: frozenset[str]) -> tuple[str, ...]:
    """Return those of ``names`` that somebody with the ``allowed`` operations may set."""
    may_write = bool(allowed & {"create", "update"})
    found = []
    for name in names:
        field = entity.fields[name]
        if field.system and field.name in ASSIGNED:
            if "assign" in allowed and may_write:
                found.append(name)
        elif field.writable and may_write:
            found.append(name)
    return tuple(found)


def entries(
    widgets: Mapping[str, Widget], names: Iterable[str], values: Mapping[str, Any], reader: Reader
) -> dict[str, str]:
    """Return what the inputs of ``names`` show for a record's values."""
    return {name: widgets[name].entered(values.get(name), reader) for name in names}


def payload(
    widgets: Mapping[str, Widget], names: Iterable[str], form: Form, reader: Reader
) -> dict[str, object]:
    """Return the values of a submitted form for the records service."""
    return {name: widgets[name].parse(form, reader) for name in names}


def changes(
    widgets: Mapping[str, Widget],
    names: Iterable[str],
    form: Form,
    record: Mapping[str, Any],
    reader: Reader,
) -> dict[str, object]:
    """Return the values that differ from what ``record`` shows.

    Unchanged ones are left out: setting the owner to who already owns the record asks for the
    right to assign all the same.
    """
    return {
        name: value
        for name, value in payload(widgets, names, form, reader).items()
        if differs(widgets[name], form, record, reader)
    }


def differs(widget: Widget, form: Form, record: Mapping[str, Any], reader: Reader) -> bool:
    """Tell whether a form says something else of a field than what ``record`` shows.

    Both sides are read the same way, so that grouping and line ends make no difference.
    """
    name = widget.field.name
    shown = {name: widget.entered(record.get(name), reader)}
    return _plain(widget.parse(form, reader)) != _plain(widget.parse(shown, reader))


def messages(error: LoomworkError, translate: Translate, locale: str) -> dict[str, str]:
    """Return the errors by field; those of no field stand under the empty name."""
    found: dict[str, str] = {}
    for problem in error.problems:
        name = problem.pointer.strip("/").split("/")[0]
        text = problem.message(translate, locale)
        found[name] = f"{found[name]} {text}" if name in found else text
    return found or {"": error.message(translate, locale)}


def _plain(value: object) -> object:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
