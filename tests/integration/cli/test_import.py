"""Importing files as people have them."""

import csv
import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from loomwork_metadata.demo import write_customers
from tests.forking import start
from tests.garden import write_garden
from tests.integration.cli.conftest import Outcome, Shell
from tests.processes import environment

CHINESE = (
    "名称,编号,高度,种植日期,光照\n玫瑰,R-1,120,2026/1/31,半阴\n竹子,R-2,,2026年2月1日,全日照\n"
)
ENGLISH = "Name;Code;Height;Planted;Light\nRosé;R-1;120;2026-01-31;Half shade\nOak;R-2;;;SUN\n"


def write(folder: Path, text: str | bytes, name: str = "plants.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def counts(ended: Outcome) -> tuple[int, int, int, int]:
    """Return how many rows were created, updated, unchanged, rejected."""
    body = ended.json()
    return body["created"], body["updated"], body["unchanged"], body["rejected"]


def reasons(file: Path) -> list[str]:
    rejects = file.with_name(file.name + ".rejects.csv")
    with rejects.open(encoding="utf-8-sig", newline="") as source:
        return [row["_reason"] for row in csv.DictReader(source)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for files to import."""
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_chinese_file_is_read_in_any_usual_encoding(
    shell: Shell, folder: Path, encoding: str
) -> None:
    file = write(folder, CHINESE.encode(encoding))
    ended = shell.run("import", "plant", file, "--json")
    assert (ended.code, counts(ended)) == (0, (2, 0, 0, 0)), ended


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", ENGLISH),
        ("big5", "name,notes\n玫瑰花園,這是一個測試檔案，請查收\n竹子,綠色植物\n"),
    ],
)
def test_other_encodings_may_be_named(shell: Shell, folder: Path, encoding: str, text: str) -> None:
    file = write(folder, text.encode(encoding))
    for more in ([], ["--encoding", encoding, "--dry-run"]):
        ended = shell.run("import", "plant", file, "--json", "--dry-run", *more)
        assert (ended.code, counts(ended)) == (0, (2, 0, 0, 0)), ended


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_serves_and_cells_may_hold_anything(
    shell: Shell, folder: Path, separator: str
) -> None:
    rows = [["name", "notes"], ["A, B; C | D\tE", 'said "hello"\nand left']]
    file = folder / "plants.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    ended = shell.run("import", "plant", file, "--json")
    assert counts(ended) == (1, 0, 0, 0), ended


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf", "a.csv", "empty"),
        (b"\n \n,,,\n", "a.csv", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" + bytes(range(256)), "a.csv", "not text"),
        (bytes(range(1, 256)) * 20, "a.csv", "cannot be told"),
        (b"PK\x03\x04 whatever", "a.csv", "Only CSV"),
        (b"name\nA\n", "a.xlsx", "Only CSV"),
        (b"name,notes\nA," + b"x" * 1_100_000 + b"\n", "a.csv", "field larger"),
        (b"name,name\nA,B\n", "a.csv", "second column"),
        (b"name,colour\nA,B\n", "a.csv", "fits no field"),
        (b"x,y\n1,2\n", "a.csv", "fits no field"),
    ],
    ids=(
        "nothing", "mark only", "blank rows", "picture", "noise", "spreadsheet", "name of one",
        "long cell", "column twice", "column unknown", "all unknown",
    ),
)  # fmt: skip
def test_a_file_that_cannot_be_imported_is_told_clearly(
    shell: Shell, folder: Path, content: bytes, name: str, word: str
) -> None:
    ended = shell.run("import", "plant", write(folder, content, name))
    assert (ended.code, ended.out) == (1, "")
    assert word in ended.err


def test_a_file_that_is_not_there_or_is_a_folder_is_not_there(shell: Shell, folder: Path) -> None:
    for file in (folder / "no.csv", folder):
        assert shell.run("import", "plant", file).code == 3
    assert shell.run("import", "nothing", write(folder, "name\nA\n")).code == 1
    assert shell.run("import", "user", write(folder, "name\nA\n")).code == 1


@pytest.mark.parametrize("encoding", ["klingon", "hex", "undefined", "utf-8"])
def test_an_encoding_that_does_not_fit_is_told(shell: Shell, folder: Path, encoding: str) -> None:
    file = write(folder, CHINESE.encode("gb18030"))
    ended = shell.run("import", "plant", file, "--encoding", encoding)
    assert (ended.code, ended.out) == (1, "")
    assert encoding in ended.err


def test_a_header_alone_has_no_rows(shell: Shell, folder: Path) -> None:
    ended = shell.run("import", "plant", write(folder, "name,code\n"), "--json")
    assert (ended.code, counts(ended)) == (0, (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("A,1,000", "The row has 3 cells, the header only 2."),
        ("A", "The row has only 1 of 2 cells"),
        ('A,"1,000"', "height: A whole number"),
        ("A,12.5", "height: A whole number"),
        (",1", "name: A value is needed"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_with_its_reason(
    shell: Shell, folder: Path, cells: str, reason: str
) -> None:
    file = write(folder, f"name,height\nGood,5\n{cells}\n")
    ended = shell.run("import", "plant", file, "--json")
    assert (ended.code, counts(ended)) == (1, (1, 0, 0, 1))
    (told,) = reasons(file)
    assert reason in told
    (entry,) = ended.json()["reasons"]
    assert (entry["line"], told) == (
        3,
        ": ".join(filter(None, [entry.get("field"), entry["message"]])),
    )


def test_a_map_renames_and_leaves_out_columns(shell: Shell, folder: Path) -> None:
    file = write(folder, "what,colour\nAster,red\n")
    mapped = {"what": "name", "colour": None}
    map_file = write(folder, json.dumps(mapped), "map.json")
    assert counts(shell.run("import", "plant", file, "--map", map_file, "--json")) == (1, 0, 0, 0)
    wrong = ('{"nothing": "name"}', '{"what": "shape"}', "[]", '{"what": 1}', "{", "[" * 10**5)
    for text in wrong:
        ended = shell.run("import", "plant", file, "--map", write(folder, text, "map.json"))
        assert (ended.code, ended.out) == (1, "")
    assert shell.run("import", "plant", file, "--map", folder / "no.json").code == 1


def test_matching_updates_creates_and_leaves(shell: Shell, folder: Path) -> None:
    first = write(folder, "code,name,height\nA,Aster,1\nB,Birch,2\n")
    assert counts(shell.run("import", "plant", first, "--json")) == (2, 0, 0, 0)
    second = write(folder, "code,name,height\nA,Aster,1\nB,Birch,3\nC,Cress,\n,Nameless,1\nC,X,1\n")
    rehearsed = shell.run("import", "plant", second, "--match", "code", "--dry-run", "--json")
    done = shell.run("import", "plant", second, "--match", "code", "--json")
    assert counts(rehearsed) == counts(done) == (2, 1, 1, 1)
    assert reasons(second) == ["code: Line 4 has the same value already."]
    ended = shell.run("import", "plant", second, "--match", "price")
    assert ended.code == 1


def test_a_match_that_is_not_clear_is_rejected(shell: Shell, folder: Path) -> None:
    twins = write(folder, "name,height\nTwin,1\nTwin,2\n")
    shell.run("import", "plant", twins)
    file = write(folder, "name,height\nTwin,3\n")
    ended = shell.run("import", "plant", file, "--match", "name", "--json")
    assert counts(ended) == (0, 0, 0, 1)
    assert "2 records" in reasons(file)[0]


def test_a_user_matches_only_what_he_may_read(shell: Shell, folder: Path) -> None:
    hers = write(folder, "code,name\nA,Mia's\n")
    assert counts(shell.run("import", "plant", hers, "--owner", "mia", "--json")) == (1, 0, 0, 0)
    file = write(folder, "code,name\nA,Mine now\nB,Mine\n")
    mine = ("import", "plant", file, "--as", "ann", "--json")
    ended = shell.run(*mine, "--match", "code")
    assert counts(ended) == (1, 0, 0, 1)
    assert reasons(file) == ["code: Another record already has this value."]
    assert counts(shell.run(*mine, "--match", "code")) == (0, 0, 1, 1)
    beds = write(folder, "name\nNorth\n", "beds.csv")
    forbidden = shell.run("import", "bed", beds, "--as", "ann", "--json")
    assert counts(forbidden) == (0, 0, 0, 1)
    given = shell.run(*mine, "--owner", "mia")
    assert counts(given) == (0, 0, 0, 2)


def test_an_owner_is_given_to_new_records_only(shell: Shell, folder: Path) -> None:
    file = write(folder, "code,name\nA,Aster\n")
    shell.run("import", "plant", file, "--owner", "ann")
    again = shell.run("import", "plant", file, "--match", "code", "--owner", "mia", "--json")
    assert counts(again) == (0, 0, 1, 0)


@pytest.mark.parametrize("option", ["--owner", "--as"])
def test_an_unknown_user_is_told(shell: Shell, folder: Path, option: str) -> None:
    file = write(folder, "name\nA\n")
    ended = shell.run("import", "plant", file, option, "nobody")
    assert ended.code == 1
    assert "nobody" in ended.err


def test_links_are_named_by_title_or_code_and_may_be_earlier_lines(
    shell: Shell, folder: Path
) -> None:
    beds = write(folder, "name\nNorth\nSouth\nSouth\n")
    shell.run("import", "bed", beds)
    rows = ["name,code,bed,mother,owner"]
    rows += ["Mother,M,North,,ann", "Child,C,North,Mother,Ann Lee 李安", "Grandchild,G,,C,"]
    rows += ["Lost,L,West,,", "Torn,T,South,,", "Orphan,O,,Nobody,", "Late,X,,Later,", "Later,Y,,,"]
    file = write(folder, "\n".join(rows))
    rehearsed = shell.run("import", "plant", file, "--dry-run", "--json")
    done = shell.run("import", "plant", file, "--json")
    assert counts(rehearsed) == counts(done) == (4, 0, 0, 4), done
    assert reasons(file) == [
        "bed: There is no record “West”.",
        "bed: Several records are called “South”.",
        "mother: There is no record “Nobody”.",
        "mother: There is no record “Later”.",
    ]


def test_links_to_lines_of_an_earlier_transaction_count_in_a_rehearsal_too(
    shell: Shell, folder: Path
) -> None:
    rows = ["name,code,mother", "Mother,M,"]
    rows += [f"Child {number},C{number},Mother" for number in range(900)]
    file = write(folder, "\n".join(rows))
    rehearsed = shell.run("import", "plant", file, "--dry-run", "--json")
    assert counts(rehearsed) == (901, 0, 0, 0)
    assert counts(shell.run("import", "plant", file, "--json")) == (901, 0, 0, 0)


def test_a_mended_file_of_rejects_is_imported_in_its_turn(shell: Shell, folder: Path) -> None:
    file = write(folder, "name,height,notes\nA,x,=1+1\nB,2,ok\nC,y,-5\nD,z,'@quoted\n")
    assert counts(shell.run("import", "plant", file, "--json")) == (1, 0, 0, 3)
    rejects = folder / "plants.csv.rejects.csv"
    text = rejects.read_text("utf-8-sig")
    assert "\nA,x,'=1+1,2," in text.replace("\r\n", "\n")
    assert "C,y,-5,4," in text
    rejects.write_text(text.replace(",x,", ",1,").replace(",y,", ",2,"), "utf-8")
    assert counts(shell.run("import", "plant", rejects, "--json")) == (2, 0, 0, 1)
    kept = ("import", "plant", write(folder, "name,notes\nA,=1+1\n"), "--match", "name", "--json")
    assert counts(shell.run(*kept)) == (0, 0, 1, 0)


def test_no_cell_of_a_row_that_is_too_long_is_lost_and_it_is_rejected_until_it_is_mended(
    shell: Shell, folder: Path
) -> None:
    file = write(folder, 'name,height\nA,1,=2,"x, y"\nB,no\n')
    rejects = folder / "plants.csv.rejects.csv"
    assert counts(shell.run("import", "plant", file, "--json")) == (0, 0, 0, 2)
    with rejects.open(encoding="utf-8-sig", newline="") as source:
        header, first, second = csv.reader(source)
    assert header == ["name", "height", "_extra", "_line", "_reason"]
    assert first[:4] == ["A", "1", '\'=2,"x, y"', "2"]
    assert second[:4] == ["B", "no", "", "3"]
    text = rejects.read_text("utf-8-sig").replace(",no,", ",3,")
    rejects.write_text(text, "utf-8")
    assert counts(shell.run("import", "plant", rejects, "--json")) == (1, 0, 0, 1)
    again = folder / "plants.csv.rejects.csv.rejects.csv"
    text = again.read_text("utf-8-sig")
    assert "The row has 4 cells" in text
    again.write_text(text.replace('"\'=2,""x, y"""', ""), "utf-8")
    assert counts(shell.run("import", "plant", again, "--json")) == (1, 0, 0, 0)


def test_a_rehearsal_changes_no_record(shell: Shell, folder: Path) -> None:
    file = write(folder, "name,code\nA,1\nB,2\n")
    before = (shell.home / "loomwork.db").read_bytes()
    assert counts(shell.run("import", "plant", file, "--dry-run", "--json")) == (2, 0, 0, 0)
    assert (shell.home / "loomwork.db").read_bytes() == before
    assert counts(shell.run("import", "plant", file, "--json")) == (2, 0, 0, 0)


def await_plants(home: Path) -> None:
    """Wait until the first chunk of plants has been written."""
    deadline = time.monotonic() + 60
    with closing(sqlite3.connect(home / "loomwork.db")) as connection:
        while not connection.execute("SELECT count(*) FROM plant").fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_ctrl_c_keeps_what_is_done_and_says_how_far_that_is(shell: Shell, folder: Path) -> None:
    rows = [f"Plant {number},P{number},{'x' * 400}" for number in range(20_000)]
    file = write(folder, "\n".join(["name,code,notes", *rows]))
    output = (folder / "told").open("w+b")
    with output, Path(os.devnull).open("rb") as nothing:
        arguments = ("import", "plant", file, "--json")
        pid = start(arguments, environment(shell.home), (nothing, output, output))
        await_plants(shell.home)
        os.kill(pid, signal.SIGINT)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        output.seek(0)
        told = output.read().decode()
    assert code == 130, told
    body = json.loads(told[told.index("{") : told.index("}") + 1])
    assert 0 < body["created"] < 20_000
    assert body["line"] == body["created"] + 1
    assert f"line {body['line']}" in told
    again = shell.run("import", "plant", file, "--match", "code", "--json", "--dry-run")
    assert counts(again) == (20_000 - body["created"], 0, body["created"], 0)


@pytest.mark.parametrize(("language", "encoding"), [("zh_CN", "gb18030"), ("en", "utf-8")])
def test_ten_thousand_customers_are_all_taken_or_rejected(
    bare: Shell, folder: Path, language: str, encoding: str
) -> None:
    bare.ok("init", "--pack", "sales")
    file = folder / "customers.csv"
    bad = write_customers(file, encoding=encoding, language=language, bad_rows=37)
    ended = bare.run("import", "account", file, "--json")
    created, _, _, rejected = counts(ended)
    assert (created + rejected, rejected, ended.code) == (10_000, len(bad), 1)
    assert len(reasons(file)) == rejected
    rejects = folder / "customers.csv.rejects.csv"
    again = bare.run("import", "account", rejects, "--json")
    assert counts(again) == (0, 0, 0, rejected)


def test_every_engine_imports_alike(database_url: str, tmp_path: Path, folder: Path) -> None:
    shell = Shell(tmp_path / "home")
    place = {"LOOMWORK_DATABASE_URL": database_url}
    pack = write_garden(tmp_path / "garden")
    shell.ok("init", "--pack", pack, **place)
    rows = ["code,name,height,planted,light,mother,notes"]
    rows += ["A,玫瑰 🌹,1,2026/1/31,全日照,,=1+1", "B,Bob's,2,,sun,玫瑰 🌹,", "C,Rest,x,,,,"]
    file = write(folder, "\n".join(rows))
    ends = [
        counts(shell.run("import", "plant", file, *more, "--json", **place))
        for more in (["--dry-run"], [], [], ["--match", "code"], ["--match", "name"])
    ]
    assert ends == [(2, 0, 0, 1), (2, 0, 0, 1), (0, 0, 0, 3), (0, 0, 2, 1), (0, 0, 2, 1)]
    changed = write(folder, "code,height\nA,7\nD,8\n", "more.csv")
    assert counts(shell.run("import", "plant", changed, "--match", "code", "--json", **place)) == (
        0,
        1,
        0,
        1,
    )
