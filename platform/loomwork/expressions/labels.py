"""Expressions as people read and write them: with labels instead of names."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from loomwork.errors import ExpressionError
from loomwork.expressions import foreign, refusal
from loomwork.expressions.literals import labelled
from loomwork.expressions.naming import (
    KEYWORDS,
    field_labels,
    in_any_language,
    inverse_labels,
    start,
)
from loomwork.expressions.parse import parse_value
from loomwork.expressions.parsing.aggregates import EXTREMES, NAMES
from loomwork.expressions.print import quoted, to_text
from loomwork.expressions.print_labels import LabelPrinter
from loomwork.expressions.refusal import refuse, unknown_name
from loomwork.expressions.scan import LONGEST
from loomwork.expressions.scope import Fields, Scope
from loomwork.expressions.tree import Node
from loomwork.model.kinds import Kind

LONGEST_LABEL = 10
"""Words of a label that is found without its back quotes."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PIECE = re.compile(
    r"""
    (?P<text>'(?:[^'\\\r\n]|\\[^\r\n])*'|"(?:[^"\\\r\n]|\\[^\r\n])*")
    | (?P<number>[0-9][0-9A-Za-z_.]*)
    | (?P<label>`[^`\r\n]*`)
    | (?P<word>[^\W\d]\w*)
    | (?P<rest>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def from_labels(source: str, scope: Scope, locale: str) -> str:
    """Return the canonical source by names of one in which things may be called by their labels.

    Labels of several words stand in back quotes. Errors have the column in what was typed.
    """
    return to_text(read_labels(source, scope, locale))


def to_labels(node: Node, scope: Scope, locale: str) -> str:
    """Return the source of ``node`` with labels in ``locale``, where they are unambiguous."""
    return LabelPrinter(scope, locale).text(node)


def read_labels(source: str, scope: Scope, locale: str, wanted: Kind | None = None) -> Node:
    """Return the value that a source by labels or names writes."""
    if len(source) > LONGEST:
        raise refuse("too_long", refusal.TOO_LONG, LONGEST + 1, limit=LONGEST)
    translation = _Translation(source, scope, locale)
    by_names = translation.text()
    try:
        return parse_value(by_names, scope, wanted, locale=locale, wording=translation)
    except ExpressionError as error:
        problems = [
            replace(problem, column=translation.column(problem.column or 1))
            for problem in error.problems
        ]
        raise ExpressionError(problems=problems) from None


def _made(place: tuple[int, int, int]) -> int:
    return place[0]


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what is called, the scope inside, and of which entity it comes to be."""

    function: str
    scope: Scope
    entity: str = ""
    fresh: bool = True


