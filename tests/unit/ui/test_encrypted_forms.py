"""Forms and lists of encrypted fields and secrets: like others, but for what they hide."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from loomwork.cli.setup import prepare_site
from loomwork.model.actor import system
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.records.drafts.sealing import Sealing
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.users import Users
from loomwork_ui.widgets.secret import DOTS
from tests.browser.demo_site import PASSWORD
from tests.documents import base
from tests.unit.ui.clients import signed_in, token, value
from tests.vault import HIDDEN, SECRET, vault

SYSTEM = system("test")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("vault")
    made = prepare_site(Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True))
    install_packs(made.database, [base(), vault().read()], author="test", at_switch=[project_roles])
    made.refresh()
    with create_app(made).app_context():
        Users(made).add("ann", "Ann", password=PASSWORD, roles=["clerk"])
    made.refresh()
    yield made
    made.close()


@pytest.fixture(scope="module")
def ann(site: Site) -> FlaskClient:
    return signed_in(site, "ann")


def secret_of(site: Site, id_: object) -> str | None:
    """Return the secret that a patient's record has."""
    entity = site.current().entity("patient")
    table = site.tables["patient"]
    with site.database.reader.connect() as connection:
        column = table.columns["password"]
        statement = column.table.select().where(table.columns["id"] == id_)
        row = connection.execute(statement.with_only_columns(column)).one()
    sealing = Sealing(site.current(), entity)
    return sealing.secret(entity.fields["password"], {"password": row[0]})


def test_values_are_shown_and_changed_and_the_secret_stays_where_it_is(
    site: Site, ann: FlaskClient
) -> None:
    made = site.records.create(SYSTEM, "patient", {"name": "Ann", **HIDDEN, "password": SECRET})
    address = f"/app/patient/{made['id']}"
    page = ann.get(address)
    assert page.status_code == 200
    assert HIDDEN["card"] in page.text
    assert "Kölngeheim" in page.text
    assert "v1:" not in page.text
    assert SECRET not in page.text
    assert (value(page, "password"), value(page, "card")) == (DOTS, HIDDEN["card"])
    sent = {
        "csrf_token": token(page),
        "_version": "1",
        **{
            name: value(page, name)
            for name in ("_base.card", "_base.password", "_base.name", "name", "password")
        },
        "card": "changed",
    }
    assert ann.post(address, data=sent).status_code == 303
    changed = site.records.read(SYSTEM, "patient", made["id"])
    assert (changed["card"], changed["version"]) == ("changed", 2)
    assert secret_of(site, made["id"]) == SECRET
    sent = {**sent, "_version": "2", "card": "changed", "password": "another"}
    assert ann.post(address, data=sent).status_code == 303
    assert secret_of(site, made["id"]) == "another"


def test_a_list_shows_them_and_offers_neither_order_nor_filter(
    site: Site, ann: FlaskClient
) -> None:
    site.records.create(SYSTEM, "patient", {"name": "Bea", "card": "4711", "password": SECRET})
    page = ann.get("/app/patient")
    assert page.status_code == 200
    assert "4711" in page.text
    assert "v1:" not in page.text
    assert "sort=name" in page.text
    assert "sort=card" not in page.text
    assert '<option value="name"' in page.text
    assert '<option value="card"' not in page.text


def test_a_new_form_is_empty(ann: FlaskClient) -> None:
    page = ann.get("/app/patient/new")
    assert (page.status_code, value(page, "password"), value(page, "card")) == (200, "", "")


def test_a_secret_that_was_not_saved_is_not_sent_back(site: Site, ann: FlaskClient) -> None:
    new = ann.get("/app/patient/new")
    sent = {
        "csrf_token": token(new),
        "_base.name": value(new, "_base.name"),
        "_base.password": value(new, "_base.password"),
        "name": "",
        "password": "typed in vain",
    }
    refused = ann.post("/app/patient/new", data=sent)
    assert refused.status_code == 422
    assert "typed in vain" not in refused.text
    assert "please type it once more" in refused.text
    assert value(refused, "password") == ""
    made = site.records.create(SYSTEM, "patient", {"name": "Cleo", "password": SECRET})
    page = ann.get(f"/app/patient/{made['id']}")
    names = ("csrf_token", "_version", "_base.name", "_base.password")
    sent = {**{name: value(page, name) for name in names}, "name": "", "password": "in vain too"}
    refused = ann.post(f"/app/patient/{made['id']}", data=sent)
    assert refused.status_code == 422
    assert "in vain too" not in refused.text
    assert value(refused, "password") == DOTS
    assert secret_of(site, made["id"]) == SECRET
