"""Who sees and does what: one rule, in lists and in decisions alike."""

import random
from typing import Any
from uuid import uuid4

import pytest

from loomwork.access.policy import Policy
from loomwork.errors import ActorMovedError, ForbiddenError, InvalidError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.model.role import OPERATIONS, Grant, Role
from loomwork.model.text import Text
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.records.runtime import Runtime
from tests.sites import TESTER, another_worker, person

EVERYTHING = ListQuery(limit=500, count=True)
CONDITIONS = (
    "True",
    "False",
    "owner == user",
    "owner != user",
    "owner is None",
    "team is None and state == 'open'",
    "not (state == 'open')",
    "seats > 3 or price <= 1.5",
    "state in ['open', 'closed'] and running",
    "state not in ['closed']",
    "not running",
    "built < '2026-06-01' or checked >= '2026-01-01T00:00:00Z'",
    "contains(name, '%') or starts_with(group, 'a')",
    "maker == '01234567-89ab-7def-8123-456789abcdef'",
    "name > 'Z' and name != 'é'",
)


def ids(site: Site, actor: Actor, entity: str = "machine") -> set[Any]:
    return {record["id"] for record in site.records.page(actor, entity, EVERYTHING).items}


def test_two_people_see_different_lists(site: Site, ann: Actor, bob: Actor, chief: Actor) -> None:
    hers = site.records.create(ann, "machine", {"name": "a", "state": "closed"})
    his = site.records.create(bob, "machine", {"name": "b", "state": "closed"})
    both = site.records.create(bob, "machine", {"name": "c", "state": "open"})
    assert ids(site, ann) == {hers["id"], both["id"]}
    assert ids(site, bob) == {his["id"], both["id"]}
    assert ids(site, chief) == {hers["id"], his["id"], both["id"]}
    assert site.records.page(ann, "machine", EVERYTHING).count == 2


def test_without_a_role_nothing_is_seen_or_done(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "a"})
    nobody = person(site, "nobody")
    assert ids(site, nobody) == set()
    assert site.records.allowed(nobody, "machine") == frozenset()
    with pytest.raises(NotFoundError):
        site.records.read(nobody, "machine", made["id"])
    with pytest.raises(ForbiddenError):
        site.records.create(nobody, "machine", {"name": "b"})


def test_a_record_that_cannot_be_read_is_not_found_by_any_call(
    site: Site, ann: Actor, bob: Actor
) -> None:
    made = site.records.create(bob, "machine", {"name": "b", "state": "closed"})
    with pytest.raises(NotFoundError):
        site.records.update(ann, "machine", made["id"], {"name": "c"})
    with pytest.raises(NotFoundError):
        site.records.delete(ann, "machine", made["id"])
    with pytest.raises(NotFoundError):
        site.records.update(ann, "machine", uuid4(), {"name": "c"})


def test_a_record_that_can_only_be_read_is_not_changed(site: Site, ann: Actor, bob: Actor) -> None:
    made = site.records.create(bob, "machine", {"name": "b"})
    with pytest.raises(ForbiddenError):
        site.records.update(ann, "machine", made["id"], {"name": "c"})
    with pytest.raises(ForbiddenError):
        site.records.delete(bob, "machine", made["id"])
    assert site.records.allowed_on(ann, "machine", made) == {"read"}
    assert site.records.allowed_on(bob, "machine", made) == {"read", "update", "create"}


def test_only_who_may_assign_gives_records_to_others(
    site: Site, ann: Actor, bob: Actor, chief: Actor
) -> None:
    with pytest.raises(ForbiddenError):
        site.records.create(ann, "machine", {"name": "a", "owner": str(bob.user)})
    made = site.records.create(ann, "machine", {"name": "a"})
    with pytest.raises(ForbiddenError):
        site.records.update(ann, "machine", made["id"], {"owner": str(chief.user)})
    given = site.records.update(chief, "machine", made["id"], {"owner": str(bob.user)})
    assert given["owner"] == {"id": bob.user, "title": "Bob"}
    assert site.records.create(chief, "machine", {"name": "b", "owner": str(bob.user)})


def test_whoever_gives_a_record_away_sees_it_a_last_time(site: Site) -> None:
    boss = person(site, "boss", "foreman", "mechanic")
    made = site.records.create(boss, "machine", {"name": "a", "state": "closed"})
    assert site.records.update(boss, "machine", made["id"], {"owner": None})["owner"] is None


