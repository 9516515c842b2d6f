"""Demo data into a site: users one by one, records in one transaction."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tqdm import tqdm

from loomwork.cli.output import say, translate
from loomwork.errors import N_, UnavailableError
from loomwork.model.actor import system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.records.writing import Writer
from loomwork.web.fab.users import Users
from loomwork_metadata.demo import DemoRecord, Ref, demo_records, demo_teams, demo_users

SEED = 2026
PASSWORD_FILE = "demo.password"  # noqa: S105 -- the name of a file
ACTOR = system("demo")

Ids = dict[tuple[str, str], UUID]


def load_demo(site: Site) -> int:
    """Fill a site without accounts; return how many records it made, which may be none."""
    if "account" not in site.model.entities:
        raise UnavailableError(N_("The demo data needs the pack “sales”: add --pack sales."))
    if site.records.page(ACTOR, "account", ListQuery(limit=1)).items:
        return 0
    today = datetime.now(UTC).date()
    ids = _add_people(site, today)
    records = tuple(demo_records(SEED, today))

    def load(writer: Callable[[str], Writer]) -> int:
        bar = tqdm(records, desc=translate(N_("Demo data")), unit="", leave=False, disable=None)
        for record in bar:
            row = writer(record.entity).create(_linked(record, ids), at=record.at)
            ids[record.entity, record.key] = row["id"]
        return len(records)

    return site.records.write(ACTOR, load)


def _linked(record: DemoRecord, ids: Ids) -> dict[str, Any]:
    return {
        name: str(ids[value.entity, value.key]) if isinstance(value, Ref) else value
        for name, value in record.values.items()
    }


def _add_people(site: Site, today: date) -> Ids:
    """Add the demo's users, all with one generated password, and their teams."""
    users, ids = Users(site), Ids()
    known = {account.username: account.id for account in users.all()}
    password = _demo_password(site)
    for person in demo_users():
        ids["user", person.username] = known.get(person.username) or users.add(
            person.username, person.name, person.email, password, person.roles
        )
    for team in demo_teams(today):
        found = site.records.page(
            ACTOR, "team", ListQuery(filter=f"name == {team.values['name']!r}", limit=1)
        ).items
        row = found[0] if found else site.records.create(ACTOR, "team", _linked(team, ids))
        ids["team", team.key] = row["id"]
    for person in demo_users():
        values = {
            "job_title": person.job_title,
            "phone": person.phone,
            "language": person.language,
            "team": str(ids["team", person.team]),
        }
        site.records.update(ACTOR, "user", ids["user", person.username], values)
        if person.leads_team:
            lead = {"lead": str(ids["user", person.username])}
            site.records.update(ACTOR, "team", ids["team", person.team], lead)
    return ids


def _demo_password(site: Site) -> str:
    """Return the password of the demo's users, generated once into the home folder."""
    file = site.settings.home / PASSWORD_FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(9) + "\n", encoding="utf-8")
        say(N_("The password of the demo's users is in {file}."), file=file)
    return file.read_text(encoding="utf-8").strip()
