"""What other languages write, and how it is written here: hints for those who come from there."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.refusal import refuse

if TYPE_CHECKING:
    from loomwork.expressions.scan import Token

SPELLINGS = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "IN": "in",
    "TRUE": "True",
    "FALSE": "False",
    "NULL": "None",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "=": "==",
    "!": "not",
    "===": "==",
    "（": "(",
    "）": ")",
    "，": ",",
    "＝": "==",
    "＜": "<",
    "＞": ">",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "或": "or",
    "或者": "or",
    "且": "and",
    "并且": "and",
    "而且": "and",
    "和": "and",
    "与": "and",
    "非": "not",
    "不是": "!=",
    "等于": "==",
    "不等于": "!=",
    "大于": ">",
    "小于": "<",
    "大于等于": ">=",
    "小于等于": "<=",
    "空": "None",
}
JOINING = ("或者", "并且", "而且", "或", "且")
"""Words that people write without a blank before what follows."""
QUOTES = frozenset("‘’“”")
CHOICE = frozenset("?？")
BETWEEN_OPERANDS = {
    "like": refusal.USE_CONTAINS_FOR,
    "ilike": refusal.USE_CONTAINS_FOR,
    "contains": refusal.USE_CONTAINS_FOR,
    "包含": refusal.USE_CONTAINS_FOR,
    "between": refusal.USE_CHAIN,
    "介于": refusal.USE_CHAIN,
    "then": refusal.USE_CHOICE,
    "when": refusal.USE_CHOICE,
}
"""Words that some languages write between two values, where no name can be."""
FUNCTIONS = {
    "len": "length",
    "strlen": "length",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "datediff": "days_between",
    "dateadd": "add_months",
    "edate": "add_months",
    "average": "avg",
    "lcase": "lower",
    "ucase": "upper",
    "ceiling": "ceil",
    "concatenate": "concat",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "includes": "contains",
    "like": "contains",
}
QUESTIONS = {
    "if": refusal.USE_CHOICE,
    "iif": refusal.USE_CHOICE,
    "isnull": refusal.ASK_IS_NONE,
    "isblank": refusal.ASK_IS_NONE,
    "isempty": refusal.ASK_IS_NONE,
    "is_null": refusal.ASK_IS_NONE,
    "is_empty": refusal.ASK_IS_NONE,
    "between": refusal.USE_CHAIN,
}
"""Functions elsewhere that have a notation of their own here."""
FOLLOWED = frozenset(("and", "or", "not", "in", "is", "if", "else"))
"""Words after which a value begins."""


def sign(written: str, column: int) -> ExpressionError | None:
    """Return the hint for a word or sign of another language, if it is one."""
    if written in QUOTES:
        return refuse("spelling", refusal.STRAIGHT_QUOTE, column, wrong=written)
    if written in CHOICE:
        return refuse("spelling", refusal.USE_CHOICE, column)
    right = SPELLINGS.get(written)
    if right is None:
        return None
    text = refusal.USE_NONE if right == "None" else refusal.WRITE_INSTEAD
    return refuse("spelling", text, column, wrong=written, right=right)


def word(
    written: str, column: int, known: Callable[[str], bool] | None = None
) -> ExpressionError | None:
    """Return the hint for a word that is not known; ``known`` tells what would be."""
    text = BETWEEN_OPERANDS.get(written)
    if text is not None:
        return refuse("spelling", text, column, wrong=written)
    for joining in JOINING:
        if known and written.startswith(joining) and known(written.removeprefix(joining)):
            return sign(joining, column)
    return sign(written, column)


def function(written: str, column: int) -> ExpressionError | None:
    """Return the hint for a function that other languages have."""
    name = written.lower()
    if name in QUESTIONS:
        return refuse("unknown_function", QUESTIONS[name], column, wrong=written)
    if name in FUNCTIONS:
        text, right = refusal.WRITE_INSTEAD, FUNCTIONS[name]
        return refuse("unknown_function", text, column, wrong=f"{written}()", right=f"{right}()")
    return None


def check_order(tokens: Sequence["Token"]) -> None:
    """Refuse words of other languages at places where nothing of this one can stand."""
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if token.text == "if" and not _ends_value(before):
            raise refuse("spelling", refusal.USE_CHOICE, token.column)
        if before is not None and before.text == "not":
            before = tokens[index - 2] if index > 1 else None
        text = BETWEEN_OPERANDS.get(token.text.lower())
        if text is not None and _ends_value(before):
            raise refuse("spelling", text, token.column, wrong=token.text)


def _ends_value(token: "Token | None") -> bool:
    """Tell whether a value can end with ``token``."""
    if token is None or token.text in FOLLOWED:
        return False
    return token.kind.value != "sign" or token.text in (")", "]")
