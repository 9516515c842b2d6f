"""Input to values: every problem at once, nothing unknown let through."""

from functools import partial

import pytest

from loomwork.errors import InvalidError
from loomwork.model.entity import Entity
from loomwork.records.drafts.payload import Payload, require_all, with_defaults
from loomwork.records.runtime import Cache
from tests.documents import workshop
from tests.unit.catalog.problems import compiled


@pytest.fixture(scope="module")
def machine() -> Entity:
    """Return the entity of machines."""
    return compiled(workshop().read()).entities["machine"]


def told(entity: Entity, data: object, *, internal: bool = False) -> dict[str, str]:
    with pytest.raises(InvalidError) as caught:
        Payload(entity, internal=internal).read(data)
    return {problem.pointer: problem.code for problem in caught.value.problems}


def test_only_what_was_given_comes_back_parsed(machine: Entity) -> None:
    payload = Payload(machine, internal=False)
    assert payload.read({"name": " a ", "seats": "3", "load": None}) == {
        "name": "a",
        "seats": 3,
        "load": None,
    }
    assert payload.read({}) == {}


def test_every_bad_field_is_named(machine: Entity) -> None:
    data = {"name": 5, "seats": "x", "state": "y", "nmae": 1, "a/b": 1}
    assert told(machine, data) == {
        "/name": "not_text",
        "/seats": "not_an_integer",
        "/state": "not_an_option",
        "/nmae": "unknown_field",
        "/a~1b": "unknown_field",
    }


@pytest.mark.parametrize("field", ["id", "version", "created_at", "updated_by", "serial"])
def test_what_the_platform_keeps_is_set_by_the_platform_alone(machine: Entity, field: str) -> None:
    assert told(machine, {field: None}) == {f"/{field}": "readonly"}
    assert Payload(machine, internal=True).read({field: None}) == {field: None}


def test_a_default_is_for_what_was_not_given(machine: Entity) -> None:
    assert with_defaults(machine, {"name": "a"}) == {"name": "a", "state": "open"}
    assert with_defaults(machine, {"state": None}) == {"state": None}


def test_what_is_required_is_named_where_it_is_empty(machine: Entity) -> None:
    with pytest.raises(InvalidError) as caught:
        require_all(machine, {"name": None})
    assert [problem.pointer for problem in caught.value.problems] == ["/name"]
    require_all(machine, {"name": "a"})


def test_a_full_cache_begins_anew_and_goes_on_serving() -> None:
    cache = Cache(limit=2)
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key

    asked = (1, 2, 1, 3, 3, 1)
    assert tuple(cache.get(key, partial(make, key)) for key in asked) == asked
    assert made == [1, 2, 3, 1]


def test_what_a_new_record_lacks_is_named_beside_what_is_wrong(machine: Entity) -> None:
    with pytest.raises(InvalidError) as caught:
        Payload(machine, internal=False).read({"seats": "x"}, new=True)
    told_ = {problem.pointer: problem.code for problem in caught.value.problems}
    assert told_ == {"/seats": "not_an_integer", "/name": "required"}