def test_a_link_to_what_cannot_be_read_is_no_such_record_and_shows_no_title(
    site: Site, ann: Actor, chief: Actor
) -> None:
    hidden = site.records.create(chief, "maker", {"name": "Secret Ltd", "secret": True})
    shown = site.records.create(chief, "maker", {"name": "Open Ltd"})
    with pytest.raises(InvalidError) as caught:
        site.records.create(ann, "machine", {"name": "a", "maker": str(hidden["id"])})
    assert [problem.code for problem in caught.value.problems] == ["no_such_record"]
    made = site.records.create(ann, "machine", {"name": "a", "maker": str(shown["id"])})
    assert made["maker"] == {"id": shown["id"], "title": "Open Ltd"}
    site.records.update(chief, "machine", made["id"], {"maker": str(hidden["id"])})
    assert site.records.read(ann, "machine", made["id"])["maker"] == {"id": hidden["id"]}
    (listed,) = site.records.page(ann, "machine", ListQuery(fields=("maker",))).items
    assert listed == {"id": made["id"], "maker": {"id": hidden["id"]}}
    renamed = site.records.update(ann, "machine", made["id"], {"name": "b"})
    assert renamed["maker"] == {"id": hidden["id"]}


def test_the_order_by_a_hidden_title_tells_nothing(site: Site, ann: Actor, chief: Actor) -> None:
    names = ["aaa", "mmm", "zzz"]
    makers = [
        site.records.create(chief, "maker", {"name": name, "secret": True})["id"] for name in names
    ]
    made = [
        site.records.create(chief, "machine", {"name": "x", "maker": str(maker)})["id"]
        for maker in (makers[2], makers[0], makers[1])
    ]
    seen = site.records.page(ann, "machine", ListQuery(sort=("maker",))).items
    assert [record["id"] for record in seen] == made


def test_rights_that_changed_since_they_were_read_are_read_again(site: Site, ann: Actor) -> None:
    dated = Actor(name="ann", user=ann.user, roles=ann.roles, generation=-1)
    with pytest.raises(ActorMovedError):
        site.records.page(dated, "machine", ListQuery())
    with pytest.raises(ActorMovedError):
        site.records.create(dated, "machine", {"name": "a"})
    with another_worker(site) as other:
        fresh = Actor(
            name="ann", user=ann.user, roles=ann.roles, generation=other.access_generation
        )
        assert other.records.create(fresh, "machine", {"name": "a"})["name"] == "a"


def random_machine(source: random.Random, people: list[Actor]) -> dict[str, Any]:
    owner = source.choice([*people, None])
    return {
        "name": source.choice(["a", "Z%", "é", "zz", "𠀀"]),
        "seats": source.choice([None, 0, 3, 4, 1000]),
        "price": source.choice([None, "1.5", "1.5001", "-3"]),
        "built": source.choice([None, "2026-05-31", "2026-06-01"]),
        "checked": source.choice([None, "2026-01-01T00:00:00Z", "2025-12-31T23:59:59.999999Z"]),
        "running": source.choice([None, True, False]),
        "state": source.choice([None, "open", "closed"]),
        "group": source.choice([None, "abc", "Abc", "ba"]),
        "owner": owner and str(owner.user),
    }


def test_a_list_holds_exactly_the_records_that_the_decision_admits(
    site: Site, ann: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = random.Random(11)
    made = [
        site.records.create(TESTER, "machine", random_machine(source, [ann, bob]))
        for _ in range(60)
    ]
    roles = {
        f"r{number}": Role(
            name=f"r{number}",
            label=Text("x"),
            grants={"machine": Grant(entity="machine", rows=dict.fromkeys(OPERATIONS, condition))},
        )
        for number, condition in enumerate(CONDITIONS)
    }
    present = site.current()
    model = type(present.model)(
        **{name: getattr(present.model, name) for name in present.model.__dataclass_fields__}
        | {"roles": roles}
    )
    runtime = Runtime(
        revision=present.revision,
        model=model,
        tables=present.tables,
        policy=Policy(model),
        store=site.store,
    )
    monkeypatch.setattr(site, "_runtime", runtime)
    chosen = [frozenset((name,)) for name in roles]
    chosen += [frozenset(source.sample(sorted(roles), 3)) for _ in range(15)]
    for held in chosen:
        for user in (ann, bob):
            actor = Actor(name=user.name, user=user.user, roles=held)
            admitted = {
                record["id"]
                for record in made
                if "read" in site.records.allowed_on(actor, "machine", record)
            }
            assert ids(site, actor) == admitted, sorted(held)
