"""An office whose records keep their history: cases of clients, and who works on them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import sqlalchemy as sa

from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records import context
from loomwork.records.lists.listing import ListQuery
from tests.documents import PackBuilder

NOTED = {"history": True}
CASE: dict[str, Any] = {
    "kind": "entity",
    "name": "case",
    "features": NOTED,
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "source": {"type": "text"},
        "rank": {"type": "integer"},
        "fee": {"type": "decimal", "places": 2},
        "due": {"type": "datetime"},
        "open": {"type": "boolean"},
        "client": {"type": "link", "to": "client", "on_delete": "clear", "inverse": "cases"},
        "follows": {"type": "link", "to": "case", "on_delete": "clear"},
    },
}
CLIENT: dict[str, Any] = {
    "kind": "entity",
    "name": "client",
    "ownership": "none",
    "features": {**NOTED, "recycle": False},
    "fields": {"name": {"type": "text", "required": True}, "secret": {"type": "boolean"}},
}
NOTE: dict[str, Any] = {
    "kind": "entity",
    "name": "note",
    "ownership": "none",
    "fields": {"name": {"type": "text", "required": True}},
}
EVERYTHING = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)
CLERK: dict[str, Any] = {
    "kind": "role",
    "name": "clerk",
    "grants": {
        "case": {**EVERYTHING, "read": "owner == user", "assign": True},
        "client": {"read": "secret is None"},
    },
}
HEAD: dict[str, Any] = {
    "kind": "role",
    "name": "head",
    "grants": dict.fromkeys(("case", "client", "note"), EVERYTHING) | {"user": {"read": True}},
}
START = datetime(2026, 3, 1, tzinfo=UTC)


def office(*more: dict[str, Any]) -> PackBuilder:
    return PackBuilder(CASE, CLIENT, NOTE, CLERK, HEAD, *more)


def forget(site: Site) -> None:
    """Remove every version that the site has kept."""
    with site.database.transaction() as connection:
        for kept in site.tables.values():
            for history in (kept.history,) if kept.history else ():
                connection.execute(sa.delete(history.table))


def at(moment: datetime) -> Any:
    """Let the clock stand at ``moment``."""
    return patch.object(context, "clock", lambda: moment)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def told(site: Site, actor: Actor, entity: str, id_: UUID) -> list[tuple[str, Any]]:
    """Return event and changes of a record, the oldest first."""
    items = site.records.history(actor, entity, id_, limit=500).items
    return [
        (
            item["event"],
            item["changes"] and {one["field"]: (one["from"], one["to"]) for one in item["changes"]},
        )
        for item in reversed(items)
    ]


def rows(site: Site, entity: str) -> int:
    history = site.tables[entity].history
    assert history is not None
    with site.database.reader.connect() as connection:
        statement = sa.select(sa.func.count()).select_from(history.table)
        return int(connection.execute(statement).scalar_one())


def listed(site: Site, actor: Actor, moment: datetime | None = None, **asked: Any) -> list[str]:
    query = ListQuery(as_of=moment, **asked)
    return [record["name"] for record in site.records.page(actor, "case", query).items]
