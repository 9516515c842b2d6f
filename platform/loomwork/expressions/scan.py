"""A first look at the source, before Python's parser sees it.

Python's parser nests without bound, warns on odd escapes, folds letters of other scripts into names
and reads numbers of any size. Whatever could trigger that is refused here, in linear time.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from loomwork.expressions import foreign, refusal
from loomwork.expressions.refusal import refuse

LONGEST = 10_000
MOST_PARTS = 500
MOST_TOKENS = 10 * MOST_PARTS
DEEPEST = 50
MOST_WHOLE = 19
MOST_PLACES = 10

UNSUPPORTED = frozenset(
    (
        "**",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "import",
        "lambda",
        "nonlocal",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    )
)
OPENING = {"(": ")", "[": "]"}
CLOSING = frozenset(OPENING.values())

TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r\n]+)
    | (?P<wrong>===|&&|\|\||<>|!(?!=))
    | (?P<number>\.?[0-9][0-9A-Za-z_.]*)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>'(?:[^'\\\r\n]|\\[^\r\n])*'|"(?:[^"\\\r\n]|\\[^\r\n])*")
    | (?P<sign>==|!=|<=|>=|//|\*\*|[<>()\[\],.+*/%-])
    """,
    re.VERBOSE,
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
ESCAPE = re.compile(
    r"\\(?:[\\'\"nrt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"
)
ANY_ESCAPE = re.compile(r"\\.[0-9a-fA-F]{0,8}", re.DOTALL)
WORD = re.compile(r"\w")
NOT_WORD = re.compile(r"\W")


class TokenKind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    TEXT = "text"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; ``column`` counts characters from 1."""

    kind: TokenKind
    text: str
    column: int

    @property
    def end(self) -> int:
        """Return the column after the token."""
        return self.column + len(self.text)


def scan(source: str) -> None:
    """Refuse what must not reach Python's parser.

    Raises ExpressionError with one problem and its column.
    """
    if len(source) > LONGEST:
        raise refuse("too_long", refusal.TOO_LONG, LONGEST + 1, limit=LONGEST)
    unstorable = UNSTORABLE.search(source)
    if unstorable:
        raise refuse("bad_character", refusal.BAD_CHARACTER, unstorable.start() + 1)
    tokens: list[Token] = []
    for token in _tokens(source):
        if len(tokens) == MOST_TOKENS:
            raise refuse("too_large", refusal.TOO_LARGE, token.column, limit=MOST_PARTS)
        tokens.append(token)
    if not tokens:
        raise refuse("empty", refusal.EMPTY, 1)
    foreign.check_order(tokens)
    _check_neighbours(tokens)
    _check_nesting(tokens)


def _tokens(source: str) -> Iterator[Token]:
    position = 0
    while position < len(source):
        found = TOKEN.match(source, position)
        if found is None or found.lastgroup == "wrong":
            _explain(source, position)
        position = found.end()
        if found.lastgroup != "blank":
            token = Token(TokenKind(str(found.lastgroup)), found.group(), found.start() + 1)
            _check_token(token)
            yield token


def _explain(source: str, position: int) -> NoReturn:
    """Say what is wrong where no token begins."""
    column = position + 1
    if WORD.match(source, position):
        raise _word(source, position)
    for size in (3, 2, 1):
        hint = foreign.sign(source[position : position + size], column)
        if hint:
            raise hint
    sign = source[position]
    if sign in "'\"":
        raise refuse("open_text", refusal.OPEN_TEXT, column)
    raise refuse("bad_sign", refusal.BAD_SIGN, column, sign=sign)


def _word(source: str, position: int) -> Exception:
    """Say what is wrong with a word that has other letters than names have."""
    start = position - len(NOT_WORD.split(source[:position])[-1])
    for begin in (start, position):
        written = NOT_WORD.split(source[begin:], maxsplit=1)[0]
        hint = foreign.word(written, begin + 1)
        if hint:
            return hint
    name = NOT_WORD.split(source[start:], maxsplit=1)[0]
    return refuse("bad_name", refusal.NAME_NOT_ASCII, start + 1, name=name)


def _check_token(token: Token) -> None:
    if token.kind is TokenKind.NUMBER:
        _check_number(token)
    elif token.kind is TokenKind.TEXT:
        _check_escapes(token)
    elif token.text in UNSUPPORTED:
        raise refuse("unsupported", refusal.UNSUPPORTED, token.column, part=token.text)
    elif (hint := foreign.sign(token.text, token.column)) is not None:
        raise hint


def _check_number(token: Token) -> None:
    if not NUMBER.fullmatch(token.text):
        raise refuse("bad_number", refusal.BAD_NUMBER, token.column, number=token.text)
    whole, _, places = token.text.partition(".")
    if len(whole) > MOST_WHOLE or len(places.rstrip("0")) > MOST_PLACES:
        raise refuse(
            "number_too_long",
            refusal.NUMBER_TOO_LONG,
            token.column,
            whole=MOST_WHOLE,
            places=MOST_PLACES,
        )


def _check_escapes(token: Token) -> None:
    for found in ANY_ESCAPE.finditer(token.text):
        if not ESCAPE.match(found.group()):
            column = token.column + found.start()
            raise refuse("bad_escape", refusal.BAD_ESCAPE, column, escape=found.group()[:2])


def _check_neighbours(tokens: list[Token]) -> None:
    """Refuse prefixed and adjacent texts, which Python would read as one literal."""
    for left, right in itertools.pairwise(tokens):
        if right.kind is not TokenKind.TEXT:
            continue
        if left.kind is TokenKind.TEXT:
            raise refuse("two_texts", refusal.TWO_TEXTS, right.column)
        if left.kind is TokenKind.NAME and left.end == right.column:
            raise refuse("text_prefix", refusal.TEXT_PREFIX, left.column, prefix=left.text)


def _check_nesting(tokens: list[Token]) -> None:
    """Refuse unbalanced brackets, and more levels of them or of ``not`` than are readable."""
    opened: list[Token] = []
    repeated = 0
    for token in tokens:
        repeated = repeated + 1 if token.text in ("not", "-") else 0
        if token.text in OPENING:
            opened.append(token)
        elif token.text in CLOSING and (not opened or OPENING[opened.pop().text] != token.text):
            raise refuse("bracket", refusal.STRAY_BRACKET, token.column, sign=token.text)
        if max(len(opened), repeated) > DEEPEST:
            raise refuse("too_deep", refusal.TOO_DEEP, token.column, limit=DEEPEST)
    if opened:
        last = opened[-1]
        raise refuse("bracket", refusal.OPEN_BRACKET, last.column, sign=last.text)
