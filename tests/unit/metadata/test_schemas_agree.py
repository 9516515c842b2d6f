"""Two validators that share no code say the same of every document, right or wrong."""

import copy
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from loomwork_metadata import KINDS, schema_folder
from tests.unit.metadata.kinds import example_of_each_kind

Document = dict[str, Any]
EXAMPLES = example_of_each_kind()
GONE = object()
"""Stands for a key or an item that is taken away."""

keys = st.sampled_from(["name", "label", "type", "to", "is", "when", "order", "steps", "x"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([5.0, -0.0, 1e300, 10.5])
    | st.sampled_from(["", " ", "\n", "\u3000", "\ufeff", "\x1c", "\x85", "name\n", "2d", "-30d"])
    | st.sampled_from(["text", "list", "2026-01-31", "09:00", "1.50", "٣", "ｅ", "İ", "😀" * 61])
    | st.text(max_size=6)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def read(path: Path) -> Document:
    found: Document = json.loads(path.read_text(encoding="utf-8"))
    return found


SCHEMAS = {path.stem: read(path) for path in sorted(schema_folder().glob("*.json"))}
REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
FAST_REGISTRY = jsonschema_rs.Registry([(schema["$id"], schema) for schema in SCHEMAS.values()])
SLOW = {kind: Draft202012Validator(SCHEMAS[kind], registry=REGISTRY) for kind in KINDS}
FAST = {
    kind: jsonschema_rs.Draft202012Validator(SCHEMAS[kind], registry=FAST_REGISTRY)
    for kind in KINDS
}


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every key and item of a document."""
    if isinstance(value, dict):
        members: Iterable[tuple[Any, Any]] = value.items()
    else:
        members = enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*way, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*way, key))


def changed(document: Document, way: tuple[Any, ...], value: object) -> Document:
    """Return a copy with ``value`` at a place, or without the place."""
    result = copy.deepcopy(document)
    target: Any = result
    for key in way[:-1]:
        target = target[key]
    if value is GONE:
        del target[way[-1]]
    else:
        target[way[-1]] = value
    return result


@st.composite
def mutated(draw: st.DrawFn) -> Document:
    """Draw an example of some kind with one or two places changed, removed or added."""
    document = EXAMPLES[draw(st.sampled_from(KINDS))]
    for _ in range(draw(st.integers(1, 2))):
        ways = [way for way in places(document) if way[0] not in ("kind", "$schema")]
        way = draw(st.sampled_from(ways))
        added = (*way[:-1], draw(keys)) if isinstance(way[-1], str) else way
        change = st.tuples(st.sampled_from([way, added]), values) | st.just((way, GONE))
        document = changed(document, *draw(change))
    return document


@given(document=mutated())
def test_both_accept_and_refuse_the_same_documents(document: Document) -> None:
    kind = document["kind"]
    assert FAST[kind].is_valid(document) == SLOW[kind].is_valid(document)


@pytest.mark.parametrize("kind", KINDS)
def test_both_accept_the_examples(kind: str) -> None:
    document = EXAMPLES[kind]
    assert (FAST[kind].is_valid(document), SLOW[kind].is_valid(document)) == (True, True)


@pytest.mark.parametrize(
    ("value", "accepted"), [(5, True), (5.0, True), (5.5, False), ("5", False), (True, False)]
)
def test_a_whole_number_may_be_written_with_a_point(value: object, *, accepted: bool) -> None:
    fields = {"name": {"type": "text", "max_length": value}}
    document = {"kind": "entity", "name": "ship", "fields": fields}
    assert FAST["entity"].is_valid(document) is accepted
    assert SLOW["entity"].is_valid(document) is accepted
