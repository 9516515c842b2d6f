"""Filters that look at other records see of them what their caller may read, and no more."""

from dataclasses import dataclass

import pytest

from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.parse import parse
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery


@dataclass(frozen=True, slots=True)
class Yard:
    """Machines of three makers: one that everybody sees, one that is secret, and none."""

    site: Site

    def found(self, actor: Actor, condition: str, entity: str = "machine") -> set[str]:
        """Return the names of the records that ``actor`` finds; he counts as many."""
        query = ListQuery(filter=condition, count=True)
        page = self.site.records.page(actor, entity, query)
        assert page.count == len(page.items)
        return {record["name"] for record in page.items}


@pytest.fixture
def yard(site: Site, chief: Actor) -> Yard:
    open_, hidden = (
        site.records.create(chief, "maker", {"name": name, "secret": secret})["id"]
        for name, secret in (("Open Ltd", False), ("Secret Ltd", True))
    )
    for name, maker, state, price in (
        ("crane", open_, "open", "10.5"),
        ("digger", hidden, "open", "20"),
        ("barrow", None, "open", None),
        ("safe", open_, "closed", "99"),
    ):
        values = {"name": name, "maker": maker, "state": state, "price": price}
        site.records.create(chief, "machine", {key: str(one) for key, one in values.items() if one})
    return Yard(site)


@pytest.mark.parametrize(
    ("condition", "all_see", "ann_sees"),
    [
        ("maker.name == 'Open Ltd'", {"crane", "safe"}, {"crane"}),
        ("maker.name == 'Secret Ltd'", {"digger"}, set()),
        ("maker.secret", {"digger"}, set()),
        ("not maker.secret", {"crane", "safe", "barrow"}, {"crane", "digger", "barrow"}),
        ("maker.name is None", {"barrow"}, {"digger", "barrow"}),
        ("starts_with(lower(maker.name), 'secret')", {"digger"}, set()),
        ("length(maker.name) + 1 == 9 or price > 50", {"crane", "safe"}, {"crane"}),
        ("count(maker.machines) >= 2", {"crane", "safe"}, set()),
        ("count(maker.machines) == 1", {"digger"}, {"crane", "digger"}),
        ("sum(maker.machines, price) == 109.5", {"crane", "safe"}, set()),
        ("any(maker.machines, state == 'closed')", {"crane", "safe"}, set()),
    ],
)
def test_a_filter_over_a_link_sees_only_what_its_caller_may_read(
    yard: Yard, ann: Actor, chief: Actor, condition: str, all_see: set[str], ann_sees: set[str]
) -> None:
    assert yard.found(chief, condition) == all_see
    assert yard.found(ann, condition) == ann_sees


def test_an_aggregate_counts_only_what_its_caller_may_read(
    yard: Yard, ann: Actor, chief: Actor
) -> None:
    assert yard.found(chief, "count(machines) == 2", "maker") == {"Open Ltd"}
    assert yard.found(ann, "count(machines) == 1", "maker") == {"Open Ltd"}
    assert yard.found(ann, "all(machines, state == 'open')", "maker") == {"Open Ltd"}
    assert yard.found(chief, "all(machines, state == 'open')", "maker") == {"Secret Ltd"}


def test_a_condition_of_the_metadata_sees_everything_and_a_filter_beside_it_does_not(
    yard: Yard, ann: Actor
) -> None:
    site = yard.site
    model = site.current().model
    where = parse("maker.secret", model_scope(model, model.entities["machine"]))
    found = site.records.page(ann, "machine", ListQuery(where=where)).items
    assert [record["name"] for record in found] == ["digger"]
    both = ListQuery(where=where, filter="price > 1 and maker.secret", count=True)
    assert site.records.page(ann, "machine", both).count == 0


def test_what_the_caller_is_and_when_he_asks_is_bound_anew_for_each_list(
    yard: Yard, site: Site, ann: Actor, bob: Actor
) -> None:
    site.records.create(ann, "machine", {"name": "hers", "built": "2000-02-29"})
    condition = "owner == user and built < today() - days(7 * 4)"
    assert yard.found(ann, condition) == {"hers"}
    assert yard.found(bob, condition) == set()
    assert yard.found(ann, "owner.name == user.name") == set()
    assert yard.found(ann, "'mechanic' in user.roles and name == 'hers'") == {"hers"}
    assert yard.found(ann, "updated_at >= today() - days(1) and name == 'hers'") == {"hers"}
