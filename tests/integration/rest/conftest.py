"""A site with a pack of its own, served to four users by the application's test client."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loomwork.catalog.documents import read_pack
from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens
from tests.garden import write_garden
from tests.trade import trade

PASSWORD = "correct horse"
KEY = "k" * 32
PEOPLE = {"ann": "gardener", "bob": "gardener", "mia": "head"}
PROBLEM = "application/problem+json"


def settings_of(home: Path) -> Settings:
    return Settings.from_environment({"LOOMWORK_HOME": str(home), "LOOMWORK_SECRET_KEY": KEY})


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that calls the API with one user's token."""

    client: FlaskClient
    token: str

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def list(self, **parameters: str) -> list[Any]:
        answer = self.get("/records/plant", query_string=parameters)
        assert answer.status_code == 200, answer.json
        assert answer.json is not None
        items: list[Any] = answer.json["items"]
        return items

    def create(self, **values: Any) -> dict[str, Any]:
        return self.create_in("plant", **values)

    def create_in(self, entity: str, **values: Any) -> dict[str, Any]:
        answer = self.call("POST", f"/records/{entity}", json=values)
        assert answer.status_code == 201, answer.json
        record: dict[str, Any] = answer.get_json()
        return record

    def patch(self, record: dict[str, Any], /, **values: Any) -> TestResponse:
        return self.call("PATCH", f"/records/plant/{record['id']}", json=values)


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem in an answer that has to be one of this status."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.content_type == PROBLEM
    body: dict[str, Any] = answer.get_json()
    assert {"type", "title", "status", "detail", "errors", "trace_id"} <= body.keys()
    assert body["status"] == status
    assert body["trace_id"] == answer.headers["X-Request-ID"]
    return body


def errors(answer: TestResponse, status: int = 422) -> list[tuple[str, str]]:
    """Return pointer and code of each error in a problem."""
    return [(error["pointer"], error["code"]) for error in problem(answer, status)["errors"]]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home folder of a site with the pack and its users; each test gets a copy."""
    home = tmp_path_factory.mktemp("garden")
    pack = write_garden(tmp_path_factory.mktemp("packs") / "garden")
    site = prepare_site(settings_of(home))
    install(site, [read_pack(pack)], "test")
    users = Users(site)
    for name, role in PEOPLE.items():
        users.add(name, name.capitalize(), password=PASSWORD, roles=[role])
    users.add("root", "Root", password=PASSWORD, admin=True)
    users.add("guest", "Guest", password=PASSWORD)
    site.close()
    return home


@pytest.fixture(scope="session")
def trade_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home folder of a site with the pack of deals, a seller and his boss."""
    home = tmp_path_factory.mktemp("trade")
    pack = trade().write(tmp_path_factory.mktemp("packs") / "trade")
    site = prepare_site(settings_of(home))
    install(site, [read_pack(pack)], "test")
    users = Users(site)
    for name in ("seller", "boss"):
        users.add(name, name.capitalize(), password=PASSWORD, roles=[name])
    site.close()
    return home


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[Site]:
    """Yield a site of the test's own."""
    home = Path(shutil.copytree(template, tmp_path / "home"))
    made = Site.open(settings_of(home))
    yield made
    made.close()


@pytest.fixture
def app(site: Site) -> Flask:
    """Return the application as it is served."""
    return create_app(site)


def caller(app: Flask, site: Site, name: str) -> Caller:
    token = Tokens(site).issue(Users(site).find(name).id, "test").secret
    return Caller(app.test_client(), token)


@pytest.fixture
def ann(app: Flask, site: Site) -> Caller:
    """Return Ann, who sees her own plants."""
    return caller(app, site, "ann")


@pytest.fixture
def bob(app: Flask, site: Site) -> Caller:
    """Return Bob, who sees his own plants."""
    return caller(app, site, "bob")


@pytest.fixture
def mia(app: Flask, site: Site) -> Caller:
    """Return Mia, who sees and may do everything in the garden."""
    return caller(app, site, "mia")


@pytest.fixture
def root(app: Flask, site: Site) -> Caller:
    """Return the administrator."""
    return caller(app, site, "root")


@pytest.fixture
def guest(app: Flask, site: Site) -> Caller:
    """Return a user without a role."""
    return caller(app, site, "guest")
