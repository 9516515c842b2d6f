"""The folded documents to the definitions of the Model, with every reference checked."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from loomwork.catalog.derived import check_derivations
from loomwork.catalog.entities import build_entity
from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.memo import Memo
from loomwork.catalog.pending import note_pending
from loomwork.catalog.references.derive import derive, govern
from loomwork.catalog.references.entities import resolve_entity
from loomwork.catalog.references.kinds import CHECKS, Check
from loomwork.catalog.references.roles import resolve_role, with_inherited
from loomwork.catalog.references.screens import resolve_app, resolve_form, resolve_view
from loomwork.catalog.references.world import (
    Documents,
    World,
    inverse_names,
    setting_infos,
    workflows_by_field,
)
from loomwork.catalog.roles import build_role, build_settings
from loomwork.catalog.screens import build_app, build_form, build_view
from loomwork.catalog.texts import Translations
from loomwork.catalog.wording import note_texts
from loomwork.model.entity import Entity
from loomwork.model.field_type import FieldType
from loomwork.model.role import Role
from loomwork.model.screens import App, Form, View
from loomwork.model.settings import Setting

Definition = TypeVar("Definition")
Resolve: TypeAlias = Callable[[FoldedDocument, Definition, World, Findings], Definition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """What the documents define; what has to wait is among the findings."""

    entities: Mapping[str, Entity]
    roles: Mapping[str, Role]
    forms: Mapping[str, Form]
    views: Mapping[str, View]
    apps: Mapping[str, App]
    settings: Mapping[str, Setting]


def define(
    documents: Documents,
    types: Mapping[str, type[FieldType]],
    texts: Translations,
    findings: Findings,
    *,
    attachments: Mapping[str, Collection[str]] | None = None,
    memo: Memo | None = None,
) -> Defined:
    """Return what ``documents`` (by kind and name) define; note every problem of a reference.

    ``memo`` knows what an earlier call made of the same documents.
    """
    return _Definer(documents, types, texts, findings, memo or Memo()).defined(attachments or {})


class _Definer:
    def __init__(
        self,
        documents: Documents,
        types: Mapping[str, type[FieldType]],
        texts: Translations,
        findings: Findings,
        memo: Memo,
    ) -> None:
        self._documents = documents
        self._types = types
        self._texts = texts
        self._findings = findings
        self._memo = memo

    def defined(self, attachments: Mapping[str, Collection[str]]) -> Defined:
        settings = self._settings()
        entities = self._build(
            "entity", lambda d, found: build_entity(d, self._types, self._texts, found)
        )
        world = World(
            documents=self._documents,
            types=self._types,
            entities=entities,
            settings=setting_infos(settings, self._memo),
            workflows=workflows_by_field(self._documents),
            inverses=inverse_names(self._documents, self._memo),
            attachments=attachments,
        )
        govern(world, entities, self._texts)
        derive(world, entities, self._findings)
        kept = {name: self._memo.keep("entity", name, built) for name, built in entities.items()}
        return self._resolved(replace(world, entities=kept), kept, settings)

    def _resolved(
        self, world: World, entities: dict[str, Entity], settings: Mapping[str, Setting]
    ) -> Defined:
        roles = self._build("role", lambda d, _: build_role(d, self._texts))
        forms = self._build("form", lambda d, _: build_form(d, self._texts))
        views = self._build("view", lambda d, _: build_view(d, self._texts))
        apps = self._build("app", lambda d, _: build_app(d, self._texts))
        defined = Defined(
            entities=self._resolve("entity", entities, resolve_entity, world),
            roles=with_inherited(
                self._resolve("role", roles, resolve_role, world), world, self._findings
            ),
            forms=self._resolve("form", forms, resolve_form, world),
            views=self._resolve("view", views, resolve_view, world),
            apps=self._resolve("app", apps, resolve_app, world),
            settings=settings,
        )
        self._check_the_rest(world)
        if not self._findings.problems:
            check_derivations(
                self._documents, defined.entities, defined.roles, settings, self._findings
            )
        return defined

    def _settings(self) -> dict[str, Setting]:
        packs = self._build(
            "pack", lambda d, found: tuple(build_settings(d, self._types, self._texts, found))
        )
        return {setting.key: setting for declared in packs.values() for setting in declared}

    def _build(
        self, kind: str, make: Callable[[FoldedDocument, Findings], Definition]
    ) -> dict[str, Definition]:
        """Return what is built of every document of a kind, and note what of it has to wait."""

        def built(document: FoldedDocument) -> Definition:
            def made(found: Findings) -> Definition:
                note_pending(document, found)
                return make(document, found)

            return self._memo.build(document, self._findings, made)

        return {name: built(document) for name, document in self._documents.get(kind, {}).items()}

    def _resolve(
        self,
        kind: str,
        definitions: Mapping[str, Definition],
        resolve: Resolve[Definition],
        world: World,
    ) -> dict[str, Definition]:
        documents = self._documents.get(kind, {})

        def resolved(name: str, definition: Definition) -> Definition:
            document, kept = documents[name], self._memo.keep(kind, name, definition)

            def made(world: World, found: Findings) -> Definition:
                return resolve(document, kept, world, found)

            return self._memo.resolve(document, kept, world, self._findings, made)

        return {name: resolved(name, definition) for name, definition in definitions.items()}

    def _check_the_rest(self, world: World) -> None:
        """Check the documents of which nothing is built yet."""
        for kind, check in CHECKS.items():
            built = self._build(kind, lambda document, _: note_texts(document, self._texts))
            self._resolve(kind, built, _checked(check), world)


def _checked(check: Check) -> Resolve[None]:
    def resolved(
        document: FoldedDocument, definition: None, world: World, findings: Findings
    ) -> None:
        del definition
        check(document, world, findings)

    return resolved
