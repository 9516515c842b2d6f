"""Names: fields, the ways over links, and what is given without a record."""

import ast
from typing import TYPE_CHECKING

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.parsing.typed import Typed
from loomwork.expressions.refusal import refuse, unknown_field
from loomwork.expressions.scope import TEAM, USER, FieldInfo, Fields
from loomwork.expressions.tree import USER as ACTING
from loomwork.expressions.tree import Field, Given, Step
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.parsing.reader import Reader

MOST_LINKS = 20
"""Different links that one expression follows; an engine joins 61 tables at the most."""
ROOTS = ("this", "old", "candidate", "ask", "steps")
ID = FieldInfo(kind=Kind.LINK, ordered=False, entity=USER)
USER_SETS = {
    "teams": FieldInfo(kind=Kind.LINKS, ordered=False, entity=TEAM),
    "roles": FieldInfo(kind=Kind.TEXTS, ordered=False),
    "reports": FieldInfo(kind=Kind.LINKS, ordered=False, entity=USER),
}


def resolve(reader: "Reader", node: ast.Name | ast.Attribute) -> Typed:
    """Return what a dotted name stands for."""
    chain = split(reader, node)
    first = chain[0].name
    if first == "user":
        return _of_user(reader, chain)
    if first == "settings":
        return _setting(reader, chain)
    way = follow(reader, chain)
    last = chain[-1]
    info = way.fields.field(last.name)
    if info is None:
        raise way.unknown(reader, last)
    field = Field(last.name, info.kind, info.places, way.root, way.path, info.entity, info.derived)
    return Typed(node=field, info=info, at=node, name=reader.source.shown(node))


class Part:
    """One name of a dotted chain, and where it is."""

    __slots__ = ("at", "column", "name", "shown")

    def __init__(self, name: str, column: int, at: ast.expr, shown: str) -> None:
        self.name = name
        self.column = column
        self.at = at
        self.shown = shown


class Way:
    """Where a chain has led: the fields there, from which record and over which links."""

    __slots__ = ("fields", "path", "root")

    def __init__(self, fields: Fields, root: str, path: tuple[Step, ...]) -> None:
        self.fields = fields
        self.root = root
        self.path = path

    def unknown(self, reader: "Reader", part: Part) -> ExpressionError:
        """Return the error for a name that is no field here."""
        own = not self.path and not self.root
        if own and part.name in ROOTS:
            return refuse("not_offered", refusal.NOT_OFFERED, part.column, name=part.name)
        if part.name in reader.scope.inverses(self.fields.entity):
            return refuse("a_list", refusal.A_LIST_OF_RECORDS, part.column, name=part.shown)
        outside = reader.scope.roots().get("this") if own else None
        if outside is not None and outside.field(part.name) is not None:
            text = refusal.OF_RECORD_OUTSIDE
            return refuse("unknown_field", text, part.column, name=part.shown)
        return unknown_field(part.shown, called(reader, self.fields), part.column)


def called(reader: "Reader", fields: Fields) -> list[str]:
    """Return how sentences call the fields of a record."""
    infos = {name: fields.field(name) for name in fields.names()}
    return reader.called({name: info.label if info else None for name, info in infos.items()})


def split(reader: "Reader", node: ast.expr) -> list[Part]:
    """Return the names of a chain such as ``account.owner.name``."""
    parts: list[Part] = []
    while isinstance(node, ast.Attribute):
        shown = reader.source.shown_last(node)
        parts.append(Part(node.attr, reader.source.column_of_last(node), node, shown))
        node = node.value
    if not isinstance(node, ast.Name):
        raise reader.unsupported(node)
    shown = reader.source.shown_last(node)
    parts.append(Part(node.id, reader.source.column(node), node, shown))
    return parts[::-1]


def follow(reader: "Reader", chain: list[Part]) -> Way:
    """Return where all names of a chain but its last lead; the id of a link is the link itself.

    The chain is shortened or completed so that its last name is that of a field.
    """
    scope = reader.scope
    way = Way(scope, "", ())
    root, used = _root(reader, chain)
    if root:
        way = Way(scope.roots()[root], root, ())
        if len(chain) == used:
            chain.append(Part("id", chain[-1].column, chain[-1].at, "id"))
            return way
    if len(chain) - used > 1 and chain[-1].name == "id":
        chain.pop()
    for part in chain[used:-2]:
        way = _step(reader, way, part)
    if len(chain) - used > 1 and not _joined(way, chain):
        way = _step(reader, way, chain[-2])
    return way


