"""Layers upon a document: merge patches, list patches, orders, and what a layer may not do."""

import pytest

from tests.documents import Body
from tests.unit.catalog.layering import NOTE, change, folded, lower, pack, report, site, told

DARK: Body = {"label": "Dark", "fields": {"upper_shade": {"type": "integer"}}}


def test_a_patch_changes_what_it_names_and_leaves_the_rest() -> None:
    memo = change(label="Memo", fields={"size": {"max": 9}, "mood": None})
    view = change("view", "notes", columns=["name"])
    form = change("form", tabs={"second": None})
    body = folded(lower(), pack("upper", memo, view, form)).body
    assert body["label"] == "Memo"
    assert list(body["fields"]) == ["name", "size"]
    assert body["fields"]["size"] == {"type": "integer", "min": 0, "max": 9}


def test_new_names_come_last_and_changed_ones_stay_in_their_place() -> None:
    above = pack("upper", change(fields={"upper_a": {"type": "date"}, "name": {"label": "N"}}))
    assert list(folded(lower(), above).body["fields"]) == ["name", "size", "mood", "upper_a"]


def test_replace_sets_an_object_as_a_whole() -> None:
    above = pack("upper", change(fields={"size": {"$replace": {"type": "decimal"}}}))
    assert folded(lower(), above).body["fields"]["size"] == {"type": "decimal"}


def test_a_list_of_names_is_replaced_or_patched() -> None:
    columns = {"$remove": ["size"], "$before": {"name": ["mood"]}}
    patched = folded(
        lower(), pack("upper", change("view", "notes", columns=columns)), kind="view", name="notes"
    )
    assert patched.body["columns"] == ["mood", "name"]
    whole = change("view", "notes", columns=["size"])
    replaced = folded(lower(), pack("upper", whole), kind="view", name="notes")
    assert replaced.body["columns"] == ["size"]


def test_a_missing_anchor_is_a_warning_and_appends() -> None:
    columns = {"$after": {"gone": ["owner"]}}
    found = report(lower(), pack("upper", change("view", "notes", columns=columns)))
    assert found.documents["view"]["notes"].body["columns"] == ["name", "size", "mood", "owner"]
    (warning,) = found.warnings
    assert (warning.pointer, warning.code) == ("/columns/$after/gone", "no_anchor")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["second"], ["second", "first"]),
        (["second", "first"], ["second", "first"]),
        ({"$before": {"first": ["second"]}}, ["second", "first"]),
        ({"$after": {"second": ["first"]}}, ["second", "first"]),
    ],
)
def test_an_order_moves_names_and_loses_none(order: object, expected: list[str]) -> None:
    body = folded(lower(), pack("upper", change("form", order=order)), kind="form").body
    assert list(body["tabs"]) == expected
    assert "order" not in body


def test_an_order_of_names_that_do_not_exist_is_a_warning() -> None:
    found = report(lower(), pack("upper", change("form", order=["second", "third"])))
    (warning,) = found.warnings
    assert (warning.file, warning.pointer) == ("upper/forms/note.json", "/order/1")
    assert list(found.documents["form"]["note"].body["tabs"]) == ["second", "first"]


def test_a_definition_may_say_its_own_order() -> None:
    note = {**NOTE, "fields": {**NOTE["fields"], "mood": {**NOTE["fields"]["mood"]}}}
    note["fields"]["mood"]["order"] = ["bad"]
    body = folded(lower({**note, "order": ["mood", "name"]})).body
    assert list(body["fields"]) == ["mood", "name", "size"]
    assert list(body["fields"]["mood"]["options"]) == ["bad", "good"]


def test_a_patch_of_nothing_is_told_with_the_nearest_name() -> None:
    found = report(lower(), pack("upper", change(name="notte")))
    (problem,) = found.problems
    assert (problem.code, problem.context["hint"]) == ("unknown_document", "note")
    assert problem.file == "upper/entities/notte.json"


def test_a_second_definition_names_both_files() -> None:
    (problem,) = report(lower(), pack("upper", NOTE)).problems
    assert (problem.code, problem.file) == ("defined_twice", "upper/entities/note.json")
    assert problem.context["file"] == "lower/entities/note.json"


