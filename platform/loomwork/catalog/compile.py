"""Documents of all layers to the Model, or to everything that is wrong with them."""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from loomwork.catalog.blame import at_the_cause
from loomwork.catalog.define import define
from loomwork.catalog.documents import ATTACHMENT, Document
from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.layers import check_requirements, layers_of
from loomwork.catalog.memo import Memo
from loomwork.catalog.schema_check import pointer
from loomwork.catalog.stack import Stack, Stacker
from loomwork.catalog.texts import Translations
from loomwork.catalog.unread import Unread, below
from loomwork.errors import N_, DocumentError, Problem
from loomwork.model.field_type import FieldType
from loomwork.model.whole import Model, Pack, Pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a compilation found; ``model`` is None where there are problems.

    ``documents`` are the folded ones by kind and name, as far as they are sound.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    pending: tuple[Pending, ...]
    documents: Mapping[str, Mapping[str, FoldedDocument]]
    model: Model | None


class Compiler:
    """Compiles sets of documents, and remembers what it made for those that come again.

    What it gives is what a new one would give. Several threads may use it, one after the other.
    """

    def __init__(self, types: Mapping[str, type[FieldType]]) -> None:
        self._types = types
        self._stacker = Stacker()
        self._memo = Memo()
        self._busy = threading.Lock()

    def compile(self, documents: Sequence[Document]) -> Model:
        """Return the Model of the documents of all layers; DocumentError names every problem."""
        report = self.report(documents)
        if report.model is None:
            raise DocumentError(problems=report.problems)
        return report.model

    def report(self, documents: Sequence[Document], unread: Iterable[str] = ()) -> Report:
        """Return everything that can be said of the documents, with the Model if there is one.

        ``unread`` names files that were meant to be among them (``sales/entities/order.json``):
        what is only missed because of them is not told.
        """
        gone = Unread.of(unread)
        with self._busy:
            report = self.unblamed(documents, gone)
        if not report.problems:
            return report

        def check(lower: Sequence[Document]) -> Iterable[Problem]:
            return Compiler(self._types).unblamed(lower, gone).problems

        problems = at_the_cause(report.problems, layers_of(documents), check)
        return replace(report, problems=problems)

    def unblamed(self, documents: Sequence[Document], gone: Unread) -> Report:
        """Return the report with each problem where it shows, be it caused by a higher layer."""
        findings = Findings()
        layers = layers_of(documents)
        for document, path, problem in check_requirements(layers):
            place = f"{document.pack}/{document.file}"
            findings.problems.append(replace(problem, file=place, pointer=pointer(path)))
        stack = self._stacker.stack(layers, findings)
        texts = Translations(
            stack.by_kind.get("translation", {}).values(),
            stack.texts,
            [layer.name for layer in layers],
        )
        self._memo.begin(texts)
        defined = define(
            stack.by_kind,
            self._types,
            texts,
            findings,
            attachments=_attachments(documents),
            memo=self._memo,
        )
        _check_texts(texts, stack, findings, gone)
        problems = tuple(
            problem
            for problem in findings.problems
            if not (_excused(problem, stack) or gone.excuses(problem))
        )
        model = Model(
            hash=documents_hash(documents),
            packs=_packs(stack),
            entities=defined.entities,
            roles=defined.roles,
            forms=defined.forms,
            views=defined.views,
            apps=defined.apps,
            settings=defined.settings,
            pending=tuple(findings.pending),
        )
        return Report(
            problems=problems,
            warnings=tuple(findings.warnings),
            pending=model.pending,
            documents=stack.by_kind,
            model=None if problems else model,
        )


def compile_model(documents: Sequence[Document], types: Mapping[str, type[FieldType]]) -> Model:
    """Return the Model of the documents of all layers, compiled from nothing.

    Raises DocumentError with every problem of every document.
    """
    return Compiler(types).compile(documents)


def check_documents(
    documents: Sequence[Document],
    types: Mapping[str, type[FieldType]],
    unread: Iterable[str] = (),
) -> Report:
    """Return everything that can be said of the documents of all layers."""
    return Compiler(types).report(documents, unread)


def documents_hash(documents: Iterable[Document]) -> str:
    """Return the hash of a set of documents: the same for the same texts in the same order."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.pack}\0{document.file}\0{document.hash}\n".encode())
    return digest.hexdigest()


def _attachments(documents: Iterable[Document]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for document in documents:
        if document.kind == ATTACHMENT:
            found.setdefault(document.pack, set()).add(document.file)
    return {pack: frozenset(files) for pack, files in found.items()}


def _packs(stack: Stack) -> dict[str, Pack]:
    return {
        name: Pack(
            name=name,
            version=document.body["version"],
            title=document.body.get("title", name),
            language=document.body.get("language", "en"),
            requires=document.body.get("requires", {}),
        )
        for name, document in stack.by_kind.get("pack", {}).items()
    }


def _check_texts(texts: Translations, stack: Stack, findings: Findings, gone: Unread) -> None:
    waiting = [(f"{one.kind}/{one.name}", one.pointer) for one in findings.pending]
    for document, address in texts.unused():
        name, _, place = address.partition("#")
        broken = [(name, lost) for lost in stack.damaged.get(name, ())]
        told = any(name == at and below(place, part) for at, part in (*broken, *waiting))
        if not (told or name in gone.documents or _removed(stack, name, place)):
            text = N_("There is nothing to translate at “{address}”.")
            path = ("texts", address)
            findings.add(document, path, "unknown_address", text, address=address)


def _removed(stack: Stack, name: str, place: str) -> bool:
    """Tell whether a text belongs to what a higher layer has taken away."""
    kind, _, document = name.partition("/")
    folded = stack.by_kind.get(kind, {}).get(document)
    return folded is not None and bool(folded.hidden(tuple(place.split("/")[1:-1])))


def _excused(problem: Problem, stack: Stack) -> bool:
    """Tell whether a name is only unknown because what brings it is broken."""
    return problem.code.startswith("unknown_") and problem.context.get("name") in stack.lost
