"""Types that keep their value in one column, on every engine: kept, filtered, sorted, filled."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from loomwork.errors import InvalidError, LoomworkError
from loomwork.model.entity import Field
from loomwork.model.values import DAY, HOUR, MINUTE, Duration
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from loomwork.store.text.sort_key import sort_key
from tests.assortment import FULL, assortment
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, empty, made_site

SORTABLE = (
    "email",
    "phone",
    "page",
    "code",
    "ean",
    "opens_at",
    "share",
    "stars",
    "takes",
)


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, assortment()) as site,
    ):
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    empty(shared)
    return shared


def make(site: Site, **values: Any) -> Any:
    number = random.randrange(10**9)
    return site.records.create(TESTER, "item", {"name": "one", "code": f"N{number}", **values})


def found(site: Site, filter_: str, **query: Any) -> list[str]:
    page = site.records.page(TESTER, "item", ListQuery(filter=filter_, **query))
    return sorted(one["name"] for one in page.items)


def fields(site: Site) -> dict[str, Field]:
    return dict(site.current().entity("item").own_fields)


def test_samples_come_back_as_they_went_in(site: Site) -> None:
    source = random.Random(11)
    for number in range(25):
        values = {name: field.type.sample(source) for name, field in fields(site).items()}
        values |= {"stars": 3, "email": f"a{number}@example.com", "code": f"C-{number}"}
        made = site.records.create(TESTER, "item", values)
        again = site.records.read(TESTER, "item", made["id"])
        assert {name: again[name] for name in values} == values
        assert {name: type(again[name]) for name in values} == {
            name: type(value) for name, value in values.items()
        }


def test_defaults_are_values_of_their_type(site: Site) -> None:
    made = site.records.create(TESTER, "item", {"name": "one"})
    assert made["takes"] == 30 * MINUTE
    assert made["twice"] == HOUR
    assert isinstance(made["twice"], Duration)
    assert (str(made["share"]), str(made["half"])) == ("10.0", "3.33")
    assert (made["code"], made["paint"], made["body"]) == (
        "A-1",
        "#1f6feb",
        "<p>To be written.</p>",
    )


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ("email == 'ann@example.com'", ["full"]),
        ("ends_with(email, '@example.com') and phone is not None", ["full"]),
        ("starts_with(phone, '+49')", ["full"]),
        ("contains(page, 'xn--')", ["full"]),
        ("starts_with(maker, '欧阳')", ["full"]),
        ("code in ['AB-12', 'X']", ["full"]),
        ("paint != '#aabbcc'", ["bare"]),
        ("label is not None and ean == '4006381333931'", ["full"]),
        ("contains(body, 'Über')", ["full"]),
        ("opens_at == '09:15'", ["full"]),
        ("opens_at >= '09:00' and opens_at < '09:15:01'", ["full"]),
        ("share > 12.4 and share * 2 == 25", ["full"]),
        ("stars >= 4 or stars is None", ["bare", "full"]),
        ("takes == hours(1.5)", ["full"]),
        ("takes > hours(1) and takes < days(1)", ["full"]),
        ("takes + hours(1) == hours(2.5) and twice / 2 == hours(12)", ["full"]),
        ("date('2026-01-01') + twice == date('2026-01-02') and twice is not None", ["full"]),
        ("takes * share / 100 < hours(0.2)", ["bare", "full"]),
    ],
)
def test_filters_know_every_type(site: Site, filter_: str, names: list[str]) -> None:
    site.records.create(TESTER, "item", FULL)
    make(site, name="bare")
    assert found(site, filter_) == names


@pytest.mark.parametrize("name", SORTABLE)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_are_sorted_as_the_values_are(site: Site, name: str, sign: str) -> None:
    source, type_ = random.Random(3), fields(site)[name].type
    samples = [None, None, *dict.fromkeys(type_.sample(source) for _ in range(12))]
    for number, value in enumerate(samples):
        given = {"name": str(number), "code": f"Z{number}", "opens_at": "08:00", name: value}
        site.records.create(TESTER, "item", given)
    walked = list(_walk(site, f"{sign}{name}"))
    assert len(walked) == len(samples)
    ordered = walked if not sign else walked[::-1]
    keys = [sort_key(one) if type_.collated and one else one for one in ordered]
    for first, second in pairwise(keys):
        assert first is None or (second is not None and first <= second)


def test_people_are_sorted_by_their_family_names_and_chinese_ones_by_pinyin(site: Site) -> None:
    names = ["欧阳修", "Ludwig van Beethoven", "Zoe, Ann", "Ann Abel", "安然", "Cher"]
    for number, name in enumerate(names):
        make(site, name=str(number), maker=name)
    walked = list(_walk(site, "maker"))
    assert walked == ["Ann Abel", "Cher", "Ludwig van Beethoven", "Zoe, Ann", "安然", "欧阳修"]


def _walk(site: Site, sort: str) -> Iterator[Any]:
    cursor = None
    while True:
        query = ListQuery(sort=(sort,), limit=3, cursor=cursor)
        page = site.records.page(TESTER, "item", query)
        yield from (one[sort.removeprefix("-")] for one in page.items)
        cursor = page.next
        if cursor is None:
            return


@pytest.mark.parametrize("name", ["body", "extra"])
def test_what_has_no_order_is_not_sorted_by(site: Site, name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        found(site, "", sort=(name,))
    assert [one.code for one in caught.value.problems] == ["not_sortable"]


@pytest.mark.parametrize("filter_", ["extra == 'x'", "extra is None", "takes > 5", "stars == 'x'"])
def test_a_filter_that_makes_no_sense_is_refused(site: Site, filter_: str) -> None:
    with pytest.raises(LoomworkError) as caught:
        found(site, filter_)
    assert caught.value.status == 422


def test_values_are_unique_in_the_form_that_is_kept(site: Site) -> None:
    make(site, email="Ann@EXAMPLE.com")
    with pytest.raises(InvalidError) as caught:
        make(site, email="ann@example.com")
    assert [(one.pointer, one.code) for one in caught.value.problems] == [("/email", "not_unique")]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"takes": "21d"}, "/takes"),
        ({"stars": 5, "opens_at": "09:30"}, "/opens_at"),
        ({"takes": "5w"}, "/takes"),
        ({"ean": "4006381333932"}, "/ean"),
        ({"phone": "12"}, "/phone"),
        ({"extra": "{"}, "/extra"),
    ],
)
def test_rules_and_types_refuse_at_the_field(
    site: Site, values: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        make(site, **values)
    assert [one.pointer for one in caught.value.problems] == [pointer]


def test_a_file_is_read_more_kindly_and_told_what_does_not_fit(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text(
        "name,email,phone,page,opens_at,share,stars,takes,extra,code\n"
        'a,Ann <ann@example.com>,030 901820,example.com,9:15,12.5 %,★★★★,1h 30min,"[1, 2]",ab-1\n'
        "b,nobody,,javascript:x,25:00,1.25,6,soon,[,a b\n",
        encoding="utf-8",
    )
    source, outcome = open_source(file, ""), Outcome()
    columns = map_columns(site.current().entity("item"), source.columns, {})
    Import(
        records=site.records, actor=lambda: TESTER, entity="item", source=source, columns=columns
    ).run(outcome, lambda _: None)
    (one,) = site.records.page(TESTER, "item", ListQuery()).items
    kept: dict[str, Any] = {
        "email": "ann@example.com",
        "phone": "+4930901820",
        "page": "https://example.com",
    }
    kept |= {"opens_at": "09:15", "stars": 4, "takes": 90 * MINUTE, "extra": "[1, 2]"}
    assert {name: one[name] for name in kept} == kept
    (reject,) = outcome.rejects
    assert {problem.pointer for problem in reject.problems} == {
        f"/{name}"
        for name in ("code", "email", "extra", "opens_at", "page", "share", "stars", "takes")
    }


def test_records_are_found_by_the_words_of_rich_text(
    site: Site, searched: Callable[[str], list[str]]
) -> None:
    site.records.create(TESTER, "item", {**FULL, "body": "<p>One <b>blue</b>berry</p>"})
    assert searched("blueberry") == ["full"]
    assert searched("strong") == []


@pytest.fixture
def searched(site: Site) -> Callable[[str], list[str]]:
    return lambda words: found(site, "", search=words)


def test_a_duration_of_a_month_is_counted_in_days(site: Site) -> None:
    made = make(site, takes="PT480H")
    assert made["takes"] == 20 * DAY
    assert Duration(made["takes"]).to_json() == "P20D"
