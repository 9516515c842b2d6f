"""Who is meant: by an expression, or as a holder of a role."""

from typing import Any

from loomwork.catalog.references.reader import Path, Reader, entity_of
from loomwork.errors import N_
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import Node, kind_of
from loomwork.model.kinds import Kind

PEOPLE = frozenset({(Kind.LINK, "user"), (Kind.LINK, "team"), (Kind.LINKS, "user")})
NOBODY = N_("This gives nobody: a user, several users or a team is expected.")
UNREACHABLE = N_("A message cannot go there: an address, a user or a team is expected.")


def check_party(reader: Reader, path: Path, said: Any, scope: Scope) -> None:
    """Check a party: whoever an expression gives, or the holders of a role."""
    node = _named(reader, path, said, scope)
    if node is not None and not _is_somebody(node):
        reader.add((*path, "is"), "wrong_kind", NOBODY)


def check_recipient(reader: Reader, path: Path, said: Any, scope: Scope) -> None:
    """Check where a message goes: a party, or an address as text."""
    node = _named(reader, path, said, scope)
    if node is not None and kind_of(node) is not Kind.TEXT and not _is_somebody(node):
        reader.add((*path, "is"), "wrong_kind", UNREACHABLE)


def _named(reader: Reader, path: Path, said: Any, scope: Scope) -> Node | None:
    if not isinstance(said, dict):
        return None
    if "role" in said:
        reader.document_known((*path, "role"), "role", said["role"])
    return reader.value((*path, "is"), said["is"], scope) if "is" in said else None


def _is_somebody(node: Node) -> bool:
    return (kind_of(node), entity_of(node)) in PEOPLE
