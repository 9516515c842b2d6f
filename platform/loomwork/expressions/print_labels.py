"""From the tree to the source as people read it: with labels where they are unambiguous."""

from collections.abc import Mapping

from loomwork.expressions.naming import (
    KEYWORDS,
    RESERVED,
    WORD,
    field_labels,
    in_any_language,
    inverse_labels,
    start,
)
from loomwork.expressions.parsing.aggregates import EXTREMES
from loomwork.expressions.print import Printer, literal_text, quoted
from loomwork.expressions.scope import FieldInfo, Fields, Scope
from loomwork.expressions.tree import Aggregate, Changed, Field, Literal, Node, Step
from loomwork.model.text import Text


class LabelPrinter(Printer):
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
        records = self._records(node)
        inside = self._scope.inside(node.entity)
        printer = self if inside is None else LabelPrinter(inside, self._locale)
        return printer.asked(node, records)

    def changed(self, node: Changed) -> str:
        """Return the question with the field's label."""
        return f"changed({quoted(self._label(self._scope, node.part.name) or node.part.name)})"

    def _records(self, node: Aggregate) -> str:
        """Return how the linking records are called; min() and max() could mean a field."""
        fields = self._at(node.root, node.path)
        labels = inverse_labels(self._scope, fields) if fields else {}
        if fields and node.function in EXTREMES:
            taken = in_any_language(field_labels(fields).values())
            labels = {
                name: text for name, text in labels.items() if text.to(self._locale) not in taken
            }
        return self._way(node.root, node.path, node.inverse, labels)

    def _at(self, root: str, path: tuple[Step, ...]) -> Fields | None:
        """Return the fields at the end of a way."""
        fields = start(self._scope, root)
        for step in path:
            fields = self._scope.fields_of(step.entity) if fields else None
        return fields

    def _info(self, node: Field) -> FieldInfo | None:
        fields = self._at(node.root, node.path)
        return fields.field(node.name) if fields else None

    def _way(
        self,
        root: str,
        path: tuple[Step, ...],
        name: str,
        labels: Mapping[str, Text] | None = None,
    ) -> str:
        """Return the labels of a way and of what is at its end, by ``labels`` if they are given."""
        fields = start(self._scope, root)
        parts = [root] if root else []
        for step in path:
            parts.append(self._spoken(fields, step.field, first=not parts))
            fields = self._scope.fields_of(step.entity)
        return ".".join([*parts, self._spoken(fields, name, labels, first=not parts)])

    def _spoken(
        self,
        fields: Fields | None,
        name: str,
        labels: Mapping[str, Text] | None = None,
        *,
        first: bool,
    ) -> str:
        label = self._label(fields, name, labels)
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

    def _label(
        self, fields: Fields | None, name: str, labels: Mapping[str, Text] | None = None
    ) -> str:
        """Return the label of ``name``; empty where it could not be read again."""
        if labels is None:
            labels = field_labels(fields) if fields is not None else {}
        label = labels[name].to(self._locale) if name in labels else ""
        alike = [text for text in labels.values() if text.to(self._locale) == label]
        return label if len(alike) == 1 and label.isprintable() and "`" not in label else ""
