"""A pack in a zip file reads as its folder does, and nothing in it is believed unseen."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog import archive
from loomwork.catalog.documents import read_pack, scan_pack
from loomwork.errors import DocumentError, Problem
from tests.documents import workshop

Fill = Callable[[ZipFile], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a pack without problems."""
    return workshop().write(tmp_path / "workshop")


def zipped(folder: Path, *fills: Fill, top: str = "") -> Path:
    """Return a zip file of the folder, with more in it."""
    place = folder.parent / "workshop.zip"
    with ZipFile(place, "w", ZIP_DEFLATED) as made:
        for path in sorted(folder.rglob("*")):
            made.write(path, top + path.relative_to(folder).as_posix())
        for fill in fills:
            fill(made)
    return place


def problems(place: Path) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        read_pack(place)
    return list(caught.value.problems)


@pytest.mark.parametrize("top", ["", "workshop/", "workshop-1.0.0/"])
def test_a_zip_file_reads_as_its_folder_does(folder: Path, top: str) -> None:
    (folder / "README.md").write_text("x")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "deal.py").write_text("x = 1\n")
    assert read_pack(zipped(folder, top=top)) == read_pack(folder)


def test_what_systems_add_by_themselves_is_left_alone(folder: Path) -> None:
    def fill(made: ZipFile) -> None:
        made.writestr("__MACOSX/workshop/._pack.json", b"\x00")
        made.writestr("workshop/.DS_Store", b"\x00")

    assert read_pack(zipped(folder, fill, top="workshop/")) == read_pack(folder)


def adding(name: str, content: bytes = b"{}", mode: int = 0) -> Fill:
    def fill(made: ZipFile) -> None:
        info = ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        info.external_attr = mode << 16
        made.writestr(info, content)

    return fill


@pytest.mark.parametrize(
    ("fill", "name", "code"),
    [
        (adding("../escape.json"), "../escape.json", "bad_file_name"),
        (adding("entities/../../escape.json"), "entities/../../escape.json", "bad_file_name"),
        (adding("/etc/passwd"), "/etc/passwd", "bad_file_name"),
        (adding("C:/x.json"), "C:/x.json", "bad_file_name"),
        (adding("entities\\x.json"), "entities\\x.json", "bad_file_name"),
        (adding("entities//x.json"), "entities//x.json", "bad_file_name"),
        (adding("./pack.json"), "./pack.json", "bad_file_name"),
        (adding("entities/a\x01.json"), "entities/a\x01.json", "bad_file_name"),
        (adding("entities/l.json", b"/etc/passwd", stat.S_IFLNK), "entities/l.json", "not_a_file"),
        (adding("entities/p.json", b"", stat.S_IFIFO), "entities/p.json", "not_a_file"),
        (adding("ENTITIES/Maker.json"), "ENTITIES/Maker.json", "file_twice"),
        (adding("inner.zip", b"PK"), "inner.zip", "stray_file"),
        (adding("entities/inner.zip", b"PK"), "entities/inner.zip", "stray_file"),
        (adding("entities/deep/x.json"), "entities/deep/x.json", "stray_file"),
    ],
)
def test_an_entry_that_is_not_safe_is_named(folder: Path, fill: Fill, name: str, code: str) -> None:
    assert [(one.file, one.code) for one in problems(zipped(folder, fill))] == [(name, code)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(folder: Path) -> None:
    twice = adding("entities/maker.json")
    told = problems(zipped(folder, twice))
    assert [(one.file, one.code) for one in told] == [("entities/maker.json", "file_twice")]


def test_an_encrypted_entry_is_refused(folder: Path) -> None:
    place = zipped(folder)
    raw = bytearray(place.read_bytes())
    central = raw.index(b"PK\x01\x02")
    flags = struct.unpack_from("<H", raw, central + 8)[0]
    struct.pack_into("<H", raw, central + 8, flags | 1)
    place.write_bytes(raw)
    assert [one.code for one in problems(place)[:1]] == ["encrypted"]


def test_an_encrypted_pack_is_told_as_such(folder: Path) -> None:
    place = folder.parent / "workshop.zip"
    with ZipFile(place, "w") as made:
        made.writestr("pack.json", "{}")
    raw = bytearray(place.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    place.write_bytes(bytes(raw))
    assert [(one.file, one.code) for one in problems(place)] == [("pack.json", "encrypted")]


def test_too_many_entries_are_refused_unread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 5)
    assert [one.code for one in problems(zipped(folder))] == ["too_many_files"]


def test_a_bomb_is_stopped_by_what_comes_out_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SMALL", 100_000)
    bombs = [adding_packed(f"data/{number}.json", 900_000) for number in range(9)]
    (problem,) = problems(zipped(folder, *bombs))
    assert problem.code == "too_large"
    assert problem.file.startswith("data/")


def adding_packed(name: str, size: int) -> Fill:
    return lambda made: made.writestr(name, b" " * size, ZIP_DEFLATED)


def test_a_document_that_unpacks_too_large_is_named(folder: Path) -> None:
    big = adding_packed("entities/big.json", 1_000_001)
    told = problems(zipped(folder, big))
    assert [(one.file, one.code) for one in told] == [("entities/big.json", "too_large")]


def test_an_archive_larger_than_a_pack_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_PACK", 100)
    assert [one.code for one in problems(zipped(folder))] == ["too_large"]


def test_what_is_no_zip_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no archive")
    assert [one.code for one in problems(tmp_path / "x.zip")] == ["unreadable"]
    assert [one.code for one in problems(tmp_path / "missing.zip")] == ["no_folder"]


@given(data=st.data())
def test_no_damage_to_an_archive_is_more_than_a_problem(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made:
        made.writestr("pack.json", '{"kind": "pack", "name": "p"}' + " " * 200)
        made.writestr("entities/a.json", '{"kind": "entity", "name": "a"}')
    raw = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    place = tmp_path_factory.mktemp("damaged") / "p.zip"
    place.write_bytes(raw)
    documents, told = scan_pack(place)
    assert documents or told


def test_the_test_writes_what_it_says() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as made:
        adding("a\\b", b"x", stat.S_IFLNK)(made)
    (info,) = zipfile.ZipFile(stream).infolist()
    assert (info.orig_filename, info.external_attr >> 16) == ("a\\b", stat.S_IFLNK)
