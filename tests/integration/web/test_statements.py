"""Statements that a request reads with; times belong to the bench."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event

from loomwork.publishing.site import Site
from tests.integration.web.conftest import api_login, bearer


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = site.database.reader
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_who_calls_is_known_without_a_statement_from_the_second_request_on(
    site: Site, client: FlaskClient
) -> None:
    headers = bearer(api_login(client, "ann"))
    client.get("/api/v1/try/me", headers=headers)
    with statements(site) as seen:
        client.get("/api/v1/try/me", headers=headers)
    assert seen == []


def test_a_page_looks_at_the_generations_and_nothing_else(site: Site, ann: FlaskClient) -> None:
    ann.get("/")
    with statements(site) as seen:
        ann.get("/")
    assert [statement.split()[:2] for statement in seen] == [["SELECT", "lw_generation.metadata,"]]
