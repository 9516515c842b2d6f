"""The form, the session and the CSRF check, as a browser meets them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loomwork.publishing.site import Site
from loomwork.web import cookie
from loomwork.web.fab.users import Users
from tests.integration.web.conftest import PASSWORD, csrf_token, sign_in

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "javascript:alert(1)",
    "/path\nX: y",
    "",
    "path",
]


def page_token(client: FlaskClient) -> str:
    """Plant a secret in the browser's session and return a token for it: a mask of zeros."""
    with client.session_transaction() as session:
        session["csrf"] = "A" * 32
    return "A" * 32 + "A" * 32


def test_who_is_not_signed_in_is_sent_to_the_form_and_back(client: FlaskClient) -> None:
    answer = client.get("/?view=mine")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/%3Fview%3Dmine")
    form = {
        "csrf_token": csrf_token(client, answer.headers["Location"]),
        "username": "ann",
        "password": PASSWORD,
        "next": "/?view=mine",
    }
    back = client.post("/login", data=form)
    assert (back.status_code, back.headers["Location"]) == (303, "/?view=mine")
    assert client.get("/").text.startswith("ann ")


def test_a_fragment_makes_the_whole_page_go_to_the_form(client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/app/account?sort=name"}
    answer = client.get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/app/account%3Fsort%3Dname"


def test_who_calls_the_api_without_signing_in_gets_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/try/me")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_form_leads_to_no_other_site(client: FlaskClient, target: str) -> None:
    form = {"csrf_token": csrf_token(client), "username": "ann", "password": PASSWORD}
    answer = client.post("/login", data={**form, "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_who_is_signed_in_already_is_sent_to_no_other_site(ann: FlaskClient, target: str) -> None:
    answer = ann.get("/login", query_string={"next": target})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("username", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann", "")]
)
def test_a_wrong_name_or_password_shows_the_form_again(
    client: FlaskClient, username: str, password: str
) -> None:
    form = {"csrf_token": csrf_token(client), "username": username, "password": password}
    answer = client.post("/login", data=form)
    assert answer.status_code == 422
    assert "The user name or the password is not right." in answer.text
    assert client.get("/").status_code == 302


def test_the_form_is_refused_without_its_token(client: FlaskClient) -> None:
    answer = client.post("/login", data={"username": "ann", "password": PASSWORD})
    assert answer.status_code == 403
    assert "This page is out of date." in answer.text


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 64, "é" * 64])
def test_a_change_under_the_session_is_refused_without_its_token(
    ann: FlaskClient, token: str
) -> None:
    page = ann.post("/preferences", data={"theme": "dark", "csrf_token": token})
    call = ann.post("/api/v1/try/me", headers={"X-CSRFToken": token})
    assert (page.status_code, call.status_code) == (403, 403)
    assert call.json["code"] == "csrf"  # type: ignore[index]


def test_a_change_under_the_session_is_taken_with_its_token(ann: FlaskClient) -> None:
    token = page_token(ann)
    assert ann.post("/preferences", data={"csrf_token": token}).status_code == 200
    assert ann.post("/api/v1/try/me", headers={"X-CSRFToken": token}).status_code == 200


def test_the_token_of_another_session_is_refused(app: Flask, ann: FlaskClient) -> None:
    foreign = csrf_token(app.test_client())
    assert ann.post("/preferences", data={"csrf_token": foreign}).status_code == 403


def test_signing_in_begins_a_new_session(client: FlaskClient) -> None:
    before = csrf_token(client)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    form = {"csrf_token": before, "username": "ann", "password": PASSWORD}
    client.post("/login", data=form)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert "csrf" not in session


def test_signing_out_ends_the_session(ann: FlaskClient) -> None:
    token = page_token(ann)
    assert ann.post("/logout", data={"csrf_token": token}).headers["Location"] == "/login"
    assert ann.get("/").status_code == 302


def test_signing_out_by_a_link_is_not_possible(ann: FlaskClient) -> None:
    assert ann.get("/logout").status_code == 405
    assert ann.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie_line = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie_line
    assert "SameSite=Lax" in cookie_line
    assert "Secure" not in cookie_line
    client.delete_cookie("loomwork_session")
    secure = client.get("/login", base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in secure


def test_a_session_ends_a_week_after_sign_in(
    ann: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookie, "LONGEST_SECONDS", -1)
    assert ann.get("/").status_code == 302


def test_a_session_in_use_is_renewed_now_and_then(
    ann: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Set-Cookie" not in ann.get("/").headers
    monkeypatch.setattr(cookie, "RENEWAL_SECONDS", -1)
    assert "Set-Cookie" in ann.get("/").headers


def test_a_forged_session_signs_nobody_in(client: FlaskClient) -> None:
    client.set_cookie("loomwork_session", "eyJ1c2VyIjoiYW5uIn0.aaaaaa.bbbbbbbbbbbbbbbbbbb")
    assert client.get("/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(ann: FlaskClient, users: Users) -> None:
    users.set_password("ann", "another password")
    assert ann.get("/").status_code == 302


def test_a_disabled_user_is_signed_out_at_once_in_every_worker(
    make_app: Callable[[Site], Flask], app: Flask, site: Site, users: Users
) -> None:
    workers = app.test_client(), make_app(Site.open(site.settings)).test_client()
    for worker in workers:
        sign_in(worker, "ann")
    assert [worker.get("/").status_code for worker in workers] == [200, 200]
    users.disable("ann")
    assert [worker.get("/").status_code for worker in workers] == [302, 302]


def test_pages_of_administrators_are_for_them_alone(app: Flask, ann: FlaskClient) -> None:
    root = app.test_client()
    sign_in(root, "root")
    assert ann.get("/administration").status_code == 403
    assert root.get("/administration").text == "administration"


def test_language_and_theme_are_kept_for_the_user_and_in_the_browser(
    app: Flask, ann: FlaskClient
) -> None:
    assert ann.get("/").text == "ann en auto"
    form = {"csrf_token": page_token(ann), "language": "zh_CN", "theme": "dark"}
    assert ann.post("/preferences", data=form).text == "kept"
    assert ann.get("/").text == "ann zh_CN dark"
    other = app.test_client()
    sign_in(other, "ann")
    assert other.get("/").text == "ann zh_CN dark"
    assert ann.get_cookie("loomwork_locale").value == "zh_CN"  # type: ignore[union-attr]


def test_what_is_no_language_and_no_theme_changes_nothing(ann: FlaskClient) -> None:
    form = {"csrf_token": page_token(ann), "language": "tlh", "theme": "plaid"}
    assert ann.post("/preferences", data=form).status_code == 200
    assert ann.get("/").text == "ann en auto"


def test_the_form_speaks_the_browsers_language(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert "请先登录" in answer.text
    client.set_cookie("loomwork_locale", "en")
    answer = client.get("/login", headers={"Accept-Language": "zh-CN"})
    assert "Sign in first." in answer.text
