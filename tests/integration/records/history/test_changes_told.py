"""Who changed what, when and by what way."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from tests.documents import PackBuilder
from tests.office import CASE, CLERK, CLIENT, HEAD, NOTE, told
from tests.sites import TESTER, put


def test_a_history_tells_who_changed_what_from_what_to_what(site: Site, head: Actor) -> None:
    client = site.records.create(TESTER, "client", {"name": "Acme"})
    made = site.records.create(head, "case", {"name": "a", "rank": 3, "source": "fair"})
    site.records.update(head, "case", made["id"], {"name": "b", "client": str(client["id"])})
    site.records.update(TESTER, "case", made["id"], {"rank": None})
    assert told(site, head, "case", made["id"]) == [
        (
            "created",
            {
                "name": (None, "a"),
                "rank": (None, 3),
                "source": (None, "fair"),
                "owner": (None, {"id": head.user, "title": "Head"}),
            },
        ),
        (
            "updated",
            {"name": ("a", "b"), "client": (None, {"id": client["id"], "title": "Acme"})},
        ),
        ("updated", {"rank": (3, None)}),
    ]
    newest, middle, _ = site.records.history(head, "case", made["id"]).items
    assert (newest["actor"], newest["agent"], newest["source"]) == (None, "system:test", "test")
    assert (middle["actor"], middle["agent"]) == ({"id": head.user, "title": "Head"}, None)
    assert middle["at"] > made["updated_at"]


def test_titles_of_hidden_records_stay_hidden_in_history(
    site: Site, head: Actor, clerk: Actor
) -> None:
    client = site.records.create(head, "client", {"name": "Secret Inc.", "secret": True})
    values = {"name": "a", "client": str(client["id"]), "owner": str(clerk.user)}
    made = site.records.create(head, "case", values)
    site.records.update(clerk, "case", made["id"], {"client": None})
    (change,) = site.records.history(clerk, "case", made["id"]).items[0]["changes"]
    assert (change["from"], change["to"]) == ({"id": client["id"]}, None)
    seen = str(site.records.history(clerk, "case", made["id"]))
    assert "Secret Inc." not in seen


def test_links_that_a_deletion_empties_are_changes_of_the_records_that_have_them(
    site: Site, head: Actor
) -> None:
    first = site.records.create(head, "case", {"name": "first"})
    second = site.records.create(head, "case", {"name": "second", "follows": str(first["id"])})
    site.records.delete(head, "case", first["id"])
    site.records.restore(head, "case", first["id"])
    link = {"id": first["id"], "title": "first"}
    assert told(site, head, "case", second["id"])[1:] == [
        ("updated", {"follows": (link, None)}),
        ("updated", {"follows": (None, link)}),
    ]


def test_a_record_that_followed_itself_comes_back_as_it_was(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "loop"})
    site.records.update(head, "case", made["id"], {"follows": str(made["id"])})
    site.records.delete(head, "case", made["id"])
    site.records.restore(head, "case", made["id"])
    assert site.records.read(head, "case", made["id"])["follows"]["id"] == made["id"]
    assert [event for event, _ in told(site, head, "case", made["id"])] == [
        "created",
        "updated",
        "deleted",
        "restored",
    ]


def test_who_removed_a_record_for_good_stays_noted(site: Site, head: Actor) -> None:
    client = site.records.create(head, "client", {"name": "gone"})
    case = site.records.create(head, "case", {"name": "a", "client": str(client["id"])})
    site.records.delete(head, "client", client["id"])
    assert told(site, head, "case", case["id"])[-1] == (
        "updated",
        {"client": ({"id": client["id"]}, None)},
    )
    history = site.tables["client"].history
    assert history is not None
    with site.database.reader.connect() as connection:
        kept = connection.execute(
            sa.select(history.table.c["_event"], history.table.c["_actor"])
            .where(history.table.c.id == client["id"])
            .order_by(history.table.c["_valid_from"])
        ).all()
        left = sa.select(sa.func.count()).where(history.table.c["_valid_to"].is_(None))
        assert connection.execute(left.where(history.table.c.id == client["id"])).scalar_one() == 0
    assert [tuple(row) for row in kept] == [("created", head.user), ("deleted", head.user)]


def test_a_field_that_is_new_is_new_in_history_too(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "a"})
    fields = {**CASE["fields"], "stars": {"type": "integer"}}
    put(site, PackBuilder({**CASE, "fields": fields}, CLIENT, NOTE, CLERK, HEAD, version="1.3.0"))
    try:
        before = datetime.now(UTC)
        site.records.update(head, "case", made["id"], {"stars": 5})
        site.records.update(head, "case", made["id"], {"stars": 4})
        assert [changes for _, changes in told(site, head, "case", made["id"])][1:] == [
            {"stars": (None, 5)},
            {"stars": (5, 4)},
        ]
        assert site.records.read(head, "case", made["id"], as_of=before)["stars"] is None
    finally:
        put(site, PackBuilder(CASE, CLIENT, NOTE, CLERK, HEAD, version="1.4.0"))


def test_the_history_comes_in_pages(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "0"})
    for number in range(1, 7):
        site.records.update(head, "case", made["id"], {"name": str(number)})
    seen: list[tuple[Any, Any]] = []
    cursor: str | None = None
    for _ in range(3):
        page = site.records.history(head, "case", made["id"], limit=3, cursor=cursor)
        named = (
            change for item in page.items for change in item["changes"] if change["field"] == "name"
        )
        seen += [(change["from"], change["to"]) for change in named]
        cursor = page.next
    assert cursor is None
    assert seen == [(str(n - 1), str(n)) for n in range(6, 0, -1)] + [(None, "0")]


def test_an_import_is_named_as_the_source(site: Site, head: Actor, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("name\none\ntwo\n", encoding="utf-8")
    source = open_source(file, "")
    Import(
        records=site.records,
        actor=lambda: system("import"),
        entity="case",
        source=source,
        columns=map_columns(site.current().entity("case"), source.columns, {}),
    ).run(Outcome(), lambda _: None)
    page = site.records.page(head, "case", ListQuery())
    sources = {
        site.records.history(head, "case", record["id"]).items[0]["source"] for record in page.items
    }
    assert (len(page.items), sources) == (2, {"import"})
