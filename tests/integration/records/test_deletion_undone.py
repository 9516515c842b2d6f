"""Deleting and restoring together change nothing, and nothing is given away by accident."""

import pytest

from loomwork.errors import ConflictError, ForbiddenError, InvalidError
from loomwork.model.actor import Actor
from loomwork.model.text import Text
from loomwork.publishing.site import Site


def test_a_restored_record_gets_the_links_back_that_its_deletion_emptied(
    site: Site, chief: Actor
) -> None:
    machine = site.records.create(chief, "machine", {"name": "a"})
    part = site.records.create(chief, "part", {"name": "p", "machine": str(machine["id"])})
    site.records.delete(chief, "machine", machine["id"])
    site.records.restore(chief, "machine", machine["id"])
    after = site.records.read(chief, "part", part["id"])
    assert (after["machine"]["id"], after["version"]) == (machine["id"], 3)


def test_a_link_that_was_set_anew_meanwhile_stays_as_it_is(site: Site, chief: Actor) -> None:
    first = site.records.create(chief, "machine", {"name": "a"})
    second = site.records.create(chief, "machine", {"name": "b"})
    part = site.records.create(chief, "part", {"name": "p", "machine": str(first["id"])})
    site.records.delete(chief, "machine", first["id"])
    site.records.update(chief, "part", part["id"], {"machine": str(second["id"])})
    site.records.restore(chief, "machine", first["id"])
    assert site.records.read(chief, "part", part["id"])["machine"]["id"] == second["id"]


def test_deleting_and_restoring_twice_keeps_the_link(site: Site, chief: Actor) -> None:
    machine = site.records.create(chief, "machine", {"name": "a"})
    part = site.records.create(chief, "part", {"name": "p", "machine": str(machine["id"])})
    for _ in range(2):
        site.records.delete(chief, "machine", machine["id"])
        site.records.restore(chief, "machine", machine["id"])
    assert site.records.read(chief, "part", part["id"])["machine"]["id"] == machine["id"]


def test_nobody_makes_a_record_for_no_one_without_the_right_to_assign(
    site: Site, ann: Actor
) -> None:
    with pytest.raises(ForbiddenError):
        site.records.create(ann, "machine", {"name": "a", "owner": None})


def test_ones_own_id_is_no_record_of_another_entity(site: Site, chief: Actor) -> None:
    with pytest.raises(InvalidError) as caught:
        site.records.create(chief, "machine", {"name": "a", "maker": str(chief.user)})
    assert [(one.pointer, one.code) for one in caught.value.problems] == [
        ("/maker", "no_such_record")
    ]


def test_a_refused_deletion_names_the_records_in_the_readers_language(
    site: Site, chief: Actor
) -> None:
    maker = site.records.create(chief, "maker", {"name": "m"})
    site.records.create(chief, "machine", {"name": "a", "maker": str(maker["id"])})
    with pytest.raises(ConflictError) as caught:
        site.records.delete(chief, "maker", maker["id"])
    label = caught.value.context["entity"]
    assert isinstance(label, Text)
    assert label.to("zh_CN") in caught.value.message(str, "zh_CN")
