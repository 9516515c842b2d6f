"""Which column goes into which field."""

from collections.abc import Mapping
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.extension.field_types import field_types
from loomwork.model.entity import Entity, Field
from loomwork.model.text import Text
from loomwork.records.importing.mapping import map_columns


def field(name: str, label: str, chinese: str, **settings: Any) -> Field:
    type_ = field_types()["text"].from_document({}, lambda _, source: Text(source, {}))
    return Field(name=name, label=Text(label, {"zh_CN": chinese}), type=type_, **settings)


ENTITY = Entity(
    name="plant",
    label=Text("Plant", {}),
    plural=Text("Plants", {}),
    title="name",
    icon="plant",
    ownership="none",
    fields={
        "name": field("name", "Name", "名称"),
        "customer_number": field("customer_number", "Number", "编号"),
        "made": field("made", "Made", "制作", readonly=True),
    },
)


def mapped(*columns: str, given: Mapping[str, str | None] | None = None) -> dict[int, str]:
    found = map_columns(ENTITY, columns, given or {})
    return {position: one.name for position, one in found.items()}


@pytest.mark.parametrize("header", ["name", "NAME", "名称", "Name"])
def test_a_header_is_a_name_or_a_label_in_any_language(header: str) -> None:
    assert mapped(header) == {0: "name"}


@pytest.mark.parametrize("header", ["customer_number", "Customer Number", "number", "编号"])
def test_a_name_may_be_written_with_spaces(header: str) -> None:
    assert mapped("name", header) == {0: "name", 1: "customer_number"}


def test_what_is_given_counts_before_what_is_guessed() -> None:
    given = {"name": "customer_number", "other": None}
    assert mapped("name", "other", given=given) == {0: "customer_number"}


def test_a_map_may_name_what_a_file_of_rejects_adds() -> None:
    assert mapped("name", given={"_extra": None, "_line": None, "_reason": None}) == {0: "name"}


@pytest.mark.parametrize(
    ("columns", "given"),
    [
        (["name", "colour"], {}),
        (["name", "名称"], {}),
        (["name", ""], {}),
        (["made"], {}),
        (["name"], {"nothing": "name"}),
        (["name"], {"name": "colour"}),
        (["name"], {"name": "made"}),
    ],
)
def test_columns_that_do_not_fit_are_all_named(
    columns: list[str], given: dict[str, str | None]
) -> None:
    with pytest.raises(InvalidError) as raised:
        map_columns(ENTITY, columns, given)
    assert len(raised.value.problems) == 1