def test_a_pack_that_changes_another_has_to_require_it() -> None:
    stranger = pack("upper", change(label="x"), requires={})
    assert told(lower(), stranger) == [("upper/entities/note.json", "/extends", "not_required")]


def test_a_required_pack_may_be_required_by_way_of_another() -> None:
    between = pack("middle")
    above = pack("upper", change(label="x"), requires={"middle": ">=1"})
    assert folded(lower(), between, above).body["label"] == "x"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        (change(fields={"shade": {"type": "integer"}}), "/fields/shade"),
        (change(fields={"mood": {"options": {"fair": {}}}}), "/fields/mood/options/fair"),
        (change(indexes={"by_mood": ["mood"]}), "/indexes/by_mood"),
        (change(checks={"big": {"must": "size > 3"}}), "/checks/big"),
        (
            change(fields={"mood": {"options": {"$replace": {"good": {}, "fair": {}}}}}),
            "/fields/mood/options/$replace/fair",
        ),
    ],
)
def test_what_a_pack_adds_to_another_begins_with_its_name(changed: Body, pointer: str) -> None:
    expected = ("upper/entities/note.json", pointer, "name_without_prefix")
    assert expected in told(lower(), pack("upper", changed))


def test_what_is_inside_an_addition_is_named_freely() -> None:
    field = {"type": "select", "options": {"any": {}}}
    assert told(lower(), pack("upper", change(fields={"upper_kind": field}))) == []


def test_a_site_changes_what_it_likes_and_names_what_it_adds() -> None:
    good = site(change(label="Zettel", fields={"x_shade": {"type": "integer"}}))
    assert folded(lower(), good).body["label"] == "Zettel"
    (bad,) = report(lower(), site(change(fields={"shade": {"type": "integer"}}))).problems
    assert (bad.file, bad.context["example"]) == ("site/entities/note.json", "x_shade")


def test_the_site_lies_above_every_pack() -> None:
    packs = [site(change(label="S")), pack("upper", change(label="U")), lower()]
    assert folded(*packs).body["label"] == "S"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"label": "A"}, {"label": "B"}),
        ({"fields": {"size": {"max": 5}}}, {"fields": {"size": {"max": 6}}}),
        ({"fields": {"size": None}}, {"fields": {"size": {"max": 6}}}),
        ({"fields": {"size": {"max": 5}}}, {"fields": {"size": None}}),
        ({"fields": {"size": {"$replace": {"type": "date"}}}}, {"fields": {"size": {"max": 6}}}),
        ({"indexes": {"by_size": ["name"]}}, {"indexes": {"by_size": {"$add": ["mood"]}}}),
        (
            {"indexes": {"by_size": {"$remove": ["name"]}}},
            {"indexes": {"by_size": {"$after": {"size": ["name"]}}}},
        ),
        ({"order": ["mood"]}, {"order": ["size"]}),
    ],
)
def test_two_packs_that_set_one_leaf_conflict_by_name(one: Body, two: Body) -> None:
    packs = [lower(), pack("beta", change(**two)), pack("alpha", change(**one))]
    problem = next(one for one in report(*packs).problems if one.code == "layers_conflict")
    assert problem.file == "beta/entities/note.json"
    assert (problem.context["pack"], problem.context["other"]) == ("beta", "alpha")
    assert problem.context["file"].startswith("alpha/entities/note.json:")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"label": "A"}, {"label": "A"}),
        ({"label": "A"}, {"plural": "B"}),
        ({"fields": {"size": {"max": 5}}}, {"fields": {"size": {"min": 1}}}),
        ({"fields": {"size": {"max": 5}}}, {"fields": {"size": {"max": 5}, "mood": None}}),
        (
            {"indexes": {"by_size": {"$add": ["mood"]}}},
            {"indexes": {"by_size": {"$remove": ["name"]}}},
        ),
    ],
)
def test_two_packs_that_do_not_disagree_both_count(one: Body, two: Body) -> None:
    found = report(lower(NOTE), pack("beta", change(**two)), pack("alpha", change(**one)))
    assert found.problems == ()


