"""The deepest and the longest sources that the parser accepts, in every way of nesting."""

from collections.abc import Mapping

from loomwork.errors import ExpressionError
from loomwork.expressions import EntityScope, parse_value
from loomwork.expressions.tree import Node
from tests.language.world import ENTITIES

DEEPEST = 50
SCOPE = EntityScope(ENTITIES["deal"], ENTITIES)
NEST: Mapping[str, tuple[str, str]] = {
    "sum": ("score", "{0} + rate"),
    "difference": ("score", "{0} - rate"),
    "product": ("score", "{0} * 1.01"),
    "quotient": ("score", "{0} / 1.01"),
    "floor": ("score", "{0} // 2 + 7"),
    "remainder": ("score", "{0} % 97"),
    "right sum": ("score", "rate + ({0})"),
    "right difference": ("score", "rate - ({0})"),
    "right quotient": ("score", "7 / ({0})"),
    "right remainder": ("score", "97 % ({0})"),
    "signs": ("score", "-({0})"),
    "duration sum": ("closes - starts", "{0} + days(1)"),
    "duration times": ("days(score)", "({0}) * 1.01"),
    "days later": ("closes", "{0} + days(score)"),
    "days earlier": ("closes", "{0} - hours(rate)"),
    "moments": ("seen", "{0} + hours(score)"),
    "choices": ("'x'", "name if stage == 'won' else {0}"),
    "numbers chosen": ("score", "amount if amount > score else {0}"),
    "chosen first": ("score", "({0}) if active else amount"),
    "asked": ("active", "vip if ({0}) else active"),
    "asked numbers": ("score", "1 if ({0}) > score else rate"),
    "not": ("active", "not {0}"),
    "not and": ("active", "not (vip and {0})"),
    "and or": ("active", "vip and (score > 5 or {0})"),
    "or and": ("active", "(({0}) and vip) or score > 5"),
    "equal": ("active", "({0}) == vip"),
    "differ": ("active", "({0}) != vip"),
    "compared": ("score > 2", "(1 if ({0}) else 2) < score"),
    "is none": ("score", "(1 if ({0}) is None else score)"),
    "in": ("score", "(1 if ({0}) in [1, 2, score] else 2)"),
    "coalesce": ("name", "coalesce({0}, code)"),
    "coalesce last": ("name", "coalesce(code, {0})"),
    "concat": ("name", "concat({0}, code)"),
    "concat last": ("name", "concat(code, '-', {0})"),
    "lower": ("name", "lower({0})"),
    "upper trim": ("name", "upper(trim({0}))"),
    "length": ("name", "concat(length({0}), code)"),
    "contains": ("name", "concat(1 if contains({0}, code) else 2, code)"),
    "starts": ("name", "'x' if starts_with(code, {0}) else name"),
    "ends": ("name", "'x' if ends_with({0}, code) else name"),
    "round": ("rate", "round({0}, 2)"),
    "abs": ("rate", "abs({0})"),
    "ceil": ("rate", "ceil(floor({0}))"),
    "max": ("rate", "max({0}, min(score, amount))"),
    "max last": ("rate", "max(score, amount, {0})"),
    "year": ("closes", "add_months(starts, year({0}))"),
    "between": ("closes", "starts + days(days_between({0}, closes))"),
    "start of": ("closes", "start_of({0}, 'month')"),
    "months": ("closes", "add_months({0}, 1)"),
    "latest": ("closes", "max({0}, starts)"),
    "links": ("owner", "deputy if active else {0}"),
    "members": ("active", "(account.owner if ({0}) else owner) in user.reports"),
    "paths": ("amount", "account.limit + ({0}) * account.owner.quota"),
    "under": ("owner.region", "owner.region if under(owner.region, user.region) else {0}"),
    "aggregates": ("score", "count(lines) + ({0})"),
    "last": ("score", "max({0}, sum(lines, quantity))"),
    "sum of": ("quantity", "this.score + ({0})"),
}
"""By name: what is innermost, and a way to put one expression into another."""
INSIDE = {"sum of": "sum(lines, {0}, quantity > 0)"}


def nested(name: str, levels: int) -> str:
    """Return a source of so many levels of one kind of nesting."""
    source, around = NEST[name]
    for _ in range(levels):
        source = around.replace("{0}", source)
    return INSIDE.get(name, "{0}").replace("{0}", source)


def accepted(source: str) -> Node | None:
    """Return the tree of a source, None if it is refused."""
    try:
        return parse_value(source, SCOPE)
    except ExpressionError:
        return None


def most_levels(name: str) -> int:
    """Return how many levels of a kind of nesting are accepted."""
    return next(
        levels for levels in range(DEEPEST, 0, -1) if accepted(nested(name, levels)) is not None
    )


def deepest(name: str) -> Node:
    """Return the deepest tree of a kind of nesting that is accepted."""
    return parse_value(nested(name, most_levels(name)), SCOPE)
