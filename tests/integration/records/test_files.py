"""Records that hold files: attaching, letting go, who may read, and what is swept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.files import may_read_file
from loomwork.records.lists.listing import ListQuery
from loomwork.store.files.files import GRACE, StoredFile
from tests.documents import PackBuilder
from tests.sites import TESTER, made_site, person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
EVERYTHING = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)
OFFER: dict[str, Any] = {
    "kind": "entity",
    "name": "offer",
    "fields": {
        "name": {"type": "text", "required": True},
        "contract": {"type": "file", "accept": ["pdf", "txt"], "max_size": 1},
        "picture": {"type": "image"},
        "signed": {"type": "signature"},
        "more": {"type": "file", "many": True},
        "shown": {"type": "boolean", "default": False},
    },
}
CLERK = {
    "kind": "role",
    "name": "clerk",
    "grants": {"offer": {**EVERYTHING, "read": "owner == user or shown == True"}},
}
LATER = timedelta(hours=25)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    with made_site(database_url, tmp_path, PackBuilder(OFFER, CLERK)) as made:
        yield made


@pytest.fixture
def ann(site: Site) -> Actor:
    return person(site, "ann", "clerk")


@pytest.fixture
def bob(site: Site) -> Actor:
    return person(site, "bob", "clerk")


def upload(site: Site, actor: Actor, name: str = "a.txt", content: bytes = b"text") -> StoredFile:
    return site.files.add(name, [content], by=actor.user)


def readable(site: Site, actor: Actor, file: StoredFile) -> bool:
    return may_read_file(site.current(), actor, site.files.find(file.id))


def codes(error: InvalidError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


def swept_later(site: Site) -> tuple[int, int]:
    swept = site.files.sweep(datetime.now(UTC) + LATER)
    return swept.files, swept.contents


def test_a_record_tells_of_its_files(site: Site, ann: Actor) -> None:
    files = [upload(site, ann, f"{number}.txt") for number in range(3)]
    offer = site.records.create(
        ann,
        "offer",
        {"name": "A", "contract": str(files[0].id), "more": [str(one.id) for one in files[1:]]},
    )
    told = {
        "id": files[0].id,
        "name": "0.txt",
        "size": 4,
        "type": "text/plain",
        "url": f"/api/v1/files/{files[0].id}",
    }
    assert offer["contract"] == told
    assert [one["name"] for one in offer["more"]] == ["1.txt", "2.txt"]
    assert offer["picture"] is None
    assert site.records.read(ann, "offer", offer["id"]) == offer
    listed = site.records.page(ann, "offer", ListQuery(fields=("name", "contract"))).items
    assert listed[0]["contract"] == told
    found = site.records.page(ann, "offer", ListQuery(filter="contract is None")).items
    assert found == []


def test_what_a_record_tells_can_be_sent_back(site: Site, ann: Actor) -> None:
    file = upload(site, ann)
    offer = site.records.create(
        ann, "offer", {"name": "A", "contract": str(file.id), "more": [str(file.id)]}
    )
    values = {"contract": offer["contract"], "more": offer["more"], "name": "B"}
    again = site.records.update(ann, "offer", offer["id"], values)
    assert (again["contract"], again["more"]) == (offer["contract"], offer["more"])


def test_whoever_reads_a_record_that_holds_a_file_reads_the_file(
    site: Site, ann: Actor, bob: Actor
) -> None:
    file = upload(site, ann)
    assert (readable(site, ann, file), readable(site, bob, file)) == (True, False)
    offer = site.records.create(ann, "offer", {"name": "A", "contract": str(file.id)})
    assert (readable(site, ann, file), readable(site, bob, file)) == (True, False)
    site.records.update(ann, "offer", offer["id"], {"shown": True})
    assert readable(site, bob, file)
    site.records.update(ann, "offer", offer["id"], {"contract": None})
    assert (readable(site, ann, file), readable(site, bob, file)) == (True, False)


def test_nobody_takes_over_a_file_that_he_may_not_read(site: Site, ann: Actor, bob: Actor) -> None:
    file = upload(site, ann)
    for id_ in (file.id, uuid4()):
        with pytest.raises(InvalidError) as caught:
            site.records.create(bob, "offer", {"name": "B", "contract": str(id_)})
        assert codes(caught.value) == [("/contract", "unknown_file")]
    site.records.create(ann, "offer", {"name": "A", "contract": str(file.id), "shown": True})
    copied = site.records.create(bob, "offer", {"name": "B", "more": [str(file.id)]})
    assert copied["more"][0]["name"] == "a.txt"


@pytest.mark.parametrize(
    ("field", "name", "content", "code"),
    [
        ("contract", "a.docx", b"text", "not_accepted"),
        ("contract", "a.txt", b"x" * (1024 * 1024 + 1), "file_too_large"),
        ("picture", "a.png", b"<svg onload='alert(1)'>", "not_a_picture"),
        ("signed", "a.gif", b"GIF89a", "not_a_picture"),
    ],
)
def test_a_file_that_does_not_fit_the_field_is_refused(
    site: Site, ann: Actor, field: str, name: str, content: bytes, code: str
) -> None:
    file = upload(site, ann, name, content)
    with pytest.raises(InvalidError) as caught:
        site.records.create(ann, "offer", {"name": "A", field: str(file.id)})
    assert codes(caught.value) == [(f"/{field}", code)]
    assert site.records.page(ann, "offer", ListQuery()).items == []


@pytest.mark.parametrize("value", ["no id", 7, True, ["x"], {"name": "a.txt"}, "\x00"])
def test_what_names_no_file_is_refused(site: Site, ann: Actor, value: object) -> None:
    with pytest.raises(InvalidError):
        site.records.create(ann, "offer", {"name": "A", "contract": value})


def test_a_sweep_leaves_what_records_hold(site: Site, ann: Actor) -> None:
    held, alone = upload(site, ann, "a.txt", b"held"), upload(site, ann, "b.txt", b"alone")
    offer = site.records.create(ann, "offer", {"name": "A", "contract": str(held.id)})
    assert site.files.sweep() == site.files.sweep(datetime.now(UTC) + GRACE / 2)
    assert swept_later(site) == (1, 1)
    assert not site.files.storage.has(alone.sha256, alone.size)
    site.records.delete(ann, "offer", offer["id"])
    assert swept_later(site) == (0, 0), "the recycle bin holds it too"
    restored = site.records.restore(ann, "offer", offer["id"])
    assert restored["contract"]["name"] == "a.txt"
    site.records.update(ann, "offer", offer["id"], {"contract": None})
    assert swept_later(site) == (1, 1)
    assert list(site.files.storage.contents()) == []


def test_a_clock_that_goes_back_removes_nothing(site: Site, ann: Actor) -> None:
    file = upload(site, ann)
    swept = site.files.sweep(datetime.now(UTC) - LATER)
    assert (swept.files, swept.contents) == (0, 0)
    assert readable(site, ann, file)


def test_a_content_that_another_file_shares_stays(site: Site, ann: Actor, bob: Actor) -> None:
    first, second = upload(site, ann), upload(site, bob)
    site.records.create(bob, "offer", {"name": "B", "contract": str(second.id)})
    assert swept_later(site) == (1, 0)
    assert b"".join(site.files.pieces(second)) == b"text"
    assert first.sha256 == second.sha256


def test_a_file_stays_while_one_of_two_holds_it(site: Site, ann: Actor) -> None:
    file = upload(site, ann)
    one, two = (
        site.records.create(ann, "offer", {"name": name, "contract": str(file.id)})
        for name in ("A", "B")
    )
    site.records.update(ann, "offer", one["id"], {"contract": None})
    assert swept_later(site) == (0, 0)
    site.records.update(ann, "offer", two["id"], {"contract": None})
    assert swept_later(site) == (1, 1)


def test_a_refused_write_attaches_nothing(site: Site, ann: Actor) -> None:
    file = upload(site, ann)
    with pytest.raises(InvalidError):
        site.records.create(
            ann, "offer", {"name": "A", "more": [str(file.id)], "contract": str(uuid4())}
        )
    assert swept_later(site) == (1, 1)


def test_missing_and_extra_contents_are_told(site: Site, ann: Actor) -> None:
    file = upload(site, ann)
    site.records.create(TESTER, "offer", {"name": "A", "contract": str(file.id)})
    extra = upload(site, ann, "b.txt", b"newer than the database")
    assert swept_later(site) == (1, 1)
    source = site.settings.home / "newer"
    source.write_bytes(b"newer than the database")
    site.files.storage.put(extra.sha256, source)
    site.files.storage.remove(file.sha256)
    found = site.files.check()
    assert [one.id for one in found.missing] == [file.id]
    assert found.extra == (extra.sha256,)
    again = upload(site, ann)
    assert site.files.check().missing == (), "the same upload heals it"
    assert again.sha256 == file.sha256
