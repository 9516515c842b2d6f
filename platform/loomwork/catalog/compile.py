"""Documents of all packs to the Model."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from loomwork.catalog.documents import Document
from loomwork.catalog.entities import build_entity, check_entity
from loomwork.catalog.findings import Findings
from loomwork.catalog.schema_check import check_schema
from loomwork.catalog.screens import (
    build_app,
    build_form,
    build_role,
    build_view,
    check_app,
    check_form,
    check_role,
    check_view,
)
from loomwork.catalog.texts import Translations
from loomwork.errors import N_, DocumentError
from loomwork.model.field_type import FieldType
from loomwork.model.whole import Model, Pack

PLATFORM_VERSION = "0.1.0"
Definition = TypeVar("Definition")


def compile_model(documents: Sequence[Document], types: Mapping[str, type[FieldType]]) -> Model:
    """Return the Model of ``documents``, which are those of all packs, lower packs first.

    Raises DocumentError with every problem of every document.
    """
    findings = Findings()
    for document in documents:
        for problem in check_schema(document):
            findings.problems.append(problem.within(f"{document.pack}/{document.file}"))
    if findings.problems:
        # References in documents of the wrong shape would only be noise.
        raise DocumentError(problems=findings.problems)
    model = _Compilation(documents, types, findings).model()
    if findings.problems:
        raise DocumentError(problems=findings.problems)
    return model


def documents_hash(documents: Iterable[Document]) -> str:
    """Return the hash of a set of documents: the same for the same texts in the same order."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.pack}\0{document.file}\0{document.hash}\n".encode())
    return digest.hexdigest()


def _comparable(version: str) -> Version:
    """Return a Semantic Version for comparing; all pre-releases of one release count alike."""
    release, _, before = version.partition("-")
    return Version(f"{release}rc0" if before else release)


class _Compilation:
    def __init__(
        self,
        documents: Sequence[Document],
        types: Mapping[str, type[FieldType]],
        findings: Findings,
    ) -> None:
        self.documents = documents
        self.types = types
        self.findings = findings
        self.by_kind: dict[str, dict[str, Document]] = {}
        self.translations: list[Document] = []
        for document in documents:
            self._sort_in(document)
        self.texts = Translations(self.translations)

    def _sort_in(self, document: Document) -> None:
        if document.kind == "translation":
            self._add_translation(document)
            return
        same_kind = self.by_kind.setdefault(document.kind, {})
        first = same_kind.setdefault(document.name, document)
        if first is not document:
            self._defined_twice(document, first)

    def _add_translation(self, document: Document) -> None:
        """Every pack has its own texts, but only one document for each language."""
        for other in self.translations:
            if (other.pack, other.name) == (document.pack, document.name):
                self._defined_twice(document, other)
        self.translations.append(document)

    def _defined_twice(self, document: Document, first: Document) -> None:
        self.findings.add(
            document,
            ("name",),
            "defined_twice",
            N_("“{name}” is defined already, in {file}."),
            name=document.name,
            file=f"{first.pack}/{first.file}",
        )

    def model(self) -> Model:
        packs = self._packs()
        entities = self._build(
            "entity", lambda d: build_entity(d, self.types, self.texts, self.findings)
        )
        forms = self._build("form", lambda document: build_form(document, self.texts))
        views = self._build("view", lambda document: build_view(document, self.texts))
        apps = self._build("app", lambda document: build_app(document, self.texts))
        roles = self._build("role", lambda document: build_role(document, self.texts))
        found = self.findings
        self._check("entity", entities, lambda d, e: check_entity(d, e, entities, found))
        self._check("form", forms, lambda d, f: check_form(d, f, entities, found))
        self._check("view", views, lambda d, v: check_view(d, v, entities, found))
        self._check("app", apps, lambda d, a: check_app(d, a, entities, views, found))
        self._check("role", roles, lambda d, r: check_role(d, r, entities, found))
        self._check_texts()
        return Model(
            hash=documents_hash(self.documents),
            packs=packs,
            entities=entities,
            roles=roles,
            forms=forms,
            views=views,
            apps=apps,
        )

    def _build(self, kind: str, build: Callable[[Document], Definition]) -> dict[str, Definition]:
        return {name: build(document) for name, document in self.by_kind.get(kind, {}).items()}

    def _check(
        self,
        kind: str,
        definitions: Mapping[str, Any],
        check: Callable[[Document, Any], None],
    ) -> None:
        for name, document in self.by_kind.get(kind, {}).items():
            check(document, definitions[name])

    def _packs(self) -> dict[str, Pack]:
        packs = {
            name: Pack(
                name=name,
                version=document.body["version"],
                title=document.body.get("title", name),
                language=document.body.get("language", "en"),
                requires=document.body.get("requires", {}),
            )
            for name, document in self.by_kind.get("pack", {}).items()
        }
        for name, document in self.by_kind.get("pack", {}).items():
            for needed, wanted in packs[name].requires.items():
                present = packs[needed].version if needed in packs else None
                self._require(document, ("requires", needed), needed, wanted, present)
            if "platform" in document.body:
                wanted = document.body["platform"]
                self._require(document, ("platform",), "loomwork", wanted, PLATFORM_VERSION)
        return packs

    def _require(
        self,
        document: Document,
        path: tuple[str, ...],
        name: str,
        wanted: str,
        present: str | None,
    ) -> None:
        try:
            fits = present is not None and SpecifierSet(wanted).contains(
                _comparable(present), prereleases=True
            )
        except ValueError:
            text = N_("“{wanted}” is not a range of versions, like >=1.0,<2.")
            self.findings.add(document, path, "bad_range", text, wanted=wanted)
            return
        if present is None:
            text = N_("The pack “{name}” ({wanted}) is needed and not installed.")
            self.findings.add(document, path, "missing_pack", text, name=name, wanted=wanted)
        elif not fits:
            text = N_("“{name}” is needed in version {wanted}; present is {present}.")
            context = {"name": name, "wanted": wanted, "present": present}
            self.findings.add(document, path, "wrong_version", text, **context)

    def _check_texts(self) -> None:
        for document, address in self.texts.unused():
            text = N_("There is nothing to translate at “{address}”.")
            path = ("texts", address)
            self.findings.add(document, path, "unknown_address", text, address=address)
