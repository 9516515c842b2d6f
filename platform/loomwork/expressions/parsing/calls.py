"""What is written with brackets: functions, fixed dates, and what the parser itself knows."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from loomwork.errors import ExpressionError
from loomwork.expressions import foreign, refusal
from loomwork.expressions.function import Fixed, Function, Signature
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.literals import date_literal, datetime_literal
from loomwork.expressions.parsing import aggregates, names
from loomwork.expressions.parsing.typed import Typed, adapts, merged
from loomwork.expressions.refusal import ARGUMENTS, unknown_name
from loomwork.expressions.tree import (
    Aggregate,
    Call,
    Changed,
    Field,
    Given,
    Literal,
    Node,
    Under,
    walk,
)
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.parsing.reader import Reader

WRITTEN_TEXTS = {
    "date": (date_literal, "2026-01-31"),
    "datetime": (datetime_literal, "2026-01-31T08:00:00Z"),
}
NOW = {"today": Given("today", Kind.DATE), "now": Given("now", Kind.DATETIME)}
MOMENTS = (Kind.DATE, Kind.DATETIME)
READ_FROM_TEXT = (*MOMENTS, Kind.LINK)


def call(reader: "Reader", node: ast.Call, beside: Typed | None) -> Typed:
    """Return what a name with brackets stands for."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        if isinstance(argument, ast.Starred) or node.keywords:
            raise reader.unsupported(argument)
    if aggregates.is_aggregate(reader, node, name):
        return aggregates.aggregate(reader, node, name)
    if name in SYNTAX:
        return SYNTAX[name](reader, node, name)
    if name in FUNCTIONS:
        return _function(reader, node, FUNCTIONS[name], beside)
    if name in aggregates.NAMES:
        raise aggregates.no_records(reader, node, name)
    raise _unknown(reader, node, name)


def _unknown(reader: "Reader", node: ast.Call, name: str) -> ExpressionError:
    """Return the error for a function that is not known, with those that can be used here."""
    column = reader.source.column(node)
    known = {*FUNCTIONS, *SYNTAX, *aggregates.NAMES}
    if not reader.scope.changes:
        known.discard("changed")
    hint = foreign.function(name, column)
    text = refusal.UNKNOWN_FUNCTION
    return hint or unknown_name(text, name, sorted(known), column, "unknown_function")


def _written_text(reader: "Reader", node: ast.Call, name: str) -> Typed:
    read, example = WRITTEN_TEXTS[name]
    match node.args:
        case [ast.Constant(str(text)) as argument]:
            return reader.plain(read(text, reader.source.column(argument)), node)
    raise reader.refuse("bad_arguments", refusal.ONE_TEXT, node, name=name, example=example)


def _now(reader: "Reader", node: ast.Call, name: str) -> Typed:
    if node.args:
        raise reader.refuse("bad_arguments", refusal.NO_ARGUMENTS, node, name=name)
    return reader.plain(NOW[name], node)


def _changed(reader: "Reader", node: ast.Call, name: str) -> Typed:
    if not reader.scope.changes:
        raise reader.refuse("not_offered", refusal.NOT_OFFERED, node, name=name)
    match node.args:
        case [ast.Constant(str(text)) as argument]:
            info = reader.scope.field(text)
            if info is None:
                column = reader.source.column(argument)
                offered = names.called(reader, reader.scope)
                raise refusal.unknown_field(text, offered, column)
            field = Field(text, info.kind, info.places, entity=info.entity, derived=info.derived)
            return reader.plain(Changed(field), node)
    raise reader.refuse("bad_arguments", refusal.ONE_TEXT, node, name=name, example="name")


def _under(reader: "Reader", node: ast.Call, name: str) -> Typed:
    if len(node.args) != 2:
        usage = "under(record, ancestor)"
        raise reader.refuse("bad_arguments", refusal.BAD_ARGUMENTS, node, name=name, usage=usage)
    aggregates.require_depth(reader, node)
    value, ancestor = reader.deeper().alike(node.args)
    if value.kind is not Kind.LINK:
        raise reader.refuse("wrong_kind", ARGUMENTS[Kind.LINK], value.at, name=name)
    entity = value.info.entity or ancestor.info.entity
    parent = reader.scope.hierarchy(entity) if entity else ""
    if not parent:
        raise reader.refuse("no_hierarchy", refusal.NO_HIERARCHY, value.at, name=value.name)
    if not all(_known_before(part) for part in walk(ancestor.node)):
        raise reader.refuse("of_record", refusal.ANCESTOR_OF_RECORD, ancestor.at)
    return reader.plain(Under(value.node, ancestor.node, entity, parent), node)