class _Translation:
    """Replaces labels by names from left to right, and remembers where everything was.

    Where a field and linking records have one label, the field is meant, but the records as the
    first argument of what asks about records only.
    """

    def __init__(self, source: str, scope: Scope, locale: str) -> None:
        self._source = source
        self._locale = locale
        self._open = [_Bracket("", scope)]
        self._made: list[str] = []
        self._places: list[tuple[int, int, int]] = []
        self._size = 0
        self.by_labels = False

    def text(self) -> str:
        """Return the source by names."""
        pieces = list(PIECE.finditer(self._source))
        index = 0
        while index < len(pieces):
            piece = pieces[index]
            if piece.lastgroup in ("word", "label"):
                index = self._chain(pieces, index)
                continue
            made = piece.group()
            if piece.lastgroup == "text":
                made = self._text(made, piece.start())
            else:
                self._sign(made, piece.start() + 1)
                self._brackets(pieces, index)
            self._put(made, piece)
            index += 1
        return "".join(self._made)

    def column(self, column: int) -> int:
        """Return where in the typed source a column of the text by names is."""
        for made, typed, length in reversed(self._places):
            if made < column:
                return typed + min(column - made, length)
        return column

    def typed(self, begin: int, end: int) -> str:
        """Return what was typed for a part of the text by names, both counted from 0."""
        first = bisect_left(self._places, begin, key=_made)
        after = bisect_left(self._places, end, key=_made)
        if first == after:
            return ""
        _, last, length = self._places[after - 1]
        return self._source[self._places[first][1] : last + length]

    def _sign(self, sign: str, column: int) -> None:
        """Refuse at once what would leave the words after it without sense."""
        if sign in foreign.QUOTES or sign in foreign.CHOICE:
            raise foreign.sign(sign, column) or refuse("syntax", refusal.SYNTAX, column)

    def _put(self, made: str, piece: re.Match[str]) -> None:
        self.by_labels = self.by_labels or made != piece.group()
        self._places.append((self._size, piece.start(), len(piece.group()) or 1))
        self._made.append(made)
        self._size += len(made)

    def _brackets(self, pieces: list[re.Match[str]], index: int) -> None:
        sign = pieces[index].group()
        inner = self._open[-1]
        if sign in "([":
            before = pieces[index - 1].group() if index and sign == "(" else ""
            self._open.append(_Bracket(before, inner.scope))
        elif sign in ")]" and len(self._open) > 1:
            self._open.pop()
        elif sign == "," and inner.entity:
            inner.scope = inner.scope.inside(inner.entity) or inner.scope
            inner.entity = ""
        elif sign == "`":
            raise refuse("open_label", refusal.OPEN_LABEL, pieces[index].start() + 1)
        if not sign.isspace() and sign not in "([":
            inner.fresh = False

    def _text(self, written: str, place: int) -> str:
        """Return a text; in changed() it names a field."""
        inner = self._open[-1]
        inner.fresh = False
        label = written[1:-1]
        if inner.function != "changed" or inner.scope.field(label) is not None:
            return written
        name = labelled(label, field_labels(inner.scope), self._locale, place + 1)
        return written if name is None else quoted(name)

    def _chain(self, pieces: list[re.Match[str]], index: int) -> int:
        """Translate names joined by points from ``index`` on; return what comes after them."""
        inner = self._open[-1]
        first = pieces[index].group()
        followed = pieces[index + 1].group() if index + 1 < len(pieces) else ""
        if first in KEYWORDS or followed == "(":
            self._put(pieces[index].group(), pieces[index])
            inner.fresh = False
            return index + 1
        parts = [pieces[index]]
        while index + 2 < len(pieces) and pieces[index + 1].group() == ".":
            if pieces[index + 2].lastgroup not in ("word", "label"):
                break
            parts.append(pieces[index + 2])
            index += 2
        self._require_quoted(pieces, index, parts)
        self._named(parts, first=inner.fresh and inner.function in NAMES)
        inner.fresh = False
        return index + 1

    def _named(self, parts: list[re.Match[str]], *, first: bool) -> None:
        scope = self._open[-1].scope
        fields, begin = self._start(scope, parts)
        for index, part in enumerate(parts):
            if index:
                self._made.append(".")
                self._size += 1
            name = part.group()
            if index >= begin and fields is not None:
                records = first and index == len(parts) - 1
                name = self._name(scope, fields, part, records=records, own=not index)
                info = fields.field(name)
                if records and info is None:
                    inverse = scope.inverses(fields.entity).get(name)
                    self._open[-1].entity = inverse.entity if inverse else ""
                fields = scope.fields_of(info.entity) if info and info.entity else None
                if fields is None and index + 1 < len(parts):
                    self._require_names(part, parts[index + 1 :])
            self._put(name, part)

    @staticmethod
    def _require_names(part: re.Match[str], after: list[re.Match[str]]) -> None:
        """Refuse labels after what leads nowhere; for names the parser says what is wrong."""
        if all(NAME.fullmatch(one.group()) for one in after):
            return
        raise refuse("not_a_link", refusal.NOT_A_LINK, part.start() + 1, name=part.group())

    def _start(self, scope: Scope, parts: list[re.Match[str]]) -> tuple[Fields | None, int]:
        """Return the fields at which a chain begins, and with which of its parts."""
        name = parts[0].group()
        if name == "steps" and len(parts) > 1:
            return start(scope, f"steps.{parts[1].group()}"), 2
        if name == "user" or name in scope.roots():
            return start(scope, name), 1
        return (None, 0) if name == "settings" else (scope, 0)

    def _require_quoted(
        self, pieces: list[re.Match[str]], index: int, parts: list[re.Match[str]]
    ) -> None:
        """Refuse a label of several words that stands without back quotes."""
        words = [parts[-1].group()]
        ahead = pieces[index + 1 : index + 2 * LONGEST_LABEL]
        for blank, word in zip(ahead[::2], ahead[1::2], strict=False):
            if not blank.group().isspace() or word.lastgroup != "word" or word.group() in KEYWORDS:
                break
            words.append(word.group())
        if len(words) == 1 or parts[-1].lastgroup != "word":
            return
        scope = self._open[-1].scope
        fields, begin = self._start(scope, parts)
        for part in parts[begin:-1]:
            fields = self._next(scope, fields, part)
        known = self._known_labels(scope, fields) if fields else {}
        for length in range(len(words), 1, -1):
            label = known.get(" ".join(words[:length]).casefold())
            if label is not None:
                column = parts[-1].start() + 1
                raise refuse("spelling", refusal.QUOTE_LABEL, column, label=label)

    def _next(self, scope: Scope, fields: Fields | None, part: re.Match[str]) -> Fields | None:
        if fields is None:
            return None
        info = fields.field(self._name(scope, fields, part))
        return scope.fields_of(info.entity) if info and info.entity else None

    @staticmethod
    def _known_labels(scope: Scope, fields: Fields) -> dict[str, str]:
        """Return all labels in every language, by their small letters."""
        texts = [*field_labels(fields).values(), *inverse_labels(scope, fields).values()]
        return {label.casefold(): label for label in in_any_language(texts)}

    def _name(
        self,
        scope: Scope,
        fields: Fields,
        part: re.Match[str],
        *,
        records: bool = False,
        own: bool = False,
    ) -> str:
        """Return the name of what a part is: unquoted, a name comes before a label.

        ``records`` tells that linking records may stand here, ``own`` that nothing is before it.
        """
        written, column = part.group(), part.start() + 1
        bare = written.strip("`")
        known = fields.field(bare) is not None or bare in scope.inverses(fields.entity)
        if part.lastgroup == "word" and known:
            return written
        tables = [field_labels(fields), inverse_labels(scope, fields)]
        if records and self._open[-1].function not in EXTREMES:
            tables.reverse()
        for labels in tables:
            found = labelled(bare, labels, self._locale, column)
            if found is not None:
                return found
        if known or (part.lastgroup == "word" and NAME.fullmatch(bare)):
            return bare
        raise self._unknown(scope, fields, part, own=own)

    def _unknown(
        self, scope: Scope, fields: Fields, part: re.Match[str], *, own: bool
    ) -> ExpressionError:
        """Return the error for a word that is no label here, with what was probably meant."""
        bare, column = part.group().strip("`"), part.start() + 1
        known = self._known_labels(scope, fields)
        hint = foreign.word(bare, column, lambda rest: rest.casefold() in known) if own else None
        if hint is not None and part.lastgroup == "word":
            return hint
        outside = scope.roots().get("this") if own else None
        if outside is not None and bare.casefold() in self._known_labels(scope, outside):
            name = part.group()
            return refuse("unknown_label", refusal.OF_RECORD_OUTSIDE, column, name=name)
        texts = [*field_labels(fields).values(), *inverse_labels(scope, fields).values()]
        called = [label.to(self._locale) for label in texts]
        return unknown_name(refusal.UNKNOWN_LABEL, bare, called, column, "unknown_label")
