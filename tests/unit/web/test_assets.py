"""Static files and icons."""

import gzip
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from loomwork.web import assets
from loomwork.web.routing import Routes

SCRIPT = "export const answer = 42;\n" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a static folder with a script, a picture, icons and a file packed before."""
    static = tmp_path / "static"
    (static / "vendor").mkdir(parents=True)
    (static / "app.js").write_text(SCRIPT)
    (static / "dot.png").write_bytes(b"\x89PNG" + b"\0" * 1000)
    (static / "vendor" / "big.css").write_text("a { }" * 200)
    (static / "vendor" / "big.css.gz").write_bytes(gzip.compress(b"packed before"))
    (static / "vendor" / "icons.json").write_text('{"plus": "<path d=\\"M0 0\\"/>"}')
    return static


@pytest.fixture
def app(folder: Path) -> Flask:
    """Return an application with that folder."""
    made = Flask(__name__, static_folder=None)
    made.register_blueprint(Routes("pages", __name__, static_folder=str(folder)))
    assets.install(made)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser."""
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.app_context():
        return assets.asset(name)


def test_a_file_under_its_address_is_kept_forever(app: Flask, client: FlaskClient) -> None:
    answer = client.get(address(app, "app.js"))
    assert answer.text == SCRIPT
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_a_file_under_an_old_address_is_sent_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/assets/0123456789ab/app.js")
    assert answer.text == SCRIPT
    assert "Cache-Control" not in answer.headers


def test_what_can_be_packed_is_packed_for_who_takes_it(app: Flask, client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip, br"}
    script = client.get(address(app, "app.js"), headers=headers)
    picture = client.get(address(app, "dot.png"), headers=headers)
    assert gzip.decompress(script.data).decode() == SCRIPT
    assert (script.headers["Content-Encoding"], script.headers["Vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert int(script.headers["Content-Length"]) == len(script.data)
    assert "Content-Encoding" not in picture.headers


def test_a_form_that_was_packed_before_is_used(app: Flask, client: FlaskClient) -> None:
    answer = client.get(address(app, "vendor/big.css"), headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data) == b"packed before"


@pytest.mark.parametrize("name", ["gone.js", "../test_assets.py", "..%2f..%2fetc/passwd", "vendor"])
def test_only_files_of_the_folder_are_sent(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/x/{name}").status_code == 404


def test_the_address_changes_with_any_content(folder: Path) -> None:
    before = assets.Folder(folder).hash
    assert assets.Folder(folder).hash == before
    (folder / "app.js").write_text("changed")
    assert assets.Folder(folder).hash != before


def test_an_icon_is_inline_and_an_unknown_one_is_empty(app: Flask) -> None:
    with app.app_context():
        known = render_template_string("{{ icon('plus', 20) }}")
        unknown = render_template_string("{{ icon('<b>') }}")
    assert known.startswith('<svg class="icon" width="20" height="20"')
    assert known.endswith('<path d="M0 0"/></svg>')
    assert "<b>" not in unknown
