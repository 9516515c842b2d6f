"""Layers at work: a pack and the site change what lies below, and the site follows at once."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.catalog.documents import SITE, Document
from loomwork.errors import DocumentError, InvalidError, NotFoundError
from loomwork.publishing.install import install_packs
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.publishing.settings import set_setting, setting_of
from loomwork.publishing.site import Site
from tests.documents import IN_FOLDER, Body, PackBuilder, workshop
from tests.sites import TESTER, another_worker, put

SETTINGS: Body = {
    "days": {"type": "integer", "default": 7, "min": 1, "max": 90},
    "greeting": {"type": "text", "default": "Hello"},
}


def customise(site: Site, *bodies: Body) -> None:
    """Give the site documents of its own."""
    documents = [
        Document(
            pack=SITE,
            file=f"{IN_FOLDER[body['kind']]}/{body['name']}.json",
            text=json.dumps(body),
            body=body,
        )
        for body in bodies
    ]
    install_packs(site.database, [documents], author="test", compiler=site.compiler)
    site.refresh()


def change(name: str, **changes: object) -> Body:
    return {"kind": "entity", "name": name, "extends": True, **changes}


def test_the_site_adds_a_field_to_an_entity_of_a_pack_and_keeps_its_data(site: Site) -> None:
    put(site, workshop())
    maker = site.records.create(TESTER, "maker", {"name": "m"})
    customise(site, change("maker", label="Firm", fields={"x_town": {"type": "text"}}))
    site.records.update(TESTER, "maker", maker["id"], {"x_town": "Ulm"})
    put(site, workshop(version="1.1.0"))
    assert site.model.entities["maker"].label.source == "Firm"
    with another_worker(site) as other:
        assert other.records.read(TESTER, "maker", maker["id"])["x_town"] == "Ulm"
        assert other.folded["entity"]["maker"].origin(("label",)).layer == SITE


def test_a_pack_adds_a_field_to_the_users_of_base(site: Site) -> None:
    fields = {"workshop_desk": {"type": "text"}}
    put(site, PackBuilder(change("user", fields=fields)))
    assert "workshop_desk" in site.model.entities["user"].fields


def test_a_change_of_type_by_the_site_is_refused_at_the_site(site: Site) -> None:
    put(site, workshop())
    with pytest.raises(DocumentError) as refused:
        customise(site, change("machine", fields={"built": {"type": "datetime"}}))
    (problem,) = refused.value.problems
    assert (problem.code, problem.file) == ("type_changed", "site/entities/machine.json")


def test_what_is_not_carried_out_yet_is_not_installed(site: Site) -> None:
    calendar = {
        "kind": "calendar",
        "name": "hours",
        "zone": "UTC",
        "hours": {"mon": ["09:00-18:00"]},
    }
    before = site.model
    with pytest.raises(DocumentError) as refused:
        put(site, PackBuilder(calendar))
    assert [(one.code, one.file) for one in refused.value.problems] == [
        ("not_yet", "workshop/calendars/hours.json")
    ]
    assert site.refresh().model is before


def test_only_texts_that_are_not_known_are_read_again(site: Site) -> None:
    put(site, workshop())
    with site.database.reader.connect() as connection:
        again = read_documents(connection, newest_revision(connection), site.documents)
        fresh = read_documents(connection, newest_revision(connection))
    assert again == fresh == site.documents
    assert all(one is other for one, other in zip(again, site.documents, strict=True))
    assert not any(one is other for one, other in zip(fresh, site.documents, strict=True))


def test_scripts_of_a_pack_are_kept_with_it(site: Site) -> None:
    script = Document(pack="workshop", file="scripts/a.py", text="not ( run", body={})
    install_packs(site.database, [[*workshop().read(), script]], author="test")
    site.refresh()
    assert site.documents[-1] == script


SET_HERE = ("workshop.days", "workshop.greeting")


def values(site: Site) -> dict[str, Any]:
    runtime = site.refresh()
    return {key: runtime.setting(key) for key in runtime.model.settings if key in SET_HERE}


def test_a_setting_is_set_and_every_worker_follows(site: Site) -> None:
    put(site, workshop(settings=SETTINGS))
    assert values(site) == {"workshop.days": 7, "workshop.greeting": "Hello"}
    days = setting_of(site.model, "workshop", "days")
    with another_worker(site) as other:
        set_setting(site.database, days, "30")
        assert values(other)["workshop.days"] == 30
        set_setting(site.database, days, "31")
        assert values(site)["workshop.days"] == values(other)["workshop.days"] == 31
        set_setting(site.database, days, None)
        assert values(other)["workshop.days"] == 7


def test_a_setting_survives_an_upgrade_as_long_as_it_fits(site: Site) -> None:
    put(site, workshop(settings=SETTINGS))
    set_setting(site.database, setting_of(site.model, "workshop", "days"), "30")
    put(site, workshop(settings=SETTINGS, version="1.0.1"))
    assert values(site)["workshop.days"] == 30
    narrow = {**SETTINGS, "days": {**SETTINGS["days"], "max": 20}}
    put(site, workshop(settings=narrow, version="1.0.2"))
    assert values(site)["workshop.days"] == 7


@pytest.mark.parametrize("text", ["0", "91", "many"])
def test_a_setting_takes_only_what_its_type_accepts(site: Site, text: str) -> None:
    put(site, workshop(settings=SETTINGS))
    with pytest.raises(InvalidError):
        set_setting(site.database, setting_of(site.model, "workshop", "days"), text)
    assert values(site)["workshop.days"] == 7


def test_an_unknown_setting_is_told_with_the_nearest(site: Site) -> None:
    put(site, workshop(settings=SETTINGS))
    with pytest.raises(NotFoundError, match="“days”"):
        setting_of(site.model, "workshop", "day")
    with pytest.raises(NotFoundError, match="“workshops”"):
        setting_of(site.model, "workshops", "days")


def test_an_installation_after_a_setting_is_noticed_by_every_worker(site: Site) -> None:
    put(site, workshop(settings=SETTINGS))
    with another_worker(site) as other:
        set_setting(site.database, setting_of(site.model, "workshop", "days"), "8")
        other.refresh()
        put(site, workshop(settings=SETTINGS, title="New"))
        assert other.refresh().model.packs["workshop"].title == "New"
    with site.database.reader.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM lw_setting")).scalar() == 1
