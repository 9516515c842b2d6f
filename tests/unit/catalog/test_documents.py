"""What a pack's folder may hold, and how it is told what may not be there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from loomwork.catalog.documents import LARGEST, read_pack, scan_pack
from loomwork.errors import DocumentError, Problem
from tests.documents import MAKER, PACK, PackBuilder, workshop

Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a pack without problems."""
    return workshop().write(tmp_path / "workshop")


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        read_pack(folder)
    return list(caught.value.problems)


def test_a_pack_reads_with_pack_json_first_and_the_rest_in_order(folder: Path) -> None:
    files = [document.file for document in read_pack(folder)]
    assert files == [
        "pack.json",
        "entities/machine.json",
        "entities/maker.json",
        "entities/part.json",
        "roles/foreman.json",
        "roles/mechanic.json",
    ]


def test_what_stands_beside_the_documents_is_left_alone(folder: Path) -> None:
    for name in ("README.md", "CHANGELOG.md", "LICENSE", ".gitignore", "entities/.hidden"):
        (folder / name).write_text("x")
    assert len(read_pack(folder)) == 6


def write(name: str, content: str | bytes) -> Change:
    raw = content.encode() if isinstance(content, str) else content

    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)

    return change


@pytest.mark.parametrize(
    ("change", "file", "code"),
    [
        (write("entities/bad.json", '{"kind": "entity",\n "name" "x"}'), "bad", "not_json"),
        (write("entities/bad.json", b'{"kind": "\xff"}'), "bad", "not_utf8"),
        (write("entities/bad.json", "[]"), "bad", "not_an_object"),
        (write("entities/bad.json", ""), "bad", "not_json"),
        (write("entities/bad.json", '{"a": 1, "a": 2}'), "bad", "key_twice"),
        (write("entities/bad.json", '{"a": {"b": 1, "b": 1}}'), "bad", "key_twice"),
        (write("entities/bad.json", '{"a": NaN}'), "bad", "not_json"),
        (write("entities/bad.json", '{"a": -Infinity}'), "bad", "not_json"),
        (write("entities/bad.json", '{"a": 1e400}'), "bad", "too_large"),
        (write("entities/bad.json", '{"a": ' + "9" * 5000 + "}"), "bad", "unreadable"),
        (write("entities/bad.json", '{"a": "\\ud800"}'), "bad", "bad_character"),
        (write("entities/bad.json", '{"a":' * 100_000), "bad", "too_deep"),
        (write("entities/bad.json", '{"a":' * 60 + "1" + "}" * 60), "bad", "too_deep"),
        (write("entities/bad.json", " " * (LARGEST + 1)), "bad", "too_large"),
        (write("pack.json", " " * (LARGEST + 1)), "pack.json", "too_large"),
        (write("entities/note.txt", "x"), "entities/note.txt", "stray_file"),
        (write("entities/deeper/a.json", "{}"), "deeper", "stray_file"),
        (write("data/seed.txt", "x"), "data/seed.txt", "stray_file"),
        (write("scripts/x.js", ""), "scripts/x.js", "stray_file"),
        (write("forms/x.py", ""), "forms/x.py", "stray_file"),
        (write("others/x.json", "{}"), "others/x.json", "stray_file"),
        (write("scripts/x.py", b"\xff"), "scripts/x.py", "not_utf8"),
        (write("scripts/x.py", " " * (LARGEST + 1)), "scripts/x.py", "too_large"),
        (write("other.json", "{}"), "other.json", "stray_file"),
    ],
)
def test_what_does_not_belong_is_named_with_its_file(
    folder: Path, change: Change, file: str, code: str
) -> None:
    change(folder)
    ((told, known),) = [(problem.code, problem.file) for problem in problems(folder)]
    assert told == code
    assert file in known


def test_a_file_that_is_not_json_is_told_with_line_and_column(folder: Path) -> None:
    write("entities/bad.json", '{"kind": "entity",\n "name" "x"}')(folder)
    (problem,) = problems(folder)
    assert problem.message() == "This is not JSON: line 2, column 9."


@pytest.mark.parametrize("link", ["pack.json", "entities/linked.json", "forms", "LINK"])
def test_a_symbolic_link_is_not_followed(folder: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.json").write_text(json.dumps(PACK))
    (folder / link).unlink(missing_ok=True)
    (folder / link).symlink_to(outside / "a.json" if link.endswith(".json") else outside)
    assert [problem.code for problem in problems(folder)] == ["stray_file"]


def test_a_missing_folder_and_one_without_a_pack_are_told_apart(tmp_path: Path) -> None:
    assert [problem.code for problem in problems(tmp_path / "none")] == ["no_folder"]
    assert [problem.code for problem in problems(tmp_path)] == ["no_pack"]


def test_a_file_in_place_of_a_folder_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "pack").write_text("x")
    assert [problem.code for problem in problems(tmp_path / "pack")] == ["no_folder"]


def test_scripts_and_seed_records_are_kept_as_texts_after_the_documents(folder: Path) -> None:
    before = {document.file: document for document in read_pack(folder)}
    write("scripts/deal.py", "def run():\n    return 1\n")(folder)
    write("rules/old.py", "x = 1\n")(folder)
    write("data/teams.json", "[not JSON of ours]")(folder)
    documents = read_pack(folder)
    attached = [document for document in documents if document.kind == "attachment"]
    assert [one.file for one in attached] == ["data/teams.json", "rules/old.py", "scripts/deal.py"]
    assert documents[-3:] == tuple(attached)
    assert attached[2].text == "def run():\n    return 1\n"
    assert before == {one.file: one for one in documents if one not in attached}


def test_what_can_be_read_is_given_beside_what_cannot(folder: Path) -> None:
    write("entities/bad.json", "{")(folder)
    documents, problems_ = scan_pack(folder)
    assert len(documents) == 6
    assert [problem.file for problem in problems_] == ["entities/bad.json"]


def test_every_broken_file_is_named_at_once(folder: Path) -> None:
    for number in range(5):
        write(f"entities/bad{number}.json", "{")(folder)
    write("notes.txt", "x")(folder)
    assert len(problems(folder)) == 6


def test_a_byte_order_mark_changes_nothing(folder: Path) -> None:
    before = [document.hash for document in read_pack(folder)]
    path = folder / "entities" / "maker.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [document.hash for document in read_pack(folder)] == before


def test_the_order_of_keys_survives(tmp_path: Path) -> None:
    turned = {**MAKER, "fields": dict(reversed(MAKER["fields"].items()))}
    folder = PackBuilder(turned).write(tmp_path)
    assert list(read_pack(folder)[1].body["fields"]) == ["secret", "name"]


def test_of_a_folder_that_is_no_pack_nothing_else_is_said(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.conf").touch()
    with pytest.raises(DocumentError) as refused:
        read_pack(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["no_pack"]


def test_a_folder_that_is_misspelt_is_told_with_the_nearest(tmp_path: Path) -> None:
    folder = workshop().write(tmp_path / "workshop")
    (folder / "entitys").mkdir()
    (folder / "entitys" / "thing.json").write_text("{}")
    (problem,) = problems(folder)
    assert (problem.code, problem.context["hint"]) == ("stray_file", "entities")
