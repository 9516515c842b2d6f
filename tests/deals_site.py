"""A site whose deals have fields of parts and of many values, with two people who enter them."""

from pathlib import Path

from loomwork.cli.setup import prepare_site
from loomwork.model.actor import system
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.users import Users
from tests.browser.demo_site import PASSWORD
from tests.documents import base
from tests.parts_pack import parts_pack


def make_deals_site(home: Path) -> Site:
    """Return the site; a dollar is worth 0.90 of its currency, the euro."""
    site = prepare_site(Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True))
    packs = [base(), parts_pack().read()]
    install_packs(site.database, packs, author="test", at_switch=[project_roles])
    site.refresh()
    with create_app(site).app_context():
        Users(site).add("ann", "Ann", password=PASSWORD, roles=["seller"])
    site.refresh()
    maker = system("test")
    rate = {"currency": "USD", "rate": "0.9", "valid_from": "2020-01-01"}
    site.records.create(maker, "exchange_rate", rate)
    return site
