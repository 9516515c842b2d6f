"""Filter expressions as a row of conditions, as far as they are one, and back."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loomwork.errors import N_
from loomwork.model.entity import Field
from loomwork.model.kinds import Kind

EMPTY = "is None"
FILLED = "is not None"
MINE = "== user"
CONTAINS = "contains"
STARTS = "starts_with"
SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: EMPTY,
    ast.IsNot: FILLED,
}
WORDS = {
    "==": N_("is"),
    "!=": N_("is not"),
    "<": N_("less than"),
    "<=": N_("at most"),
    ">": N_("more than"),
    ">=": N_("at least"),
    EMPTY: N_("is empty"),
    FILLED: N_("is not empty"),
    MINE: N_("is me"),
    CONTAINS: N_("contains"),
    STARTS: N_("starts with"),
    "in": N_("is one of"),
    "not in": N_("is none of"),
}
TIME_WORDS = {
    "<": N_("before"),
    "<=": N_("until"),
    ">": N_("after"),
    ">=": N_("from"),
}
ORDERING = frozenset(("<", "<=", ">", ">="))
LISTS = frozenset(("in", "not in"))
WITHOUT_VALUE = frozenset((EMPTY, FILLED, MINE))
FUNCTIONS = (CONTAINS, STARTS)
QUOTED = frozenset((Kind.TEXT, Kind.LINK))
FUNCTION = {Kind.DATE: "date", Kind.DATETIME: "datetime"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One part of a filter. ``operator`` is empty where the part is not a simple comparison."""

    source: str
    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


def operators(field: Field) -> tuple[str, ...]:
    """Return the operators that the filter builder offers for a field, in their order.

    Text is offered its parts instead of an order: nobody asks for the names after “M”. Options
    are ticked, so that ``in`` stands for ``==`` too.
    """
    allowed = set(field.type.filter_operators)
    if "in" in allowed:
        offered = ["in", "not in"]
    elif field.type.kind is Kind.TEXT:
        offered = [CONTAINS, STARTS, "==", "!="]
    elif getattr(field.type, "to", "") == "user":
        offered = [MINE, "==", "!="]
    else:
        offered = [sign for sign in field.type.filter_operators if sign != EMPTY]
    if EMPTY in allowed and not field.required:
        offered += [EMPTY, FILLED]
    return tuple(offered)


def words(operator: str, kind: Kind) -> str:
    """Return the English words for an operator, which are the key of their translation."""
    if kind in FUNCTION and operator in TIME_WORDS:
        return TIME_WORDS[operator]
    return WORDS[operator]


def split(expression: str) -> tuple[Condition, ...]:
    """Return the parts of a filter that all have to hold.

    Raises SyntaxError or ValueError where the text is no expression at all.
    """
    if not expression:
        return ()
    tree = ast.parse(expression, mode="eval").body
    is_all = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
    parts = tree.values if is_all and isinstance(tree, ast.BoolOp) else [tree]
    return tuple(_condition(part, expression) for part in parts)


def readable(expression: str) -> bool:
    """Tell whether the text stands on its own as an expression."""
    try:
        split(expression)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def join(sources: Iterable[str]) -> str:
    """Return the filter in which every one of ``sources`` has to hold."""
    return " and ".join(source for source in sources if source)


def write(field: Field, operator: str, values: Sequence[str]) -> str:
    """Return the expression of one condition, empty where it lacks its value."""
    if operator in WITHOUT_VALUE:
        return f"{field.name} {operator}"
    literals = [_literal(field.type.kind, value) for value in values if value.strip()]
    if not literals:
        return ""
    if operator in FUNCTIONS:
        return f"{operator}({field.name}, {literals[0]})"
    if operator in LISTS and len(literals) == 1:
        return f"{field.name} {'==' if operator == 'in' else '!='} {literals[0]}"
    if operator in LISTS:
        return f"{field.name} {operator} [{', '.join(literals)}]"
    return f"{field.name} {operator} {literals[0]}"


def both(first: str, second: str) -> str:
    """Return the filter of a reader and of a view together; the reader's keeps its columns + 1."""
    return f"({first}) and ({second})" if first and second else first or second


def _literal(kind: Kind, value: str) -> str:
    if kind in FUNCTION:
        return f"{FUNCTION[kind]}({_quoted(value)})"
    if kind is Kind.BOOLEAN:
        return "True" if value == "true" else "False"
    return _quoted(value) if kind in QUOTED else value.strip()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"'{escaped}'"


def _condition(part: ast.expr, expression: str) -> Condition:
    source = ast.get_source_segment(expression, part) or ast.unparse(part)
    if isinstance(part, ast.BoolOp):
        source = f"({source})"
    if isinstance(part, ast.Call):
        return _function(part, source)
    if not isinstance(part, ast.Compare) or len(part.ops) != 1:
        return Condition(source=source)
    operator = SIGNS.get(type(part.ops[0]), "")
    target = part.comparators[0]
    if operator == "==" and isinstance(target, ast.Name) and target.id == "user":
        operator = MINE
    values = () if operator in WITHOUT_VALUE else _values(target)
    if not isinstance(part.left, ast.Name) or not operator or values is None:
        return Condition(source=source)
    return Condition(source=source, field=part.left.id, operator=operator, values=values)


def _function(call: ast.Call, source: str) -> Condition:
    match call:
        case ast.Call(ast.Name(name), [ast.Name(field), ast.Constant(str(value))], []):
            if name in FUNCTIONS:
                return Condition(source=source, field=field, operator=name, values=(value,))
    return Condition(source=source)


def _values(node: ast.expr) -> tuple[str, ...] | None:
    """Return what a comparison compares with, or None where it is not made of literals."""
    if isinstance(node, ast.List | ast.Tuple):
        found = [_value(item) for item in node.elts]
        return None if None in found else tuple(str(item) for item in found)
    single = _value(node)
    return None if single is None else (single,)


def _value(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return "" if node.value is None else str(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand)
        return None if inner is None else f"-{inner}"
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        return _value(node.args[0])
    return None
