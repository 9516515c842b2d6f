"""The generated customer list reads as one from a real firm, mistakes included."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.field_type import FieldType
from loomwork_metadata.demo import write_customers
from loomwork_metadata.demo.customers import COLUMNS

Types = Mapping[str, Mapping[str, FieldType]]


def rows_of(path: Path, encoding: str) -> list[list[str]]:
    """Return the cells of the file, the column titles first."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def acceptable(types: Mapping[str, FieldType], row: list[str]) -> bool:
    """Tell whether every cell can be read by its field's type, and the name is there."""
    try:
        read = {
            name: types[name].parse_text(cell, locale="zh_CN")
            for name, cell in zip(COLUMNS, row, strict=True)
            if cell
        }
    except InvalidError:
        return False
    return "name" in read


def test_the_list_has_titles_in_its_language_and_as_many_rows_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    assert write_customers(path, rows=200) == ()
    titles, *rows = rows_of(path, "gb18030")
    assert titles[:5] == ["客户编号", "客户名称", "客户简称", "状态", "行业"]
    assert len(rows) == 200


def test_an_english_list_has_the_labels_of_the_pack(
    tmp_path: Path, entities: Mapping[str, dict[str, Any]]
) -> None:
    path = tmp_path / "customers.csv"
    write_customers(path, rows=3, encoding="utf-8", language="en")
    titles = rows_of(path, "utf-8")[0]
    assert titles[:4] == ["Customer number", "Name", "Short name", "Status"]
    assert set(COLUMNS) <= set(entities["account"]["fields"])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_exactly_the_bad_rows_cannot_be_taken(
    tmp_path: Path, types: Types, encoding: str, language: str
) -> None:
    path = tmp_path / "customers.csv"
    bad = write_customers(path, rows=400, encoding=encoding, language=language, bad_rows=16)
    rows = rows_of(path, encoding)[1:]
    refused = [n for n, row in enumerate(rows, 1) if not acceptable(types["account"], row)]
    assert tuple(refused) == bad
    assert len(bad) == 16


def test_both_languages_are_in_one_list_and_names_differ(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    write_customers(path, rows=500)
    names = [row[1] for row in rows_of(path, "gb18030")[1:]]
    assert 150 < sum(name.endswith("公司") for name in names) < 350
    assert len(set(names)) == 500


def test_the_same_seed_writes_the_same_file(tmp_path: Path) -> None:
    write_customers(tmp_path / "a.csv", rows=50, seed=3)
    write_customers(tmp_path / "b.csv", rows=50, seed=3)
    write_customers(tmp_path / "c.csv", rows=50, seed=4)
    first, same, other = [(tmp_path / f"{name}.csv").read_bytes() for name in "abc"]
    assert first == same
    assert first != other
