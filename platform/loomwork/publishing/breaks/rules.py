"""Records that break what the metadata newly says of a record as a whole: its expressions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from loomwork.errors import N_
from loomwork.expressions import tree
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.normalise import rebuilt
from loomwork.expressions.parse import parse
from loomwork.expressions.sql.source import unsupported
from loomwork.expressions.sql.values import sql
from loomwork.expressions.to_sql import to_sql
from loomwork.expressions.tree import FALSE, Node, asks_user, combine_and, negate
from loomwork.model.entity import Check, Entity, Field
from loomwork.model.kinds import Kind
from loomwork.publishing.breaks.data import Rows
from loomwork.publishing.breaks.values import CHECK, FIELD, LINK, Rule, empty
from loomwork.records.rules.checks import FLAG, Labelled

if TYPE_CHECKING:
    from loomwork.model.whole import Model

OLD, THIS = "old", "this"

REQUIRED_WHEN = N_("“{field}” becomes required where {condition}, and is empty.")
CHECKED = N_("“{message}” does not hold.")
FILTERED = N_("“{field}” leads to a record that does not fit: {condition}")


def rule_expressions(model: "Model", before: Entity | None, after: Entity) -> Iterator[Rule]:
    """Yield what one entity newly says of its records by expressions."""
    was = {} if before is None else before.fields
    for field in after.own_fields.values():
        earlier = was.get(field.name)
        if _conditions(earlier) != _conditions(field):
            yield from _required(model, after, field)
        if field.filter and (earlier is None or earlier.filter != field.filter):
            yield _filter(model, after, field)
    checks = {} if before is None else before.checks
    for check in after.checks.values():
        if check.severity != FLAG and _said(checks.get(check.name)) != _said(check):
            yield _check(model, after, check)


def _conditions(field: Field | None) -> tuple[str, str] | None:
    return None if field is None else (field.required_when, field.visible_when)


def _said(check: Check | None) -> tuple[str, str] | None:
    """Return what a check asks; one that only marked records has asked for nothing."""
    return None if check is None or check.severity == FLAG else (check.must, check.when)


def _required(model: "Model", entity: Entity, field: Field) -> Iterator[Rule]:
    """Yield the rule of a conditional ``required``: nobody is asked for what he does not see."""
    if not field.required_when or field.required:
        return
    scope = model_scope(model, entity)
    asked = parse(field.required_when, scope)
    shown = [parse(field.visible_when, scope)] if field.visible_when else []
    node = combine_and([asked, *shown])
    yield Rule(
        entity=entity.name,
        subject=FIELD,
        name=field.name,
        text=REQUIRED_WHEN,
        context={"field": field.label, "condition": Labelled(asked, scope)},
        node=node,
        broken=lambda rows: sa.and_(rows.condition(node), empty(rows, field)),
    )


def _check(model: "Model", entity: Entity, check: Check) -> Rule:
    scope = model_scope(model, entity, changes=True)
    must = parse(check.must, scope)
    when = [parse(check.when, scope)] if check.when else []
    node = unchanged(combine_and([*when, negate(must)]))
    return Rule(
        entity=entity.name,
        subject=CHECK,
        name=check.name,
        text=CHECKED,
        context={"message": check.message if check.message.source else Labelled(must, scope)},
        node=node,
        broken=lambda rows: rows.condition(node),
    )


def _filter(model: "Model", entity: Entity, field: Field) -> Rule:
    target = entity.links[field.name].to
    scope = model_scope(model, model.entities[target], this=entity)
    node = parse(field.filter, scope)
    return Rule(
        entity=entity.name,
        subject=LINK,
        name=field.name,
        text=FILTERED,
        context={"field": field.label, "condition": Labelled(node, scope)},
        node=node,
        broken=lambda rows: _leads_elsewhere(rows, field.name, target, node),
    )


def _leads_elsewhere(rows: Rows, name: str, target: str, node: Node) -> ColumnElement[bool]:
    """Return the condition that a link leads to a record that does not fit, or is gone."""
    link = rows.column(name)
    records, read, visible = rows.source.records(target, _never)
    inside = rows.source.inside(rows.row(target, records), read)
    fitting = sa.and_(records.c["id"] == link, visible, to_sql(node, inside, dialect=rows.engine))
    # Written out: what is joined to the record outside stands outside, whatever SQLAlchemy thinks.
    none = sql(Kind.BOOLEAN, "(NOT EXISTS (SELECT 1 FROM {0} WHERE {1}))", inside.joined, fitting)
    return sa.and_(link.is_not(None), none)


def _never(*_: Any) -> ColumnElement[bool]:
    raise TypeError("metadata reads with its own rights")


def unchanged(node: Node) -> Node:
    """Return a condition over a record and its ``old`` self for one that is saved unchanged."""
    return _same(node, "")


def _same(node: Node, root: str) -> Node:
    match node:
        case tree.Changed():
            return FALSE
        case tree.Field(root=own) if own == OLD:
            return replace(node, root=root)
        case tree.Aggregate(root=own):
            if root == THIS and any(getattr(one, "root", "") == OLD for one in tree.walk(node)):
                raise unsupported(OLD)
            placed = replace(node, root=root) if own == OLD else node
            return rebuilt(placed, lambda part: _same(part, THIS))
        case _:
            return rebuilt(node, lambda part: _same(part, root))


def depends_on_user(rule: Rule) -> bool:
    """Tell whether nobody can say beforehand whom the rule will ask."""
    return rule.node is not None and _asks(rule.node)


def _asks(node: Node) -> bool:
    """Tell whether a tree, or what a field of it is worked out from, depends on who acts."""
    worked_out = (
        part.derived for part in tree.walk(node) if isinstance(part, tree.Field) and part.derived
    )
    return asks_user(node) or any(_asks(derived.node) for derived in worked_out)
