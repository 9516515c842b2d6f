"""Reads one source: what each construct of Python's syntax is in this language."""

import ast
from collections.abc import Collection, Mapping, Sequence

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.literals import fit, number_literal, text_literal
from loomwork.expressions.parsing import arithmetic, calls, comparing, names
from loomwork.expressions.parsing.source import Source
from loomwork.expressions.parsing.typed import (
    SETS,
    Typed,
    adapts,
    is_missing,
    is_none,
    merged,
    plain,
)
from loomwork.expressions.refusal import EXPECTED
from loomwork.expressions.scope import FieldInfo, Scope
from loomwork.expressions.tree import And, Choose, Literal, Node, Not, Or
from loomwork.model.kinds import Kind
from loomwork.model.text import Text


class Reader:
    """Reads the parts of a source in one scope.

    ``locale`` is set where people write: options may then be written by their labels.
    ``depth`` tells how many questions about other records are around.
    """

    def __init__(
        self, source: Source, scope: Scope, locale: str | None = None, depth: int = 0
    ) -> None:
        self.source = source
        self.scope = scope
        self.locale = locale
        self.depth = depth

    def inside(self, scope: Scope) -> "Reader":
        """Return a reader of the same source within a question about other records."""
        return Reader(self.source, scope, self.locale, self.depth + 1)

    def deeper(self) -> "Reader":
        """Return a reader of what stands within a question about other records of this scope."""
        return self.inside(self.scope)

    def called(self, labels: Mapping[str, Text | None]) -> list[str]:
        """Return how sentences call things: by their labels where the source does."""
        if self.locale is None or not self.source.by_labels:
            return list(labels)
        return [name if label is None else label.to(self.locale) for name, label in labels.items()]

    def condition(self, node: ast.expr) -> Node:
        """Return what is true or false."""
        value = self.value(node)
        if value.kind is not Kind.BOOLEAN:
            raise self.refuse("not_a_condition", refusal.NOT_A_CONDITION, node)
        return value.node

    def value(self, node: ast.expr, beside: Typed | None = None) -> Typed:
        """Return a value; a text is read as what stands ``beside`` it wants."""
        match node:
            case ast.Constant(bool(value)):
                return self.plain(Literal(value, Kind.BOOLEAN), node)
            case ast.Constant(str(text)):
                return self._text(text, node, beside)
            case ast.Constant(int() | float()):
                return self.plain(number_literal(self.source.written(node), 1), node)
            case ast.Constant(None):
                raise self.refuse("use_is_none", refusal.USE_IS_NONE, node)
            case ast.Name() | ast.Attribute():
                return names.resolve(self, node)
            case ast.Call(ast.Name()):
                return calls.call(self, node, beside)
            case ast.IfExp():
                return self._choose(node, beside)
            case ast.BinOp() | ast.UnaryOp(ast.USub()):
                return arithmetic.calculate(self, node)
        return self.plain(self._logic(node), node)

    def alike(
        self,
        nodes: Sequence[ast.expr],
        beside: Typed | None = None,
        *,
        absent: bool = False,
        mixed: Collection[Kind] = (),
    ) -> list[Typed]:
        """Return values of one kind; texts among them are read as the others want.

        ``absent`` allows None among them; values of the kinds ``mixed`` may stand together.
        """
        given: dict[int, Typed] = {
            index: self.single(node)
            for index, node in enumerate(nodes)
            if not adapts(node) and not (absent and is_none(node))
        }
        standard = _standard(list(given.values())) or beside
        for index, node in enumerate(nodes):
            if index not in given and not is_none(node):
                given[index] = self.value(node, standard)
                standard = standard or given[index]
        if standard is None:
            raise self.refuse("use_is_none", refusal.ONLY_MISSING, nodes[0])
        for index, node in enumerate(nodes):
            if index not in given:
                given[index] = self.plain(Literal(None, standard.kind), node)
        found = [given[index] for index in range(len(nodes))]
        for value in found:
            if value is not standard and not is_missing(value):
                self._require_alike(standard, value, mixed)
        return found

    def single(self, node: ast.expr, beside: Typed | None = None) -> Typed:
        """Return a value that is not a set."""
        value = self.value(node, beside)
        if value.kind in SETS:
            raise self.refuse("a_set", refusal.A_SET, node, name=value.name)
        return value

    def _require_alike(self, standard: Typed, value: Typed, mixed: Collection[Kind]) -> None:
        """Refuse ``value`` where it cannot be what ``standard`` is."""
        together = value.kind in mixed and standard.kind in mixed
        if value.kind is not standard.kind and not together:
            raise self.refuse("wrong_kind", EXPECTED[standard.kind], value.at, name=standard.name)
        self.require_entity(standard, value.info.entity, value.at)

    def require_entity(self, standard: Typed, entity: str, at: ast.expr) -> None:
        """Refuse a link to another entity than that of ``standard``."""
        wanted = standard.info.entity
        if wanted and entity and wanted != entity:
            raise self.refuse(
                "other_entity",
                refusal.OTHER_ENTITY,
                at,
                name=standard.name,
                wanted=wanted,
                entity=entity,
            )

    def plain(self, node: Node, at: ast.expr, entity: str = "") -> Typed:
        """Return a value of which nothing is known but its kind."""
        return plain(node, at, self.source.shown(at), entity=entity)

    def refuse(self, code: str, text: str, node: ast.expr, **context: object) -> ExpressionError:
        """Return the error for a problem at ``node``."""
        return self.source.refuse(code, text, node, **context)

    def unsupported(self, node: ast.expr) -> ExpressionError:
        """Return the error for what is no part of the language."""
        return self.refuse("unsupported", refusal.UNSUPPORTED, node, part=self.source.shown(node))

    def _logic(self, node: ast.expr) -> Node:
        match node:
            case ast.BoolOp(ast.And(), values):
                return And(tuple(self.condition(value) for value in values))
            case ast.BoolOp(ast.Or(), values):
                return Or(tuple(self.condition(value) for value in values))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand))
            case ast.Compare():
                return comparing.compare(self, node)
            case ast.List():
                raise self.refuse("not_a_value", refusal.NO_LIST_HERE, node)
        raise self.unsupported(node)

    def _text(self, text: str, node: ast.expr, beside: Typed | None) -> Typed:
        column = self.source.column(node)
        literal = text_literal(text, column)
        if beside is None:
            return self.plain(literal, node)
        fitted = self.fit(literal, beside.info, beside.name, column)
        info = beside.info if fitted.kind is beside.kind else plain(fitted, node, "").info
        return Typed(node=fitted, info=info, at=node, name=self.source.shown(node))

    def fit(self, literal: Literal, info: FieldInfo, name: str, column: int) -> Literal:
        """Return a text as what ``info`` tells of the value beside it."""
        shown = self.called({option: info.options.get(option) for option in info.choices or ()})
        return fit(literal, info, name, column, locale=self.locale, shown=shown)

    def _choose(self, node: ast.IfExp, beside: Typed | None) -> Typed:
        condition = self.condition(node.test)
        branches = self.alike([node.body, node.orelse], beside, absent=True)
        info = merged(branches)
        choice = Choose(condition, branches[0].node, branches[1].node, info.kind, info.entity)
        return Typed(node=choice, info=info, at=node, name=self.source.shown(node))


def _standard(values: Sequence[Typed]) -> Typed | None:
    """Return the value that the others have to be like: the first that is not a literal."""
    for value in values:
        if not isinstance(value.node, Literal):
            return value
    return values[0] if values else None
