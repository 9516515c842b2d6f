"""From documents to the Model: what is read, labelled, translated, ordered and hashed."""

import pytest

from loomwork.catalog.compile import compile_model
from loomwork.extension.field_types import field_types
from loomwork.publishing.install import merged
from tests.documents import Body, PackBuilder, base, workshop
from tests.unit.catalog.problems import compiled, entity, field, found, grants


def translation(**texts: str) -> Body:
    return {"kind": "translation", "name": "zh_CN", "texts": texts}


def test_no_documents_make_an_empty_model() -> None:
    model = compile_model((), field_types())
    assert (model.entities, model.packs) == ({}, {})


def test_labels_are_read_from_names_where_none_is_written() -> None:
    note = compiled(PackBuilder(entity(name="sticky_note")).read()).entities["sticky_note"]
    assert (note.label.source, note.plural.source) == ("Sticky note", "Sticky note")
    assert note.fields["size"].label.source == "Size"
    assert note.icon == "table"


def test_translations_reach_entities_fields_options_and_screens() -> None:
    texts = {
        "entity/note#/label": "便条",
        "entity/note#/fields/one/label": "一",
        "entity/note#/fields/one/help": "帮助",
        "entity/note#/fields/one/options/a/label": "甲",
        "role/reader#/label": "读者",
    }
    one = {"type": "select", "options": {"a": {}}, "help": "Help"}
    documents = [field(**one), grants(read=True), translation(**texts)]
    model = compiled(PackBuilder(*documents).read())
    note = model.entities["note"]
    assert note.label.to("zh_CN") == "便条"
    assert note.fields["one"].label.to("zh_CN") == "一"
    help_ = note.fields["one"].help
    assert help_ is not None
    assert help_.to("zh_CN") == "帮助"
    assert model.roles["reader"].label.to("zh_CN") == "读者"
    assert note.fields["one"].label.to("fr") == "One"
    assert note.fields["created_at"].label.to("zh_CN") == "创建时间"


def test_a_translation_of_nothing_is_named_in_every_language() -> None:
    lost = "entity/note#/fields/gone/label"
    german = {**translation(**{lost: "Weg"}), "name": "de"}
    problems = found(PackBuilder(entity(), translation(**{lost: "没有"}), german).read())
    assert [problem.code for problem in problems] == ["unknown_address"] * 2
    assert problems[0].pointer == "/texts/entity~1note#~1fields~1gone~1label"


def test_two_documents_for_one_language_of_a_pack_are_refused() -> None:
    pack = PackBuilder(entity(), translation(**{"entity/note#/label": "a"})).read()
    again = type(pack[0])(
        pack="workshop", file="translations/more.json", text="x", body=pack[-1].body
    )
    assert [problem.code for problem in found((*pack, again))] == ["defined_twice"]


def test_the_hash_depends_on_texts_and_on_nothing_else() -> None:
    one, two = compiled(workshop().read()), compiled(workshop().read())
    assert one.hash == two.hash
    assert compiled(workshop(title="Other").read()).hash != one.hash


def test_the_hash_does_not_depend_on_the_order_of_installation() -> None:
    packs = [PackBuilder(entity(name=name), name=name).read() for name in ("one", "two", "three")]
    assert merged((), [base(), *packs]) == merged(merged((), [packs[2], base()]), packs[:2])


def test_packs_come_after_those_that_they_require() -> None:
    packs = [
        PackBuilder(entity(), name="alpha", requires={"zeta": ">=1"}).read(),
        PackBuilder(name="zeta", requires={"base": ">=1"}).read(),
    ]
    order = list(dict.fromkeys(document.pack for document in merged((), [*packs, base()])))
    assert order == ["base", "zeta", "alpha"]


def test_a_new_version_replaces_the_old_one_whole() -> None:
    old = PackBuilder(entity(), entity(name="second")).read()
    new = PackBuilder(entity(), version="2.0.0").read()
    documents = merged(merged((), [base(), old]), [new])
    assert [document.name for document in documents if document.pack == "workshop"] == [
        "workshop",
        "note",
    ]


def test_system_fields_follow_ownership_and_recycle_bin() -> None:
    model = compiled(workshop().read())
    assert {"owner", "team", "deleted_at"} <= set(model.entities["machine"].fields)
    assert not {"owner", "team", "deleted_at"} & set(model.entities["part"].fields)
    assert "machine" in {entity.name for entity, _ in model.referrers["maker"]}


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"code": {"type": "text"}, "name": {"type": "text"}}, "name"),
        ({"size": {"type": "integer"}, "code": {"type": "text"}}, "code"),
    ],
)
def test_the_title_is_name_or_the_first_text(fields: Body, title: str) -> None:
    assert compiled(PackBuilder(entity(fields=fields)).read()).entities["note"].title == title


def test_grants_become_sources_of_expressions() -> None:
    role = compiled(workshop().read()).roles["mechanic"]
    assert role.grants["part"].rows == {"create": "True", "read": "True"}
    assert role.grants["machine"].rows["update"] == "owner == user"


def test_what_is_broken_in_one_document_does_not_hide_what_is_wrong_in_others() -> None:
    broken = entity(fields={"name": {"type": "text"}, "size": {"type": "intger"}, "bad": 5})
    view = {
        "kind": "view",
        "name": "notes",
        "entity": "note",
        "type": "list",
        "columns": ["size", "nmae"],
    }
    told = {(one.file, one.pointer) for one in found(PackBuilder(broken, view).read())}
    # The column that is broken where it is defined is not unknown.
    assert told == {
        ("workshop/entities/note.json", "/fields/size/type"),
        ("workshop/entities/note.json", "/fields/bad"),
        ("workshop/views/notes.json", "/columns/1"),
    }


def test_a_document_of_which_nothing_is_left_is_not_missed_by_others() -> None:
    gone = {"kind": "entity", "name": "note"}
    assert [one.code for one in found(PackBuilder(gone, grants(read="size > 3")).read())] == [
        "missing_key"
    ]


def test_positions_in_a_list_are_told_as_they_are_written() -> None:
    view = {
        "kind": "view",
        "name": "notes",
        "entity": "note",
        "type": "list",
        "columns": ["name", 5, "nmae"],
    }
    told = {one.pointer for one in found(PackBuilder(entity(), view).read())}
    assert told == {"/columns/1", "/columns/2"}
