"""What the Model holds of the documents: canonical expressions, forms in order, settings."""

import pytest

from loomwork.model.screens import FieldConditions
from tests.documents import Body, PackBuilder
from tests.unit.catalog.problems import compiled, entity, field, found_in

FIELDS = {
    "name": {"type": "text", "normalise": ["trim", "halfwidth"]},
    "size": {"type": "integer", "required": "state  ==  'b'", "readonly": True, "default": 1},
    "state": {"type": "select", "options": {"a": {}, "b": {"when": "size>5"}}},
    "above": {
        "type": "link",
        "to": "note",
        "inverse": "below",
        "filter": "size>this.size",
        "fill": {"name": "concat(above.name,'!')"},
        "visible": "count(below)>0",
        "readonly": "size is  None",
    },
    "when": {"type": "date", "default": {"is": "today( )"}, "visible": False},
}


def form(name: str, **changes: object) -> Body:
    tabs = {"main": {"sections": {"first": {"fields": ["name"], "visible": "size>1"}}}}
    return {"kind": "form", "name": name, "entity": "note", "tabs": tabs, **changes}


def test_conditions_are_kept_as_canonical_texts() -> None:
    note = compiled(PackBuilder(entity(fields=FIELDS)).read()).entities["note"]
    size, above, when = note.fields["size"], note.fields["above"], note.fields["when"]
    assert (size.required, size.required_when) == (False, "state == 'b'")
    assert (size.readonly, size.readonly_when, size.default) == (True, "", 1)
    assert (above.filter, above.fill) == (
        "size > this.size",
        {"name": "concat(above.name, '!')"},
    )
    assert (above.visible_when, above.readonly_when) == ("count(below) > 0", "size is None")
    assert (when.default_is, when.visible_when) == ("today()", "False")
    assert note.fields["state"].option_when == {"b": "size > 5"}
    assert note.fields["name"].normalise == ("trim", "halfwidth")


def test_checks_completeness_and_trees_are_in_the_model() -> None:
    checks = {
        "big": {"must": "size>5", "when": "changed('size')", "message": "Too small."},
        "old_one": {"must": True, "at": "commit", "severity": "flag", "field": "size"},
    }
    document = entity(
        fields=FIELDS, checks=checks, completeness={"name": 2, "size": 1}, hierarchy="above"
    )
    model = compiled(PackBuilder(document).read())
    note = model.entities["note"]
    big, second = note.checks["big"], note.checks["old_one"]
    assert (big.must, big.when, big.at, big.severity) == (
        "size > 5",
        "changed('size')",
        "write",
        "refuse",
    )
    assert (second.must, second.field, second.message.source) == ("True", "size", "")
    assert (note.completeness, note.hierarchy) == ({"name": 2, "size": 1}, "above")
    assert model.inverses["note"]["below"] == (note, note.fields["above"])


def test_the_first_form_in_order_is_tried_first() -> None:
    forms = (
        form("alpha"),
        form("beta", order=5, use={"on": ["create"], "when": "size>1"}),
        form("gamma", order=200),
    )
    model = compiled(PackBuilder(entity(), *forms).read())
    assert [one.name for one in model.forms_of["note"]] == ["beta", "alpha", "gamma"]
    assert model.form_of["note"].name == "alpha"
    assert model.forms["beta"].use.when == "size > 1"
    assert model.forms["alpha"].tabs["main"].sections["first"].visible == "size > 1"


def test_the_conditions_of_a_form_are_its_own() -> None:
    said = {"size": {"span": 2, "required": True, "readonly": "size>1"}, "name": {"span": 2}}
    model = compiled(PackBuilder(entity(), form("alpha", fields=said)).read())
    assert model.forms["alpha"].conditions == {
        "size": FieldConditions(required="True", readonly="size > 1")
    }


def test_settings_are_typed_and_known_by_the_name_of_their_pack() -> None:
    settings = {"days": {"type": "integer", "default": 7, "min": 1, "label": "Days"}}
    checks = {"one": {"must": "size > settings.days"}}
    model = compiled(PackBuilder(entity(checks=checks), settings=settings).read())
    setting = model.settings["workshop.days"]
    assert (setting.default, setting.label.source) == (7, "Days")
    assert model.entities["note"].checks["one"].must == "size > settings.workshop.days"


def test_a_select_takes_its_options_from_the_workflow_that_governs_it() -> None:
    flow = {
        "kind": "workflow",
        "name": "note",
        "entity": "note",
        "field": "one",
        "start": ["new"],
        "states": {"new": {"label": "Fresh"}, "done": {}},
        "transitions": {"finish": {"from": ["new"], "to": "done"}},
    }
    document = field(type="select", default="new")
    document["checks"] = {"a": {"must": "one != 'done'"}}
    translation = {
        "kind": "translation",
        "name": "zh_CN",
        "texts": {"workflow/note#/states/done/label": "完成"},
    }
    model = compiled(PackBuilder(document, flow, translation).read())
    one = model.entities["note"].fields["one"]
    assert one.default == "new"
    options = one.type.options  # type: ignore[attr-defined]
    assert [option.label.to("zh_CN") for option in options.values()] == ["Fresh", "完成"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (field(type="select"), ("/fields/one", "no_options")),
        (field(type="text", required=True, readonly=True), ("/fields/one", "never_filled")),
        (
            field(type="integer", default={"is": "name"}),
            ("/fields/one/default/is", "wrong_kind"),
        ),
        (entity(hierarchy="size"), ("/hierarchy", "no_tree")),
        (
            field(type="link", to="note", required=True, on_delete="clear"),
            ("/fields/one/on_delete", "required_emptied"),
        ),
        (
            field(type="reference", to=["note"], required=True, on_delete="clear"),
            ("/fields/one/on_delete", "required_emptied"),
        ),
    ],
)
def test_fields_that_cannot_work_are_refused(document: Body, problem: tuple[str, str]) -> None:
    assert found_in(document) == [problem]


def test_two_links_cannot_come_back_under_one_name() -> None:
    link = {"type": "link", "to": "note", "inverse": "below"}
    fields = {"name": {"type": "text"}, "a": link, "b": link, "c": {**link, "inverse": "name"}}
    assert found_in(entity(fields=fields)) == [
        ("/fields/b/inverse", "inverse_taken"),
        ("/fields/c/inverse", "inverse_taken"),
    ]
