"""Plans on the command line: what they say, and what users get wrong about them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from loomwork.cli.columns import WIDTH, width
from tests.documents import Body
from tests.integration.cli.conftest import Outcome, Shell
from tests.integration.cli.test_mistakes import NOT_THERE, PROBLEMS, error

CHINESE = {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}
KEYS = ["base", "hash", "blocked", "confirm", "seconds", "steps", "breaks", "notes"]
STEP = [
    *("id", "kind", "phase", "entity", "table", "name"),
    *("destructive", "rows", "seconds", "sample_ids"),
]
BREAK = ["code", "entity", "subject", "name", "message", "count", "groups", "sample_ids"]
ROWS = "name,code,height\nRose,ABCDEF,3\nRose,AB,120\nIvy,,15\n"


def plant(**changes: Any) -> Body:
    return {"kind": "entity", "name": "plant", "extends": True, **changes}


@pytest.fixture
def filled(shell: Shell, tmp_path: Path) -> Shell:
    """Return a shell on a site with three plants."""
    (tmp_path / "plants.csv").write_text(ROWS)
    shell.ok("import", "plant", tmp_path / "plants.csv", "--owner", "ann")
    return shell


@pytest.fixture
def own(filled: Shell) -> Path:
    """Return the folder of the site's own documents, which say nothing yet."""
    folder = filled.home / "site" / "entities"
    folder.mkdir(parents=True)
    return folder


def write(own: Path, body: Body) -> Path:
    file = own / f"{body['name']}.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


def problems(ended: Outcome) -> list[tuple[str, str]]:
    assert error(ended, PROBLEMS) == "bad_documents"
    return [(one.get("file", ""), one["code"]) for one in ended.json()["problems"]]


def test_a_plan_has_the_documented_keys_and_changes_nothing(filled: Shell, own: Path) -> None:
    height: Body = {"min": 5}
    write(own, plant(fields={"x_rank": {"type": "integer", "indexed": True}, "height": height}))
    before = filled.ok("revisions")
    told = filled.ok("plan")
    assert list(told) == KEYS
    assert (told["base"], told["blocked"], told["confirm"]) == (1, False, [])
    assert [step["id"] for step in told["steps"]] == [
        "add_column:plant.x_rank",
        "add_index:plant.plant__x_rank",
    ]
    assert [list(step) for step in told["steps"]] == [STEP, STEP]
    assert told["steps"][1]["rows"] == 3
    (found,) = told["breaks"]
    assert list(found) == BREAK
    assert (found["code"], found["entity"], found["name"], found["count"]) == (
        *("breaks", "plant", "height"),
        1,
    )
    assert [(note["code"], note["name"]) for note in told["notes"]] == [
        ("rules_changed", "height"),
        ("field_added", "x_rank"),
    ]
    assert filled.ok("revisions") == before


def test_a_plan_that_cannot_be_carried_out_ends_with_exit_code_1(filled: Shell, own: Path) -> None:
    write(own, plant(fields={"name": {"unique": True}}))
    ended = filled.run("plan", "--json")
    assert ended.code == PROBLEMS
    told = ended.json()
    assert told["blocked"] is True
    assert [(one["code"], one["count"], one["groups"]) for one in told["breaks"]] == [
        ("blocks", 2, 1)
    ]
    assert filled.run("publish", "-m", "x").code == PROBLEMS
    assert len(filled.ok("revisions")["revisions"]) == 1


CHANGED: Body = {
    "fields": {
        "name": {"unique": True},
        "height": {"min": 5},
        "x_reason": {"type": "text", "required": "height > 10"},
    },
    "checks": {"x_tall": {"must": "height < 100", "message": "Rather too tall for a garden."}},
}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            {},
            [
                "Plants (plant)",
                "  + column x_reason",
                "  ! Plants: “Name” becomes unique; values that occur",
                "Stored records that do not fit the new rules",
                "What people will notice",
            ],
        ),
        (
            CHINESE,
            [
                "植物 (plant)",
                "  + 列 x_reason",
                "不符合新规则的已有记录",
                "用户将注意到的变化",
            ],
        ),
    ],
)
def test_people_read_a_plan_in_their_language_on_80_columns(
    filled: Shell, own: Path, language: dict[str, str], expected: list[str]
) -> None:
    write(own, plant(**CHANGED))
    ended = filled.run("plan", **language)
    lines = ended.out.splitlines()
    assert [line for line in expected if line not in ended.out] == []
    assert [line for line in lines if width(line) > WIDTH] == []
    assert ended.err == ""


def test_no_sentence_of_a_plan_is_left_in_english_for_a_chinese_reader(
    filled: Shell, own: Path
) -> None:
    write(own, plant(**CHANGED))
    told = filled.run("plan", "--json", **CHINESE).json()
    messages = [one["message"] for one in (*told["breaks"], *told["notes"])]
    assert len(messages) == 8
    assert [text for text in messages if "植" not in text and not _chinese(text)] == []


def _chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_a_plan_of_nothing_says_so(filled: Shell, own: Path) -> None:
    ended = filled.run("plan")
    assert (ended.code, ended.out.strip()) == (0, "No table and no rule changes.")
    assert filled.ok("plan")["steps"] == []
    done = filled.run("publish", "-m", "nothing", own.parent)
    assert done.code == 0
    assert "Nothing to publish" in done.out


def test_broken_documents_are_all_named_and_nothing_is_planned(filled: Shell, own: Path) -> None:
    write(own, plant(fields={"x_ref": {"type": "link", "to": "nobody"}}))
    (own / "broken.json").write_text("{")
    ended = filled.run("plan", "--json")
    assert ("entities/broken.json", "not_json") in problems(ended)
    (own / "broken.json").unlink()
    assert problems(filled.run("plan", "--json")) == [
        ("site/entities/plant.json", "unknown_entity")
    ]
    assert filled.run("publish", "-m", "x", "--json").code == PROBLEMS
    assert len(filled.ok("revisions")["revisions"]) == 1


