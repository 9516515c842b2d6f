"""Plug-ins bring field types by the same door as the platform."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from loomwork.errors import UnavailableError
from loomwork.extension import field_types as loading
from loomwork.extension.field_types import GROUP, field_types
from loomwork.model.types.text import TextType


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    field_types.cache_clear()
    yield
    field_types.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint("fancy", value, GROUP)
    monkeypatch.setattr(loading, "entry_points", lambda **_: [point])


def test_a_type_is_known_by_the_name_of_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "loomwork.model.types.text:TextType")
    assert field_types() == {"fancy": TextType}


def test_what_is_no_field_type_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "pathlib:Path")
    with pytest.raises(UnavailableError, match="pathlib:Path"):
        field_types()


def test_every_built_in_type_carries_the_name_of_its_entry_point() -> None:
    assert {name: type_.name for name, type_ in field_types().items()} == {
        name: name for name in field_types()
    }
