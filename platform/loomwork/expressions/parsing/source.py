"""One source text: Python's tree of it, within the limits of size, and places in it."""

import ast
from collections.abc import Hashable
from typing import Protocol

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.refusal import refuse
from loomwork.expressions.scan import DEEPEST, MOST_PARTS, scan

DATES = ("date", "datetime")


class Wording(Protocol):
    """How a source was typed that has since been brought to names."""

    @property
    def by_labels(self) -> bool:
        """Tell whether anything was called by its label."""

    def typed(self, begin: int, end: int) -> str:
        """Return what was typed for a part of the source by names, counted from 0."""


class Source:
    """A source, laid on one line so that columns count through the whole of it."""

    def __init__(self, source: str, wording: Wording | None = None) -> None:
        scan(source)
        self._wording = wording
        self._followed: set[Hashable] = set()
        flat = source.replace("\n", " ").replace("\r", " ").replace("\t", " ")
        self._line = flat.strip()
        self._bytes = self._line.encode()
        self._indent = len(flat) - len(flat.lstrip())

    def tree(self) -> ast.expr:
        """Return what Python's parser makes of the source."""
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

    def column(self, node: ast.expr) -> int:
        """Return the column of ``node`` in characters from 1."""
        return self._column_of(node.col_offset)

    def column_of_last(self, node: ast.Attribute) -> int:
        """Return the column of the name after the point."""
        return self._column_of((node.end_col_offset or 0) - len(node.attr))

    def written(self, node: ast.expr) -> str:
        """Return the text of ``node``."""
        return self._bytes[node.col_offset : node.end_col_offset].decode()

    @property
    def by_labels(self) -> bool:
        """Tell whether sentences call things by their labels, as the source did."""
        return self._wording is not None and self._wording.by_labels

    def shown(self, node: ast.expr) -> str:
        """Return the text of ``node`` as it was typed."""
        end = self._column_of(node.end_col_offset or 0)
        return self._typed(self.column(node), end) or self.written(node)

    def shown_last(self, node: ast.Name | ast.Attribute) -> str:
        """Return the last name of ``node`` as it was typed."""
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        end = self._column_of(node.end_col_offset or 0)
        return self._typed(end - len(name), end) or name

    def follow(self, way: Hashable) -> int:
        """Remember that a link is followed; return how many different ones are by now."""
        self._followed.add(way)
        return len(self._followed)

    def refuse(self, code: str, text: str, node: ast.expr, **context: object) -> ExpressionError:
        """Return the error for a problem at ``node``."""
        return refuse(code, text, self.column(node), **context)

    def _column_of(self, offset: int) -> int:
        return self._indent + len(self._bytes[:offset].decode()) + 1

    def _typed(self, begin: int, end: int) -> str:
        return self._wording.typed(begin - 1, end - 1) if self._wording else ""

    def _check_size(self, body: ast.expr) -> None:
        waiting: list[tuple[ast.AST, int]] = [(body, 1)]
        parts = 0
        while waiting:
            node, depth = waiting.pop()
            if isinstance(node, ast.expr):
                parts += 1
                if depth > DEEPEST:
                    raise self.refuse("too_deep", refusal.TOO_DEEP, node, limit=DEEPEST)
                if parts > MOST_PARTS:
                    raise self.refuse("too_large", refusal.TOO_LARGE, node, limit=MOST_PARTS)
            waiting.extend((child, depth + levels(node)) for child in parts_of(node))


def parts_of(node: ast.AST) -> list[ast.AST]:
    """Return what counts as parts of ``node``: a written date and a function's name do not."""
    match node:
        case ast.Call(ast.Name(name), [ast.Constant()]) if name in DATES:
            return []
        case ast.Call(ast.Name(), arguments, keywords):
            return [*arguments, *keywords]
        case ast.Compare(left, [ast.Is() | ast.IsNot()], [ast.Constant(None)]):
            return [left]
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def levels(node: ast.AST) -> int:
    """Return how much deeper the parts of ``node`` are; a chain will be joined by ``and``."""
    if isinstance(node, ast.Attribute):
        return 0
    return 2 if isinstance(node, ast.Compare) and len(node.ops) > 1 else 1
