"""Sites with users, and applications that serve them."""

import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

import loomwork_metadata
from loomwork.catalog.documents import read_pack
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.store.engine import connect
from loomwork.store.settings import Settings
from loomwork.store.upgrade import upgrade
from loomwork.web import app as application
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.tables import create_fab_tables
from loomwork.web.fab.users import Users

PACKS = Path(loomwork_metadata.__file__).parent / "packs"
PAGES = EntryPoint("pages", "tests.integration.web.pages:mount", "loomwork.screens")
PASSWORD = "correct horse"


def settings_of(url: str, home: Path) -> Settings:
    environment = {
        "LOOMWORK_HOME": str(home),
        "LOOMWORK_DATABASE_URL": url,
        "LOOMWORK_SECRET_KEY": "k" * 32,
    }
    return Settings.from_environment(environment)


def make_site(url: str, home: Path) -> Site:
    settings = settings_of(url, home)
    database = connect(settings.database_url)
    create_fab_tables(database.writer)
    upgrade(database)
    packs = [read_pack(PACKS / name) for name in ("base", "sales")]
    install_packs(database, packs, author="test", at_switch=[project_roles])
    database.dispose()
    return Site.open(settings)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database file of a site with two users; each test works on a copy."""
    file = tmp_path_factory.mktemp("site") / "site.db"
    made = make_site(f"sqlite:///{file}", file.parent)
    users = Users(made)
    users.add("ann", "Ann Lee", "ann@example.com", PASSWORD, ["salesperson"])
    users.add("root", "管理员", password=PASSWORD, admin=True)
    # Closing the last connection brings everything into the one file.
    made.close()
    return file


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[Site]:
    """Yield a site on SQLite with ann, who sells, and root, the administrator."""
    file = Path(shutil.copy(template, tmp_path))
    made = Site.open(settings_of(f"sqlite:///{file}", tmp_path))
    yield made
    made.close()


@pytest.fixture
def any_site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Yield a site on each engine in turn."""
    made = make_site(database_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def users(site: Site) -> Users:
    """Return the users of the site on SQLite."""
    return Users(site)


@pytest.fixture
def make_app(monkeypatch: pytest.MonkeyPatch) -> Callable[[Site], Flask]:
    """Return what makes an application with the pages of these tests."""
    monkeypatch.setattr(application, "entry_points", lambda **_: (PAGES,))
    monkeypatch.setattr(application, "rest", SimpleNamespace(mount=lambda *_: None))
    return application.create_app


@pytest.fixture
def app(make_app: Callable[[Site], Flask], site: Site) -> Flask:
    """Return an application over the site with its users."""
    return make_app(site)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser, or a program, that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def ann(client: FlaskClient) -> FlaskClient:
    """Return a browser in which Ann has signed in."""
    sign_in(client, "ann")
    return client


def csrf_token(client: FlaskClient, page: str = "/login") -> str:
    text = client.get(page).text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, next_: str = "/") -> int:
    form = {
        "csrf_token": csrf_token(client),
        "username": username,
        "password": password,
        "next": next_,
    }
    return client.post("/login", data=form).status_code


def api_login(client: FlaskClient, username: str, password: str = PASSWORD) -> str:
    credentials = {"username": username, "password": password, "provider": "db"}
    answer = client.post("/api/v1/security/login", json=credentials)
    token: str = answer.json["access_token"]  # type: ignore[index]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
