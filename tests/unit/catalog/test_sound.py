"""A broken part takes nothing with it but what it defines itself."""

from loomwork.catalog.compile import check_documents
from loomwork.extension.field_types import field_types
from loomwork.publishing.install import merged
from tests.documents import Body, PackBuilder, base
from tests.unit.catalog.problems import NOTE, entity, found, found_in


def test_a_missing_key_does_not_hide_the_condition_beside_it() -> None:
    check = {"when": "sise > 1", "message": "No."}
    assert set(found_in(entity(checks={"one": check}))) == {
        ("/checks/one", "missing_key"),
        ("/checks/one/when", "unknown_field"),
    }


def test_a_broken_mention_of_a_name_does_not_excuse_others() -> None:
    fields = {**NOTE["fields"], "one": {"type": "text", "visible": "user.nothing == 'x'"}}
    assert set(found_in(entity(fields=fields, completeness={"nothing": "high"}))) == {
        ("/completeness/nothing", "wrong_type"),
        ("/fields/one/visible", "unknown_field"),
    }


def test_a_broken_definition_excuses_who_names_it() -> None:
    fields = {**NOTE["fields"], "one": {"type": "memo"}}
    assert found_in(entity(fields=fields, completeness={"one": 1})) == [
        ("/fields/one/type", "unknown_value")
    ]


def test_an_unknown_address_is_told_beside_other_problems() -> None:
    texts = {"entity/note#/fields/nothing/label": "x", "entity/note#/fields/one/label": "y"}
    german: Body = {"kind": "translation", "name": "de", "texts": texts}
    fields = {**NOTE["fields"], "one": {"type": "memo"}}
    told = found(PackBuilder(entity(fields=fields), german).read())
    assert {one.code for one in told} == {"unknown_value", "unknown_address"}
    assert len(told) == 2


def test_what_is_only_missed_because_a_file_could_not_be_read_is_not_told() -> None:
    view: Body = {"kind": "view", "name": "lines", "entity": "line", "type": "list"}
    pack = PackBuilder(entity(), {**view, "columns": ["name"]}).read()
    documents = merged((), [base(), pack])
    unread = [f"{pack[0].pack}/entities/line.json"]
    assert [one.code for one in check_documents(documents, field_types()).problems] == [
        "unknown_entity"
    ]
    assert check_documents(documents, field_types(), unread).problems == ()
