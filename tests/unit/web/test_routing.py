"""Routes that say who may call them, and targets that stay on the site."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from loomwork.web.routing import Routes, require_declarations, safe_target


def test_a_route_without_a_permission_is_refused() -> None:
    routes = Routes("some", __name__)
    with pytest.raises(TypeError, match="permission"):
        routes.route("/")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="everybody"):
        routes.route("/", permission="everybody")  # type: ignore[arg-type]


def test_an_application_with_a_route_that_says_nothing_does_not_start() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", view_func=lambda: "", endpoint="open")
    with pytest.raises(RuntimeError, match="open"):
        require_declarations(app)


def test_an_application_whose_routes_all_say_who_may_call_them_starts() -> None:
    app = Flask(__name__, static_folder=None)
    routes = Routes("some", __name__)
    routes.route("/", permission="public")(lambda: "here")
    app.register_blueprint(routes)
    require_declarations(app)
    assert app.test_client().get("/").text == "here"


@pytest.mark.parametrize(
    "target", ["/", "/app/account", "/app/account?sort=-name&q=a%20b", "/客户"]
)
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert safe_target(target) == target


@given(st.text(alphabet="/\\:.?#@ \t\r\nahtpsjv%e\x00", max_size=12))
def test_no_target_ever_leaves_the_site(target: str) -> None:
    kept = safe_target(target)
    parts = urlsplit(kept)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
