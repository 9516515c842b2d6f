"""Who set what: every leaf has an owner whose file says just that, and hides what was below."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog.documents import Document
from loomwork.catalog.folding import FoldedDocument, defined_by, extended
from loomwork.catalog.origins import origins_in
from loomwork.catalog.provenance import Origin, Trail, leaves
from loomwork.catalog.sound import path_in
from tests.unit.catalog.layering import NOTE, change, folded, lower, pack, site

KEYS = st.sampled_from(["fields", "tabs", "a", "b", "c", "d/e", "f~g"])
LEAVES = st.one_of(st.integers(0, 9), st.booleans(), st.text(max_size=3))
NAMES = st.lists(st.sampled_from("vwxyz"), max_size=4, unique=True)
BODIES = st.dictionaries(
    KEYS,
    st.recursive(st.one_of(LEAVES, NAMES), lambda inner: st.dictionaries(KEYS, inner, max_size=4)),
    max_size=5,
)
ANCHORED = st.dictionaries(st.sampled_from("vwxyz"), NAMES, min_size=1, max_size=2)
LIST_PATCHES = st.one_of(
    NAMES.map(lambda names: {"$add": names}),
    NAMES.map(lambda names: {"$remove": names}),
    ANCHORED.map(lambda placed: {"$before": placed}),
    ANCHORED.map(lambda placed: {"$after": placed}),
)
ORDERS = st.lists(KEYS, max_size=4, unique=True)


def _with_order(said: tuple[dict[str, Any], list[str] | None]) -> dict[str, Any]:
    changes, order = said
    return changes if order is None else {**changes, "order": order}


PATCHES = st.dictionaries(
    KEYS,
    st.recursive(
        st.one_of(
            LEAVES,
            NAMES,
            st.none(),
            LIST_PATCHES,
            BODIES.map(lambda body: {"$replace": body}),
        ),
        lambda inner: st.tuples(st.dictionaries(KEYS, inner, max_size=4), st.none() | ORDERS).map(
            _with_order
        ),
    ),
    max_size=5,
)


def document(layer: str, body: dict[str, Any]) -> Document:
    said = {"kind": "entity", "name": "note", **body}
    return Document(pack=layer, file="entities/note.json", text=json.dumps(said), body=said)


def stacked(body: dict[str, Any], *patches: dict[str, Any]) -> FoldedDocument:
    """Return what becomes of ``body`` under these patches, whatever their shape."""
    lowest = document("l0", body)
    made = defined_by(lowest, lowest.body, Trail(document=lowest, version="1"), ignore)
    for number, patch in enumerate(patches, start=1):
        above = document(f"l{number}", patch)
        trail = Trail(document=above, version="1")
        made = extended(made, above, (above.body, trail), ignore)
    return made


def ignore(origin: Origin, code: str, text: str, context: dict[str, Any]) -> None:
    """Take no note: what patches of any shape are told is not the subject here."""


def value_at(found: FoldedDocument, origin: Origin) -> Any:
    """Return what the file of the origin says at its pointer."""
    (part,) = (one for one in found.parts if f"{one.pack}/{one.file}" == origin.file)
    value: Any = part.body
    path = path_in(value, origin.pointer)
    for key in path:
        value = value[key]
    return value


@given(BODIES, st.lists(PATCHES, max_size=3))
def test_every_leaf_has_an_owner_whose_file_says_it(
    body: dict[str, Any], patches: list[dict[str, Any]]
) -> None:
    found = stacked(body, *patches)
    for path, value in leaves(found.body):
        said = value_at(found, found.origin(path))
        # An object that is empty now had members, or was told how to change.
        assert said == value or value in ({}, [])


@given(BODIES, st.lists(PATCHES, max_size=3))
def test_what_a_leaf_hides_is_what_lower_files_say(
    body: dict[str, Any], patches: list[dict[str, Any]]
) -> None:
    found = stacked(body, *patches)
    order = [part.pack for part in found.parts]
    for path, value in leaves(found.body):
        if isinstance(value, list | dict) or any(isinstance(key, int) for key in path):
            continue
        hidden = found.hidden(path)
        layers = [order.index(one.origin.layer) for one in hidden]
        assert layers == sorted(layers, reverse=True)
        for one in hidden:
            assert isinstance(one.value, dict | list) or value_at(found, one.origin) == one.value


@given(BODIES, st.lists(PATCHES, max_size=3))
def test_folding_is_deterministic_and_what_is_folded_folds_to_itself(
    body: dict[str, Any], patches: list[dict[str, Any]]
) -> None:
    one, two = stacked(body, *patches), stacked(body, *patches)
    assert json.dumps(one.body) == json.dumps(two.body)
    assert [one.origin(path) for path, _ in leaves(one.body)] == [
        two.origin(path) for path, _ in leaves(two.body)
    ]
    assert json.dumps(stacked(one.body).body) == json.dumps(one.body)


@given(BODIES, PATCHES)
def test_folding_leaves_the_documents_as_they_were(
    body: dict[str, Any], patch: dict[str, Any]
) -> None:
    before = json.dumps([body, patch])
    stacked(body, patch)
    assert json.dumps([body, patch]) == before


def test_a_patch_of_nothing_changes_nothing() -> None:
    found = stacked(NOTE, {})
    assert json.dumps(found.body) == json.dumps(stacked(NOTE).body)


def test_the_chain_of_what_is_hidden_goes_down_to_the_first_definition() -> None:
    upper = pack("upper", change(label="Memo"), version="2.1.0")
    found = folded(lower(), upper, site(change(label="Zettel")))
    origin = found.origin(("label",))
    assert (origin.layer, origin.version, origin.file) == ("site", "", "site/entities/note.json")
    chain = [(one.value, one.origin.layer, one.origin.version) for one in found.hidden(("label",))]
    assert chain == [("Memo", "upper", "2.1.0"), ("Note", "lower", "1.0.0")]


def test_a_leaf_under_a_replaced_object_hides_the_leaf_that_was_there() -> None:
    new = {"$replace": {"type": "text", "label": "Name"}}
    found = folded(lower(), pack("upper", change(fields={"name": new})))
    origin = found.origin(("fields", "name", "label"))
    assert origin.pointer == "/fields/name/$replace/label"
    assert [one.value for one in found.hidden(("fields", "name", "label"))] == ["Title"]
    assert found.origin(("fields", "size", "type")).layer == "lower"


def test_who_removed_and_who_moved_something_is_known() -> None:
    found = folded(lower(NOTE), pack("upper", change(fields={"mood": None}, order=["size"])))
    assert found.origin(("fields", "mood")).layer == "upper"
    assert found.origin(("order",)).file == "upper/entities/note.json"


def test_items_of_a_patched_list_keep_their_owners() -> None:
    columns = {"$add": ["owner"], "$remove": ["name"]}
    found = folded(
        lower(), pack("upper", change("view", "notes", columns=columns)), kind="view", name="notes"
    )
    told = [(one["at"], one["layer"], one["pointer"]) for one in origins_in(found, "/columns")]
    assert told == [
        ("/columns/0", "lower", "/columns/1"),
        ("/columns/1", "lower", "/columns/2"),
        ("/columns/2", "upper", "/columns/$add/0"),
    ]


def test_a_pointer_that_leads_nowhere_has_no_origins() -> None:
    assert list(origins_in(folded(lower()), "/fields/gone")) == []
