"""From source text to the typed tree: Python's expression syntax, reduced."""

import ast
from typing import TypeAlias

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.literals import (
    date_literal,
    datetime_literal,
    fit,
    number_literal,
    text_literal,
)
from loomwork.expressions.refusal import refuse, unknown_field
from loomwork.expressions.scan import DEEPEST, MOST_PARTS, scan
from loomwork.expressions.scope import FieldInfo, Scope
from loomwork.expressions.tree import (
    Acting,
    And,
    Call,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Node,
    Not,
    Operand,
    Operator,
    Or,
)
from loomwork.model.kinds import Kind

OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: Operator.EQUAL,
    ast.NotEq: Operator.NOT_EQUAL,
    ast.Lt: Operator.LESS,
    ast.LtE: Operator.AT_MOST,
    ast.Gt: Operator.MORE,
    ast.GtE: Operator.AT_LEAST,
}
EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
WRITTEN_TEXTS = {
    "date": (date_literal, "2026-01-31"),
    "datetime": (datetime_literal, "2026-01-31T08:00:00Z"),
}
Placed: TypeAlias = tuple[Operand, ast.expr]


def parse(source: str, scope: Scope) -> Node:
    """Return the condition that ``source`` writes over the fields of ``scope``.

    Raises ExpressionError, whose problem has the column in characters from 1. Nothing of the source
    is ever evaluated.
    """
    scan(source)
    reader = _Reader(source, scope)
    return reader.condition(reader.python_tree())


