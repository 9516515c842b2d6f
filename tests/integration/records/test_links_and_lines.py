"""Links, references and many links when their target goes; records that go with their lines."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import ConflictError, InvalidError
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.documents import Body, PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, empty, made_site

NAME: Body = {"type": "text", "required": True}


def entity(name: str, *, recycle: bool = True, **fields: Body) -> Body:
    return {
        "kind": "entity",
        "name": name,
        "ownership": "none",
        "fields": {"name": NAME, **fields},
        "features": {"history": True, "recycle": recycle},
    }


TAG = entity("tag", recycle=False)
PLACE = entity("place")
NOTE = entity(
    "note",
    about={"type": "reference", "to": ["place", "tag"], "on_delete": "clear"},
    places={"type": "links", "to": "place"},
    tags={"type": "links", "to": "tag"},
    needed={"type": "links", "to": "tag", "required": True},
)
ORDER = entity("order")
LINE = entity(
    "line",
    order={"type": "link", "to": "order", "part_of": True},
    after={"type": "link", "to": "line"},
    twin={"type": "link", "to": "line", "on_delete": "clear"},
)
DETAIL = entity(
    "detail",
    line={"type": "link", "to": "line", "part_of": True},
    beside={"type": "link", "to": "line"},
)
SHEET = entity("sheet", recycle=False)
ROW = entity(
    "row",
    recycle=False,
    sheet={"type": "link", "to": "sheet", "part_of": True},
    after={"type": "link", "to": "row"},
)


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    pack = PackBuilder(TAG, PLACE, NOTE, ORDER, LINE, DETAIL, SHEET, ROW)
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, pack) as site,
    ):
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    empty(shared)
    return shared


def make(site: Site, entity: str, name: str = "one", **values: Any) -> str:
    return str(site.records.create(TESTER, entity, {"name": name, **values})["id"])


def note(site: Site, **values: Any) -> str:
    return make(site, "note", needed=[make(site, "tag", "kept")], **values)


def read(site: Site, entity: str, id_: str) -> Any:
    found = site.records.page(TESTER, entity, ListQuery(filter=f"id == '{id_}'")).items
    return found[0]


def change(site: Site, entity: str, id_: str, **values: Any) -> Any:
    return site.records.update(TESTER, entity, read(site, entity, id_)["id"], values)


def delete(site: Site, entity: str, id_: str) -> None:
    site.records.delete(TESTER, entity, read(site, entity, id_)["id"])


def restore(site: Site, entity: str, id_: str) -> None:
    site.records.restore(TESTER, entity, UUID(id_))


def names(site: Site, entity: str, filter_: str = "") -> list[str]:
    items = site.records.page(TESTER, entity, ListQuery(filter=filter_, sort=("name",))).items
    return [one["name"] for one in items]


def titles(site: Site, id_: str, field: str = "places") -> list[str]:
    return [one["title"] for one in read(site, "note", id_)[field] or ()]


def events(site: Site, id_: str) -> list[list[str]]:
    found = site.records.history(TESTER, "note", read(site, "note", id_)["id"]).items
    return [sorted(change["field"] for change in one["changes"] or ()) for one in found]


def test_a_reference_moves_to_another_record_of_the_same_entity(site: Site) -> None:
    first, second = make(site, "place", "a"), make(site, "place", "b")
    made = note(site, about={"entity": "place", "id": first})
    changed = change(site, "note", made, about={"entity": "place", "id": second})
    assert (changed["about"]["title"], changed["version"]) == ("b", 2)
    assert read(site, "note", made)["about"]["title"] == "b"


def test_a_cleared_reference_is_wholly_empty_and_comes_back_whole(site: Site) -> None:
    place, other = make(site, "place", "a"), make(site, "place", "b")
    made = note(site, about={"entity": "place", "id": place})
    delete(site, "place", place)
    assert read(site, "note", made)["about"] is None
    assert names(site, "note", "about.entity is None") == ["one"]
    restore(site, "place", place)
    back = read(site, "note", made)
    assert (back["about"]["entity"], back["about"]["title"], back["version"]) == ("place", "a", 3)
    delete(site, "place", place)
    change(site, "note", made, about={"entity": "place", "id": other})
    restore(site, "place", place)
    assert read(site, "note", made)["about"]["title"] == "b"


def test_a_reference_is_emptied_by_an_id_that_is_none_and_not_by_a_missing_one(site: Site) -> None:
    made = note(site, about={"entity": "place", "id": make(site, "place")})
    with pytest.raises(InvalidError) as refused:
        change(site, "note", made, about={"entity": "place"})
    assert [(one.pointer, one.code) for one in refused.value.problems] == [
        ("/about", "not_a_reference")
    ]
    assert change(site, "note", made, about={"entity": "place", "id": None})["about"] is None


def test_lines_that_link_to_each_other_go_and_come_back_together(site: Site) -> None:
    order = make(site, "order")
    first = make(site, "line", "a", order=order)
    second = make(site, "line", "b", order=order, after=first, twin=first)
    change(site, "line", first, after=second)
    detail = make(site, "detail", line=first, beside=second)
    outside = make(site, "line", "c", twin=first)
    for _ in range(2):
        delete(site, "order", order)
        assert (names(site, "line"), names(site, "detail")) == (["c"], [])
        assert read(site, "line", outside)["twin"] is None
        restore(site, "order", order)
        assert names(site, "line") == ["a", "b", "c"]
        assert str(read(site, "detail", detail)["beside"]["id"]) == second
        line = read(site, "line", second)
        assert (line["after"]["title"], line["twin"]["title"]) == ("a", "a")
        assert read(site, "line", outside)["twin"]["title"] == "a"


def test_a_link_from_outside_to_a_line_keeps_the_whole_record(site: Site) -> None:
    order = make(site, "order")
    line = make(site, "line", order=order)
    make(site, "line", "other", after=line)
    with pytest.raises(ConflictError) as refused:
        delete(site, "order", order)
    assert refused.value.context["count"] == 1
    assert names(site, "line") == ["one", "other"]


def test_a_line_that_links_to_a_record_deleted_before_keeps_its_record_deleted(site: Site) -> None:
    order, other = make(site, "order"), make(site, "line", "other")
    make(site, "line", order=order, after=other)
    delete(site, "order", order)
    delete(site, "line", other)
    with pytest.raises(ConflictError):
        restore(site, "order", order)
    restore(site, "line", other)
    restore(site, "order", order)
    assert names(site, "line") == ["one", "other"]


def test_lines_without_a_recycle_bin_go_for_good_with_their_links(site: Site) -> None:
    sheet = make(site, "sheet")
    first = make(site, "row", "a", sheet=sheet)
    second = make(site, "row", "b", sheet=sheet, after=first)
    change(site, "row", first, after=second)
    delete(site, "sheet", sheet)
    assert names(site, "row") == names(site, "sheet") == []


def test_what_goes_for_good_leaves_the_links_of_others_as_a_change(site: Site) -> None:
    gone, stays = make(site, "tag", "gone"), make(site, "tag", "stays")
    made = note(site, tags=[gone, stays])
    before = len(site.records.changes(TESTER, limit=500).items)
    delete(site, "tag", gone)
    assert titles(site, made, "tags") == ["stays"]
    assert read(site, "note", made)["version"] == 2
    assert events(site, made)[0] == ["tags"]
    told = site.records.changes(TESTER, limit=500).items[before:]
    assert "note" in [one.entity for one in told]
    delete(site, "tag", stays)
    assert read(site, "note", made)["tags"] is None


def test_what_fills_required_links_alone_cannot_go_for_good(site: Site) -> None:
    tag, other = make(site, "tag", "a"), make(site, "tag", "b")
    made = make(site, "note", needed=[tag])
    with pytest.raises(ConflictError) as refused:
        delete(site, "tag", tag)
    assert refused.value.context["count"] == 1
    assert titles(site, made, "needed") == ["a"]
    change(site, "note", made, needed=[tag, other])
    delete(site, "tag", tag)
    assert titles(site, made, "needed") == ["b"]


def test_links_keep_what_is_deleted_when_the_visible_rest_is_saved(site: Site) -> None:
    a, b, c = (make(site, "place", name) for name in "abc")
    made = note(site, places=[a, b])
    delete(site, "place", a)
    assert change(site, "note", made, places=[b])["version"] == 1
    assert change(site, "note", made, places=[b, c])["version"] == 2
    assert titles(site, made) == ["b", "c"]
    restore(site, "place", a)
    assert sorted(titles(site, made)) == ["a", "b", "c"]
    change(site, "note", made, places=[b])
    assert titles(site, made) == ["b"]


@pytest.mark.parametrize("nothing", [None, []])
def test_links_that_are_emptied_keep_only_what_is_deleted(site: Site, nothing: Any) -> None:
    a, b = make(site, "place", "a"), make(site, "place", "b")
    made = note(site, places=[a, b])
    delete(site, "place", a)
    assert change(site, "note", made, places=nothing)["places"] is None
    assert change(site, "note", made, places=nothing)["version"] == 2
    restore(site, "place", a)
    assert titles(site, made) == ["a"]
