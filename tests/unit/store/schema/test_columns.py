"""The map of columns only grows, and a column serves again where it fits."""

from loomwork.model.entity import Entity
from loomwork.store.schema.columns import Kept, Need, assign_columns
from tests.documents import Body, PackBuilder
from tests.unit.catalog.problems import compiled


def gadget(**fields: Body) -> Entity:
    document = {
        "kind": "entity",
        "name": "gadget",
        "ownership": "none",
        "fields": {"name": {"type": "text"}, **fields},
    }
    return compiled(PackBuilder(document).read()).entities["gadget"]


def stored(*entities: Entity, used: bool = True) -> dict[tuple[str, str, str], Kept]:
    kept: dict[tuple[str, str, str], Kept] = {}
    for entity in entities:
        _, fresh = assign_columns([entity], kept)
        kept |= {(n.entity, n.field, n.fingerprint): Kept(name, used) for n, name in fresh}
    return kept


def column(entity: Entity, field: str, kept: dict[tuple[str, str, str], Kept]) -> str:
    columns: dict[Need, str]
    columns, _ = assign_columns([entity], kept)
    return {need.field: name for need, name in columns.items()}[field]


SHORT: Body = {"type": "text", "max_length": 120}
LONG: Body = {"type": "text", "max_length": 121}


def test_a_column_has_the_name_of_its_field() -> None:
    assert column(gadget(size={"type": "integer"}), "size", {}) == "size"


def test_a_field_of_another_type_gets_another_column() -> None:
    kept = stored(gadget(size={"type": "integer"}), gadget(size={"type": "date"}))
    assert column(gadget(size={"type": "integer"}), "size", kept) == "size"
    assert column(gadget(size={"type": "date"}), "size", kept) == "size__2"
    assert column(gadget(size={"type": "decimal"}), "size", kept) == "size__3"


def test_rules_and_labels_do_not_change_a_column() -> None:
    kept = stored(gadget(size={"type": "integer"}))
    changed = gadget(size={"type": "integer", "required": True, "max": 5, "label": "S"})
    assert assign_columns([changed], kept)[1] == []


def test_a_long_column_serves_short_texts_once_it_was_in_force() -> None:
    kept = stored(gadget(code=SHORT), gadget(code=LONG))
    assert column(gadget(code=SHORT), "code", kept) == "code__2"
    begun = stored(gadget(code=SHORT)) | {("gadget", "code", "text:long"): Kept("code__2", False)}
    assert column(gadget(code=SHORT), "code", begun) == "code"
    assert column(gadget(code=LONG), "code", begun) == "code__2"


def test_a_link_to_another_entity_gets_another_column() -> None:
    kept = stored(gadget(ref={"type": "link", "to": "user"}))
    assert column(gadget(ref={"type": "link", "to": "user"}), "ref", kept) == "ref"
    assert column(gadget(ref={"type": "link", "to": "gadget"}), "ref", kept) == "ref__2"


def test_columns_of_ours_and_of_the_engines_are_not_given_away() -> None:
    fields: dict[str, Body] = {"xmin": SHORT, "ab_user_id": SHORT, "name__sort": SHORT}
    made = gadget(**fields)
    assert [column(made, name, {}) for name in fields] == [
        "xmin__2",
        "ab_user_id__2",
        "name__sort__2",
    ]
    document_order = gadget(name={"type": "text"}, name__sort=SHORT)
    assert column(document_order, "name+sort", {}) == "name__sort"
    assert column(document_order, "name__sort", {}) == "name__sort__2"


def test_no_two_fields_share_a_column() -> None:
    entity = gadget(**{f"{'n' * 46}{number:02}": SHORT for number in range(20)})
    columns, fresh = assign_columns([entity], {})
    assert len(set(columns.values())) == len(columns) == len(fresh)
