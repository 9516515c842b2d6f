"""Tables that another program has changed: told in a sentence, and nothing is taken over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loomwork.errors import ConflictError, DocumentError, UnavailableError
from loomwork.publishing.publish import publish
from loomwork.publishing.purge import purge
from loomwork.publishing.site import Site
from loomwork.publishing.uninstall import order_of_uninstall
from loomwork.records.lists.listing import ListQuery
from tests.documents import Body, PackBuilder
from tests.sites import TESTER, made_site, put

BOAT: Body = {
    "kind": "entity",
    "name": "boat",
    "ownership": "none",
    "fields": {"name": {"type": "text", "max_length": 80}, "size": {"type": "integer"}},
}
EXTRA: Body = {**BOAT, "fields": {**BOAT["fields"], "extra": {"type": "text"}}}
UNIQUE: Body = {**BOAT, "fields": {**BOAT["fields"], "name": {"type": "text", "unique": True}}}


@pytest.fixture
def boats(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Yield a site with two boats of one name."""
    with made_site(database_url, tmp_path, PackBuilder(BOAT, name="boats")) as site:
        for size in (3, 4):
            site.records.create(TESTER, "boat", {"name": "Iris", "size": size})
        yield site


def by_hand(site: Site, statement: str) -> None:
    with site.database.transaction() as connection:
        connection.exec_driver_sql(statement)


def test_a_column_of_another_program_is_not_taken_over(boats: Site) -> None:
    by_hand(boats, "ALTER TABLE boat ADD COLUMN extra integer")
    with pytest.raises(ConflictError, match="“boat” has a column “extra” that is not of this site"):
        put(boats, PackBuilder(EXTRA, name="boats"))
    assert "extra" not in boats.model.entities["boat"].fields
    by_hand(boats, "ALTER TABLE boat DROP COLUMN extra")
    put(boats, PackBuilder(EXTRA, name="boats"))
    put(boats, PackBuilder(BOAT, name="boats"))
    put(boats, PackBuilder(EXTRA, name="boats"))
    boats.records.create(TESTER, "boat", {"name": "Otto", "extra": "a text"})


def test_a_column_of_another_program_that_no_field_wants_is_left_alone(boats: Site) -> None:
    by_hand(boats, "ALTER TABLE boat ADD COLUMN theirs integer")
    put(boats, PackBuilder(EXTRA, name="boats"))
    boats.records.create(TESTER, "boat", {"name": "Otto", "extra": "a text"})


def test_a_unique_over_values_that_repeat_is_refused_with_number_and_ids(boats: Site) -> None:
    ids = sorted(str(one["id"]) for one in boats.records.page(TESTER, "boat", ListQuery()).items)
    with pytest.raises(ConflictError, match="have to be mended") as caught:
        put(boats, PackBuilder(UNIQUE, name="boats"))
    (problem,) = caught.value.problems
    assert problem.message() == (
        "Boat: “Name” becomes unique; values that occur more than once: 1."
        f" Records: 2, such as {', '.join(ids)}."
    )
    assert boats.model.entities["boat"].fields["name"].unique is False


def test_values_that_are_repeated_only_while_the_index_grows_are_told_with_the_field(
    boats: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loomwork.publishing.publish.require_unblocked", lambda *_: None)
    with pytest.raises(ConflictError) as caught:
        put(boats, PackBuilder(UNIQUE, name="boats"))
    assert caught.value.message(str, "en") == (
        "“Name” of “Boat” cannot become unique: some records have equal values there."
        " See “loomwork plan”."
    )


def test_a_table_that_was_dropped_is_not_made_again_unasked(boats: Site) -> None:
    by_hand(boats, "DROP TABLE boat")
    with pytest.raises(ConflictError, match="“boat” with records in force is not in the database"):
        put(boats, PackBuilder(EXTRA, name="boats"))


def test_who_does_without_the_records_of_a_lost_table_gets_an_empty_one(boats: Site) -> None:
    by_hand(boats, "DROP TABLE boat")
    gone = order_of_uninstall("boats", boats.model, author="test", compiler=boats.compiler)
    publish(boats.database, gone)
    boats.refresh()
    drop = ["drop_table:boat"]
    purge(boats.database, boats.columns, boats.model.entities, confirmed=drop, author="test")
    put(boats, PackBuilder(EXTRA, name="boats"))
    assert boats.records.page(TESTER, "boat", ListQuery()).items == []


@pytest.mark.parametrize("statement", ["DROP TABLE boat", "ALTER TABLE boat DROP COLUMN size"])
def test_reading_and_writing_what_somebody_dropped_says_so(boats: Site, statement: str) -> None:
    by_hand(boats, statement)
    with pytest.raises(UnavailableError) as reading:
        boats.records.page(TESTER, "boat", ListQuery())
    with pytest.raises(UnavailableError) as writing:
        boats.records.create(TESTER, "boat", {"name": "a secret name", "size": 1})
    for caught in (reading, writing):
        told = caught.value.message()
        assert told.startswith("The database is not as the revision in force expects: ")
        assert "SELECT " not in told
        assert "INSERT INTO boat" not in told
        assert "secret" not in told


def test_a_column_that_somebody_retyped_refuses_without_showing_the_value(
    postgresql_database: str, tmp_path: Path
) -> None:
    with made_site(postgresql_database, tmp_path, PackBuilder(BOAT, name="boats")) as site:
        by_hand(site, "ALTER TABLE boat ALTER COLUMN name TYPE varchar(3)")
        with pytest.raises(UnavailableError) as caught:
            site.records.create(TESTER, "boat", {"name": "a secret name"})
        assert caught.value.message() == (
            "The database is not as the revision in force expects: a value does not fit its column."
        )


@pytest.mark.parametrize("earlier", ["size", "name"])
def test_a_rename_from_a_field_that_is_still_there_is_refused(boats: Site, earlier: str) -> None:
    size: Body = {"type": "integer", "renamed_from": earlier}
    fields = {**BOAT["fields"], "size": size}
    with pytest.raises(DocumentError) as caught:
        put(boats, PackBuilder({**BOAT, "fields": fields}, name="boats"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.pointer) == ("name_in_use", "/fields/size/renamed_from")
    assert problem.message() == (
        f"“{earlier}” is a field of its own; renamed_from names one that is gone."
    )


def test_the_former_name_may_be_given_to_a_new_field_later(boats: Site) -> None:
    metres: Body = {"type": "integer", "renamed_from": "size"}
    name = BOAT["fields"]["name"]
    put(boats, PackBuilder({**BOAT, "fields": {"name": name, "metres": metres}}, name="boats"))
    fields = {"name": name, "metres": metres, "size": {"type": "integer"}}
    put(boats, PackBuilder({**BOAT, "fields": fields}, name="boats"))
    found = boats.records.page(TESTER, "boat", ListQuery()).items
    assert sorted((one["metres"], one["size"]) for one in found) == [(3, None), (4, None)]
