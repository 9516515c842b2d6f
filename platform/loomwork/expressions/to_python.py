"""From the tree to a Python function; what it computes is the definition of the semantics."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from loomwork.expressions.around import Compile, Evaluate, aggregate, field, under
from loomwork.expressions.context import Context, Record
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.semantics import OPERATIONS
from loomwork.expressions.semantics.times import start_of_day
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
    Operator,
    Or,
    Parameter,
    StartOfDay,
    Under,
    Value,
    kind_of,
)
from loomwork.model.kinds import Kind

COMPARISONS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def to_python(node: Node, values: Sequence[Value] = ()) -> Evaluate:
    """Return a function of a record and its context that gives the value of ``node``.

    A condition gives True or False, a boolean value None too, which counts as false. Nothing is
    raised for a tree that the type check admits and a record that keeps to its types. ``values``
    are those of a lifted tree.
    """

    def compile_(part: Node) -> Evaluate:
        if isinstance(part, Parameter):
            return _fixed(values[part.index])
        return FORMS[type(part)](part, compile_)

    return compile_(node)


def _fixed(value: Value | None) -> Evaluate:
    return lambda _, __: value


def _literal(node: Literal, _: Compile) -> Evaluate:
    return _fixed(node.value)


def _given(node: Given, _: Compile) -> Evaluate:
    name = node.name
    return lambda _, context: context.given.get(name)


def _and(node: And, compile_: Compile) -> Evaluate:
    parts = [compile_(part) for part in node.parts]

    def every(record: Record, context: Context) -> bool:
        for part in parts:  # noqa: SIM110 (a generator costs as much as the comparisons)
            if not part(record, context):
                return False
        return True

    return every


def _or(node: Or, compile_: Compile) -> Evaluate:
    parts = [compile_(part) for part in node.parts]

    def some(record: Record, context: Context) -> bool:
        for part in parts:  # noqa: SIM110
            if part(record, context):
                return True
        return False

    return some


def _not(node: Not, compile_: Compile) -> Evaluate:
    return _opposite(compile_(node.part))


def _opposite(part: Evaluate) -> Evaluate:
    return lambda record, context: not part(record, context)


def _compare(node: Compare, compile_: Compile) -> Evaluate:
    if node.operator is Operator.NOT_EQUAL:
        return _opposite(_compare(replace(node, operator=Operator.EQUAL), compile_))
    holds = COMPARISONS[node.operator]
    left, right = compile_(node.left), compile_(node.right)
    if isinstance(node.right, Literal):
        return _compare_fixed(holds, left, node.right.value)

    def compared(record: Record, context: Context) -> bool:
        first = left(record, context)
        if first is None:
            return False
        second = right(record, context)
        return second is not None and holds(first, second)

    return compared


def _compare_fixed(
    holds: Callable[[Any, Any], bool], left: Evaluate, fixed: Value | None
) -> Evaluate:
    if fixed is None:
        return _fixed(False)

    def compared(record: Record, context: Context) -> bool:
        value = left(record, context)
        return value is not None and holds(value, fixed)

    return compared


def _in(node: In, compile_: Compile) -> Evaluate:
    if all(isinstance(option, Literal | Parameter) for option in node.options):
        found = _among_fixed(node, compile_)
    else:
        found = _among(compile_(node.value), [compile_(option) for option in node.options])
    return _opposite(found) if node.negated else found


def _among(get: Evaluate, options: Sequence[Evaluate]) -> Evaluate:
    def contained(record: Record, context: Context) -> bool:
        value = get(record, context)
        return value is not None and any(value == option(record, context) for option in options)

    return contained


def _among_fixed(node: In, compile_: Compile) -> Evaluate:
    get = compile_(node.value)
    known = frozenset(compile_(option)({}, Context()) for option in node.options) - {None}
    return lambda record, context: get(record, context) in known


def _member(node: Member, compile_: Compile) -> Evaluate:
    get, get_all = compile_(node.value), compile_(node.collection)

    def contained(record: Record, context: Context) -> bool:
        value = get(record, context)
        return value is not None and value in (get_all(record, context) or ())

    return contained


def _is_none(node: IsNone, compile_: Compile) -> Evaluate:
    get = compile_(node.part)
    return lambda record, context: get(record, context) is None


def _changed(node: Changed, compile_: Compile) -> Evaluate:
    now, before = compile_(node.part), compile_(replace(node.part, root="old"))
    # Of a new record there is no old one, so that its values are missing.
    return lambda record, context: now(record, context) != before(record, context)


def _choose(node: Choose, compile_: Compile) -> Evaluate:
    asked, then, otherwise = map(compile_, (node.condition, node.then, node.otherwise))
    return lambda record, context: (then if asked(record, context) else otherwise)(record, context)


def _start_of_day(node: StartOfDay, compile_: Compile) -> Evaluate:
    get = compile_(node.day)

    def started(record: Record, context: Context) -> Any:
        day = get(record, context)
        return None if day is None else start_of_day(day, context.zone)

    return started


def _arithmetic(node: Arithmetic, compile_: Compile) -> Evaluate:
    operation = OPERATIONS[node.operator, kind_of(node.left), kind_of(node.right)]
    return _of_two(operation, compile_(node.left), compile_(node.right), missing=None)


def _call(node: Call, compile_: Compile) -> Evaluate:
    function = FUNCTIONS[node.function]
    compute = function.python
    parts = [compile_(argument) for argument in node.arguments]
    missing = False if node.kind is Kind.BOOLEAN else None
    if function.skips_missing:
        return lambda record, context: compute(*[part(record, context) for part in parts])
    if len(parts) == 2:
        return _of_two(compute, *parts, missing=missing)

    def called(record: Record, context: Context) -> Any:
        found = [part(record, context) for part in parts]
        return missing if any(value is None for value in found) else compute(*found)

    return called


def _of_two(
    compute: Callable[[Any, Any], Any], left: Evaluate, right: Evaluate, *, missing: bool | None
) -> Evaluate:
    def computed(record: Record, context: Context) -> Any:
        first = left(record, context)
        if first is None:
            return missing
        second = right(record, context)
        return missing if second is None else compute(first, second)

    return computed


Form: TypeAlias = Callable[[Any, Compile], Evaluate]

FORMS: Mapping[type[Node], Form] = {
    Field: field,
    Literal: _literal,
    Given: _given,
    And: _and,
    Or: _or,
    Not: _not,
    Compare: _compare,
    In: _in,
    Member: _member,
    IsNone: _is_none,
    Changed: _changed,
    Under: under,
    Choose: _choose,
    StartOfDay: _start_of_day,
    Arithmetic: _arithmetic,
    Call: _call,
    Aggregate: aggregate,
}
