"""The CSRF token by itself."""

import secrets

import pytest
from flask import Flask, session

from loomwork.web import csrf


@pytest.fixture
def app() -> Flask:
    """Return an application with a protected page."""
    made = Flask(__name__)
    made.secret_key = secrets.token_bytes(32)
    csrf.install(made)
    made.add_url_rule("/change", "change", lambda: "changed", methods=["POST", "GET"])
    return made


def test_tokens_of_one_session_differ_and_are_all_good(app: Flask) -> None:
    with app.test_request_context("/change"):
        tokens = {csrf.csrf_token() for _ in range(3)}
        secret = session[csrf.KEY]
    assert len(tokens) == 3
    for token in tokens:
        with app.test_request_context("/change", method="POST", headers={csrf.HEADER: token}):
            session[csrf.KEY] = secret
            csrf.protect()


def test_a_token_does_not_show_the_secret(app: Flask) -> None:
    with app.test_request_context("/change"):
        token = csrf.csrf_token()
        assert session[csrf.KEY] not in token


def test_reading_needs_no_token(app: Flask) -> None:
    with app.test_request_context("/change"):
        csrf.protect()


def test_a_request_with_a_token_of_its_own_acts_by_no_session(app: Flask) -> None:
    headers = {"Authorization": "Bearer x"}
    with app.test_request_context("/change", method="POST", headers=headers):
        csrf.protect()


@pytest.mark.parametrize("token", ["", "AAAA", "A" * 64, "é", "=" * 64])
def test_nothing_matches_where_the_session_has_no_secret(app: Flask, token: str) -> None:
    form = {csrf.FIELD: token}
    with (
        app.test_request_context("/change", method="POST", data=form),
        pytest.raises(csrf.ForeignRequestError),
    ):
        csrf.protect()
