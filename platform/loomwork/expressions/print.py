"""From the tree back to its canonical source."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Context, Decimal
from enum import IntEnum
from typing import TypeAlias

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
)
from loomwork.model.kinds import Kind

ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
GIVEN = {"user.id": "user", "today": "today()", "now": "now()"}
ONE_DAY = Call("days", (Literal(Decimal(1), Kind.NUMBER),), Kind.DURATION)
AFTER = {Operator.LESS: Operator.AT_MOST, Operator.AT_LEAST: Operator.MORE}
"""How a bound at the end of a day is written: as a comparison with the day itself."""
HOUR = Decimal(3_600_000_000)
EXACT = Context(prec=60)


class Level(IntEnum):
    """How close a construct binds; a part that binds less closely needs brackets."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    ATOM = 8


Written: TypeAlias = tuple[str, Level]


def to_text(node: Node) -> str:
    """Return the source that parses to ``node`` again."""
    return Printer().text(node)


class Printer:
    """Writes names as they are; a subclass may call things otherwise."""

    def text(self, node: Node, least: Level = Level.CHOICE) -> str:
        """Return the source of ``node``, in brackets if it binds less closely than ``least``."""
        text, level = self._written(node)
        return text if level >= least else f"({text})"

    def field(self, node: Field) -> str:
        """Return how a field is written."""
        root = [node.root] if node.root else []
        return ".".join([*root, *(step.field for step in node.path), node.name])

    def option(self, node: Literal, beside: Node) -> str:
        """Return how a fixed value is written that is compared with ``beside``."""
        del beside
        return literal_text(node)

    def aggregate(self, node: Aggregate) -> str:
        """Return how a question about linking records is written."""
        root = [node.root] if node.root else []
        records = ".".join([*root, *(step.field for step in node.path), node.inverse])
        return self.asked(node, records)

    def asked(self, node: Aggregate, records: str) -> str:
        """Return the call of an aggregate over ``records``."""
        inner = [part for part in (node.value, node.where) if part is not None]
        return f"{node.function}({', '.join([records, *map(self.text, inner)])})"

    def changed(self, node: Changed) -> str:
        """Return how the question is written whether a field has changed."""
        return f"changed({quoted(node.part.name)})"

    def _written(self, node: Node) -> Written:
        match node:
            case And() | Or() | Not() | Choose():
                return self._logic(node)
            case Compare() | In() | Member() | IsNone():
                return self._comparison(node), Level.COMPARISON
            case Arithmetic():
                return self._arithmetic(node)
            case Literal(Decimal() as number, Kind.NUMBER) if number < 0:
                return literal_text(node), Level.SIGN
        return self._atom(node), Level.ATOM

    def _atom(self, node: Node) -> str:
        match node:
            case Field():
                return self.field(node)
            case Given(name):
                return GIVEN.get(name, name)
            case Aggregate():
                return self.aggregate(node)
            case Changed():
                return self.changed(node)
            case Call(name, arguments):
                return f"{name}({self._listed(arguments)})"
            case Under(value, ancestor):
                return f"under({self._listed((value, ancestor))})"
            case Parameter(index):
                return f":{index}"
            case StartOfDay(day):
                return self.text(day, Level.SUM)
            case Literal():
                return literal_text(node)
        raise TypeError(node)

    def _logic(self, node: And | Or | Not | Choose) -> Written:
        match node:
            case Choose(condition, then, otherwise):
                chosen = f"{self.text(then, Level.OR)} if {self.text(condition, Level.OR)}"
                return f"{chosen} else {self.text(otherwise)}", Level.CHOICE
            case Not(part):
                return self._not(part)
            case And(()) | Or(()):
                return ("True" if isinstance(node, And) else "False"), Level.ATOM
            case And(parts):
                day = _on_day(node)
                if day is not None:
                    return self._on(day, "=="), Level.COMPARISON
                return " and ".join(self.text(part, Level.NOT) for part in parts), Level.AND
            case Or(parts):
                return " or ".join(self.text(part, Level.AND) for part in parts), Level.OR

    def _not(self, part: Node) -> Written:
        match part:
            case IsNone(value):
                return f"{self.text(value, Level.SUM)} is not None", Level.COMPARISON
            case Member(value, collection):
                left, right = self._beside(value, collection), self.text(collection, Level.ATOM)
                return f"{left} not in {right}", Level.COMPARISON
            case And() if (day := _on_day(part)) is not None:
                return self._on(day, "!="), Level.COMPARISON
        text, level = self._written(part)
        bare = level in (Level.NOT, Level.ATOM)
        return (f"not {text}" if bare else f"not ({text})"), Level.NOT

    def _on(self, day: tuple[Node, Node], sign: str) -> str:
        moment, date_ = day
        return f"{self.text(moment, Level.SUM)} {sign} {self.text(date_, Level.SUM)}"

    def _comparison(self, node: Compare | In | Member | IsNone) -> str:
        match node:
            case IsNone(part):
                return f"{self.text(part, Level.SUM)} is None"
            case In(value, options, negated):
                listed = ", ".join(self._beside(option, value, Level.CHOICE) for option in options)
                return f"{self.text(value, Level.SUM)} {'not in' if negated else 'in'} [{listed}]"
            case Member(value, collection):
                return f"{self._beside(value, collection)} in {self.text(collection, Level.ATOM)}"
            case Compare(operator, left, StartOfDay(day)):
                ended = _ended(day)
                operator = AFTER[operator] if ended and operator in AFTER else operator
                right = ended or day
                return f"{self.text(left, Level.SUM)} {operator} {self.text(right, Level.SUM)}"
            case Compare(operator, left, right):
                return f"{self._beside(left, right)} {operator} {self._beside(right, left)}"

    def _beside(self, node: Node, other: Node, least: Level = Level.SUM) -> str:
        if isinstance(node, Literal) and isinstance(node.value, str):
            return self.option(node, other)
        return self.text(node, least)

    def _arithmetic(self, node: Arithmetic) -> Written:
        if _is_minus(node):
            return f"-{self.text(node.right, Level.SIGN)}", Level.SIGN
        level = Level.SUM if node.operator in "+-" else Level.PRODUCT
        left, right = self.text(node.left, level), self.text(node.right, Level(level + 1))
        return f"{left} {node.operator} {right}", level

    def _listed(self, nodes: Iterable[Node]) -> str:
        return ", ".join(self.text(node) for node in nodes)


