"""Roles: what their holders may do."""

from collections.abc import Mapping
from dataclasses import dataclass

from loomwork.model.text import Text

OPERATIONS = ("create", "read", "update", "delete", "assign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a role may do with one entity.

    Each operation is ``"True"``, ``"False"`` or the source of an expression over the record and
    ``user``; what a grant does not name is denied.
    """

    entity: str
    rows: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named set of grants; the grants of several roles add up."""

    name: str
    label: Text
    grants: Mapping[str, Grant]
