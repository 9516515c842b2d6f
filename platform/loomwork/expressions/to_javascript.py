"""From the tree to a program that the browser runs.

The content security policy of the screens forbids to run texts as code. The program is therefore
JSON: lists that begin with the name of their form. The screens' modules make a function of it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from loomwork.errors import N_, ExpressionError, Problem
from loomwork.expressions.context import Context
from loomwork.expressions.fold import fold
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.semantics.numbers import plain
from loomwork.expressions.tree import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Changed,
    Choose,
    Compare,
    Field,
    Given,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Or,
    StartOfDay,
    Step,
    Under,
    kind_of,
    walk,
)

Json: TypeAlias = "list[Json] | dict[str, Json] | str | bool | None"
Program: TypeAlias = list[Json]

NOT_IN_BROWSER = N_("The function “{name}” cannot be worked out in the browser.")


def to_javascript(node: Node, context: Context | None = None) -> Program:
    """Return the program of ``node``.

    With a ``context``, everything that depends on no record is worked out now and stands in the
    program as a value: who acts, the present day, the settings, and where a day begins.
    """
    return _program(node if context is None else fold(node, context))


def runs_in_browser(node: Node) -> bool:
    """Tell whether the browser knows every function that the expression calls."""
    calls = (part for part in walk(node) if isinstance(part, Call))
    return all(FUNCTIONS[call.function].javascript for call in calls)


def written(value: Any) -> Json:
    """Return a value as records have it in the REST API, but numbers always as text."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return plain(value)
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case date():
            return value.isoformat()
        case int() | UUID():
            return str(value)
        case Mapping():
            return str(value["id"])
        case _:
            return sorted((written(each) for each in value), key=str)


def _program(node: Node) -> Program:
    return _FORMS[type(node)](node)


def _programs(nodes: Iterable[Node]) -> list[Json]:
    return [_program(node) for node in nodes]


def _place(root: str, path: tuple[Step, ...]) -> list[Json]:
    return [root, [[step.field, step.entity] for step in path]]


def _field(node: Field) -> Program:
    place = _place(node.root, node.path) if node.root or node.path else []
    return ["field", node.name, node.kind.value, *place]


def _in(node: In) -> Program:
    found: Program = ["in", _program(node.value), _programs(node.options)]
    return ["not", found] if node.negated else found


def _call(node: Call) -> Program:
    name = FUNCTIONS[node.function].javascript
    if not name:
        problem = Problem(
            code="not_in_browser", text=NOT_IN_BROWSER, context={"name": node.function}
        )
        raise ExpressionError(problems=[problem])
    return ["call", name, *_programs(node.arguments)]


def _arithmetic(node: Arithmetic) -> Program:
    sign = f"{kind_of(node.left)} {node.operator} {kind_of(node.right)}"
    return ["arithmetic", sign, _program(node.left), _program(node.right)]


def _aggregate(node: Aggregate) -> Program:
    root, path = _place(node.root, node.path)
    shape: Json = {
        "function": node.function,
        "entity": node.entity,
        "link": node.link,
        "root": root,
        "path": path,
    }
    value = None if node.value is None else _program(node.value)
    where = None if node.where is None else _program(node.where)
    return ["aggregate", shape, value, where]


def _under(node: Under) -> Program:
    shape: Json = {"entity": node.entity, "parent": node.parent}
    return ["under", _program(node.value), _program(node.ancestor), shape]


_FORMS: Mapping[type[Any], Callable[[Any], Program]] = {
    Literal: lambda node: ["value", node.kind.value, written(node.value)],
    Field: _field,
    Given: lambda node: ["given", node.name, node.kind.value],
    Compare: lambda node: [node.operator.value, _program(node.left), _program(node.right)],
    In: _in,
    Member: lambda node: ["member", _program(node.value), _program(node.collection)],
    IsNone: lambda node: ["missing", _program(node.part)],
    Changed: lambda node: ["changed", node.part.name, node.part.kind.value],
    And: lambda node: ["and", *_programs(node.parts)],
    Or: lambda node: ["or", *_programs(node.parts)],
    Not: lambda node: ["not", _program(node.part)],
    Choose: lambda node: ["if", *_programs((node.condition, node.then, node.otherwise))],
    Call: _call,
    Arithmetic: _arithmetic,
    Aggregate: _aggregate,
    Under: _under,
    StartOfDay: lambda node: ["start_of_day", _program(node.day)],
}
