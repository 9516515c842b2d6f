"""What a submitted form says, and which fields it may say it of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loomwork.errors import LoomworkError
from loomwork.model.entity import Entity
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Translate, Widget

WARNING = "warning"
"""The code of a problem that can be accepted."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What speaks against saving a record, unless somebody accepts it."""

    name: str
    text: str


def doubts(error: LoomworkError, translate: Translate, locale: str) -> tuple[Doubt, ...]:
    """Return what has to be accepted where nothing else is wrong; nothing otherwise."""
    if any(problem.code != WARNING for problem in error.problems):
        return ()
    return tuple(
        Doubt(name=str(problem.context["check"]), text=problem.message(translate, locale))
        for problem in error.problems
    )


def messages(error: LoomworkError, translate: Translate, locale: str) -> dict[str, str]:
    """Return the errors by field; those of no field stand under the empty name."""
    found: dict[str, str] = {}
    for problem in error.problems:
        name = problem.pointer.strip("/").split("/")[0]
        text = problem.message(translate, locale)
        found[name] = f"{found[name]} {text}" if name in found else text
    return found or {"": error.message(translate, locale)}
