"""A site with the shipped packs, three people and a few records, served on a free port."""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

from werkzeug.serving import make_server

import loomwork_metadata
from loomwork.catalog.documents import read_pack
from loomwork.model.actor import Actor, system
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.store.engine import connect
from loomwork.store.settings import Settings
from loomwork.store.upgrade import upgrade
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.tables import create_fab_tables
from loomwork.web.fab.users import Users

PASSWORD = "correct horse"
PEOPLE = {
    "ann": ("Ann Lindqvist", ("salesperson",)),
    "wei": ("李伟", ("salesperson",)),
    "mia": ("Mia Castellanos", ("sales_manager",)),
    "nobody": ("Norah Bodin", ()),
}
PACKS = Path(loomwork_metadata.__file__).parent / "packs"
FIRMS = (
    "Acme Industrial",
    "Blue Ridge Foods",
    "Contoso Health",
    "Fabrikam Motors",
    "Northwind Traders",
    "Polaris Shipping",
    "江南纺织有限公司",
    "深圳光学仪器",
    "华新机器人",
    "蓝海物流集团",
    "Vesta Ceramics",
    "Halden Robotics",
    "明德医疗器械",
    "东方新能源",
    "Orchard & Sons",
)
DEALS = (
    "Cloud migration",
    "Spare parts 2026",
    "Pilot line",
    "Service contract",
    "ERP rollout",
    "产线升级",
    "门店数字化",
    "Annual licence",
    "设备维保合同",
    "Warehouse automation",
)
STAGES = ("new", "qualified", "proposal", "negotiation", "won", "lost")


def make_site(home: Path) -> Site:
    """Return a new site in ``home`` with packs, people and records."""
    settings = Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True)
    database = connect(settings.database_url)
    upgrade(database)
    create_fab_tables(database.writer)
    packs = [read_pack(PACKS / name) for name in ("base", "sales")]
    install_packs(database, packs, author="tests", at_switch=[project_roles])
    database.dispose()
    site = Site.open(settings)
    app = create_app(site)
    with app.app_context():
        users = Users(site)
        people = {
            name: users.add(name, title, password=PASSWORD, roles=roles)
            for name, (title, roles) in PEOPLE.items()
        }
        users.add("admin", "Ada Admin", password=PASSWORD, admin=True)
    site.refresh()
    _fill(site, people)
    return site


def _fill(site: Site, people: dict[str, UUID]) -> None:
    source = random.Random(7)
    maker: Actor = system("demo")
    owners = [str(people[name]) for name in ("ann", "wei", "mia")]
    accounts = [
        site.records.create(maker, "account", {"name": firm, "owner": owners[index % len(owners)]})[
            "id"
        ]
        for index, firm in enumerate(FIRMS)
    ]
    start = date(2026, 6, 1)
    for index in range(140):
        created = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=29 * index)
        stage = source.choice(STAGES)
        site.records.create(
            maker,
            "opportunity",
            {
                "name": f"{source.choice(DEALS)} {index + 1:03}",
                "account": str(source.choice(accounts)),
                "stage": stage,
                "close_reason": "The price was too high." if stage == "lost" else None,
                "amount": str(source.randrange(5, 900) * 1000),
                "chance": source.randrange(0, 100, 5),
                "close_date": str(start + timedelta(days=source.randrange(240))),
                "owner": owners[index % len(owners)],
            },
            at=created,
        )
    for index in range(20):
        site.records.create(
            maker,
            "task",
            {"subject": f"Call back {index + 1}", "owner": owners[index % len(owners)]},
        )


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """Serve ``site`` in a thread and give its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", port, create_app(site), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
