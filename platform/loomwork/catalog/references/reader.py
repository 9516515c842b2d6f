"""One document under check: where it leads to, and what its expressions say."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.constants import misfits
from loomwork.catalog.references.sentences import UNKNOWN
from loomwork.catalog.references.world import NOTHING, Roots, World
from loomwork.catalog.schema_check import nearest
from loomwork.errors import N_, ExpressionError
from loomwork.expressions.parse import parse, parse_value
from loomwork.expressions.print import to_text
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import Choose, Given, Node
from loomwork.expressions.tree import Field as FieldNode
from loomwork.model.derived import result_of
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.types.declared import DeclaredType
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType

Path: TypeAlias = tuple[object, ...]
BARE = {True: "True", False: "False"}


class Reader:
    """Looks up and parses what one document says; notes what is wrong at its place."""

    def __init__(self, document: FoldedDocument, world: World, findings: Findings) -> None:
        self.document = document
        self.body: Mapping[str, Any] = document.body
        self.world = world
        self._findings = findings

    def add(self, path: Path, code: str, text: str, **context: object) -> None:
        """Note one problem at ``path``."""
        self._findings.add(self.document, path, code, text, **context)

    def known(self, path: Path, what: str, name: str, existing: Iterable[str]) -> bool:
        """Tell whether ``name`` is among ``existing``; note a problem with a hint if not."""
        names = tuple(existing)
        if name in names:
            return True
        hint = nearest(name, names)
        self.add(path, f"unknown_{what}", UNKNOWN[what][1 if hint else 0], name=name, hint=hint)
        return False

    def document_known(self, path: Path, kind: str, name: str) -> bool:
        """Tell whether there is a document of ``kind`` and ``name``."""
        return self.known(path, kind, name, self.world.all(kind))

    def entity(self, path: Path, name: str) -> Entity | None:
        """Return the entity of this name, or note that there is none."""
        if self.known(path, "entity", name, self.world.entities):
            return self.world.entities[name]
        return None

    def field(self, path: Path, entity: Entity, name: str) -> Field | None:
        """Return the field at the end of ``name``, which may lead over links with dots."""
        *steps, last = name.split(".")
        for step in steps:
            link = self._field(path, entity, step)
            if link is None:
                return None
            target = self.world.entities.get(target_of(link))
            if target is None:
                text = N_("“{name}” is no link, so nothing follows after its dot.")
                self.add(path, "not_a_link", text, name=step)
                return None
            entity = target
        return self._field(path, entity, last)

    def _field(self, path: Path, entity: Entity, name: str) -> Field | None:
        if self.known(path, "field", name, entity.fields):
            return entity.fields[name]
        return None

    def fields(self, path: Path, entity: Entity, names: Iterable[str]) -> None:
        """Check a list of fields, each of which may lead over links."""
        for place, name in enumerate(names):
            self.field((*path, place), entity, name)

    def sort(self, path: Path, entity: Entity, keys: Iterable[str]) -> None:
        """Check sort keys: fields, each with a minus where it is sorted downwards."""
        for place, key in enumerate(keys):
            name = key.removeprefix("-")
            found = self.field((*path, place), entity, name)
            if found is not None and not found.type.sortable:
                text = N_("The field “{name}” cannot be sorted by.")
                self.add((*path, place), "not_sortable", text, name=name)

    def inverse(self, path: Path, entity: Entity, name: str) -> Entity | None:
        """Return the entity whose link calls itself ``name`` on ``entity``, over dotted links."""
        *steps, last = name.split(".")
        for step in steps:
            link = self._field(path, entity, step)
            target = self.world.entities.get(target_of(link)) if link else None
            if target is None:
                return None
            entity = target
        inverses = self.world.inverses.get(entity.name, {})
        if self.known(path, "inverse", last, inverses):
            return self.world.entities[inverses[last][0][0]]
        return None

    def layer(self, path: Path) -> str:
        """Return the pack that says what stands at ``path``."""
        return self.document.origin(path).layer

    def scope(
        self,
        path: Path,
        entity: Entity | None,
        *,
        this: Entity | None = None,
        roots: Roots | None = None,
        changes: bool = False,
    ) -> Scope:
        """Return what an expression at ``path`` may name."""
        return self.world.scope(
            entity or NOTHING, pack=self.layer(path), this=this, roots=roots, changes=changes
        )

    def condition(self, path: Path, source: str | bool, scope: Scope) -> str:
        """Return a condition as canonical text, or as written where it has problems."""
        if isinstance(source, bool):
            return BARE[source]
        try:
            return to_text(parse(source, scope))
        except ExpressionError as error:
            self._wrong(path, error)
            return source

    def value(
        self, path: Path, source: str, scope: Scope, wanted: Kind | None = None, entity: str = ""
    ) -> Node | None:
        """Return the tree of a value of the kind and entity that are ``wanted``."""
        try:
            node = parse_value(source, scope, wanted)
        except ExpressionError as error:
            self._wrong(path, error)
            return None
        if wanted is Kind.LINK and entity and entity_of(node) not in ("", entity):
            text = N_("This leads to “{found}”; a link to “{entity}” is expected.")
            self.add(path, "other_entity", text, found=entity_of(node), entity=entity)
            return None
        return node

    def text(self, path: Path, source: str, scope: Scope, field: Field) -> str:
        """Return a value for ``field`` as canonical text, or as written where it has problems."""
        kind = field.type.kind if field.type.usable else None
        node = self.value(path, source, scope, kind, target_of(field))
        if node is None:
            return source
        for problem in misfits(node, field.type, scope) if kind else ():
            self._findings.problem(self.document, path, problem)
        return to_text(node)

    def _wrong(self, path: Path, error: ExpressionError) -> None:
        for problem in error.problems:
            self._findings.problem(self.document, path, problem)


def target_of(field: Field) -> str:
    """Return the entity that a link leads to; empty for everything else."""
    type_ = result_of(field.type)
    if isinstance(type_, LinkType | LinksType):
        return type_.to
    return type_.entity if isinstance(type_, DeclaredType) else ""


def entity_of(node: Node) -> str:
    """Return the entity that a link's value is of; empty for everything else."""
    return node.entity if isinstance(node, FieldNode | Given | Choose) else ""
