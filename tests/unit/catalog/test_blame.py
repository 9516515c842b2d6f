"""What a higher layer breaks is told at the higher layer, and names what needs it."""

from loomwork.errors import Problem
from tests.unit.catalog.layering import NOTE, VIEW, change, lower, pack, report
from tests.unit.catalog.problems import grants

READER = grants(read="size > 1")
CHECK = {
    **NOTE,
    "checks": {"cheerful": {"must": "mood == 'good' or size > 1", "message": "Cheer up."}},
}
LOWER = lower(CHECK, VIEW, READER)


def broken(**changes: object) -> tuple[Problem, ...]:
    document = {**change(), **changes}
    return report(LOWER, pack("upper", document)).problems


def test_what_a_layer_removes_is_told_there_for_each_place_that_needs_it() -> None:
    found = broken(fields={"size": None}, indexes={"by_size": None})
    assert {(one.file, one.pointer, one.code) for one in found} == {
        ("upper/entities/note.json", "/fields/size", "removed_in_use")
    }
    assert {one.message() for one in found} == {
        "“lower/entities/note.json:/checks/cheerful/must” needs “size”, which is removed here.",
        "“lower/roles/reader.json:/grants/note/read” needs “size”, which is removed here.",
        "“lower/views/notes.json:/columns/1” needs “size”, which is removed here.",
    }


def test_an_option_that_a_layer_removes_is_missed_at_the_removal() -> None:
    (found,) = broken(fields={"mood": {"options": {"good": None}}})
    assert found.pointer == "/fields/mood/options/good"
    assert "cheerful/must” needs “good”" in found.message()


def test_what_does_not_fit_a_changed_type_is_told_at_the_type() -> None:
    found = broken(fields={"size": {"type": "text", "min": None}})
    assert {(one.file, one.pointer) for one in found} == {
        ("upper/entities/note.json", "/fields/size/type")
    }


def test_a_mistake_of_the_lower_layer_stays_its_own() -> None:
    wrong = lower(CHECK, VIEW, grants(read="sise > 1"))
    told = report(wrong, pack("upper", change(fields={"mood": {"label": "Mood"}}))).problems
    assert [(one.file, one.code) for one in told] == [("lower/roles/reader.json", "unknown_field")]


def test_of_several_layers_the_one_that_broke_it_is_blamed() -> None:
    middle = pack("middle", change(fields={"size": None}, indexes={"by_size": None}))
    top = pack("top", change(label="Slip"), requires={"middle": ">=1", "lower": ">=1"})
    assert {one.file for one in report(LOWER, middle, top).problems} == {
        "middle/entities/note.json"
    }


def test_a_translation_of_what_a_layer_removes_is_not_missed() -> None:
    texts = {"entity/note#/fields/mood/label": "心情"}
    chinese = {"kind": "translation", "name": "zh_CN", "texts": texts}
    upper = pack("upper", change(fields={"mood": None}))
    assert report(lower(NOTE, chinese), upper).problems == ()


def test_the_text_of_a_pack_in_another_language_is_a_translation() -> None:
    upper = pack(
        "upper",
        change(label="便签", fields={"name": {"label": "标题"}, "upper_x": NEW}),
        language="zh_CN",
    )
    model = report(lower(NOTE), upper).model
    assert model is not None
    note = model.entities["note"]
    assert (note.label.to("en"), note.label.to("zh_CN")) == ("Note", "便签")
    title = note.fields["name"].label
    assert (title.to("en"), title.to("zh_CN")) == ("Title", "标题")
    assert note.fields["upper_x"].label.to("en") == "新的"


def test_the_translation_of_a_higher_layer_counts_before_that_of_a_patch() -> None:
    upper = pack("upper", change(label="便签"), language="zh_CN")
    said = {"kind": "translation", "name": "zh_CN", "texts": {"entity/note#/label": "便条"}}
    top = pack("top", said, requires={"upper": ">=1", "lower": ">=1"})
    model = report(lower(NOTE), upper, top).model
    assert model is not None
    assert model.entities["note"].label.to("zh_CN") == "便条"


NEW = {"type": "text", "label": "新的"}
