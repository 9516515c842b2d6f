"""A field type of a package outside the tree works everywhere as a built-in one does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.extension.field_types import field_types
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.web.app import create_app
from loomwork.web.fab.users import Users
from loomwork_ui.widgets.registry import registry
from tests.integration.rest.conftest import PASSWORD, Caller, caller, errors, settings_of
from tests.sites import TESTER
from tests.traffic_light import crossings, write_plug_in
from tests.unit.ui.clients import signed_in


def _forget() -> None:
    field_types.cache_clear()
    registry.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "traffic_light"]:
        del sys.modules[name]


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(write_plug_in(tmp_path / "packages")))
        _forget()
        yield
    _forget()


@pytest.fixture
def site(plugged: None, tmp_path: Path) -> Iterator[Site]:
    del plugged
    made = prepare_site(settings_of(tmp_path / "home"))
    install(made, [crossings().read()], "test")
    Users(made).add("ann", "Ann", password=PASSWORD, roles=["warden"])
    made.refresh()
    yield made
    made.close()


@pytest.fixture
def app(site: Site) -> Flask:
    return create_app(site)


@pytest.fixture
def ann(app: Flask, site: Site) -> Caller:
    return caller(app, site, "ann")


def test_its_values_are_kept_filtered_sorted_and_checked(ann: Caller) -> None:
    first = ann.create_in("crossing", name="first")
    ann.create_in("crossing", name="second", light="Blinking")
    assert first["light"] == "red"
    answer = ann.call("POST", "/records/crossing", json={"name": "x", "light": "blue"})
    assert errors(answer) == [("/light", "not_a_light")]
    answer = ann.call("POST", "/records/crossing", json={"name": "x", "light": "green"})
    assert answer.status_code == 422
    listed = ann.get("/records/crossing", query_string={"filter": "light == 'red'"}).json
    assert listed is not None
    assert [one["name"] for one in listed["items"]] == ["first"]
    listed = ann.get("/records/crossing", query_string={"sort": "light"}).json
    assert listed is not None
    assert [one["light"] for one in listed["items"]] == ["blinking", "red"]


def test_a_file_brings_its_values_in(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "crossings.csv"
    file.write_text("name,light\na,rot\nb,blue\n", encoding="utf-8")
    source, outcome = open_source(file, ""), Outcome()
    columns = map_columns(site.current().entity("crossing"), source.columns, {})
    Import(
        records=site.records,
        actor=lambda: TESTER,
        entity="crossing",
        source=source,
        columns=columns,
    ).run(outcome, lambda _: None)
    assert outcome.created == 1
    assert [problem.code for problem in outcome.rejects[0].problems] == ["not_a_light"]


def test_its_widget_draws_lists_and_forms(site: Site, ann: Caller) -> None:
    made = ann.create_in("crossing", name="first", light="yellow")
    client = signed_in(site, "ann")
    listed = client.get("/app/crossing").text
    assert 'fill="#cc0"' in listed
    assert "&lt;" not in listed
    assert client.get("/app/crossing?q=yellow").text.count('class="lamp"') == 1
    page = client.get(f"/app/crossing/{made['id']}").text
    assert '<select class="lamps"' in page
    assert "<option selected>yellow</option>" in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"value": "traffic_light.nowhere:Light"}, "cannot be loaded: ModuleNotFoundError"),
        ({"value": "traffic_light.field_type:LIGHTS"}, "as a field type, which it is not"),
        ({"name": "text"}, "a field type “text”, which “loomwork” brings already"),
        ({"name": "lamp"}, "whose class says that it is “traffic_light”"),
    ],
)
def test_a_broken_one_is_told_in_one_sentence_that_names_its_package(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    packages = write_plug_in(tmp_path / "packages", package="lights-of-ours", **given)
    pack = crossings().write(tmp_path / "streets")
    done = subprocess.run(
        [sys.executable, "-m", "loomwork.cli", "pack", "check", str(pack)],
        env={**os.environ, "PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert told in done.stderr
    assert "“lights-of-ours”" in done.stderr
    assert "Traceback" not in done.stderr
