"""The canonical form says what was written, always in the same way."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog.formatting import canonical, documents_below, read_canonical
from loomwork.errors import Problem
from loomwork_metadata import KINDS, pack_folder
from tests.unit.metadata.kinds import example_of_each_kind

EXAMPLES = example_of_each_kind()
NUMBERS = st.sampled_from(["0", "-0", "1.50", "1e3", "5.0", "0.1000000000000000055", "9" * 400])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def shuffled(value: Any, source: random.Random) -> Any:
    """Return the same with the keys of every object in another order."""
    if isinstance(value, list):
        return [shuffled(item, source) for item in value]
    if not isinstance(value, dict):
        return value
    keys = source.sample(list(value), len(value))
    return {key: shuffled(value[key], source) for key in keys}


def written(**body: object) -> str:
    return canonical(json.dumps({"kind": "entity", **body}))


@given(
    kind=st.sampled_from(KINDS),
    source=st.randoms(use_true_random=False),
    more=st.dictionaries(texts, values, max_size=3),
    indent=st.sampled_from([None, 0, 2, 7]),
    ascii_only=st.booleans(),
)
def test_nothing_is_lost_and_twice_is_the_same_as_once(
    kind: str,
    source: random.Random,
    more: dict[str, Any],
    indent: int | None,
    ascii_only: bool,
) -> None:
    body = shuffled({**more, **EXAMPLES[kind]}, source)
    text = json.dumps(body, indent=indent, ensure_ascii=ascii_only)
    once = canonical(text)
    assert json.loads(once) == body
    assert canonical(once) == once
    assert once.endswith("}\n")


@given(source=st.randoms(use_true_random=False), kind=st.sampled_from(KINDS))
def test_the_keys_that_a_schema_knows_have_one_order(source: random.Random, kind: str) -> None:
    body = EXAMPLES[kind]
    fixed = shuffled(
        {key: value for key, value in body.items() if not isinstance(value, dict)}, source
    )
    kept = {key: value for key, value in body.items() if isinstance(value, dict)}
    assert canonical(json.dumps({**kept, **fixed})) == canonical(json.dumps({**fixed, **kept}))


@given(number=NUMBERS)
def test_a_number_keeps_its_digits(number: str) -> None:
    assert f'"x": {number}\n' in canonical(f'{{"kind": "entity", "x": {number}}}')


def test_the_schema_and_the_type_come_first_and_names_stay_as_written() -> None:
    fields = {"zeta": {"label": "Z", "type": "text"}, "alpha": {"places": 2, "type": "decimal"}}
    text = canonical(
        json.dumps({"fields": fields, "name": "note", "kind": "entity", "$schema": ""})
    )
    body = json.loads(text)
    assert list(body) == ["$schema", "kind", "name", "fields"]
    assert list(body["fields"]) == ["zeta", "alpha"]
    assert [list(field) for field in body["fields"].values()] == [
        ["type", "label"],
        ["type", "places"],
    ]


def test_a_patch_has_the_order_of_what_it_changes() -> None:
    change = {"unique": True, "label": "A", "$replace": {"label": "B", "type": "text"}}
    text = written(fields={"one": change}, extends=True)
    (one,) = json.loads(text)["fields"].values()
    assert list(one) == ["label", "unique", "$replace"]
    assert list(one["$replace"]) == ["type", "label"]


def test_letters_of_every_language_are_written_as_they_are() -> None:
    text = canonical('{"label": "\\u91d1\\u989d \\ud83d\\ude00", "kind": "entity"}')
    assert text == '{\n  "kind": "entity",\n  "label": "金额 😀"\n}\n'


def test_what_is_no_document_stays_as_it_is() -> None:
    assert canonical('{"b":1,"a":2}') == '{"b":1,"a":2}'


@pytest.mark.parametrize("pack", ["base", "sales"])
def test_the_documents_of_a_pack_are_found(pack: str) -> None:
    folder = pack_folder(pack)
    assert folder is not None
    assert set(documents_below(folder)) == set(folder.rglob("*.json"))
    assert set(documents_below(folder.parent)) >= set(folder.rglob("*.json"))
    assert set(documents_below(folder / "entities")) == set((folder / "entities").iterdir())


def test_what_lies_elsewhere_is_not_touched(tmp_path: Path) -> None:
    for name in ("data/a.json", "entities/.b.json", ".git/entities/c.json", "d.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "entities" / "link.json").symlink_to(tmp_path / "d.json")
    assert list(documents_below(tmp_path)) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"kind": "entity",\n  oops}', "not_json"),
        (b'{"a": 1, "a": 2}', "key_twice"),
        (b"[]", "not_an_object"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": "\\ud800"}', "bad_character"),
        (b"\xff", "not_utf8"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "too_deep"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    problem = read_canonical(file)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.file) == (code, str(file))


def test_a_mark_at_the_beginning_and_foreign_line_ends_go_away(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(b'\xef\xbb\xbf{\r\n  "kind": "entity"\r\n}')
    found = read_canonical(file)
    assert isinstance(found, tuple)
    before, after = found
    assert before != after == '{\n  "kind": "entity"\n}\n'
