"""The real server with two processes: what changes counts at once in both of them."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens
from tests.garden import write_garden
from tests.integration.rest.conftest import KEY, PROBLEM, settings_of
from tests.processes import Served, command, environment, serving

OFTEN = range(25)
"""Requests over new connections, so that with near certainty each process gets some."""
PLANTS = "/api/v1/records/plant"

pytestmark = pytest.mark.xdist_group("served")


@pytest.fixture(scope="module")
def home(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home folder of the served site."""
    return Path(shutil.copytree(template, tmp_path_factory.mktemp("served") / "home"))


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    """Yield the running server."""
    with serving(home, "--workers", "2", variables={"LOOMWORK_SECRET_KEY": KEY}) as running:
        yield running


@pytest.fixture(scope="module")
def outside(home: Path, served: Served) -> Iterator[Site]:
    """Yield the same site as another process has it."""
    assert served.port
    site = Site.open(settings_of(home))
    yield site
    site.close()


def token(site: Site, user: str) -> str:
    return Tokens(site).issue(Users(site).find(user).id, "test").secret


def test_a_field_added_to_a_pack_is_there_at_once_in_every_process(
    served: Served, home: Path, outside: Site, tmp_path: Path
) -> None:
    mia = token(outside, "mia")
    made = served.request("POST", PLANTS, mia, json={"name": "Aster", "price": "1.50"}).json()
    place = f"{PLANTS}/{made['id']}"
    before = [served.request("GET", place, mia) for _ in OFTEN]
    assert {"scent" in answer.json() for answer in before} == {False}
    pack = write_garden(
        tmp_path / "garden", {"scent": {"type": "text", "default": "none"}}, version="1.1.0"
    )
    subprocess.run(
        command("pack", "install", pack),
        env=environment(home, LOOMWORK_SECRET_KEY=KEY),
        check=True,
        capture_output=True,
    )
    after = [served.request("GET", place, mia).json() for _ in OFTEN]
    assert after == [{**made, "scent": None}] * len(OFTEN)
    lists = [served.request("GET", f"{PLANTS}?filter=scent is None", mia) for _ in OFTEN]
    assert {len(answer.json()["items"]) for answer in lists} == {1}
    changed = served.request("PATCH", place, mia, json={"scent": "strong"}).json()
    assert (changed["scent"], changed["price"]) == ("strong", "1.50")


def test_a_role_that_is_taken_away_counts_at_the_next_request_everywhere(
    served: Served, outside: Site
) -> None:
    users, bob, mia = Users(outside), token(outside, "bob"), token(outside, "mia")
    served.request("POST", PLANTS, mia, json={"name": "Mia's"})
    users.set_roles("bob", ["head"])
    seen = [len(served.request("GET", PLANTS, bob).json()["items"]) for _ in OFTEN]
    assert min(seen) > 0
    users.set_roles("bob", [])
    seen = [len(served.request("GET", PLANTS, bob).json()["items"]) for _ in OFTEN]
    assert max(seen) == 0
    wrote = [served.request("POST", PLANTS, bob, json={"name": "Bob's"}) for _ in OFTEN]
    assert {answer.status_code for answer in wrote} == {403}


def test_a_disabled_user_is_out_at_the_next_request_everywhere(
    served: Served, home: Path, outside: Site
) -> None:
    ann = token(outside, "ann")
    assert {served.request("GET", PLANTS, ann).status_code for _ in OFTEN} == {200}
    subprocess.run(
        command("user", "disable", "ann"),
        env=environment(home, LOOMWORK_SECRET_KEY=KEY),
        check=True,
        capture_output=True,
    )
    assert {served.request("GET", PLANTS, ann).status_code for _ in OFTEN} == {401}


def test_a_revoked_token_is_refused_everywhere(served: Served, outside: Site) -> None:
    tokens = Tokens(outside)
    issued = tokens.issue(Users(outside).find("mia").id, "test")
    assert {served.request("GET", PLANTS, issued.secret).status_code for _ in OFTEN} == {200}
    tokens.revoke(issued.id)
    assert {served.request("GET", PLANTS, issued.secret).status_code for _ in OFTEN} == {401}


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(
    served: Served, outside: Site
) -> None:
    mia = token(outside, "mia")
    megabyte = b"x" * 2**20
    for body in (megabyte * 40, (megabyte for _ in range(40))):
        answer = served.request("POST", PLANTS, mia, content=body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, PROBLEM)


def test_a_body_in_pieces_is_read_whole(served: Served, outside: Site) -> None:
    mia = token(outside, "mia")
    pieces = iter([b'{"name": ', '"玫瑰'.encode(), b'"}'])
    answer = served.request("POST", PLANTS, mia, content=pieces)
    assert answer.json()["name"] == "玫瑰"
