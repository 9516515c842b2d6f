"""Read one, list, create and update as a careful developer writes them by hand.

Flask and SQLAlchemy Core, a pooled connection per request, orjson; nobody signs in, everybody may
do everything, and nothing is recorded beside the row itself.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa
from flask import Flask, Response, abort, request

from bench.ceiling.table import ACCOUNT, VARIABLE

NAMES = tuple(str(name) for name in ACCOUNT.c.keys())  # noqa: SIM118 -- not a mapping
SORTABLE = frozenset({"name", "status", "annual_revenue", "created_at", "updated_at"})
PARSERS: Mapping[str, Callable[[Any], Any]] = {
    "employees": int,
    "annual_revenue": Decimal,
    "customer_since": date.fromisoformat,
    "last_contact": datetime.fromisoformat,
    "parent": UUID,
}
WRITABLE = frozenset(
    {"name", "number", "status", "industry", "website", "phone", "email", "city", "active", "notes"}
    | PARSERS.keys()
)

app = Flask(__name__, static_folder=None)
engine = sa.create_engine(os.environ[VARIABLE], pool_size=16)


if engine.dialect.name == "sqlite":

    @sa.event.listens_for(engine, "connect")
    def _write_ahead(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


@app.get("/accounts/<uuid:id_>")
def read(id_: UUID) -> Response:
    """Answer with one row."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.id == id_)).first()
    if row is None:
        abort(404)
    return _answer(_record(row))


@app.get("/accounts")
def page() -> Response:
    """Answer with the first rows that fit."""
    statement = sa.select(ACCOUNT)
    if "status" in request.args:
        statement = statement.where(ACCOUNT.c.status == request.args["status"])
    if "min_revenue" in request.args:
        least = Decimal(request.args["min_revenue"])
        statement = statement.where(ACCOUNT.c.annual_revenue > least)
    sort = request.args.get("sort", "name")
    if sort.removeprefix("-") not in SORTABLE:
        abort(422)
    key = ACCOUNT.c[sort.removeprefix("-")]
    order = (key.desc(), ACCOUNT.c.id.desc()) if sort.startswith("-") else (key, ACCOUNT.c.id)
    limit = min(request.args.get("limit", 50, type=int), 500)
    with engine.connect() as connection:
        rows = connection.execute(statement.order_by(*order).limit(limit)).all()
    return _answer({"items": [_record(row) for row in rows]})


@app.post("/accounts")
def create() -> Response:
    """Insert a row."""
    values = _values()
    if not values.get("name") or not values.get("status"):
        abort(422)
    now = datetime.now(UTC)
    row: dict[str, Any] = dict.fromkeys(NAMES) | values
    row |= {"id": uuid4(), "created_at": now, "updated_at": now, "version": 1}
    with engine.begin() as connection:
        connection.execute(sa.insert(ACCOUNT).values(row))
    return _answer(row, 201)


@app.patch("/accounts/<uuid:id_>")
def update(id_: UUID) -> Response:
    """Change the given columns of a row."""
    values = _values()
    values |= {"updated_at": datetime.now(UTC), "version": ACCOUNT.c.version + 1}
    with engine.begin() as connection:
        connection.execute(sa.update(ACCOUNT).where(ACCOUNT.c.id == id_).values(values))
        row = connection.execute(sa.select(ACCOUNT).where(ACCOUNT.c.id == id_)).first()
    if row is None:
        abort(404)
    return _answer(_record(row))


def _values() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict) or not body.keys() <= WRITABLE:
        abort(422)
    try:
        return {
            name: PARSERS[name](value) if name in PARSERS and value is not None else value
            for name, value in body.items()
        }
    except (TypeError, ValueError, InvalidOperation):
        abort(422)


def _record(row: Any) -> dict[str, Any]:
    return dict(zip(NAMES, row, strict=True))


def _answer(data: object, status: int = 200) -> Response:
    return Response(orjson.dumps(data, default=str), status, mimetype="application/json")
