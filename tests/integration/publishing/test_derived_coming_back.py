"""Stored derived fields that go and come back: nobody kept their columns meanwhile."""

import pytest

from loomwork.publishing.publish import publish
from loomwork.publishing.rollback import order_of_rollback
from loomwork.publishing.site import Site
from loomwork.records.deriving.building import build_missing, check_derived, chosen
from tests.documents import Body, PackBuilder
from tests.sites import TESTER, put

NAME: Body = {"type": "text"}
TWICE: Body = {"type": "formula", "result": "integer", "is": "size * 2", "stored": True}
TOTAL: Body = {"type": "rollup", "of": "parts", "function": "sum", "field": "size"}


def pack(whole: dict[str, Body], part: dict[str, Body]) -> PackBuilder:
    size: Body = {"type": "integer"}
    link: Body = {"type": "link", "to": "whole", "inverse": "parts"}
    return PackBuilder(
        {"kind": "entity", "name": "whole", "fields": {"name": NAME, **whole}},
        {
            "kind": "entity",
            "name": "part",
            "fields": {"name": NAME, "size": size, "whole": link, **part},
        },
    )


def rollback(site: Site, number: int) -> None:
    publish(
        site.database,
        order_of_rollback(site.database, number, author="test", compiler=site.compiler),
    )
    site.refresh()


def drifts(site: Site) -> list[str]:
    runtime = site.current()
    found = (check_derived(runtime, one) for one in chosen(runtime))
    return [f"{one.entity}.{one.field}" for one in found if one.count]


OTHER: Body = {"type": "integer"}
DIFFERENT: Body = {**TWICE, "is": "size * 3"}


@pytest.mark.parametrize(
    ("whole", "part"),
    [({}, {}), ({"total": OTHER}, {"twice": OTHER}), ({"total": TOTAL}, {"twice": DIFFERENT})],
    ids=["retired", "entered by people", "worked out in another way"],
)
def test_a_derived_field_that_comes_back_is_right(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    whole: dict[str, Body],
    part: dict[str, Body],
) -> None:
    put(site, pack({"total": TOTAL}, {"twice": TWICE}))
    one = site.records.create(TESTER, "whole", {"name": "w"})["id"]
    values = {"name": "p", "size": 2, "whole": str(one)}
    id_ = site.records.create(TESTER, "part", values)["id"]
    monkeypatch.setattr("loomwork.publishing.publish.fill_derived", lambda *_: None)
    put(site, pack(whole, part))
    site.records.update(TESTER, "part", id_, {"size": 5})
    rollback(site, 2)
    assert site.records.read(TESTER, "whole", one)["total"] == 5
    assert site.records.read(TESTER, "part", id_)["twice"] == 10
    build_missing(site.current())
    site.refresh()
    assert drifts(site) == []
