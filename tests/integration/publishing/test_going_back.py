"""Rolling back, renaming, retiring, purging: data stays until somebody confirms that it may go."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import ConflictError, NotFoundError
from loomwork.publishing.publish import Installation, Order, plan_publish, publish
from loomwork.publishing.purge import purge, purgeable
from loomwork.publishing.revisions import newest_revision, read_documents, read_revisions
from loomwork.publishing.rollback import order_of_rollback
from loomwork.publishing.site import Site
from loomwork.publishing.uninstall import left_behind, order_of_uninstall
from loomwork.store.schema.alterations import drop
from loomwork.store.schema.changes import Drop
from loomwork.store.system import COLUMN
from tests.documents import MAKER, Body, PackBuilder
from tests.integration.publishing.killing import missing, superfluous
from tests.sites import TESTER, made_site, put

NAME: Body = {"type": "text"}


def pack(**fields: Body) -> PackBuilder:
    return PackBuilder({"kind": "entity", "name": "gadget", "fields": {"name": NAME, **fields}})


def create(site: Site, **values: Any) -> Any:
    return site.records.create(TESTER, "gadget", {"name": "g", **values})["id"]


def read(site: Site, id_: Any) -> dict[str, Any]:
    return site.records.read(TESTER, "gadget", id_)


def rollback_order(site: Site, number: int, *confirmed: str) -> Order:
    return order_of_rollback(
        site.database, number, author="test", compiler=site.compiler, confirmed=confirmed
    )


def rollback(site: Site, number: int, *confirmed: str) -> Installation:
    done = publish(site.database, rollback_order(site, number, *confirmed))
    site.refresh()
    return done


def hashes(site: Site) -> dict[int, str]:
    with site.database.reader.connect() as connection:
        return {one.number: one.hash for one in read_revisions(connection)}


def dropped(site: Site, *confirmed: str) -> list[str]:
    steps = purge(
        site.database, site.columns, site.model.entities, confirmed=confirmed, author="test"
    )
    return [step.id for step in steps]


def kept(site: Site) -> dict[str, int | None]:
    """Return what can be purged, with how many records have something there."""
    found = purgeable(site.database, site.columns, site.model.entities)
    return {one.step.id: one.step.rows for one in found}


def schema(site: Site) -> dict[str, Any]:
    """Return all tables with their columns, indexes and foreign keys, and the map of columns."""
    inspector = sa.inspect(site.database.writer)
    with site.database.reader.connect() as connection:
        rows = connection.execute(
            sa.select(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.column, COLUMN.c.retired)
        )
        columns = sorted(map(tuple, rows), key=str)
    return {
        "map": columns,
        **{
            table: (
                sorted(column["name"] for column in inspector.get_columns(table)),
                sorted(str(index["name"]) for index in inspector.get_indexes(table)),
                sorted(
                    str(key["constrained_columns"]) for key in inspector.get_foreign_keys(table)
                ),
            )
            for table in inspector.get_table_names()
        },
    }


def test_rollback_makes_a_new_revision_with_the_documents_and_the_data_of_the_old(
    site: Site,
) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site, size=5)
    put(site, pack(colour={"type": "text"}))
    site.records.update(TESTER, "gadget", id_, {"colour": "red"})
    done = rollback(site, 2)
    assert (done.revision, hashes(site)[4]) == (4, hashes(site)[2])
    assert read(site, id_)["size"] == 5
    rollback(site, 3)
    assert read(site, id_)["colour"] == "red"
    with site.database.reader.connect() as connection:
        newest = newest_revision(connection)
        assert read_documents(connection, newest) == read_documents(connection, 3)
        assert read_revisions(connection)[0].message == "Roll back to revision 3"
    assert (superfluous(site), missing(site)) == ([], [])


def test_a_revision_that_there_never_was_is_refused(site: Site) -> None:
    with pytest.raises(NotFoundError, match="no revision 7: the newest is 1"):
        rollback(site, 7)


def test_rollback_to_the_revision_in_force_does_nothing(site: Site) -> None:
    assert rollback(site, 1).revision is None


def test_rollback_copies_newer_values_back(site: Site) -> None:
    put(site, pack(size={"type": "integer"}, price={"type": "decimal", "places": 1}))
    first = create(site, size=5, price="1.5")
    put(site, pack(size={"type": "decimal"}, price={"type": "decimal", "places": 4}))
    site.records.update(TESTER, "gadget", first, {"size": "6", "price": "-2.5"})
    second = create(site, size="-7", price="0.1")
    rollback(site, 2)
    assert [(read(site, one)["size"], read(site, one)["price"]) for one in (first, second)] == [
        (6, Decimal("-2.5")),
        (-7, Decimal("0.1")),
    ]


def test_values_that_cannot_be_copied_back_are_listed_and_asked_for(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    whole, none = create(site, size=5), create(site)
    put(site, pack(size={"type": "decimal", "places": 2}))
    half = create(site, size="-0.25")
    target = plan_publish(site.database, rollback_order(site, 2))
    (step,) = [one for one in target.steps if one.destructive]
    assert (step.id, step.rows, step.sample_ids) == ("convert:gadget.size", 1, (str(half),))
    with pytest.raises(ConflictError) as caught:
        rollback(site, 2)
    assert [one.context["id"] for one in caught.value.problems] == ["convert:gadget.size"]
    assert read(site, half)["size"] == Decimal("-0.25")
    rollback(site, 2, "convert:gadget.size")
    assert [read(site, one)["size"] for one in (whole, none, half)] == [5, None, None]


def test_going_forward_again_brings_back_what_did_not_fit_the_older_type(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    kept, changed, emptied, fitting = (create(site, size=5) for _ in range(4))
    put(site, pack(size={"type": "decimal", "places": 1}))
    for one, size in ((kept, "2.5"), (changed, "3.5"), (emptied, "4"), (fitting, "6")):
        site.records.update(TESTER, "gadget", one, {"size": size})
    rollback(site, 2, "convert:gadget.size")
    ids = (kept, changed, emptied, fitting)
    assert [read(site, one)["size"] for one in ids] == [None, None, 4, 6]
    site.records.update(TESTER, "gadget", changed, {"size": 7})
    site.records.update(TESTER, "gadget", emptied, {"size": None})
    rollback(site, 3)
    assert [read(site, one)["size"] for one in ids] == [Decimal("2.5"), 7, None, 6]


def test_values_of_another_kind_stay_in_their_column_and_the_old_ones_come_back(
    site: Site,
) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site, size=5)
    put(site, pack())
    put(site, pack(size={"type": "date"}))
    site.records.update(TESTER, "gadget", id_, {"size": "2026-01-01"})
    with pytest.raises(ConflictError):
        rollback(site, 2)
    rollback(site, 2, "replace_values:gadget.size")
    assert read(site, id_)["size"] == 5


def test_a_confirmation_of_what_is_not_in_the_plan_is_refused(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    with pytest.raises(ConflictError) as caught:
        rollback(site, 1, "drop_table:gadget")
    assert [problem.code for problem in caught.value.problems] == ["unknown_step"]
    assert "gadget" in site.refresh().model.entities


def test_a_plan_that_somebody_overtook_is_refused(site: Site) -> None:
    order = Order(
        wanted=lambda present: (*present, *pack().read()),
        message="late",
        author="test",
        base=1,
        compiler=site.compiler,
    )
    put(site, PackBuilder(MAKER, name="makers"))
    with pytest.raises(ConflictError, match="Somebody published revision 2 meanwhile"):
        publish(site.database, order)


def test_a_renamed_field_keeps_its_data_its_unique_and_its_search(site: Site) -> None:
    code: Body = {"type": "text", "unique": True, "search": True, "max_length": 40}
    put(site, pack(code=code))
    id_ = create(site, code="Ä1")
    done = put(site, pack(number={**code, "renamed_from": "code"}))
    assert done.steps == ()
    assert read(site, id_)["number"] == "Ä1"
    site.records.update(TESTER, "gadget", id_, {"number": "Ä2"})
    put(site, pack(number=code))
    assert read(site, id_)["number"] == "Ä2"
    rollback(site, 2)
    assert read(site, id_)["code"] == "Ä2"
    assert (superfluous(site), missing(site), kept(site)) == ([], [], {})


def test_a_field_that_is_renamed_and_widened_takes_its_values_along(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site, size=5)
    put(site, pack(width={"type": "decimal", "renamed_from": "size"}))
    assert read(site, id_)["width"] == 5


def test_a_new_field_under_the_name_of_a_renamed_one_is_empty_and_stays_apart(site: Site) -> None:
    put(site, pack(tel=NAME))
    id_ = create(site, tel="1")
    put(site, pack(phone={**NAME, "renamed_from": "tel"}))
    put(site, pack(phone={**NAME, "renamed_from": "tel"}, tel=NAME))
    assert (read(site, id_)["phone"], read(site, id_)["tel"]) == ("1", None)
    site.records.update(TESTER, "gadget", id_, {"tel": "2"})
    put(site, pack(phone=NAME, tel=NAME))
    assert (read(site, id_)["phone"], read(site, id_)["tel"]) == ("1", "2")
    put(site, pack(tel=NAME))
    assert read(site, id_)["tel"] == "2"
    rollback(site, 3)
    assert read(site, id_)["phone"] == "1"
    rollback(site, 2)
    assert read(site, id_)["tel"] == "1"


def test_what_is_retired_stays_until_it_is_purged_by_its_id(site: Site) -> None:
    put(site, pack(size={"type": "integer", "unique": True}, part={"type": "link", "to": "gadget"}))
    first = create(site, size=5)
    create(site, size=6, part=str(first))
    put(site, pack())
    assert superfluous(site) == []
    assert kept(site) == {"drop_column:gadget.part": 1, "drop_column:gadget.size": 2}
    with pytest.raises(ConflictError):
        dropped(site, "drop_column:gadget.name")
    assert dropped(site) == []
    assert dropped(site, "drop_column:gadget.size") == ["drop_column:gadget.size"]
    assert kept(site) == {"drop_column:gadget.part": 1}
    dropped(site, "drop_column:gadget.part")
    assert (superfluous(site), missing(site), kept(site)) == ([], [], {})
    rollback(site, 2)
    assert read(site, first)["size"] is None
    assert (superfluous(site), missing(site)) == ([], [])


def test_a_retired_entity_is_purged_whole(site: Site) -> None:
    part: Body = {"kind": "entity", "name": "part", "fields": {"name": NAME}}
    part["fields"]["of"] = {"type": "link", "to": "gadget"}
    part["fields"]["next"] = {"type": "link", "to": "part"}
    whole = PackBuilder(*pack().documents, part)
    put(site, whole)
    id_ = create(site)
    first = site.records.create(TESTER, "part", {"name": "p", "of": str(id_)})
    site.records.create(TESTER, "part", {"name": "q", "next": str(first["id"])})
    put(site, pack())
    assert kept(site) == {"drop_table:part": 2}
    dropped(site, "drop_table:part")
    assert (superfluous(site), missing(site), kept(site)) == ([], [], {})
    put(site, whole)
    assert site.records.create(TESTER, "part", {"name": "p", "of": str(id_)})


def test_installing_and_uninstalling_with_the_data_leaves_no_trace(site: Site) -> None:
    before, documents = schema(site), site.documents
    parts: Body = {
        "name": NAME,
        "size": {"type": "decimal", "unique": True},
        "peer": {"type": "link", "to": "gadget"},
        "maker": {"type": "link", "to": "maker"},
    }
    put(site, PackBuilder({"kind": "entity", "name": "gadget", "fields": parts}, MAKER))
    maker = site.records.create(TESTER, "maker", {"name": "m"})
    first = create(site, size="1.5", maker=str(maker["id"]))
    create(site, peer=str(first))
    order = order_of_uninstall(
        "workshop", site.model, author="test", compiler=site.compiler, dropping=True
    )
    ids = [step.id for step in left_behind(site.database, plan_publish(site.database, order))]
    assert sorted(ids) == ["drop_table:gadget", "drop_table:maker"]
    publish(site.database, order)
    site.refresh()
    dropped(site, *ids)
    assert (schema(site), site.documents) == (before, documents)


def test_a_pack_that_another_one_needs_stays(site: Site) -> None:
    with pytest.raises(ConflictError, match="users"):
        order_of_uninstall("base", site.model, author="test", compiler=site.compiler)
    with pytest.raises(NotFoundError):
        order_of_uninstall("nothing", site.model, author="test", compiler=site.compiler)


def test_a_link_in_a_table_of_earlier_days_is_emptied(sqlite_database: str, tmp_path: Path) -> None:
    with made_site(sqlite_database, tmp_path, pack()) as site:
        part = create(site).bytes
        with site.database.transaction() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE early (id BLOB PRIMARY KEY, part BLOB,"
                " FOREIGN KEY (part) REFERENCES gadget (id))"
            )
            connection.execute(sa.text("INSERT INTO early VALUES (x'01', :part)"), {"part": part})
        drop(site.database, Drop(kind="column", table="early", name="part"), lambda _: None)
        with site.database.reader.connect() as connection:
            assert connection.exec_driver_sql("SELECT part FROM early").all() == [(None,)]
