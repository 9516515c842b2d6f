"""Installing packs again: fields, entities and uniques come and go, the data stays."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import ConflictError, DocumentError, InvalidError, NotFoundError
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.documents import FOREMAN, MACHINE, MAKER, MECHANIC, PART, Body, PackBuilder, workshop
from tests.sites import TESTER, another_worker, put

NAME: Body = {"type": "text", "required": True, "max_length": 80}


def pack(name: Body = NAME, /, entity: str = "gadget", **fields: Body) -> PackBuilder:
    """Return a pack of one entity with these fields."""
    document = {"kind": "entity", "name": entity, "fields": {"name": name, **fields}}
    return PackBuilder(document, MAKER)


def create(site: Site, **values: Any) -> Any:
    return site.records.create(TESTER, "gadget", {"name": "g", **values})["id"]


def read(site: Site, id_: Any) -> dict[str, Any]:
    return site.records.read(TESTER, "gadget", id_)


def count(site: Site, **query: Any) -> int | None:
    return site.records.page(TESTER, "gadget", ListQuery(count=True, **query)).count


def refused(site: Site, builder: PackBuilder) -> list[tuple[str, str]]:
    before = site.model
    with pytest.raises(DocumentError) as caught:
        put(site, builder)
    assert site.refresh().model is before
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_a_pack_is_there_after_its_installation_and_doing_it_again_does_nothing(
    site: Site,
) -> None:
    first = put(site, workshop())
    assert first.revision == 2
    assert {step.table for step in first.steps} == {"machine", "maker", "part"}
    again = put(site, workshop())
    assert (again.revision, again.steps) == (None, ())
    assert set(site.model.packs) == {"base", "workshop"}


def test_a_field_is_there_at_once_in_another_worker_with_the_data_kept(site: Site) -> None:
    put(site, pack())
    with another_worker(site) as other:
        id_ = create(other, name="kept")
        done = put(site, pack(size={"type": "integer", "default": 3, "indexed": True}))
        assert [(step.kind, step.name) for step in done.steps] == [
            ("column", "size"),
            ("index", "gadget__size"),
        ]
        assert other.records.update(TESTER, "gadget", id_, {"size": 7})["size"] == 7
        assert (read(other, id_)["name"], read(site, id_)["size"]) == ("kept", 7)
        assert count(other, filter="size == 7", sort=("size",)) == 1


def first_read(site: Site, id_: Any) -> dict[str, Any]:
    return site.records.page(TESTER, "gadget", ListQuery(filter=f"id == '{id_}'")).items[0]


def first_sorted(site: Site, _: Any) -> dict[str, Any]:
    query = ListQuery(fields=("late",), sort=("late",), filter="late is None")
    return site.records.page(TESTER, "gadget", query).items[0]


@pytest.mark.parametrize("use", [read, first_read, first_sorted])
def test_every_read_of_another_worker_notices_the_new_revision(
    site: Site, use: Callable[[Site, Any], dict[str, Any]]
) -> None:
    put(site, pack())
    id_ = create(site)
    with another_worker(site) as other:
        put(site, pack(late={"type": "date"}))
        assert "late" in use(other, id_)


def test_an_entity_that_is_new_is_known_to_another_worker(site: Site) -> None:
    with another_worker(site) as other:
        put(site, pack())
        assert count(other) == 0
        put(site, PackBuilder())
        with pytest.raises(NotFoundError):
            count(other)


def test_a_field_that_goes_and_comes_back_has_its_data(site: Site) -> None:
    size: Body = {"type": "integer"}
    put(site, pack(size=size))
    id_ = create(site, size=5)
    assert put(site, pack()).steps == ()
    assert "size" not in read(site, id_)
    with pytest.raises(InvalidError):
        create(site, size=5)
    put(site, pack(size=size))
    assert read(site, id_)["size"] == 5


def test_a_field_that_comes_back_with_another_type_is_empty(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site, size=5)
    put(site, pack())
    put(site, pack(size={"type": "date"}))
    assert read(site, id_)["size"] is None
    site.records.update(TESTER, "gadget", id_, {"size": "2026-01-01"})
    put(site, pack())
    put(site, pack(size={"type": "integer"}))
    assert read(site, id_)["size"] == 5


def test_a_link_that_comes_back_to_another_entity_is_empty_and_works(site: Site) -> None:
    put(site, pack(ref={"type": "link", "to": "gadget"}))
    first = create(site)
    second = create(site, ref=str(first))
    put(site, pack())
    put(site, pack(ref={"type": "link", "to": "maker"}))
    assert read(site, second)["ref"] is None
    maker = site.records.create(TESTER, "maker", {"name": "m"})
    site.records.update(TESTER, "gadget", second, {"ref": str(maker["id"])})
    assert read(site, second)["ref"] == {"id": maker["id"], "title": "m"}


def test_a_link_is_added_to_a_table_that_is_in_use(site: Site) -> None:
    put(site, pack())
    first = create(site)
    put(site, pack(ref={"type": "link", "to": "gadget"}))
    second = create(site, ref=str(first))
    assert read(site, second)["ref"] == {"id": first, "title": "g"}
    with pytest.raises(ConflictError):
        site.records.delete(TESTER, "gadget", first)


def test_an_entity_that_goes_and_comes_back_has_its_records(site: Site) -> None:
    put(site, workshop())
    maker = site.records.create(TESTER, "maker", {"name": "m"})
    machine = site.records.create(TESTER, "machine", {"name": "a", "maker": str(maker["id"])})
    put(site, PackBuilder(PART | {"fields": {"name": NAME}}))
    with pytest.raises(NotFoundError):
        site.records.read(TESTER, "machine", machine["id"])
    put(site, workshop())
    assert site.records.read(TESTER, "machine", machine["id"]) == machine


def test_the_limit_of_a_text_moves_up_and_down_without_loss(site: Site) -> None:
    def text(limit: int, **more: bool) -> Body:
        return {"type": "text", "max_length": limit, **more}

    put(site, pack(code=text(40, unique=True)))
    id_ = create(site, code="x" * 40)
    gone = create(site, code="y")
    site.records.delete(TESTER, "gadget", gone)
    put(site, pack(code=text(400, unique=True)))
    assert read(site, id_)["code"] == "x" * 40
    long = create(site, code="z" * 400)
    assert site.records.restore(TESTER, "gadget", gone)["code"] == "y"
    with pytest.raises(InvalidError):
        create(site, code="x" * 40)
    put(site, pack(code=text(40, indexed=True)))
    assert (read(site, long)["code"], read(site, id_)["code"]) == ("z" * 400, "x" * 40)
    with pytest.raises(InvalidError):
        create(site, code="z" * 41)
    put(site, pack(code=text(40, search=True), name=NAME))
    assert count(site, search="zzz") == 1


@pytest.mark.parametrize("value", [0, -7, 2**46, None])
def test_a_whole_number_becomes_a_decimal(site: Site, value: int | None) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site, size=value)
    put(site, pack(size={"type": "decimal", "places": 3}))
    assert read(site, id_)["size"] == value
    assert create(site, size="0.125")


def test_more_places_keep_every_value_exactly(site: Site) -> None:
    values = ["-99999999.99", "0.01", "0", "123456.78", None]
    put(site, pack(price={"type": "decimal", "places": 2}))
    ids = [create(site, price=value) for value in values]
    site.records.delete(TESTER, "gadget", ids[1])
    put(site, pack(price={"type": "decimal", "places": 10}))
    site.records.restore(TESTER, "gadget", ids[1])
    assert [read(site, id_)["price"] for id_ in ids] == [
        None if value is None else Decimal(value) for value in values
    ]
    assert read(site, create(site, price="0.0000000001"))["price"] == Decimal("1E-10")


@pytest.mark.parametrize("number", [{"type": "integer"}, {"type": "decimal", "places": 0}])
def test_values_too_large_for_more_places_are_refused_with_their_number(
    site: Site, number: Body
) -> None:
    put(site, pack(size=number))
    id_ = create(site, size=10**14)
    create(site, size=1 - 10**15)
    with pytest.raises(ConflictError, match=r"too large to be kept with 4 digits.*Records: 2"):
        put(site, pack(size={"type": "decimal", "places": 4}))
    assert read(site, id_)["size"] == 10**14
    put(site, pack(size={"type": "decimal", "places": 3}))
    assert read(site, id_)["size"] == 10**14


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "text"}, {"type": "integer"}),
        ({"type": "integer"}, {"type": "text"}),
        ({"type": "decimal", "places": 2}, {"type": "integer"}),
        ({"type": "decimal", "places": 4}, {"type": "decimal", "places": 2}),
        ({"type": "date"}, {"type": "datetime"}),
        ({"type": "boolean"}, {"type": "select", "options": {"a": {}}}),
        ({"type": "link", "to": "maker"}, {"type": "text"}),
        ({"type": "link", "to": "maker"}, {"type": "link", "to": "gadget"}),
    ],
)
def test_a_change_of_type_that_would_lose_values_is_refused_by_name(
    site: Site, before: Body, after: Body
) -> None:
    put(site, pack(one=before, two=before))
    told = refused(site, pack(one=after, two=after))
    assert told == [("/fields/one/type", "type_changed"), ("/fields/two/type", "type_changed")]


def test_search_that_is_switched_on_finds_what_was_there(site: Site) -> None:
    put(site, pack())
    ids = [create(site, name=f"Müller {number}") for number in range(3)]
    assert count(site, search="muller") == 0
    put(site, pack({**NAME, "search": True}))
    assert count(site, search="muller") == 3
    put(site, pack())
    site.records.update(TESTER, "gadget", ids[0], {"name": "Schmidt"})
    put(site, pack({**NAME, "search": True}))
    assert [count(site, search=word) for word in ("muller", "schmidt")] == [2, 1]


def test_a_searched_field_that_comes_back_longer_is_not_found_by_its_old_text(site: Site) -> None:
    put(site, pack(more={"type": "text", "search": True}))
    create(site, more="old text")
    put(site, pack())
    put(site, pack(more={"type": "text", "search": True, "max_length": 500}))
    assert count(site, search="old") == 0


def test_unique_over_equal_values_is_refused_and_nothing_is_half_done(site: Site) -> None:
    put(site, pack(code={"type": "text"}))
    ids = [create(site, code="same") for _ in range(2)]
    before = site.model
    with pytest.raises(ConflictError, match="values that occur more than once: 1"):
        put(site, pack(code={"type": "text", "unique": True}, more={"type": "date"}))
    assert site.refresh().model is before
    assert create(site, code="same")
    with another_worker(site) as other:
        assert "more" not in read(other, ids[0])
    for id_ in (
        ids[1],
        *(one["id"] for one in site.records.page(TESTER, "gadget", ListQuery()).items),
    ):
        site.records.update(TESTER, "gadget", id_, {"code": str(id_)[-8:] + str(id_)[:8]})
    put(site, pack(code={"type": "text", "unique": True}, more={"type": "date"}))
    create(site, code="once")
    with pytest.raises(InvalidError):
        create(site, code="once")


def test_unique_and_longer_at_once_over_equal_values_is_refused(site: Site) -> None:
    put(site, pack(code={"type": "text"}))
    for _ in range(2):
        create(site, code="same")
    with pytest.raises(ConflictError, match="values that occur more than once: 1"):
        put(site, pack(code={"type": "text", "max_length": 300, "unique": True}))
    assert create(site, code="same")


def test_unique_that_is_switched_off_lets_equal_values_in(site: Site) -> None:
    put(
        site,
        pack(
            code={"type": "text", "unique": True},
            ref={"type": "link", "to": "maker", "unique": True},
        ),
    )
    create(site, code="same")
    put(site, pack(code={"type": "text"}, ref={"type": "link", "to": "maker"}))
    create(site, code="same")
    assert count(site, filter="code == 'same'") == 2


def test_a_rule_that_becomes_stricter_asks_at_the_next_write(site: Site) -> None:
    put(site, pack(size={"type": "integer"}))
    id_ = create(site)
    put(site, pack(size={"type": "integer", "required": True, "max": 5}))
    assert read(site, id_)["size"] is None
    with pytest.raises(InvalidError) as caught:
        site.records.update(TESTER, "gadget", id_, {"name": "x"})
    assert caught.value.problems[0].pointer == "/size"
    site.records.update(TESTER, "gadget", id_, {"size": 5})


def test_broken_documents_change_nothing(site: Site) -> None:
    assert refused(site, pack(size={"type": "link", "to": "nothing"})) == [
        ("/fields/size/to", "unknown_entity")
    ]
    assert "gadget" not in site.model.entities


def test_two_packs_install_as_one_revision_in_any_order(site: Site) -> None:
    first = PackBuilder(MAKER, name="makers", requires={"base": ">=1"})
    second = PackBuilder(MACHINE, PART, name="machines", requires={"makers": ">=1"})
    done = put(site, second, first)
    assert done.revision == 2
    assert list(site.model.packs) == ["base", "makers", "machines"]


def test_a_table_of_another_program_is_left_alone(site: Site) -> None:
    with site.database.transaction() as connection:
        connection.execute(sa.text("CREATE TABLE gadget (id INTEGER)"))
    with pytest.raises(ConflictError, match="“gadget”"):
        put(site, pack())
    assert "gadget" not in site.refresh().model.entities


def test_names_that_databases_reserve_can_be_used(site: Site) -> None:
    words = ["select", "order", "table", "group_", "key", "rows", "rank", "limit", "ctid", "oid"]
    words += [
        "ab_user_id",
        "rowid",
        "values",
        "desc",
        "row_id",
        "name__sort",
        "name__2",
        "window",
    ]
    fields: dict[str, Body] = {word: {"type": "text", "indexed": True} for word in words}
    builder = pack({**NAME, "search": True}, "order", **fields)
    put(site, builder)
    given = dict.fromkeys(words, "x")
    made = site.records.create(TESTER, "order", {"name": "o", **given})
    site.records.update(TESTER, "order", made["id"], dict.fromkeys(words, "y"))
    page = site.records.page(
        TESTER, "order", ListQuery(filter="select == 'y' and oid != 'x'", sort=("limit",))
    )
    assert page.items[0]["desc"] == "y"


def test_names_as_long_as_they_may_be_can_be_used(site: Site) -> None:
    long = [f"{'n' * 46}{number:02}" for number in range(3)]
    fields: dict[str, Body] = {
        long[0]: {"type": "text", "unique": True, "search": True},
        long[1]: {"type": "link", "to": "e" * 48, "unique": True},
        long[2]: {"type": "integer", "indexed": True},
    }
    put(site, pack(NAME, "e" * 48, **fields))
    first = site.records.create(TESTER, "e" * 48, {"name": "a", long[0]: "ä", long[2]: 1})
    with pytest.raises(InvalidError) as caught:
        site.records.create(TESTER, "e" * 48, {"name": "a", long[0]: "ä"})
    assert caught.value.problems[0].pointer == f"/{long[0]}"
    page = site.records.page(TESTER, "e" * 48, ListQuery(search="a", sort=(long[1], long[2])))
    assert page.items == [first]
    assert put(site, pack(NAME, "e" * 48, **fields)).revision is None


def test_roles_alone_make_a_revision_without_a_step(site: Site) -> None:
    put(site, PackBuilder(MAKER, MACHINE, PART))
    done = put(site, PackBuilder(MAKER, MACHINE, PART, MECHANIC, FOREMAN))
    assert (done.revision, done.steps) == (3, ())
    assert set(site.model.roles) == {"mechanic", "foreman"}
