"""Roles add up, the same roles share their rights, and what nobody grants is denied."""

from uuid import uuid4

import pytest

from loomwork.access.policy import Policy
from loomwork.expressions.tree import FALSE, TRUE
from loomwork.model.actor import Actor, system
from loomwork.model.role import OPERATIONS
from tests.documents import MACHINE, MAKER, Body, PackBuilder
from tests.language.oracle import of_user
from tests.unit.catalog.problems import compiled


def role(name: str, **operations: object) -> Body:
    return {"kind": "role", "name": name, "grants": {"machine": operations}}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the policy of a few roles."""
    roles = [
        role("reader", read=True, update=False),
        role("mine", read="owner == user", update="owner == user"),
        role("open", read="state == 'open'"),
        role("never", read="False", create=False),
    ]
    return Policy(compiled(PackBuilder(MAKER, MACHINE, *roles).read()))


def actor(*roles: str) -> Actor:
    return Actor(name="a", user=uuid4(), roles=frozenset(roles))


def test_what_nobody_grants_is_denied(policy: Policy) -> None:
    rights = policy.rights(actor("mine"))
    assert rights.rule("machine", "delete").node == FALSE
    assert rights.rule("maker", "read").node == FALSE
    assert rights.rule("no_such", "read").node == FALSE
    assert rights.allowed("maker") == frozenset()


def test_grants_of_several_roles_add_up(policy: Policy) -> None:
    me = actor("mine", "open")
    rule = policy.rights(me).rule("machine", "read")
    assert rule.holds({"owner": me.user, "state": "closed"}, of_user(me.user))
    assert rule.holds({"owner": None, "state": "open"}, of_user(me.user))
    assert not rule.holds({"owner": uuid4(), "state": "closed"}, of_user(me.user))
    assert policy.rights(actor("mine", "reader")).rule("machine", "read").node == TRUE


def test_operations_that_are_never_allowed_are_not_offered(policy: Policy) -> None:
    assert policy.rights(actor("reader", "never")).allowed("machine") == {"read"}
    assert policy.rights(actor("mine")).allowed("machine") == {"read", "update"}


def test_the_same_roles_share_one_instance(policy: Policy) -> None:
    first, second = policy.rights(actor("mine", "open")), policy.rights(actor("open", "mine"))
    assert first is second


def test_a_role_without_a_document_grants_nothing(policy: Policy) -> None:
    assert policy.rights(actor("gone")).allowed("machine") == frozenset()


@pytest.mark.parametrize("who", [system("x"), Actor(name="root", user=uuid4(), admin=True)])
def test_an_administrator_may_everything(policy: Policy, who: Actor) -> None:
    assert policy.rights(who).allowed("machine") == frozenset(OPERATIONS)
    assert policy.rights(who).rule("machine", "read").node == TRUE


def test_nobody_is_the_owner_of_what_has_none(policy: Policy) -> None:
    nobody = Actor(name="x", roles=frozenset({"mine"}))
    rule = policy.rights(nobody).rule("machine", "read")
    assert not rule.holds({"owner": None}, of_user(None))
