"""Roles that take over what others may do."""

from tests.documents import ALL, Body, PackBuilder
from tests.unit.catalog.problems import compiled, entity, found, found_in


def role(name: str, *inherits: str, **grants: object) -> Body:
    said = {"inherits": list(inherits)} if inherits else {}
    return {"kind": "role", "name": name, "grants": {"note": grants}, **said}


def rows(name: str, *roles: Body) -> dict[str, str]:
    model = compiled(PackBuilder(entity(), *roles).read())
    return dict(model.roles[name].grants["note"].rows)


def test_what_a_role_inherits_adds_up_with_its_own() -> None:
    low = role("low", read="owner == user", create=True)
    high = role("high", "low", read="size > 5")
    assert rows("high", low, high) == {"create": "True", "read": "size > 5 or owner == user"}
    assert rows("low", low, high)["read"] == "owner == user"


def test_what_is_inherited_of_the_inherited_counts_too() -> None:
    roles = (role("a", "b"), role("b", "c", read="size > 5"), role("c", **ALL))
    assert rows("a", *roles) == dict.fromkeys(ALL, "True")


def test_the_same_right_twice_stays_as_it_is() -> None:
    assert rows("a", role("a", "b", read="size>5"), role("b", read="size > 5")) == {
        "read": "size > 5"
    }


def test_roles_that_inherit_each_other_are_refused() -> None:
    (problem,) = found(PackBuilder(entity(), role("a", "b"), role("b", "a")).read())
    assert (problem.code, problem.pointer) == ("circle", "/inherits")
    assert problem.message() == "The roles inherit each other: a → b → a."


def test_a_role_that_is_not_there_is_told() -> None:
    assert found_in(entity(), role("a", "aa"), role("b", "c")) == [
        ("/inherits/0", "unknown_role"),
        ("/inherits/0", "unknown_role"),
    ]
