"""Expressions as people read and write them: with labels instead of names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.literals import labelled
from loomwork.expressions.parse import parse_value
from loomwork.expressions.parsing.aggregates import NAMES
from loomwork.expressions.print import Printer, literal_text, quoted, to_text
from loomwork.expressions.refusal import refuse, unknown_name
from loomwork.expressions.scan import LONGEST, SPELLINGS, UNSUPPORTED
from loomwork.expressions.scope import USER, FieldInfo, Fields, Scope
from loomwork.expressions.tree import Aggregate, Changed, Field, Literal, Node, Step
from loomwork.model.kinds import Kind
from loomwork.model.text import Text

KEYWORDS = frozenset(("and", "or", "not", "in", "is", "if", "else", "True", "False", "None"))
STARTS = frozenset(("user", "settings", "steps", "this", "old", "candidate", "ask"))
RESERVED = KEYWORDS | STARTS | UNSUPPORTED | SPELLINGS.keys()
WORD = re.compile(r"[^\W\d]\w*")
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
    return _LabelPrinter(scope, locale).text(node)


def read_labels(source: str, scope: Scope, locale: str, wanted: Kind | None = None) -> Node:
    """Return the value that a source by labels or names writes."""
    if len(source) > LONGEST:
        raise refuse("too_long", refusal.TOO_LONG, LONGEST + 1, limit=LONGEST)
    translation = _Translation(source, scope, locale)
    by_names = translation.text()
    try:
        return parse_value(by_names, scope, wanted, locale=locale)
    except ExpressionError as error:
        problems = [
            replace(problem, column=translation.column(problem.column or 1))
            for problem in error.problems
        ]
        raise ExpressionError(problems=problems) from None


def labels_of(scope: Scope, fields: Fields) -> Mapping[str, Text]:
    """Return how the fields and the inverse links of a record are called, by their names."""
    found = {name: info.label for name in fields.names() if (info := fields.field(name))}
    inverses = {name: link.label for name, link in scope.inverses(fields.entity).items()}
    return {name: label for name, label in (inverses | found).items() if label is not None}


def start(scope: Scope, root: str) -> Fields | None:
    """Return the fields of the record that a root names; of the scope's own without one."""
    if not root:
        return scope
    return scope.fields_of(USER) if root == "user" else scope.roots().get(root)


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what is called, the scope inside, and of which entity it comes to be."""

    function: str
    scope: Scope
    entity: str = ""
    fresh: bool = True


class _Translation:
    """Replaces labels by names from left to right, and remembers where everything was."""

    def __init__(self, source: str, scope: Scope, locale: str) -> None:
        self._source = source
        self._locale = locale
        self._open = [_Bracket("", scope)]
        self._made: list[str] = []
        self._places: list[tuple[int, int, int]] = []
        self._size = 0

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

    def _put(self, made: str, piece: re.Match[str]) -> None:
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
        labels = {
            name: text
            for name, text in labels_of(inner.scope, inner.scope).items()
            if inner.scope.field(name)
        }
        name = labelled(label, labels, self._locale, place + 1)
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
                name = self._name(scope, fields, part)
                info = fields.field(name)
                if first and info is None and index == len(parts) - 1:
                    inverse = scope.inverses(fields.entity).get(name)
                    self._open[-1].entity = inverse.entity if inverse else ""
                fields = scope.fields_of(info.entity) if info and info.entity else None
            self._put(name, part)

    def _start(self, scope: Scope, parts: list[re.Match[str]]) -> tuple[Fields | None, int]:
        """Return the fields at which a chain begins, and with which of its parts."""
        name = parts[0].group()
        if name == "steps" and len(parts) > 1:
            return start(scope, f"steps.{parts[1].group()}"), 2
        if name == "user" or name in scope.roots():
            return start(scope, name), 1
        return (None, 0) if name == "settings" else (scope, 0)

    def _name(self, scope: Scope, fields: Fields, part: re.Match[str]) -> str:
        """Return the name of what a part is: unquoted, a name comes before a label."""
        written, column = part.group(), part.start() + 1
        labels = labels_of(scope, fields)
        bare = written.strip("`")
        known = fields.field(bare) is not None or bare in scope.inverses(fields.entity)
        if part.lastgroup == "word" and known:
            return written
        found = labelled(bare, labels, self._locale, column)
        if found is not None:
            return found
        if known or (part.lastgroup == "word" and NAME.fullmatch(bare)):
            return bare
        called = [label.to(self._locale) for label in labels.values()]
        raise unknown_name(refusal.UNKNOWN_LABEL, bare, called, column, "unknown_label")


class _LabelPrinter(Printer):
    """Writes labels, in back quotes where they are no single word."""

    def __init__(self, scope: Scope, locale: str) -> None:
        self._scope = scope
        self._locale = locale

    def field(self, node: Field) -> str:
        """Return the labels of the way and of the field."""
        return self._way(node.root, node.path, node.name)

    def option(self, node: Literal, beside: Node) -> str:
        """Return the option's label, if it is that of no other option and no other's name."""
        info = self._info(beside) if isinstance(beside, Field) else None
        name = node.value
        if info is None or not isinstance(name, str) or name not in info.options:
            return literal_text(node)
        label = info.options[name].to(self._locale)
        others = [other for other in info.options if other != name]
        taken = {info.options[other].to(self._locale) for other in others} | set(others)
        return literal_text(node) if not label or label in taken else quoted(label)

    def aggregate(self, node: Aggregate) -> str:
        """Return the question with the labels of the linking records inside."""
        records = self._way(node.root, node.path, node.inverse)
        inside = self._scope.inside(node.entity)
        printer = self if inside is None else _LabelPrinter(inside, self._locale)
        return printer.asked(node, records)

    def changed(self, node: Changed) -> str:
        """Return the question with the field's label."""
        return f"changed({quoted(self._label(self._scope, node.part.name) or node.part.name)})"

    def _info(self, node: Field) -> FieldInfo | None:
        fields = start(self._scope, node.root)
        for step in node.path:
            fields = self._scope.fields_of(step.entity) if fields else None
        return fields.field(node.name) if fields else None

    def _way(self, root: str, path: tuple[Step, ...], name: str) -> str:
        fields = start(self._scope, root)
        parts = [root] if root else []
        for step in path:
            parts.append(self._spoken(fields, step.field, first=not parts))
            fields = self._scope.fields_of(step.entity)
        return ".".join([*parts, self._spoken(fields, name, first=not parts)])

    def _spoken(self, fields: Fields | None, name: str, *, first: bool) -> str:
        label = self._label(fields, name) if fields is not None else ""
        if not label:
            return name
        taken = label in RESERVED if first else label in KEYWORDS
        bare = WORD.fullmatch(label) and not taken and label not in self._names(fields, name)
        return label if bare else f"`{label}`"

    def _names(self, fields: Fields | None, name: str) -> set[str]:
        """Return the other names that could be meant beside ``name``."""
        entity = fields.entity if fields else ""
        known = {*(fields.names() if fields else ()), *self._scope.inverses(entity)}
        return known - {name}

    def _label(self, fields: Fields | None, name: str) -> str:
        """Return the label of ``name``; empty where it could not be read again."""
        labels = labels_of(self._scope, fields) if fields is not None else {}
        label = labels[name].to(self._locale) if name in labels else ""
        alike = [text for text in labels.values() if text.to(self._locale) == label]
        return label if len(alike) == 1 and label.isprintable() and "`" not in label else ""
