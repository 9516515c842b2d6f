"""Computed values that are known before there is any record: do they fit their field?"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Numbers

from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.context import Context
from loomwork.expressions.scope import Fields, Scope
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    Aggregate,
    Call,
    Changed,
    Choose,
    Field,
    Given,
    Literal,
    Node,
    StartOfDay,
    Under,
    kind_of,
    walk,
)
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.select import SelectType

OPEN = Field | Given | Aggregate | Under | Changed | StartOfDay
"""What depends on a record, on the moment, or on the site."""
ONE_OF = ("coalesce", "min", "max")
"""Functions that give one of their arguments."""
EXACT = Numbers(prec=60, rounding=ROUND_HALF_UP)


def misfits(node: Node, type_: FieldType, scope: Scope) -> list[Problem]:
    """Return why a computed value can never, or not always, be one of ``type_``."""
    found: dict[str, Problem] = {}
    for outcome in _outcomes(node):
        for problem in _judged(outcome, type_, scope):
            found.setdefault(problem.message(), problem)
    return list(found.values())


def _judged(node: Node, type_: FieldType, scope: Scope) -> list[Problem]:
    if not any(isinstance(part, OPEN) for part in walk(node)):
        return _refused(to_python(node)({}, Context()), type_)
    if isinstance(type_, SelectType) and type_.options and kind_of(node) is Kind.TEXT:
        return _other_texts(_choices(node, scope), type_)
    return []


def _outcomes(node: Node) -> Iterator[Node]:
    """Yield the parts of which the value is one."""
    match node:
        case Choose(_, then, otherwise):
            yield from _outcomes(then)
            yield from _outcomes(otherwise)
        case Call(function, arguments) if function in ONE_OF:
            for argument in arguments:
                yield from _outcomes(argument)
        case Literal(None):
            return
        case _:
            yield node


def _refused(value: object, type_: FieldType) -> list[Problem]:
    if isinstance(value, Decimal):
        value = _rounded(value, type_)
    elif not isinstance(value, str):
        return []
    try:
        type_.parse(value)
    except InvalidError as error:
        return list(error.problems)
    return []


def _rounded(value: Decimal, type_: FieldType) -> Decimal:
    """Return the number with the places that the field keeps, as it is when it is written."""
    storage = type_.storage
    places = storage.places if storage.kind is StorageKind.DECIMAL else 0
    return value.quantize(Decimal(1).scaleb(-places), context=EXACT)


def _other_texts(choices: tuple[str, ...] | None, type_: SelectType) -> list[Problem]:
    if choices is None:
        text = N_("A select takes its options only; this may give any text.")
        return [Problem(code="not_an_option", text=text)]
    others = [name for name in choices if name not in type_.options]
    if not others:
        return []
    text = N_("This may also give {values}, which the select has no option for.")
    return [Problem(code="not_an_option", text=text, context={"values": ", ".join(others)})]


def _choices(node: Node, scope: Scope) -> tuple[str, ...] | None:
    """Return the options that a value is one of, or None where it may be any text."""
    match node:
        case Field(name, root=root, path=path):
            fields: Fields | None = scope.roots().get(root) if root else scope
            if path:
                fields = scope.fields_of(path[-1].entity)
            info = fields.field(name) if fields else None
        case Given(name):
            info = scope.settings().get(name.removeprefix("settings."))
        case _:
            info = None
    return info.choices if info else None
