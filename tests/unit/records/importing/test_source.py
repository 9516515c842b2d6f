"""How a file is understood: encoding, separator, rows."""

from pathlib import Path

import pytest

from loomwork.errors import InvalidError, UnavailableError
from loomwork.records.importing.source import open_source, read_rows

CHINESE = "名称,备注\n杭州丝绸进出口有限公司,重要客户，需要回访\n北京科技股份有限公司,新客户\n"
WESTERN = "name;note\nMüller & Söhne;größter Kunde in München\nCafé Éclair;à rappeler\n"


def opened(folder: Path, content: bytes, encoding: str = "") -> tuple[str, str, int]:
    file = folder / "file.csv"
    file.write_bytes(content)
    source = open_source(file, encoding)
    return source.encoding, source.separator, source.rows


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE * 10_000, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN * 50, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_told_from_the_file(
    tmp_path: Path, text: str, encoding: str, found: str
) -> None:
    assert opened(tmp_path, text.encode(encoding))[0] == found


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_the_header_uses_most(tmp_path: Path, separator: str) -> None:
    text = separator.join(["a", "b", "c"]) + "\n1,5;2|3\t4\n"
    assert opened(tmp_path, text.encode())[1] == separator


def test_a_named_utf_8_may_begin_with_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(b"\xef\xbb\xbfname\nA\n")
    assert open_source(file, "UTF8").columns == ("name",)


def test_rows_carry_the_number_of_their_last_line_and_blank_ones_do_not_count(
    tmp_path: Path,
) -> None:
    file = tmp_path / "file.csv"
    file.write_text('\n a , b \n1,"two\nlines"\n\n , \n3,4\n', encoding="utf-8")
    source = open_source(file)
    assert (source.columns, source.rows) == (("a", "b"), 2)
    assert list(read_rows(source)) == [(4, ["1", "two\nlines"]), (7, ["3", "4"])]


def test_what_a_file_of_rejects_adds_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("'=a,b,_extra,_line,_reason\n'-x,2,,5,no\n1,2,\"3,4\",6,no\n1\n", "utf-8")
    source = open_source(file)
    assert source.columns == ("=a", "b")
    assert [row for _, row in read_rows(source)] == [["-x", "2"], ["1", "2", "3", "4"], ["1"]]


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", b",,\n", b"\0\0\0\0a"])
def test_a_file_without_a_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidError):
        opened(tmp_path, content)


def test_a_file_that_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no.csv", tmp_path / "no" / "no.csv"):
        with pytest.raises(UnavailableError):
            open_source(path)
