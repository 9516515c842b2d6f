"""From the tree back to its canonical source."""

from datetime import date, datetime

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
    Or,
    Parameter,
)
from loomwork.model.kinds import Kind

ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_text(node: Node) -> str:
    """Return the source that parses to ``node`` again."""
    match node:
        case And(parts):
            return " and ".join(_part(part) for part in parts) if parts else "True"
        case Or(parts):
            return " or ".join(_part(part) for part in parts) if parts else "False"
        case Not(IsNone(part)):
            return f"{part.name} is not None"
        case Not(part):
            return f"not {_part(part, compared=True)}"
        case _:
            return _simple(node)


def _simple(node: Compare | In | IsNone | Call | Operand) -> str:
    match node:
        case IsNone(part):
            return f"{part.name} is None"
        case Compare(operator, left, right):
            return f"{_value(left)} {operator} {_value(right)}"
        case In(value, options, negated):
            listed = ", ".join(_value(option) for option in options)
            return f"{_value(value)} {'not in' if negated else 'in'} [{listed}]"
        case Call(name, arguments):
            return f"{name}({', '.join(_value(argument) for argument in arguments)})"
        case _:
            return _value(node)


def _value(node: Operand) -> str:
    match node:
        case Field(name):
            return name
        case Acting():
            return "user"
        case Parameter(index):
            return f":{index}"
        case Literal():
            return _literal(node)


def _part(node: Node, *, compared: bool = False) -> str:
    """Return the text of a part, in brackets where it would be read differently without."""
    text = to_text(node)
    loose = And | Or | Compare | In | IsNone if compared else And | Or
    return f"({text})" if isinstance(node, loose) else text


def _literal(node: Literal) -> str:
    value = node.value
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        return f"datetime('{value.isoformat().replace('+00:00', 'Z')}')"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if node.kind is Kind.LINK:
        return f"'{value}'"
    if node.kind is Kind.NUMBER:
        return format(value, "f")
    return str(value)


def _quoted(value: str) -> str:
    signs = (
        ESCAPES.get(sign) or (f"\\x{ord(sign):02x}" if not " " <= sign != "\x7f" else sign)
        for sign in value
    )
    return f"'{''.join(signs)}'"
