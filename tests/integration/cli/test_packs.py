"""Packs on the command line: check, install from a zip file, origins, settings."""

import shutil
from pathlib import Path

import pytest

from tests.documents import MAKER, Body, PackBuilder, workshop
from tests.integration.cli.conftest import Shell

SETTINGS: Body = {
    "days": {"type": "integer", "default": 7, "min": 1, "max": 90},
    "greeting": {"type": "text", "default": "Hello"},
}
CALENDAR: Body = {
    "kind": "calendar",
    "name": "hours",
    "zone": "UTC",
    "hours": {"mon": ["09:00-18:00"]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a pack without problems, with two settings."""
    return workshop(settings=SETTINGS).write(tmp_path / "workshop")


def zipped(folder: Path) -> Path:
    """Return a zip file with the folder in it."""
    place = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    return Path(place)


def extension(**changes: object) -> PackBuilder:
    """Return a pack that changes the maker of the test pack."""
    change = {"kind": "entity", "name": "maker", "extends": True, **changes}
    return PackBuilder(change, name="paint", requires={"workshop": ">=1"})


def test_a_pack_without_problems_is_told_with_its_version(bare: Shell, folder: Path) -> None:
    assert bare.ok("pack", "check", folder) == {
        "pack": "workshop",
        "version": "1.0.0",
        "documents": 6,
        "problems": [],
        "warnings": [],
        "pending": [],
    }
    assert not bare.home.exists()


def test_a_zip_file_is_checked_and_installed_like_its_folder(shell: Shell, folder: Path) -> None:
    archive = zipped(folder)
    assert shell.ok("pack", "check", archive) == shell.ok("pack", "check", folder)
    assert shell.ok("pack", "install", archive)["revision"]
    assert shell.ok("pack", "install", folder)["revision"] is None


def test_files_that_cannot_be_read_do_not_hide_what_is_wrong_in_others(
    bare: Shell, folder: Path
) -> None:
    (folder / "entities" / "part.json").write_text("{")
    (folder / "stray.txt").write_text("x")
    broken = {**MAKER, "fields": {**MAKER["fields"], "to": {"type": "link", "to": "nobody"}}}
    PackBuilder(broken, settings=SETTINGS).write(folder)
    ended = bare.run("pack", "check", folder, "--json")
    assert ended.code == 1
    found = {(one["file"], one["code"]) for one in ended.json()["problems"]}
    assert found >= {
        ("workshop/entities/part.json", "not_json"),
        ("workshop/stray.txt", "stray_file"),
        ("workshop/entities/maker.json", "unknown_entity"),
    }


def test_people_read_the_place_the_sentence_and_the_notes(bare: Shell, folder: Path) -> None:
    PackBuilder({**CALENDAR, "zone": 5}, {**MAKER, "plurall": "x"}, settings=SETTINGS).write(folder)
    ended = bare.run("pack", "check", folder)
    assert ended.code == 1
    assert "workshop/entities/maker.json:/plurall: " in ended.err
    assert "“plural”" in ended.err
    assert ended.out == ""


def test_what_has_to_wait_is_a_note_for_a_check_and_a_refusal_for_an_installation(
    shell: Shell, folder: Path
) -> None:
    PackBuilder(CALENDAR, settings=SETTINGS).write(folder)
    (note,) = shell.ok("pack", "check", folder)["pending"]
    assert (note["file"], note["code"]) == ("workshop/calendars/hours.json", "not_yet")
    ended = shell.run("pack", "install", folder, "--json")
    assert ended.code == 1
    assert [one["code"] for one in ended.json()["problems"]] == ["not_yet"]


def test_a_required_pack_is_found_beside_or_in_the_site(
    shell: Shell, bare: Shell, folder: Path, tmp_path: Path
) -> None:
    above = extension(label="Firm").write(tmp_path / "paint")
    missing = bare.run("pack", "check", above, "--json")
    assert "missing_pack" in [one["code"] for one in missing.json()["problems"]]
    assert bare.ok("pack", "check", above, "--with", folder)["problems"] == []
    shell.ok("pack", "install", folder)
    assert shell.ok("pack", "check", above)["problems"] == []


def test_a_warning_does_not_make_a_check_fail(bare: Shell, folder: Path, tmp_path: Path) -> None:
    above = extension(order=["name", "nobody"]).write(tmp_path / "paint")
    found = bare.ok("pack", "check", above, "--with", folder)
    assert [(one["pointer"], one["code"]) for one in found["warnings"]] == [
        ("/order/1", "unknown_in_order")
    ]


def test_an_origin_names_layer_version_file_and_what_it_hides(
    shell: Shell, folder: Path, tmp_path: Path
) -> None:
    new = {"fields": {"name": {"max_length": 99}}}
    shell.ok("pack", "install", folder)
    shell.ok("pack", "install", extension(**new).write(tmp_path / "paint"))
    place = "entity/maker#/fields/name/max_length"
    (found,) = shell.ok("pack", "origin", place)["origins"]
    (hidden,) = found.pop("hidden")
    assert found == {
        "at": "/fields/name/max_length",
        "value": 99,
        "layer": "paint",
        "version": "1.0.0",
        "file": "paint/entities/maker.json",
        "pointer": "/fields/name/max_length",
    }
    assert (hidden["value"], hidden["layer"]) == (80, "workshop")
    shown = shell.run("pack", "origin", place).out
    assert "hides 80 of workshop 1.0.0: workshop/entities/maker.json" in shown
    whole = shell.ok("pack", "origin", "entity/maker")["origins"]
    assert {one["layer"] for one in whole} == {"workshop", "paint"}


@pytest.mark.parametrize("address", ["entity/nobody", "entity/plant#/gone", "x", "plant/name#x"])
def test_an_origin_of_nothing_is_told(shell: Shell, address: str) -> None:
    ended = shell.run("pack", "origin", address, "--json")
    assert ended.code == 1
    assert ended.json()["error"] == "not_found"


def test_settings_are_listed_set_and_put_back(shell: Shell, folder: Path) -> None:
    shell.ok("pack", "install", folder)
    before = shell.ok("pack", "settings", "workshop")["settings"]
    assert [(one["name"], one["value"], one["set"]) for one in before] == [
        ("days", "7", False),
        ("greeting", "Hello", False),
    ]
    assert shell.ok("pack", "set", "workshop", "days", "30")["value"] == "30"
    everywhere = {one["name"]: one["set"] for one in shell.ok("pack", "settings")["settings"]}
    assert everywhere == {"currency": False, "country": False, "days": True, "greeting": False}
    assert "workshop.days = 30" in shell.run("pack", "settings").out
    assert not shell.ok("pack", "set", "workshop", "days", "--default")["set"]
    assert shell.ok("pack", "set", "base", "currency", "usd")["value"] == "USD"
    assert shell.ok("pack", "set", "base", "country", "cn")["value"] == "CN"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("workshop", "days", "91"), 1),
        (("workshop", "days", "many"), 1),
        (("workshop", "dais", "3"), 1),
        (("base", "currency", "XX"), 1),
        (("base", "currency", "XQQ"), 1),
        (("base", "country", "Nowhere"), 1),
        (("nobody", "days", "3"), 1),
        (("workshop", "days"), 2),
        (("workshop", "days", "3", "--default"), 2),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(
    shell: Shell, folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    shell.ok("pack", "install", folder)
    assert shell.run("pack", "set", *arguments).code == code
    assert shell.ok("pack", "settings", "workshop")["settings"][0]["value"] == "7"
