"""Flask-AppBuilder's tables, by the names that the rest of this package uses."""

from typing import TYPE_CHECKING, cast

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import Group as Group
from flask_appbuilder.security.sqla.models import Role as Role
from flask_appbuilder.security.sqla.models import User as User
from flask_appbuilder.security.sqla.models import (
    assoc_group_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import configure_mappers

if TYPE_CHECKING:
    from sqlalchemy import Table

# `User.roles` and its like exist only once the mappers know each other.
configure_mappers()

USER = cast("Table", User.__table__)
ROLE = cast("Table", Role.__table__)
GROUP = cast("Table", Group.__table__)
USER_ROLE = cast("Table", assoc_user_role)
USER_GROUP = cast("Table", assoc_user_group)
GROUP_ROLE = cast("Table", assoc_group_role)

ADMIN = "Admin"
PUBLIC = "Public"
OWN_ROLES = frozenset((ADMIN, PUBLIC))
"""Roles that Flask-AppBuilder itself knows; no role document stands behind them."""

CHARACTERS = {"charset": "utf8mb4", "collate": "utf8mb4_nopad_bin"}
"""On MariaDB names are compared exactly, as the other engines do."""


def account_tables() -> "list[Table]":
    """Return the ``ab_`` tables."""
    return [table for name, table in Model.metadata.tables.items() if name.startswith("ab_")]


def create_fab_tables(engine: Engine) -> None:
    """Create the ``ab_`` tables that are missing; the caller holds the installer's lock."""
    tables = account_tables()
    for table in tables:
        for option, value in CHARACTERS.items():
            table.kwargs[f"mysql_{option}"] = value
            table.kwargs[f"mariadb_{option}"] = value
    Model.metadata.create_all(engine, tables=tables)
