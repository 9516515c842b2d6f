"""Values that follow from each other: circles are named, chains are not."""

from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog.references.circles import circles
from tests.documents import Body, PackBuilder
from tests.unit.catalog.problems import compiled, entity, found, found_in

NUMBER = {"type": "integer"}


def numbers(**defaults: str) -> Body:
    fields = {name: {**NUMBER, "default": {"is": said}} for name, said in defaults.items()}
    return entity(fields={"name": {"type": "text"}, "size": NUMBER, **fields})


def formulas(**sources: str) -> Body:
    fields = {
        name: {"type": "formula", "result": "integer", "is": said} for name, said in sources.items()
    }
    return entity(fields={"name": {"type": "text"}, "size": NUMBER, **fields})


def test_defaults_that_need_each_other_are_refused_with_the_circle() -> None:
    (problem,) = found(PackBuilder(numbers(a="b + 1", b="c", c="a")).read())
    assert (problem.code, problem.pointer) == ("circle", "/fields/a/default")
    assert problem.message() == "The defaults follow from each other: a → b → c → a."


def test_a_default_that_needs_itself_is_a_circle() -> None:
    assert found_in(numbers(a="a")) == [("/fields/a/default", "circle")]


def test_a_chain_of_defaults_is_no_circle() -> None:
    model = compiled(PackBuilder(numbers(a="b + size", b="size*2")).read())
    assert model.entities["note"].fields["b"].default_is == "size * 2"


def test_links_that_fill_each_other_are_refused_with_the_circle() -> None:
    link = {"type": "link", "to": "note"}
    fields = {
        "name": {"type": "text"},
        "a": {**link, "fill": {"b": "a.b"}},
        "b": {**link, "fill": {"a": "b.a"}},
    }
    assert found_in(entity(fields=fields)) == [("/fields/a/fill", "circle")]


def test_a_link_that_fills_itself_is_told_once() -> None:
    link = {"type": "link", "to": "note", "fill": {"a": "a"}}
    document = entity(fields={"name": {"type": "text"}, "a": link})
    assert found_in(document) == [("/fields/a/fill/a", "fills_itself")]


def test_formulas_that_need_each_other_are_refused_with_the_circle() -> None:
    (problem,) = found(PackBuilder(formulas(a="b + 1", b="a - 1")).read())
    assert (problem.code, problem.pointer) == ("circle", "/fields/a")
    assert "note.a → note.b → note.a" in problem.message()


def test_a_circle_over_links_and_totals_is_found() -> None:
    parent = formulas(a="total")
    parent["fields"]["total"] = {
        "type": "rollup",
        "of": "parts",
        "function": "sum",
        "field": "share",
    }
    part = entity(
        name="piece",
        fields={
            "name": {"type": "text"},
            "whole": {"type": "link", "to": "note", "inverse": "parts"},
            "share": {"type": "lookup", "is": "whole.a"},
        },
    )
    codes = {code for _, code in found_in(parent, part)}
    assert codes == {"circle"}


def test_a_lookup_has_the_kind_of_what_it_shows_over_any_number_of_lookups() -> None:
    fields = {
        "name": {"type": "text"},
        "size": NUMBER,
        "above": {"type": "link", "to": "note"},
        "c": {"type": "lookup", "is": "above.b"},
        "b": {"type": "lookup", "is": "above.a"},
        "a": {"type": "lookup", "is": "above.size"},
    }
    fine = entity(fields=fields, checks={"one": {"must": "c > 5"}})
    assert compiled(PackBuilder(fine).read()).entities["note"].fields["c"].type.kind == "number"
    wrong = entity(fields=fields, checks={"one": {"must": "c > 'x'"}})
    assert found_in(wrong) == [("/checks/one/must", "wrong_kind")]


@given(st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 7), max_size=3), max_size=8))
def test_every_circle_that_is_named_is_one_and_none_is_left(
    graph: dict[int, set[int]],
) -> None:
    named = {str(node): {str(other) for other in graph[node]} for node in graph}
    found = circles(named)
    for circle in found:
        steps = zip(circle, (*circle[1:], circle[0]), strict=True)
        assert all(after in named[before] for before, after in steps)
    firsts = {circle[0] for circle in found}
    rest = {node: following - firsts for node, following in named.items() if node not in firsts}
    assert circles(rest) == []