def _is_minus(node: Arithmetic) -> bool:
    """Tell whether ``node`` turns a sign; of a written number the sign is part of the number."""
    match node:
        case Arithmetic("-", Literal(0, Kind.DURATION)):
            return True
        case Arithmetic("-", Literal(Decimal() as zero, Kind.NUMBER), right) if zero == 0:
            return not (
                isinstance(right, Literal) and isinstance(right.value, Decimal) and right.value >= 0
            )
    return False


def _ended(day: Node) -> Node | None:
    """Return the day whose end is the beginning of ``day``, if it is written so."""
    match day:
        case Arithmetic("+", before, step) if step == ONE_DAY:
            return before
    return None


def _on_day(node: And) -> tuple[Node, Node] | None:
    """Return the point in time and the day, if ``node`` says that the one is on the other."""
    match node.parts:
        case (
            Compare(Operator.AT_LEAST, moment, StartOfDay(day)),
            Compare(Operator.LESS, again, StartOfDay(next_)),
        ) if moment == again and _ended(next_) == day:
            return moment, day
    return None


def literal_text(node: Literal) -> str:
    """Return how a fixed value is written."""
    value = node.value
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, datetime):
        return f"datetime('{value.isoformat().replace('+00:00', 'Z')}')"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if value is None or isinstance(value, bool):
        return str(value)
    if node.kind is Kind.DURATION:
        hours = EXACT.divide(Decimal(str(value)), HOUR)
        return f"hours({_plain(hours.quantize(Decimal('1e-10'), context=EXACT))})"
    return f"'{value}'" if node.kind is Kind.LINK else format(value, "f")


def _plain(number: Decimal) -> str:
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def quoted(value: str) -> str:
    """Return a text in quotation marks."""
    signs = (
        ESCAPES.get(sign) or (f"\\x{ord(sign):02x}" if not " " <= sign != "\x7f" else sign)
        for sign in value
    )
    return f"'{''.join(signs)}'"
