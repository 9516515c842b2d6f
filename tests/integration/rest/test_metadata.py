"""Documents over REST: whole, by layer, with their origins, for administrators alone."""

import json

import pytest

from loomwork.catalog.documents import Document
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from tests.integration.rest.conftest import Caller, errors, problem

CHANGE = {"kind": "entity", "name": "plant", "extends": True, "label": "Herb"}


@pytest.fixture
def customised(site: Site) -> Site:
    """Return the site with a document of its own."""
    text = json.dumps(CHANGE)
    own = Document(pack="site", file="entities/plant.json", text=text, body=CHANGE)
    install_packs(site.database, [[own]], author="test")
    return site


def test_a_document_is_shown_as_all_layers_make_it(root: Caller, customised: Site) -> None:
    found = root.get("/metadata/entity/plant").get_json()
    assert (found["kind"], found["name"], found["document"]["label"]) == ("entity", "plant", "Herb")
    assert list(found["document"]["fields"])[:3] == ["name", "code", "notes"]
    assert "origin" not in found
    assert customised.refresh().model.entities["plant"].label.source == "Herb"


def test_one_layer_is_shown_as_it_was_written(root: Caller, customised: Site) -> None:
    del customised
    own = root.get("/metadata/entity/plant?layer=site").get_json()
    assert (own["document"], own["file"]) == (CHANGE, "site/entities/plant.json")
    below = root.get("/metadata/entity/plant?layer=garden").get_json()
    assert "label" not in below["document"]
    listed = root.get("/metadata/entity?layer=site").get_json()["items"]
    assert [one["name"] for one in listed] == ["plant"]


def test_every_leaf_has_its_origin_when_asked(root: Caller, customised: Site) -> None:
    del customised
    origin = root.get("/metadata/entity/plant?origin=1").get_json()["origin"]
    assert origin["/label"] == {
        "layer": "site",
        "version": "",
        "file": "site/entities/plant.json",
        "pointer": "/label",
        "hidden": [],
    }
    assert origin["/fields/name/type"]["layer"] == "garden"


def test_all_documents_of_a_kind_are_listed(root: Caller) -> None:
    names = [one["name"] for one in root.get("/metadata/role").get_json()["items"]]
    assert {"gardener", "head"} <= set(names)
    assert root.get("/metadata/workflow").get_json() == {"items": []}


def test_what_does_not_exist_is_not_found(root: Caller) -> None:
    for place in ("entity/nothing", "nothing", "attachment", "entity/plant?layer=site"):
        problem(root.get(f"/metadata/{place}"), 404)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("layer=nothing", ("/layer", "unknown_layer")),
        ("origin=yes", ("/origin", "bad_origin")),
        ("layer=garden&origin=1", ("/origin", "bad_origin")),
        ("depth=1", ("/depth", "unknown_parameter")),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    root: Caller, query: str, error: tuple[str, str]
) -> None:
    assert errors(root.get(f"/metadata/entity?{query}")) == [error]


def test_only_administrators_read_documents(ann: Caller, mia: Caller) -> None:
    for one in (ann, mia):
        problem(one.get("/metadata/entity"), 403)
        problem(one.get("/metadata/entity/plant"), 403)