def _joined(way: "Way", chain: list[Part]) -> bool:
    """Make one name of the last two where they are a field and one of its parts."""
    field, part = chain[-2:]
    name = f"{field.name}.{part.name}"
    if way.fields.field(name) is None:
        return False
    chain[-2:] = [Part(name, part.column, part.at, f"{field.shown}.{part.shown}")]
    return True


def _root(reader: "Reader", chain: list[Part]) -> tuple[str, int]:
    """Return the record at which a chain starts, and how many names that takes."""
    roots = reader.scope.roots()
    first = chain[0].name
    if first == "steps" and len(chain) > 1:
        name = f"steps.{chain[1].name}"
        known = [root.partition(".")[2] for root in roots if root.startswith("steps.")]
        if name not in roots and known:
            raise refusal.unknown_name(
                refusal.UNKNOWN_STEP, chain[1].name, known, chain[1].column, "unknown_step"
            )
        return (name, 2) if name in roots else ("", 0)
    if first not in roots:
        return "", 0
    if len(chain) == 1 and not roots[first].entity:
        raise refuse("not_a_value", refusal.RECORD_WITHOUT_FIELD, chain[0].column, name=first)
    return first, 1


def _step(reader: "Reader", way: Way, part: Part) -> Way:
    """Return where the link ``part`` leads."""
    info = way.fields.field(part.name)
    if info is None:
        raise way.unknown(reader, part)
    if info.kind is not Kind.LINK or part.name == "id":
        raise refuse("not_a_link", refusal.NOT_A_LINK, part.column, name=part.shown)
    fields = reader.scope.fields_of(info.entity) if info.entity and info.followed else None
    if fields is None:
        raise refuse("not_followed", refusal.NOT_FOLLOWED, part.column, name=part.shown)
    found = Way(fields, way.root, (*way.path, Step(part.name, info.entity)))
    if way.root != USER and reader.source.follow((found.root, found.path)) > MOST_LINKS:
        raise refuse("too_large", refusal.TOO_MANY_LINKS, part.column, limit=MOST_LINKS)
    return found


def _of_user(reader: "Reader", chain: list[Part]) -> Typed:
    """Return an attribute of the acting user."""
    at, shown = chain[-1].at, reader.source.shown(chain[-1].at)
    rest = chain[1:]
    if not rest or [part.name for part in rest] == ["id"]:
        return Typed(node=ACTING, info=ID, at=at, name="user")
    known = USER_SETS.get(rest[0].name)
    if known is not None and len(rest) == 1:
        return _given(f"user.{rest[0].name}", known, at, shown)
    fields = reader.scope.fields_of(USER)
    if fields is None:
        raise refusal.unknown_name(
            refusal.UNKNOWN_ATTRIBUTE, rest[0].name, USER_SETS, rest[0].column, "unknown_attribute"
        )
    way = Way(fields, USER, ())
    if len(rest) > 1 and rest[-1].name == "id":
        rest = rest[:-1]
    for part in rest[:-1]:
        way = _step(reader, way, part)
    info = way.fields.field(rest[-1].name)
    if info is None:
        offered = [*called(reader, way.fields), *([] if way.path else USER_SETS)]
        raise unknown_field(rest[-1].shown, offered, rest[-1].column)
    return _given(".".join(["user", *(part.name for part in rest)]), info, at, shown)


def _setting(reader: "Reader", chain: list[Part]) -> Typed:
    scope = reader.scope
    name = ".".join(part.name for part in chain[1:])
    full = scope.setting(name) if name else ""
    if not full:
        place = chain[1] if len(chain) > 1 else chain[0]
        known = list(scope.settings())
        known += [setting.partition(".")[2] for setting in known]
        raise refusal.unknown_name(
            refusal.UNKNOWN_SETTING, name, known, place.column, "unknown_setting"
        )
    return _given(f"settings.{full}", scope.settings()[full], chain[-1].at, f"settings.{full}")


def _given(name: str, info: FieldInfo, at: ast.expr, shown: str) -> Typed:
    return Typed(node=Given(name, info.kind, info.entity), info=info, at=at, name=shown)