def test_a_folder_that_is_a_pack_is_not_taken_for_the_sites_own(
    filled: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(filled.home.parent, folder, ignore=lambda *_: ["home", "plants.csv"])
    (folder / "pack.json").write_text('{"kind": "pack"}')
    ended = filled.run("plan", folder, "--json")
    assert ("pack.json", "is_pack") in problems(ended)
    assert "install it" in ended.out


def test_a_folder_that_is_not_there_is_named(filled: Shell, tmp_path: Path) -> None:
    ended = filled.run("plan", tmp_path / "nowhere", "--json")
    assert error(ended, NOT_THERE) == "unavailable"
    assert f"There is no folder {tmp_path / 'nowhere'}:" in ended.json()["message"]
    publishing = filled.run("publish", "-m", "x", "--json")
    assert error(publishing, NOT_THERE) == "unavailable"
    assert f"There is no folder {filled.home / 'site'}:" in publishing.json()["message"]


def test_a_renamed_field_is_the_same_field_after_going_back_and_a_retired_one_comes_back(
    filled: Shell, own: Path
) -> None:
    write(own, plant(fields={"x_size": {"type": "integer", "label": "Size"}}))
    filled.ok("publish", "-m", "size")
    (filled.home / "more.csv").write_text("name,x_size\nFern,1\nMoss,2\n")
    filled.ok("import", "plant", filled.home / "more.csv", "--owner", "ann")
    metres: Body = {"type": "integer", "label": "Metres", "renamed_from": "x_size"}
    write(own, plant(fields={"x_metres": metres}))
    filled.ok("publish", "-m", "metres")
    back = filled.ok("rollback", "2", "--plan")
    assert back["steps"] == []
    assert [note["message"] for note in back["notes"]] == [
        "“Size” is the former “Metres” and keeps its values; the API called it “x_metres”."
    ]
    filled.ok("rollback", "1")
    again = filled.ok("rollback", "2", "--plan")
    assert [note["message"] for note in again["notes"]] == [
        "“Size” comes back; records with a value: 2."
    ]
    shown = filled.run("rollback", "2")
    assert "bring it to this revision" in shown.err


@pytest.mark.parametrize("arguments", [["plan"], ["publish", "-m", "x"], ["rollback", "1"]])
def test_without_a_site_there_is_nothing_to_plan(bare: Shell, arguments: list[str]) -> None:
    assert error(bare.run(*arguments, "--json"), NOT_THERE) == "unavailable"


def test_an_id_that_no_step_has_is_refused_and_nothing_is_published(
    filled: Shell, own: Path
) -> None:
    write(own, plant(fields={"x_phone": {"type": "text"}}))
    ended = filled.run("publish", "-m", "x", "--confirm", "drop_table:plant", "--json")
    assert error(ended, PROBLEMS) == "conflict"
    assert [one["code"] for one in ended.json()["problems"]] == ["unknown_step"]
    assert "drop_table:plant" in ended.out
    assert len(filled.ok("revisions")["revisions"]) == 1


def test_a_publish_needs_a_message(filled: Shell, own: Path) -> None:
    ended = filled.run("publish", own.parent)
    assert (ended.code, "--message" in ended.err) == (2, True)


def test_what_was_planned_over_an_older_revision_is_not_published(filled: Shell, own: Path) -> None:
    write(own, plant(fields={"x_phone": {"type": "text"}}))
    base = str(filled.ok("plan")["base"])
    other = shutil.copytree(own.parent, filled.home / "other")
    write(other / "entities", plant(fields={"x_fax": {"type": "text"}}))
    filled.ok("publish", "-m", "somebody else", "--base", base, other)
    ended = filled.run("publish", "-m", "mine", "--base", base, "--json")
    assert error(ended, PROBLEMS) == "conflict"
    assert "Somebody published revision 2 meanwhile" in ended.json()["message"]
    assert len(filled.ok("revisions")["revisions"]) == 2


def test_a_rollback_that_loses_values_says_which_and_how_to_confirm(
    filled: Shell, own: Path
) -> None:
    write(own, plant(fields={"price": {"places": 4}}))
    filled.ok("publish", "-m", "more places")
    (filled.home / "more.csv").write_text("name,price\nFern,1.2345\nMoss,1.25\n")
    filled.ok("import", "plant", filled.home / "more.csv", "--owner", "ann")
    told = filled.ok("rollback", "1", "--plan")
    (lost,) = [step for step in told["steps"] if step["destructive"]]
    assert (lost["id"], lost["rows"], len(lost["sample_ids"])) == ("convert:plant.price", 1, 1)
    assert told["confirm"] == ["convert:plant.price"]
    shown = filled.run("rollback", "1", "--plan").out
    assert "\n  ! values of price that do not fit the new column are lost" in shown
    assert f"      {lost['sample_ids'][0]}\n      --confirm convert:plant.price\n" in shown
    assert shown.endswith(
        "To publish, confirm what destroys data (1):\n  --confirm convert:plant.price\n"
    )
    refused = filled.run("rollback", "1", "--json")
    assert error(refused, PROBLEMS) == "conflict"
    assert "convert:plant.price" in refused.out
    assert filled.ok("rollback", "1", "--confirm", "convert:plant.price")["revision"] == 3


def test_unknown_revisions_and_odd_numbers_are_refused(filled: Shell) -> None:
    assert error(filled.run("rollback", "99", "--plan", "--json"), PROBLEMS) == "not_found"
    assert filled.run("rollback", "0").code == 2
    assert filled.run("rollback", "one").code == 2
