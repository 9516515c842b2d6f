"""Collects what is wrong across all documents, so that one run names everything."""

from collections.abc import Iterable
from dataclasses import replace

from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import Problem
from loomwork.model.whole import Pending


class Findings:
    """Problems, warnings and what has to wait, each at the place in the file that says so."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.pending: list[Pending] = []

    def add(
        self,
        document: FoldedDocument,
        path: Iterable[object],
        code: str,
        text: str,
        **context: object,
    ) -> None:
        """Note one problem at ``path`` in ``document``."""
        self.problem(document, path, Problem(code=code, text=text, context=context))

    def warn(
        self,
        document: FoldedDocument,
        path: Iterable[object],
        code: str,
        text: str,
        **context: object,
    ) -> None:
        """Note something that is allowed and probably not meant."""
        problem = Problem(code=code, text=text, context=context)
        self.warnings.append(_placed(document, path, problem))

    def wait(
        self, document: FoldedDocument, path: Iterable[object], what: str, **context: object
    ) -> None:
        """Note something that is understood and checked, and not carried out yet."""
        origin = document.origin(tuple(path))
        self.pending.append(
            Pending(
                kind=document.kind,
                name=document.name,
                what=what,
                context=context,
                file=origin.file,
                pointer=origin.pointer,
            )
        )

    def problem(self, document: FoldedDocument, path: Iterable[object], problem: Problem) -> None:
        """Note a problem that has only to be told where it is."""
        self.problems.append(_placed(document, path, problem))

    def include(self, other: "Findings") -> None:
        """Take over everything that another run found."""
        self.problems += other.problems
        self.warnings += other.warnings
        self.pending += other.pending


def _placed(document: FoldedDocument, path: Iterable[object], problem: Problem) -> Problem:
    origin = document.cause(tuple(path))
    return replace(problem, file=origin.file, pointer=origin.pointer + problem.pointer)