def _known_before(part: Node) -> bool:
    """Tell whether ``part`` is known before the record is."""
    if isinstance(part, Field):
        return part.root == "this" and not part.path
    return not isinstance(part, Aggregate | Changed)


SYNTAX: Mapping[str, Callable[["Reader", ast.Call, str], Typed]] = {
    "date": _written_text,
    "datetime": _written_text,
    "today": _now,
    "now": _now,
    "changed": _changed,
    "under": _under,
}


def _function(reader: "Reader", node: ast.Call, function: Function, beside: Typed | None) -> Typed:
    ways = [way for way in function.signatures if way.takes(len(node.args))]
    if not ways:
        raise reader.refuse(
            "bad_arguments",
            refusal.BAD_ARGUMENTS,
            node,
            name=function.name,
            usage=function.usage,
        )
    arguments = _arguments(reader, node, function, ways, beside)
    signature = next(way for way in ways if _fits(way, arguments))
    made = Call(function.name, tuple(value.node for value in arguments), signature.result)
    found = reader.plain(made, node)
    if _is_one_of(signature):
        return replace(found, info=merged(arguments))
    return found


def _is_one_of(signature: Signature) -> bool:
    """Tell whether the result is one of the arguments, which are all of one kind."""
    one = (signature.result,)
    return signature.rest == one and signature.parameters == (one,)


def _arguments(
    reader: "Reader",
    node: ast.Call,
    function: Function,
    ways: list[Signature],
    beside: Typed | None,
) -> list[Typed]:
    if all(_is_one_of(way) for way in ways):
        found = reader.alike(node.args, beside)
        if not any(_fits(way, found) for way in ways):
            raise _misfit(reader, found[0], function, ways, 0)
        return found
    found = []
    for index, argument in enumerate(node.args):
        if index in function.fixed:
            value = _fixed(reader, argument, function.fixed[index])
        else:
            value = _argument(reader, argument, ways, index)
        ways = [way for way in ways if value.kind in way.kinds(index)] or _refused(
            reader, value, function, ways, index
        )
        found.append(value)
    return found


def _refused(
    reader: "Reader", value: Typed, function: Function, ways: list[Signature], index: int
) -> list[Signature]:
    raise _misfit(reader, value, function, ways, index)


def _argument(reader: "Reader", node: ast.expr, ways: list[Signature], index: int) -> Typed:
    """Return an argument; a text writes a date where only a date is possible."""
    kinds = {kind for way in ways for kind in way.kinds(index)}
    if adapts(node) and len(kinds) == 1 and (kind := kinds.pop()) in READ_FROM_TEXT:
        wanted = reader.plain(Literal(None, kind), node)
        return reader.single(node, wanted)
    return reader.single(node)


def _fixed(reader: "Reader", node: ast.expr, allowed: Fixed) -> Typed:
    """Return one of the values that have to be written at this place."""
    found: Typed | None = None
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
        found = reader.value(node)
    value = found.node.value if found and isinstance(found.node, Literal) else None
    if found is None or isinstance(value, bool) or value not in allowed:
        shown = ", ".join(
            f"'{choice}'" if isinstance(choice, str) else str(choice) for choice in allowed
        )
        raise reader.refuse("bad_choice", refusal.ONE_OF, node, allowed=shown)
    return found


def _fits(signature: Signature, arguments: list[Typed]) -> bool:
    return all(value.kind in signature.kinds(index) for index, value in enumerate(arguments))


def _misfit(
    reader: "Reader", value: Typed, function: Function, ways: list[Signature], index: int
) -> Exception:
    """Return the error for an argument that is of none of the possible kinds."""
    kinds = {kind for way in ways for kind in way.kinds(index)}
    text = refusal.OTHER_ARGUMENT
    if len(kinds) == 1:
        text = ARGUMENTS[kinds.pop()]
        if value.kind is Kind.DATETIME and text is ARGUMENTS[Kind.DATE]:
            between = function.name == "days_between"
            text = refusal.DAY_INSTEAD if between else refusal.DATES_ONLY
    return reader.refuse(
        "wrong_kind", text, value.at, name=function.name, usage=function.usage, value=value.name
    )
