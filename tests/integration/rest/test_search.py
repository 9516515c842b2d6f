"""Search over REST: one call, everything that the caller may read, the best first."""

import pytest

from tests.integration.rest.conftest import Caller, errors, problem


def titles(who: Caller, **parameters: str) -> list[tuple[str, str]]:
    answer = who.get("/search", query_string=parameters)
    assert answer.status_code == 200, answer.text
    return [(hit["entity"], hit["title"]) for hit in answer.get_json()["items"]]


def test_hits_name_their_record(ann: Caller) -> None:
    plant = ann.create(name="苏州江南纺织有限公司")
    (hit,) = ann.get("/search?q=jnfz").get_json()["items"]
    assert hit == {"entity": "plant", "id": plant["id"], "title": plant["name"], "score": 4}
    assert ann.get(f"/records/{hit['entity']}/{hit['id']}").status_code == 200


def test_everybody_finds_only_what_he_may_read(
    ann: Caller, bob: Caller, mia: Caller, guest: Caller
) -> None:
    ann.create(name="Rose of Ann")
    bob.create(name="Rose of Bob")
    assert titles(ann, q="rose") == [("plant", "Rose of Ann")]
    assert titles(bob, q="rose") == [("plant", "Rose of Bob")]
    assert len(titles(mia, q="rose")) == 2
    assert titles(guest, q="rose") == []


def test_several_entities_come_in_one_list_and_can_be_chosen(root: Caller) -> None:
    root.create(name="Annual ryegrass")
    found = titles(root, q="ann")
    assert set(found) == {("plant", "Annual ryegrass"), ("user", "Ann")}
    assert found[0] == ("user", "Ann")
    assert titles(root, q="ann", entity="user") == [("user", "Ann")]
    assert titles(root, q="ann", entity="plant, user", limit="1") == found[:1]


def test_what_is_deleted_is_not_found_until_it_comes_back(mia: Caller) -> None:
    plant = mia.create(name="Tulip")
    path = f"/records/plant/{plant['id']}"
    mia.call("DELETE", path)
    assert titles(mia, q="tulip") == []
    mia.call("POST", f"{path}/restore")
    assert titles(mia, q="tulip") == [("plant", "Tulip")]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"q": "x" * 501}, [("/q", "too_long")]),
        ({"q": "x", "limit": "0"}, [("/limit", "bad_limit")]),
        ({"q": "x", "limit": "101"}, [("/limit", "bad_limit")]),
        ({"q": "x", "limit": "-1"}, [("/limit", "bad_limit")]),
        ({"q": "x", "sort": "name"}, [("/sort", "unknown_parameter")]),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    ann: Caller, query: dict[str, str], told: list[tuple[str, str]]
) -> None:
    assert errors(ann.get("/search", query_string=query)) == told


def test_an_unknown_entity_is_not_found(ann: Caller) -> None:
    problem(ann.get("/search?q=x&entity=nothing"), 404)


@pytest.mark.parametrize("search", ["", "   ", "%", "\x00", '"', "' OR 1=1 --", "*", "()", ":*"])
def test_strange_searches_find_nothing(ann: Caller, search: str) -> None:
    ann.create(name="Rose")
    assert titles(ann, q=search) == []


def test_nobody_searches_without_signing_in(ann: Caller) -> None:
    problem(ann.client.get("/api/v1/search?q=x"), 401)