def test_the_way_out_of_a_conflict_is_that_one_requires_the_other() -> None:
    alpha = pack("alpha", change(label="A"))
    beta = pack("beta", change(label="B"), requires={"lower": ">=1", "alpha": ">=1"})
    assert folded(lower(), alpha, beta).body["label"] == "B"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"fields": {"size": {"max": 5}}}, "/fields/size/max"),
        ({"fields": {"size": None}}, "/fields/size"),
        ({"fields": {"size": {"$replace": {"type": "date"}}}}, "/fields/size/$replace"),
        ({"fields": {"$replace": {"name": {"type": "text"}}}}, "/fields/$replace"),
    ],
)
@pytest.mark.parametrize("layer", ["upper", "site"])
def test_what_is_locked_is_not_changed(changed: Body, pointer: str, layer: str) -> None:
    locked = lower(locked=["entity/note#/fields/size"])
    above = site(change(**changed)) if layer == "site" else pack(layer, change(**changed))
    problem = next(one for one in report(locked, above).problems if one.code == "locked")
    assert (problem.file, problem.context["pack"]) == (f"{layer}/entities/note.json", "lower")
    assert problem.pointer in (pointer, pointer.removesuffix("/$replace"))


def test_beside_a_lock_everything_may_change() -> None:
    locked = lower(locked=["entity/note#/fields/size"])
    above = pack("upper", change(fields={"size": {"min": 0}, "name": {"label": "N"}}))
    assert folded(locked, above).body["fields"]["name"]["label"] == "N"


def test_that_something_locked_is_removed_is_told_once() -> None:
    locked = lower(locked=["entity/note#/fields/size"])
    above = pack("upper", change(fields={"size": None}))
    problems = [one for one in report(locked, above).problems if "locked" in one.message()]
    assert [one.code for one in problems] == ["locked"]


def test_a_lock_on_nothing_is_told() -> None:
    wrong = lower(locked=["entity/note#/fields/sise", "entity/other#/label", "entity/note#/label"])
    assert told(wrong) == [
        ("lower/pack.json", f"/locked/{place}", "unknown_address") for place in (0, 1)
    ]


def test_what_only_goes_wrong_together_is_told_where_it_was_caused() -> None:
    fields = change(fields={"name": {"type": "select"}})
    assert told(lower(NOTE), pack("upper", fields))[0][0] == "upper/entities/note.json"
    options = change(fields={"size": {"type": "select"}})
    found = told(lower(NOTE), pack("upper", options))
    assert ("upper/entities/note.json", "/fields/size/type", "breaks_lower_layer") in found
    assert {file for file, _, _ in found} == {"upper/entities/note.json"}


def texts(label: str, **more: str) -> Body:
    said = {"entity/note#/label": label, **more}
    return {"kind": "translation", "name": "de", "texts": said}


def test_translations_of_several_packs_fold_by_address() -> None:
    title = {"entity/note#/fields/name/label": "Titel"}
    found = report(lower(NOTE, texts("Notiz", **title)), pack("upper", texts("Zettel")))
    assert found.model is not None
    note = found.model.entities["note"]
    assert (note.label.to("de"), note.fields["name"].label.to("de")) == ("Zettel", "Titel")


def test_two_packs_that_translate_one_text_otherwise_conflict() -> None:
    other, same = pack("beta", texts("B")), pack("beta", texts("A"))
    assert [file for file, _, _ in told(lower(NOTE), pack("alpha", texts("A")), other)] == [
        "beta/translations/de.json"
    ]
    assert told(lower(NOTE), pack("alpha", texts("A")), same) == []


def test_a_circle_of_packs_is_named() -> None:
    packs = [
        pack("one", requires={"two": ">=1"}),
        pack("two", requires={"three": ">=1"}),
        pack("three", requires={"one": ">=1"}),
    ]
    (problem,) = report(*packs).problems
    assert problem.code == "required_in_circle"
    assert problem.context["names"].count(" → ") == 3


def test_a_pack_that_requires_itself_is_told_so() -> None:
    (problem,) = report(pack("one", requires={"one": ">=1"})).problems
    assert problem.message() == "A pack cannot require itself."


@pytest.mark.parametrize("wanted", ["", "latest", "~1"])
@pytest.mark.parametrize("needed", ["lower", "missing"])
def test_what_is_no_range_of_versions_is_told_once(needed: str, wanted: str) -> None:
    (problem,) = report(lower(), pack("one", requires={needed: wanted})).problems
    assert problem.code == "bad_form"
