"""A publish that changes what is searched makes the index fit."""

from pathlib import Path
from typing import Any

from loomwork.publishing.site import Site
from loomwork.store.search.rebuild import check_search
from tests.documents import PackBuilder, workshop
from tests.sites import TESTER, made_site, put


def with_machine(version: str, **fields: dict[str, Any]) -> PackBuilder:
    builder = workshop(version=version)
    machine = next(body for body in builder.documents if body["name"] == "machine")
    machine["fields"].update(fields)
    return builder


def found(site: Site, search: str) -> list[object]:
    return [hit["title"] for hit in site.records.search(TESTER, search)]


def test_a_field_that_becomes_searched_is_found_and_one_that_no_longer_is_is_not(
    database_url: str, tmp_path: Path
) -> None:
    with made_site(database_url, tmp_path, workshop()) as site:
        values = {"name": "Press", "serial": None, "group": "Alpha hall", "notes": "Omega"}
        site.records.create(TESTER, "machine", values)
        gone = site.records.create(TESTER, "machine", {"name": "Gone", "group": "Alpha"})
        site.records.delete(TESTER, "machine", gone["id"])
        assert (found(site, "alpha"), found(site, "omega")) == ([], ["Press"])
        group = {"type": "text", "indexed": True, "search": True}
        put(site, with_machine("1.1.0", group=group, notes={"type": "long_text"}))
        assert (found(site, "alpha"), found(site, "omega")) == (["Press"], [])
        assert check_search(site.database, site.tables, "machine").total == 0


def test_a_new_searched_field_finds_what_is_written_into_it(
    database_url: str, tmp_path: Path
) -> None:
    with made_site(database_url, tmp_path, workshop()) as site:
        site.records.create(TESTER, "machine", {"name": "Press"})
        put(site, with_machine("1.1.0", colour={"type": "text", "search": True}))
        site.records.create(TESTER, "machine", {"name": "Drill", "colour": "bright green"})
        assert (found(site, "green"), found(site, "press")) == (["Drill"], ["Press"])