class _Reader:
    """Reads one source, laid on one line so that columns count through the whole of it."""

    def __init__(self, source: str, scope: Scope) -> None:
        flat = source.replace("\n", " ").replace("\r", " ").replace("\t", " ")
        self._line = flat.strip()
        self._bytes = self._line.encode()
        self._indent = len(flat) - len(flat.lstrip())
        self._scope = scope

    def python_tree(self) -> ast.expr:
        """Return what Python's parser makes of the source, within the limits of size."""
        try:
            body = ast.parse(self._line, mode="eval").body
        except SyntaxError as exc:
            # Python gives 0 where the source ends too early.
            offset = exc.offset or len(self._line) + 1
            raise refuse("syntax", refusal.SYNTAX, self._indent + offset) from None
        except (ValueError, MemoryError, RecursionError):
            raise refuse("too_large", refusal.TOO_LARGE, 1, limit=MOST_PARTS) from None
        self._check_size(body)
        return body

    def _check_size(self, body: ast.expr) -> None:
        waiting: list[tuple[ast.AST, int]] = [(body, 1)]
        parts = 0
        while waiting:
            node, depth = waiting.pop()
            if isinstance(node, ast.expr):
                parts += 1
                if depth > DEEPEST:
                    raise self._refuse("too_deep", refusal.TOO_DEEP, node, limit=DEEPEST)
                if parts > MOST_PARTS:
                    raise self._refuse("too_large", refusal.TOO_LARGE, node, limit=MOST_PARTS)
            waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))

    def condition(self, node: ast.expr) -> Node:
        """Return what is true or false."""
        match node:
            case ast.BoolOp(ast.And(), values):
                return And(tuple(self.condition(value) for value in values))
            case ast.BoolOp(ast.Or(), values):
                return Or(tuple(self.condition(value) for value in values))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand))
            case ast.Compare():
                return self._comparisons(node)
            case ast.Call(ast.Name(name)) if name in FUNCTIONS:
                return self._call(node, name)
        value = self._operand(node)
        if value.kind is not Kind.BOOLEAN:
            raise self._refuse("not_a_condition", refusal.NOT_A_CONDITION, node)
        return value

    def _comparisons(self, node: ast.Compare) -> Node:
        places = [node.left, *node.comparators]
        if len(node.ops) == 1:
            return self._comparison(node.ops[0], places[0], places[1])
        for operator, place in zip(node.ops, node.comparators, strict=True):
            if OPERATORS.get(type(operator), Operator.NOT_EQUAL) is Operator.NOT_EQUAL:
                raise self._refuse("chain", refusal.ONE_AT_A_TIME, place)
        return And(
            tuple(
                self._comparison(operator, left, right)
                for operator, left, right in zip(node.ops, places, places[1:], strict=False)
            )
        )

    def _comparison(self, operator: ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(operator, ast.Is | ast.IsNot):
            return self._presence(operator, left, right)
        if isinstance(operator, ast.In | ast.NotIn):
            return self._membership(operator, left, right)
        for side in (left, right):
            if _is_none(side):
                raise self._refuse("use_is_none", refusal.USE_IS_NONE, side)
        return self._compare(
            OPERATORS[type(operator)],
            (self._operand(left), left),
            (self._operand(right), right),
        )

    def _presence(self, operator: ast.Is | ast.IsNot, left: ast.expr, right: ast.expr) -> Node:
        if not _is_none(right):
            raise self._refuse("only_none", refusal.ONLY_NONE, right)
        question = IsNone(self._field(left))
        return Not(question) if isinstance(operator, ast.IsNot) else question

    def _membership(self, operator: ast.In | ast.NotIn, left: ast.expr, right: ast.expr) -> Node:
        if not isinstance(right, ast.List):
            text = isinstance(right, ast.Name | ast.Constant)
            hint = refusal.USE_CONTAINS if text else refusal.LIST_OF_VALUES
            raise self._refuse("not_a_list", hint, right)
        field = self._field(left)
        info = self._info(field.name, left)
        options = tuple(
            fit(self._literal(option), field, info, self._column(option)) for option in right.elts
        )
        return In(field, options, negated=isinstance(operator, ast.NotIn))

    def _compare(self, operator: Operator, left: Placed, right: Placed) -> Node:
        first, second = left[0], right[0]
        if isinstance(first, Field):
            second = self._fitted(operator, first, left[1], right)
        elif isinstance(second, Field):
            first = self._fitted(operator, second, right[1], left)
        else:
            raise self._refuse("no_field", refusal.NO_FIELD, left[1])
        return Compare(operator, first, second)

    def _fitted(self, operator: Operator, field: Field, place: ast.expr, other: Placed) -> Operand:
        """Return the other side of a comparison with ``field`` in the field's kind."""
        value, at = other
        info = self._ordered(operator, field, place)
        if isinstance(value, Literal):
            value = fit(value, field, info, self._column(at))
        if value.kind is not field.kind:
            raise self._refuse("wrong_kind", refusal.EXPECTED[field.kind], at, name=field.name)
        if isinstance(value, Field):
            self._ordered(operator, value, at)
        return value

    def _ordered(self, operator: Operator, field: Field, place: ast.expr) -> FieldInfo:
        """Return what is known of ``field``, which has to have an order if ``operator`` asks it."""
        info = self._info(field.name, place)
        if operator not in EQUALITY and not info.ordered:
            raise self._refuse("not_ordered", refusal.NOT_ORDERED, place, name=field.name)
        return info

    def _call(self, node: ast.Call, name: str) -> Node:
        function = FUNCTIONS[name]
        wanted = len(function.parameters)
        if len(node.args) != wanted or node.keywords:
            raise self._refuse(
                "bad_arguments", refusal.BAD_ARGUMENTS, node, name=name, count=wanted
            )
        arguments = tuple(self._operand(argument) for argument in node.args)
        for value, kind, place in zip(arguments, function.parameters, node.args, strict=True):
            select = isinstance(value, Field) and self._info(value.name, place).choices
            if value.kind is not kind or select:
                raise self._refuse("wrong_kind", refusal.TEXT_ARGUMENT, place, name=name)
        if not any(isinstance(value, Field) for value in arguments):
            raise self._refuse("no_field", refusal.NO_FIELD, node)
        return Call(name, arguments, function.result)

    def _operand(self, node: ast.expr) -> Operand:
        """Return a field, a fixed value, or the acting user."""
        match node:
            case ast.Name("user") | ast.Attribute(ast.Name("user"), "id"):
                return Acting("id")
            case ast.Attribute(ast.Name(name), attribute):
                raise self._refuse(
                    "unknown_attribute", refusal.UNKNOWN_ATTRIBUTE, node, name=f"{name}.{attribute}"
                )
            case ast.Name():
                return self._field(node)
            case ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant()):
                return self._literal(node)
            case ast.Call(ast.Name(name)) if name in WRITTEN_TEXTS:
                return self._literal(node)
            case ast.Call(ast.Name(name)) if name not in FUNCTIONS:
                allowed = ", ".join(sorted((*FUNCTIONS, *WRITTEN_TEXTS)))
                raise self._refuse(
                    "unknown_function", refusal.UNKNOWN_FUNCTION, node, name=name, allowed=allowed
                )
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(ast.Not()) | ast.Call(ast.Name()):
                raise self._refuse("not_a_value", refusal.NOT_A_VALUE, node)
        raise self._unsupported(node)

    def _field(self, node: ast.expr) -> Field:
        if not isinstance(node, ast.Name) or node.id == "user":
            raise self._refuse("not_a_field", refusal.ABOUT_FIELDS, node)
        info = self._info(node.id, node)
        return Field(node.id, info.kind, info.places)

    def _info(self, name: str, node: ast.expr) -> FieldInfo:
        info = self._scope.field(name)
        if info is None:
            raise unknown_field(name, self._scope.names(), self._column(node))
        return info

    def _literal(self, node: ast.expr) -> Literal:
        match node:
            case ast.Constant(bool(value)):
                return Literal(value, Kind.BOOLEAN)
            case ast.Constant(str(value)):
                return text_literal(value, self._column(node))
            case ast.Constant(int() | float()):
                return number_literal(self._written(node), 1)
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value) as operand) if (
                not isinstance(value, bool)
            ):
                return number_literal(self._written(operand), -1)
            case ast.Call(ast.Name(name), [ast.Constant(str(text))], []) if name in WRITTEN_TEXTS:
                return WRITTEN_TEXTS[name][0](text, self._column(node.args[0]))
            case ast.Call(ast.Name(name)) if name in WRITTEN_TEXTS:
                raise self._refuse(
                    "bad_arguments",
                    refusal.ONE_TEXT,
                    node,
                    name=name,
                    example=WRITTEN_TEXTS[name][1],
                )
        if _is_none(node):
            raise self._refuse("use_is_none", refusal.USE_IS_NONE, node)
        raise self._refuse("not_fixed", refusal.NOT_FIXED, node)

    def _column(self, node: ast.expr) -> int:
        return self._indent + len(self._bytes[: node.col_offset].decode()) + 1

    def _written(self, node: ast.expr) -> str:
        return self._bytes[node.col_offset : node.end_col_offset].decode()

    def _refuse(self, code: str, text: str, node: ast.expr, **context: object) -> ExpressionError:
        return refuse(code, text, self._column(node), **context)

    def _unsupported(self, node: ast.expr) -> ExpressionError:
        return self._refuse("unsupported", refusal.UNSUPPORTED, node, part=self._written(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
