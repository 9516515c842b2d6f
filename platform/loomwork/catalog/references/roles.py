"""Roles: what they may do, and what they take over from other roles."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.circles import circles
from loomwork.catalog.references.reader import Path, Reader
from loomwork.catalog.references.world import World
from loomwork.errors import N_, ExpressionError
from loomwork.expressions.parse import parse
from loomwork.expressions.print import to_text
from loomwork.expressions.tree import combine_or
from loomwork.model.entity import Entity
from loomwork.model.role import OPERATIONS, Grant, Role


def resolve_role(document: FoldedDocument, role: Role, world: World, findings: Findings) -> Role:
    """Return ``role`` with canonical grants of its own; note what does not fit."""
    reader = Reader(document, world, findings)
    for place, name in enumerate(reader.body.get("inherits", ())):
        reader.document_known(("inherits", place), "role", name)
    grants = {}
    for name, grant in role.grants.items():
        entity = reader.entity(("grants", name), name)
        grants[name] = grant if entity is None else _grant(reader, entity, grant)
    return replace(role, grants=grants)


def _grant(reader: Reader, entity: Entity, grant: Grant) -> Grant:
    path: Path = ("grants", entity.name)
    scope = reader.scope(path, entity)
    said = reader.body["grants"][entity.name]
    if "export" in said:
        reader.condition((*path, "export"), said["export"], scope)
    for name, level in said.get("fields", {}).items():
        known = reader.known((*path, "fields", name), "field", name, entity.fields)
        for key in ("write", "read") if known and isinstance(level, dict) else ():
            if key in level:
                reader.condition((*path, "fields", name, key), level[key], scope)
    _check_transitions(reader, path, entity, said)
    return replace(
        grant,
        rows={
            operation: reader.condition((*path, operation), rows, scope)
            for operation, rows in grant.rows.items()
        },
    )


def _check_transitions(reader: Reader, path: Path, entity: Entity, said: Mapping[str, Any]) -> None:
    known = [
        name
        for workflow in reader.world.workflows.get(entity.name, {}).values()
        for name in workflow.body["transitions"]
    ]
    for place, name in enumerate(said.get("transitions", ())):
        reader.known((*path, "transitions", place), "transition", name, known)


def with_inherited(roles: Mapping[str, Role], world: World, findings: Findings) -> dict[str, Role]:
    """Return the roles with the grants of those that they inherit; note circles."""
    inherits = {
        name: [other for other in world.body("role", name).get("inherits", ()) if other in roles]
        for name in roles
    }
    for circle in circles(inherits):
        text = N_("The roles inherit each other: {circle}.")
        shown = " → ".join((*circle, circle[0]))
        findings.add(world.all("role")[circle[0]], ("inherits",), "circle", text, circle=shown)
    return {
        name: _union(role, [roles[other] for other in _ancestors(name, inherits)], world)
        for name, role in roles.items()
    }


def _ancestors(name: str, inherits: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield every role that ``name`` inherits, near or far, once."""
    seen, waiting = {name}, list(inherits[name])
    while waiting:
        other = waiting.pop(0)
        if other not in seen:
            seen.add(other)
            yield other
            waiting += inherits[other]


def _union(role: Role, ancestors: list[Role], world: World) -> Role:
    if not ancestors:
        return role
    grants: dict[str, Grant] = {}
    for entity in dict.fromkeys(name for one in (role, *ancestors) for name in one.grants):
        given = [one.grants[entity].rows for one in (role, *ancestors) if entity in one.grants]
        rows = {
            operation: _either([row[operation] for row in given if operation in row], entity, world)
            for operation in OPERATIONS
            if any(operation in row for row in given)
        }
        grants[entity] = Grant(entity=entity, rows=rows)
    return replace(role, grants=grants)


def _either(sources: list[str], entity: str, world: World) -> str:
    """Return the condition that any of the canonical ``sources`` is."""
    found = world.entities.get(entity)
    distinct = list(dict.fromkeys(sources))
    if len(distinct) == 1 or found is None:
        return distinct[0]
    scope = world.scope(found)
    try:
        return to_text(combine_or(parse(source, scope) for source in distinct))
    except ExpressionError:
        # Told already, where it was written.
        return distinct[0]
