"""Fields with parts, and fields with many values: written, read, filtered, kept apart."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from loomwork.errors import ConflictError, InvalidError
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.documents import Body, PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, empty, made_site

PLACE: Body = {
    "kind": "entity",
    "name": "place",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "address": {"type": "address", "country": "DE"},
        "spot": {"type": "geo"},
    },
}
OFFER: Body = {
    "kind": "entity",
    "name": "offer",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "price": {"type": "money", "min": 0, "indexed": True},
        "in_euro": {"type": "money", "currency": "EUR", "default": "1.5"},
        "channels": {
            "type": "multi_select",
            "options": {"mail": {}, "fair": {}, "web": {}},
            "default": ["mail"],
        },
        "words": {"type": "tags"},
        "places": {"type": "links", "to": "place"},
        "phones": {"type": "text", "many": True, "max_length": 30},
        "about": {"type": "reference", "to": ["place", "offer"]},
    },
}

ITEM: Body = {
    "kind": "entity",
    "name": "item",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "offer": {"type": "link", "to": "offer", "inverse": "items", "part_of": True},
        "code": {"type": "code", "unique": True},
        "twin": {"type": "link", "to": "item", "on_delete": "clear"},
    },
}


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, PackBuilder(PLACE, OFFER, ITEM)) as site,
    ):
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    empty(shared)
    return shared


def make(site: Site, entity: str = "offer", **values: Any) -> Any:
    return site.records.create(TESTER, entity, {"name": "one", **values})


def rate(site: Site, currency: str, value: str, day: str = "2020-01-01") -> None:
    site.records.create(
        TESTER, "exchange_rate", {"currency": currency, "rate": value, "valid_from": day}
    )


def found(site: Site, filter_: str, **query: Any) -> list[str]:
    page = site.records.page(TESTER, "offer", ListQuery(filter=filter_, **query))
    return sorted(one["name"] for one in page.items)


def test_an_amount_is_kept_in_its_currency_and_compared_by_its_worth(site: Site) -> None:
    rate(site, "USD", "0.9")
    rate(site, "USD", "0.5", "2999-01-01")
    dollars = make(site, name="dollars", price={"amount": "100", "currency": "USD"})
    make(site, name="euros", price="95")
    assert dollars["price"] == {"amount": Decimal("100.00"), "currency": "USD"}
    assert dollars["in_euro"] == {"amount": Decimal("1.50"), "currency": "EUR"}
    assert found(site, "price < 95") == ["dollars"]
    assert found(site, "price.currency == 'USD'") == ["dollars"]
    assert found(site, "price.value == 95") == ["euros"]
    page = site.records.page(TESTER, "offer", ListQuery(sort=("-price",), limit=1))
    rest = site.records.page(
        TESTER, "offer", ListQuery(sort=("-price",), limit=1, cursor=page.next)
    )
    assert [one["name"] for one in (*page.items, *rest.items)] == ["euros", "dollars"]


def test_an_amount_keeps_its_worth_until_it_is_written_anew(site: Site) -> None:
    rate(site, "USD", "0.9")
    made = make(site, price={"amount": "100", "currency": "USD"})
    rate(site, "USD", "0.8", "2021-01-01")
    again = {"name": "two", "price": {"amount": 100, "currency": "USD"}}
    site.records.update(TESTER, "offer", made["id"], again)
    assert found(site, "price == 90") == ["two"]
    site.records.update(TESTER, "offer", made["id"], {"price": {"amount": 101, "currency": "USD"}})
    assert found(site, "price == 80.8") == ["two"]


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"amount": "1", "currency": "JPY"}, "no_rate"),
        ({"amount": "1", "currency": "XQQ"}, "not_a_currency"),
        ({"amount": "-1"}, "too_small"),
        ({"amount": "1.234"}, "too_many_places"),
        ("x", "not_a_number"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(site: Site, price: Any, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        make(site, price=price)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/price", code)]


def test_money_without_an_amount_is_refused_at_the_amount(site: Site) -> None:
    made = make(site, price="5")
    with pytest.raises(InvalidError) as refused:
        site.records.update(TESTER, "offer", made["id"], {"price": {"currency": "EUR"}})
    assert [one.pointer for one in refused.value.problems] == ["/price/amount"]
    empty_ = {"price": {"amount": None, "currency": "EUR"}}
    assert site.records.update(TESTER, "offer", made["id"], empty_)["price"] is None


@pytest.mark.parametrize(
    ("query", "code", "told"),
    [
        (
            {"sort": ("price.currency",)},
            "not_sortable",
            "“price.currency” cannot be sorted by: name the field “price” itself.",
        ),
        (
            {"sort": ("-channels.x",)},
            "not_sortable",
            "The field “channels.x” cannot be sorted by.",
        ),
        (
            {"fields": ("name", "price.currency")},
            "not_a_field",
            "“price.currency” comes with its field only: name the field “price” itself.",
        ),
        ({"sort": ("pride.currency",)}, "unknown_field", "There is no field “pride.currency”."),
        ({"fields": ("pride.currency",)}, "unknown_field", "There is no field “pride.currency”."),
    ],
)
def test_a_part_stands_for_no_field_where_whole_ones_are_named(
    site: Site, query: dict[str, Any], code: str, told: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        site.records.page(TESTER, "offer", ListQuery(**query))
    assert [(one.code, one.message()) for one in refused.value.problems] == [(code, told)]


def test_an_address_has_parts_that_filters_know(site: Site) -> None:
    address = {"street": "Hauptstr. 1", "city": "Berlin", "postcode": "10115"}
    made = make(site, "place", address=address)
    assert made["address"] == {**address, "country": "DE"}
    for filter_ in ("address.city == 'Berlin'", "address == 'Hauptstr. 1, 10115 Berlin, DE'"):
        assert site.records.page(TESTER, "place", ListQuery(filter=filter_)).items == [made]
    emptied = site.records.update(TESTER, "place", made["id"], {"address": None})
    assert emptied["address"] is None
    assert site.records.page(TESTER, "place", ListQuery(filter="address.city is None")).items


def test_a_place_on_the_earth_is_kept_to_a_tenth_of_a_metre(site: Site) -> None:
    made = make(site, "place", spot={"latitude": "31.23040049", "longitude": -121.4})
    assert made["spot"] == {"latitude": Decimal("31.230400"), "longitude": Decimal("-121.400000")}
    for wrong in ({"latitude": 91, "longitude": 0}, {"latitude": 1}, "1", [1, 2]):
        with pytest.raises(InvalidError):
            make(site, "place", spot=wrong)


def test_many_values_keep_their_order_and_are_found(site: Site) -> None:
    first = make(site, name="first", channels=["web", "fair", "web"], words=["a", "b "])
    second = make(site, name="second", phones=["1", "2"])
    assert first["channels"] == ("web", "fair")
    assert (first["words"], first["phones"]) == (("a", "b"), None)
    assert (second["channels"], second["phones"]) == (("mail",), ("1", "2"))
    assert found(site, "'fair' in channels") == ["first"]
    assert found(site, "'fair' not in channels") == ["second"]
    assert found(site, "words is None") == ["second"]
    assert found(site, "words is not None and 'b' in words") == ["first"]
    site.records.update(TESTER, "offer", first["id"], {"words": ["c"], "channels": []})
    changed = site.records.read(TESTER, "offer", first["id"])
    assert (changed["words"], changed["channels"]) == (("c",), None)
    assert changed["version"] == 2
    site.records.update(TESTER, "offer", first["id"], {"words": ["c"]})
    assert site.records.read(TESTER, "offer", first["id"])["version"] == 2


def test_links_lead_to_records_that_are_there(site: Site) -> None:
    places = [make(site, "place", name=name)["id"] for name in ("a", "b")]
    made = make(site, places=[str(one) for one in places])
    assert [one["id"] for one in made["places"]] == places
    assert [one["title"] for one in made["places"]] == ["a", "b"]
    with pytest.raises(InvalidError) as refused:
        make(site, places=[str(places[0]), str(uuid4())])
    assert [one.pointer for one in refused.value.problems] == ["/places/1"]
    site.records.delete(TESTER, "place", places[0])
    rest = site.records.read(TESTER, "offer", made["id"])["places"]
    assert [one["id"] for one in rest] == places[1:]


def test_a_reference_names_a_record_of_one_of_several_entities(site: Site) -> None:
    place = make(site, "place", name="Kiel")
    made = make(site, about={"entity": "place", "id": str(place["id"])})
    assert made["about"] == {"entity": "place", "id": place["id"], "title": "Kiel"}
    other = make(site, name="other", about={"entity": "offer", "id": str(made["id"])})
    assert other["about"]["title"] == "one"
    assert found(site, "about.entity == 'offer'") == ["other"]
    for wrong in (
        {"entity": "place", "id": str(made["id"])},
        {"entity": "user", "id": str(made["id"])},
        {"entity": "place", "id": "x"},
        str(made["id"]),
    ):
        with pytest.raises(InvalidError):
            make(site, about=wrong)


def test_lines_go_and_come_back_with_their_record(site: Site) -> None:
    offer = make(site)
    lines = [make(site, "item", name=name, offer=str(offer["id"])) for name in "abc"]
    site.records.update(TESTER, "item", lines[0]["id"], {"twin": str(lines[1]["id"])})
    site.records.delete(TESTER, "item", lines[2]["id"])
    site.records.delete(TESTER, "offer", offer["id"])
    assert not site.records.page(TESTER, "item", ListQuery()).items
    site.records.restore(TESTER, "offer", offer["id"])
    back = site.records.page(TESTER, "item", ListQuery(sort=("name",))).items
    assert [one["name"] for one in back] == ["a", "b"]
    assert back[0]["twin"]["id"] == lines[1]["id"]


def test_a_line_whose_unique_value_is_taken_is_named_when_it_cannot_come_back(site: Site) -> None:
    offer = make(site)
    line = make(site, "item", name="bolt", code="C1", offer=str(offer["id"]))
    site.records.delete(TESTER, "offer", offer["id"])
    make(site, "item", name="screw", code="C1")
    with pytest.raises(InvalidError) as refused:
        site.records.restore(TESTER, "offer", offer["id"])
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == ("/code", "not_unique")
    assert "“bolt” (Item)" in problem.message()
    assert not site.records.page(TESTER, "item", ListQuery(filter="name == 'bolt'")).items
    site.records.update(
        TESTER,
        "item",
        site.records.page(TESTER, "item", ListQuery()).items[0]["id"],
        {"code": "C2"},
    )
    site.records.restore(TESTER, "offer", offer["id"])
    assert site.records.read(TESTER, "item", line["id"])["code"] == "C1"


def test_a_record_that_a_reference_names_stays(site: Site) -> None:
    place = make(site, "place", name="Kiel")
    made = make(site, about={"entity": "place", "id": str(place["id"])})
    with pytest.raises(ConflictError):
        site.records.delete(TESTER, "place", place["id"])
    site.records.update(TESTER, "offer", made["id"], {"about": None})
    site.records.delete(TESTER, "place", place["id"])
