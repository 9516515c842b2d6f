"""What a function of the language is: its types, and its translation for each engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement

from loomwork.model.kinds import Kind

SqlForm: TypeAlias = Callable[[str, Sequence[ColumnElement[Any]]], ColumnElement[Any]]
"""Makes a column of the engine's name and the arguments; NULL for a NULL argument."""
Fixed: TypeAlias = tuple[str | Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One way to call a function: the kinds that each argument may have, and what comes of it.

    ``rest`` has the kinds of any number of further arguments; it is empty if there are none.
    """

    parameters: tuple[tuple[Kind, ...], ...]
    result: Kind
    rest: tuple[Kind, ...] = ()

    def takes(self, count: int) -> bool:
        """Tell whether the function can be called with ``count`` arguments in this way."""
        least = len(self.parameters)
        return count == least or (bool(self.rest) and count > least)

    def kinds(self, index: int) -> tuple[Kind, ...]:
        """Return the kinds that argument ``index`` may have."""
        return self.parameters[index] if index < len(self.parameters) else self.rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the language, the same for SQL, Python and the browser.

    ``python`` gets values that are all present: with a missing argument the result is missing (a
    boolean one false), unless ``skips_missing``, when it gets None for them. ``javascript`` is the
    name under which the browser's table has it. ``fixed`` names, by the index of the argument, the
    only values that may be written there. ``usage``, ``help`` and ``example`` are for readers; the
    example is over the fields ``name text``, ``amount number``, ``born date`` and ``active``.

    A plug-in gives an instance under the entry point group ``loomwork.functions``.
    """

    name: str
    signatures: tuple[Signature, ...]
    usage: str
    help: str
    example: str
    python: Callable[..., Any]
    sql: SqlForm
    javascript: str = ""
    skips_missing: bool = False
    fixed: Mapping[int, Fixed] = field(default_factory=dict)
