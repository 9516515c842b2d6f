"""Collects what is wrong across all documents, so that one run names everything."""

from collections.abc import Iterable

from loomwork.catalog.documents import Document
from loomwork.catalog.schema_check import nearest, pointer
from loomwork.errors import N_, ExpressionError, Problem
from loomwork.expressions.parse import parse
from loomwork.expressions.scope import EntityScope
from loomwork.model.entity import Entity

UNKNOWN = {
    "entity": (
        N_("There is no entity “{name}”."),
        N_("There is no entity “{name}”. Did you mean “{hint}”?"),
    ),
    "view": (
        N_("There is no view “{name}”."),
        N_("There is no view “{name}”. Did you mean “{hint}”?"),
    ),
    "field": (
        N_("There is no field “{name}”."),
        N_("There is no field “{name}”. Did you mean “{hint}”?"),
    ),
}


class Findings:
    """Problems with their documents and pointers."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, document: Document, path: Iterable[object], code: str, text: str, **context: object
    ) -> None:
        """Note one problem at ``path`` in ``document``."""
        self.problems.append(
            Problem(
                code=code,
                text=text,
                context=context,
                pointer=pointer(path),
                file=f"{document.pack}/{document.file}",
            )
        )

    def known(
        self,
        document: Document,
        path: Iterable[object],
        what: str,
        name: str,
        existing: Iterable[str],
    ) -> bool:
        """Tell whether ``name`` is among ``existing``; note a problem with a hint if not."""
        names = list(existing)
        if name in names:
            return True
        hint = nearest(name, names)
        text = UNKNOWN[what][1 if hint else 0]
        self.add(document, path, f"unknown_{what}", text, name=name, hint=hint)
        return False

    def expression(
        self, document: Document, path: Iterable[object], source: str, entity: Entity
    ) -> None:
        """Note every problem of an expression over the records of ``entity``."""
        try:
            parse(source, EntityScope(entity))
        except ExpressionError as error:
            place = pointer(path)
            file = f"{document.pack}/{document.file}"
            self.problems += [problem.at(place).within(file) for problem in error.problems]
