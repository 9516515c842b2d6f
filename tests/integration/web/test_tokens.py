"""Tokens: who they stand for, and when they end."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from loomwork.errors import NotFoundError, SignInRequiredError
from loomwork.publishing.site import Site
from loomwork.store.system import TOKEN
from loomwork.web.fab.sessions import Sessions
from loomwork.web.fab.tables import Group, Role, User
from loomwork.web.fab.users import Users
from loomwork.web.identity import Identity
from loomwork.web.tokens import SIGN_IN, Tokens
from tests.integration.web.conftest import PASSWORD, api_login, bearer

ME = "/api/v1/try/me"


def expire(site: Site, token_name: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    statement = update(TOKEN).where(TOKEN.c.name == token_name).values(expires_at=past)
    site.store.run(lambda tx: tx.connection.execute(statement))


def token_rows(site: Site) -> list[tuple[str, str]]:
    with site.database.reader.connect() as connection:
        found = connection.execute(select(TOKEN.c.name, TOKEN.c.digest).order_by(TOKEN.c.id))
        return [(name, digest) for name, digest in found]


def test_a_token_stands_for_its_user_on_every_engine(any_site: Site) -> None:
    id_ = Users(any_site).add("ann", "Ann", password=PASSWORD, roles=["salesperson"])
    token = Tokens(any_site).issue(id_, "script", timedelta(days=1))
    identity = Identity(any_site)
    principal, generation = identity.by_token(token.secret)
    assert principal.actor.login == "ann"
    assert principal.actor.roles == {"salesperson"}
    assert principal.actor.generation == generation == any_site.store.generation().access
    Tokens(any_site).revoke(token.id)
    identity.forget(any_site.store.generation().access)
    with pytest.raises(SignInRequiredError):
        identity.by_token(token.secret)


def test_a_group_gives_its_roles_to_its_members(any_site: Site) -> None:
    id_ = Users(any_site).add("ann", "Ann", password=PASSWORD, roles=["salesperson"])
    with Sessions(any_site).scoped()() as session:
        role = session.scalars(select(Role).where(Role.name == "read_only")).one()
        user = session.scalars(select(User)).one()
        session.add(Group(name="readers", label="", description="", roles=[role], users=[user]))
        session.commit()
    assert Identity(any_site).by_user(id_)[0].actor.roles == {"salesperson", "read_only"}


def test_only_the_digest_of_a_token_is_kept(site: Site, users: Users) -> None:
    token = Tokens(site).issue(users.find("ann").id, "script")
    ((name, digest),) = token_rows(site)
    assert name == "script"
    assert token.secret.startswith("lw_")
    assert len(token.secret) >= 46
    assert len(digest) == 64
    assert token.secret[3:] not in digest


def test_a_program_signs_in_and_acts_with_its_token(client: FlaskClient) -> None:
    token = api_login(client, "ann")
    answer = client.get(ME, headers=bearer(token))
    assert answer.json == {"login": "ann", "roles": ["salesperson"], "admin": False}
    assert "Set-Cookie" not in answer.headers


def test_a_program_needs_no_csrf_token(client: FlaskClient) -> None:
    token = api_login(client, "ann")
    assert client.post(ME, headers=bearer(token)).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer lw_nonsense",
        "Bearer ",
        "Bearer other",
        "Basic YW5uOng=",
        "bearer",
        "",
        "Bearer lw_é",
    ],
)
def test_a_header_that_is_no_token_of_ours_signs_nobody_in(ann: FlaskClient, header: str) -> None:
    answer = ann.get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["code"] == "sign_in_required"  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"username": "ann", "password": "wrong"}', 401),
        (b'{"username": "nobody", "password": "correct horse"}', 401),
        (b'{"username": "ann", "password": "correct horse", "provider": "ldap"}', 422),
        (b'{"username": "ann"}', 422),
        (b'{"username": ["ann"], "password": {}}', 422),
        (b"[]", 400),
        (b"{", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
    ],
)
def test_a_program_that_cannot_sign_in_is_told_why(
    client: FlaskClient, body: bytes, status: int
) -> None:
    answer = client.post("/api/v1/security/login", data=body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_an_expired_token_ends_even_where_it_is_remembered(
    app: Flask, site: Site, users: Users
) -> None:
    client = app.test_client()
    token = Tokens(site).issue(users.find("ann").id, "script", timedelta(seconds=0.6))
    assert client.get(ME, headers=bearer(token.secret)).status_code == 200
    time.sleep(0.7)
    assert client.get(ME, headers=bearer(token.secret)).status_code == 401


def test_a_revoked_token_ends_at_once_in_every_worker(
    make_app: Callable[[Site], Flask], app: Flask, site: Site, users: Users
) -> None:
    workers = app.test_client(), make_app(Site.open(site.settings)).test_client()
    token = Tokens(site).issue(users.find("ann").id, "script")
    headers = bearer(token.secret)
    assert [worker.get(ME, headers=headers).status_code for worker in workers] == [200, 200]
    Tokens(site).revoke(token.id)
    assert [worker.get(ME, headers=headers).status_code for worker in workers] == [401, 401]


def test_a_disabled_user_is_out_at_once_in_every_worker(
    make_app: Callable[[Site], Flask], app: Flask, site: Site, users: Users
) -> None:
    workers = app.test_client(), make_app(Site.open(site.settings)).test_client()
    headers = bearer(api_login(workers[0], "ann"))
    assert [worker.get(ME, headers=headers).status_code for worker in workers] == [200, 200]
    users.disable("ann")
    assert [worker.get(ME, headers=headers).status_code for worker in workers] == [401, 401]
    users.enable("ann")
    assert [worker.get(ME, headers=headers).status_code for worker in workers] == [200, 200]


def test_a_lost_role_is_lost_at_once_in_every_worker(
    make_app: Callable[[Site], Flask], app: Flask, site: Site, users: Users
) -> None:
    workers = app.test_client(), make_app(Site.open(site.settings)).test_client()
    headers = bearer(api_login(workers[0], "ann"))
    before = [worker.get(ME, headers=headers).json for worker in workers]
    users.set_roles("ann", ["read_only"])
    after = [worker.get(ME, headers=headers).json for worker in workers]
    assert [answer["roles"] for answer in before] == [["salesperson"], ["salesperson"]]  # type: ignore[index]
    assert [answer["roles"] for answer in after] == [["read_only"], ["read_only"]]  # type: ignore[index]


def test_a_new_password_ends_sign_in_tokens_and_leaves_named_ones(
    client: FlaskClient, site: Site, users: Users
) -> None:
    signed_in = api_login(client, "ann")
    named = Tokens(site).issue(users.find("ann").id, "script").secret
    users.set_password("ann", "another password")
    assert client.get(ME, headers=bearer(signed_in)).status_code == 401
    assert client.get(ME, headers=bearer(named)).status_code == 200


def test_expired_sign_in_tokens_are_swept_at_the_next_sign_in(
    client: FlaskClient, site: Site, users: Users
) -> None:
    Tokens(site).issue(users.find("ann").id, "script")
    api_login(client, "ann")
    expire(site, SIGN_IN)
    api_login(client, "ann")
    assert [name for name, _ in token_rows(site)] == ["script", SIGN_IN]


def test_the_use_of_a_token_is_noted_once_a_minute(site: Site, users: Users) -> None:
    owner = users.find("ann").id
    token = Tokens(site).issue(owner, "script")
    tokens = Tokens(site)
    tokens.note_use(token.id, 60)
    first = tokens.of(owner)[0].last_used_at
    tokens.note_use(token.id, 60)
    assert first is not None
    assert tokens.of(owner)[0].last_used_at == first
    tokens.note_use(token.id, 0)
    again = tokens.of(owner)[0].last_used_at
    assert again is not None
    assert again > first


def test_a_remembered_token_asks_the_database_nothing(site: Site, users: Users) -> None:
    identity = Identity(site)
    token = Tokens(site).issue(users.find("ann").id, "script")
    first, _ = identity.by_token(token.secret)
    site.database.dispose()
    assert identity.by_token(token.secret)[0] is first


def test_a_token_that_does_not_exist_cannot_be_revoked(site: Site) -> None:
    with pytest.raises(NotFoundError, match="token"):
        Tokens(site).revoke(uuid4())
