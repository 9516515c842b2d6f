"""Publishing fields that are encrypted, and numbers: what is kept, carried over, refused."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from loomwork.errors import DocumentError
from loomwork.publishing.site import Site
from loomwork.records.drafts.numbering import FILLER, fill_numbers
from loomwork.store.keys.ring import rotate
from tests.documents import Body, PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, made_site, put

NOTE: Body = {
    "kind": "entity",
    "name": "note",
    "ownership": "none",
    "features": {"history": True},
    "fields": {
        "name": {"type": "text", "required": True},
        "open": {"type": "text", "max_length": 500},
        "card": {"type": "text", "encrypted": True},
        "home": {"type": "address", "encrypted": True},
    },
}


def pack(**fields: Body | None) -> PackBuilder:
    """Return the pack with other fields; None leaves one out."""
    document = deepcopy(NOTE)
    document["fields"] = {
        name: one for name, one in {**document["fields"], **fields}.items() if one is not None
    }
    return PackBuilder(document)


@pytest.fixture(params=ENGINES)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with notes, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, pack()) as made,
    ):
        yield made


def create(site: Site, **values: Any) -> dict[str, Any]:
    return site.records.create(TESTER, "note", {"name": "one", **values})


def read(site: Site, record: dict[str, Any]) -> dict[str, Any]:
    return site.records.read(TESTER, "note", record["id"])


@pytest.mark.parametrize(
    "changed",
    [
        {"open": {"type": "text", "max_length": 500, "encrypted": True}},
        {"card": {"type": "text"}},
        {"card": {"type": "integer", "encrypted": True}},
        {"card": {"type": "secret"}},
        {"home": {"type": "address"}},
    ],
)
def test_a_field_with_values_stays_as_open_or_encrypted_as_it_was(
    site: Site, changed: dict[str, Body]
) -> None:
    made = create(site, open="plain", card="4711", home={"city": "Bonn"})
    with pytest.raises(DocumentError, match="another name"):
        put(site, pack(**changed))
    assert read(site, made)["card"] == "4711"


def test_a_renamed_field_keeps_its_values_and_they_still_open(site: Site) -> None:
    made = create(site, card="4711", home={"city": "Bonn"})
    renamed = {
        "number": {"type": "text", "encrypted": True, "renamed_from": "card"},
        "place": {"type": "address", "encrypted": True, "renamed_from": "home"},
    }
    put(site, pack(card=None, home=None, **renamed))
    found = read(site, made)
    assert (found["number"], found["place"]) == ("4711", {"city": "Bonn"})


def test_a_field_that_comes_back_opens_what_was_rotated_meanwhile(site: Site) -> None:
    made = create(site, card="4711", home={"city": "Bonn"})
    put(site, pack(card=None, home=None))
    assert rotate(site.database, site.settings.secret_key).values >= 3
    site.refresh()
    put(site, pack())
    found = read(site, made)
    assert (found["card"], found["home"]) == ("4711", {"city": "Bonn"})


def test_records_that_were_there_are_numbered_when_somebody_says_so(site: Site) -> None:
    made = [create(site, name=f"note {number}") for number in range(5)]
    site.records.delete(TESTER, "note", made[1]["id"])
    put(site, pack(number={"type": "sequence", "pattern": "N-{seq:03}", "gapless": True}))
    assert [read(site, one)["number"] for one in (made[0], made[4])] == [None, None]
    assert site.records.write(FILLER, lambda writer: fill_numbers(writer("note"), "number")) == 5
    site.records.restore(TESTER, "note", made[1]["id"])
    assert [read(site, one)["number"] for one in made] == [
        f"N-{number:03}" for number in range(1, 6)
    ]
    (newest, *_) = site.records.history(TESTER, "note", made[0]["id"]).items
    assert newest["changes"] == [{"field": "number", "from": None, "to": "N-001"}]
    assert create(site)["number"] == "N-006"
    assert site.records.write(FILLER, lambda writer: fill_numbers(writer("note"), "number")) == 0
