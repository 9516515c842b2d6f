"""The labels of the shipped packs can be written in expressions."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import read_pack
from loomwork.expressions import parse_value, to_text
from loomwork.expressions.labels import from_labels, to_labels
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.scope import EntityScope
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork_metadata import pack_folder, pack_names

LOCALES = ("en", "zh_CN")


@cache
def shipped() -> Model:
    folders = [folder for name in pack_names() if (folder := pack_folder(name)) is not None]
    documents = [document for folder in folders for document in read_pack(folder)]
    return compile_model(documents, field_types())


def scope(entity: str) -> EntityScope:
    return model_scope(shipped(), shipped().entities[entity])


def labels(entity: str, locale: str) -> Iterator[tuple[str, str]]:
    """Yield the names of the usable fields with their labels."""
    fields = scope(entity)
    for name in fields.names():
        info = fields.field(name)
        if info is not None and info.label is not None:
            yield name, info.label.to(locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_fields_of_an_entity_share_a_label(locale: str) -> None:
    alike = [
        (entity, left, right)
        for entity in shipped().entities
        for (left, told), (right, other) in combinations(labels(entity, locale), 2)
        if told == other
    ]
    assert alike == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_is_shown_by_its_label_and_read_again(locale: str) -> None:
    for entity in shipped().entities:
        for name, label in labels(entity, locale):
            tree = parse_value(f"{name} is None", scope(entity))
            shown = to_labels(tree, scope(entity), locale)
            assert label in shown
            assert from_labels(shown, scope(entity), locale) == f"{name} is None"


@pytest.mark.parametrize("locale", LOCALES)
def test_records_that_link_to_one_are_shown_and_read_again(locale: str) -> None:
    for entity in shipped().entities:
        for inverse in scope(entity).inverses(entity):
            tree = parse_value(f"count({inverse}) > max(count({inverse}), 2)", scope(entity))
            shown = to_labels(tree, scope(entity), locale)
            assert from_labels(shown, scope(entity), locale) == to_text(tree)


def test_a_field_comes_before_records_of_the_same_label() -> None:
    assert from_labels("user.团队 == 团队", scope("user"), "zh_CN") == "user.team == team"
    assert from_labels("count(团队) > 1", scope("user"), "zh_CN") == "count(led_teams) > 1"
