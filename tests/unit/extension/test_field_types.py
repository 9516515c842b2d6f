"""Plug-ins bring field types by the same door as the platform."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from loomwork.errors import UnavailableError
from loomwork.extension import plugged
from loomwork.extension.field_types import GROUP, field_types
from loomwork.model.types.text import TextType


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    field_types.cache_clear()
    yield
    field_types.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, *values: str, name: str = "text") -> None:
    points = [EntryPoint(name, value, GROUP) for value in values]
    monkeypatch.setattr(plugged, "entry_points", lambda **_: points)


def test_a_type_is_known_by_the_name_of_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "loomwork.model.types.text:TextType")
    assert field_types() == {"text": TextType}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("pathlib:Path", "“pathlib” brings “pathlib:Path” as a field type, which it is not"),
        ("loomwork.errors:N_", "which it is not"),
        ("no_such_package:Lamp", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("pathlib:Lamp", "cannot be loaded: AttributeError: .* has no attribute 'Lamp'"),
        ("loomwork.model.field_type:FieldType", "lacks from_document, parse, sample, storage"),
        ("loomwork.model.types.date:DateType", "whose class says that it is “date”"),
    ],
)
def test_what_is_broken_is_told_with_its_package(
    monkeypatch: pytest.MonkeyPatch, value: str, told: str
) -> None:
    install(monkeypatch, value)
    with pytest.raises(UnavailableError, match=told):
        field_types()


def test_nobody_takes_the_name_of_another_type(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, *["loomwork.model.types.text:TextType"] * 2)
    with pytest.raises(UnavailableError, match=r"“text”, which .* brings already"):
        field_types()


def test_every_built_in_type_carries_the_name_of_its_entry_point() -> None:
    assert {name: type_.name for name, type_ in field_types().items()} == {
        name: name for name in field_types()
    }
