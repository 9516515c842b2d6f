"""Filter expressions as a row of conditions, as far as they are one, and back."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loomwork.errors import N_
from loomwork.model.entity import Field
from loomwork.model.kinds import Kind
from loomwork.model.types.reference import ReferenceType
from loomwork_ui.listing.spans import as_expression, from_expression

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
SET_WORDS = {
    "in": N_("has"),
    "not in": N_("does not have"),
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
ONE_OF = {Kind.TEXTS: Kind.TEXT, Kind.LINKS: Kind.LINK}
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
    if isinstance(field.type, ReferenceType):
        # Which record it is, is asked of each kind by an expression.
        offered = []
    elif "in" in allowed:
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
    if kind in ONE_OF and operator in SET_WORDS:
        return SET_WORDS[operator]
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
    kind = ONE_OF.get(field.type.kind, field.type.kind)
    literals = [_literal(kind, value) for value in values if value.strip()]
    if not literals:
        return ""
    if field.type.kind in ONE_OF:
        return _membership(field.name, operator, literals)
    if operator in FUNCTIONS:
        return f"{operator}({field.name}, {literals[0]})"
    if operator in LISTS and len(literals) == 1:
        return f"{field.name} {'==' if operator == 'in' else '!='} {literals[0]}"
    if operator in LISTS:
        return f"{field.name} {operator} [{', '.join(literals)}]"
    return f"{field.name} {operator} {literals[0]}"


def _membership(name: str, operator: str, literals: Sequence[str]) -> str:
    """Return the expression for a field with several values: one of them, or none."""
    parts = [f"{literal} {operator} {name}" for literal in literals]
    if operator == "not in":
        return join(parts)
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def both(first: str, second: str) -> str:
    """Return the filter of a reader and of a view together; the reader's keeps its columns + 1."""
    return f"({first}) and ({second})" if first and second else first or second


def _literal(kind: Kind, value: str) -> str:
    if kind in FUNCTION:
        return f"{FUNCTION[kind]}({_quoted(value)})"
    if kind is Kind.BOOLEAN:
        return "True" if value == "true" else "False"
    if kind is Kind.DURATION:
        return as_expression(value)
    return _quoted(value) if kind in QUOTED else value.strip()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    return f"'{escaped}'"


def _condition(part: ast.expr, expression: str) -> Condition:
    source = ast.get_source_segment(expression, part) or ast.unparse(part)
    if isinstance(part, ast.BoolOp):
        source = f"({source})"
        return _any_of(part, expression, source)
    if isinstance(part, ast.Call):
        return _function(part, source)
    if not isinstance(part, ast.Compare) or len(part.ops) != 1:
        return Condition(source=source)
    operator = SIGNS.get(type(part.ops[0]), "")
    target = part.comparators[0]
    if operator == "==" and isinstance(target, ast.Name) and target.id == "user":
        operator = MINE
    values = () if operator in WITHOUT_VALUE else _values(target)
    name = _name(part.left)
    if operator in LISTS and _name(target):
        name, values = _name(target), _values(part.left)
    if not name or not operator or values is None:
        return Condition(source=source)
    return Condition(source=source, field=name, operator=operator, values=values)


def _name(node: ast.expr) -> str:
    """Return the field, or the part of one, that stands there; empty for anything else."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(ast.Name(field), part):
            return f"{field}.{part}"
    return ""


def _any_of(part: ast.BoolOp, expression: str, source: str) -> Condition:
    """Return the condition that a field has one of several values, if that is what is said."""
    found = [_condition(one, expression) for one in part.values]
    same = {(one.field, one.operator) for one in found}
    is_one = isinstance(part.op, ast.Or) and len(same) == 1 and found[0].operator == "in"
    if not is_one or not all(_is_membership(one) for one in part.values):
        return Condition(source=source)
    values = tuple(value for one in found for value in one.values)
    return Condition(source=source, field=found[0].field, operator="in", values=values)


def _is_membership(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and bool(_name(node.comparators[0]))


def _function(call: ast.Call, source: str) -> Condition:
    match call:
        case ast.Call(ast.Name(name), [field, ast.Constant(str(value))], []):
            if name in FUNCTIONS and _name(field):
                return Condition(source=source, field=_name(field), operator=name, values=(value,))
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
        inner = _value(node.args[0])
        return from_expression(node.func, inner) if inner is not None else None
    return None
