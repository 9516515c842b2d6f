"""Which locale a request has, and texts in it."""

from types import SimpleNamespace

import pytest
from flask import Flask, g

from loomwork.model.text import Text
from loomwork.web import language


@pytest.fixture
def app() -> Flask:
    """Return an application with the platform's texts."""
    made = Flask(__name__)
    language.install(made, ("loomwork.web",))
    return made


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("de,fr;q=0.5", "en"),
        ("zh-CN,zh;q=0.9", "zh_CN"),
        ("zh", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr,zh;q=0.5,en;q=0.1", "zh_CN"),
        ("nonsense;;;q=x", "en"),
    ],
)
def test_the_browsers_languages_choose_the_locale(app: Flask, accepted: str, locale: str) -> None:
    with app.test_request_context(headers={"Accept-Language": accepted}):
        assert language.current_locale() == locale


def test_the_user_comes_before_the_cookie_and_the_cookie_before_the_browser(app: Flask) -> None:
    headers = {"Accept-Language": "en", "Cookie": f"{language.COOKIE}=zh_CN"}
    with app.test_request_context(headers=headers):
        assert language.current_locale() == "zh_CN"
        g.actor = SimpleNamespace(locale="en")
        assert language.current_locale() == "en"


def test_a_cookie_with_an_unknown_language_does_not_count(app: Flask) -> None:
    headers = {"Accept-Language": "zh", "Cookie": f"{language.COOKIE}=xx"}
    with app.test_request_context(headers=headers):
        assert language.current_locale() == "zh_CN"


def test_without_a_request_texts_are_english(app: Flask) -> None:
    with app.app_context():
        assert language.gettext("Sign in first.") == "Sign in first."


def test_texts_labels_and_plurals_follow_the_locale(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert language.gettext("There is no role “{role}”.", role="king") == "没有角色“king”。"
        assert language.text(Text("Customer", {"zh_CN": "客户"})) == "客户"
        assert language.ngettext("{n} page", "{n} pages", 2) == "2 pages"


@pytest.mark.parametrize(
    ("name", "locale"), [("zh_cn", "zh_CN"), ("zh-CN", "zh_CN"), ("EN", "en"), ("de", ""), ("", "")]
)
def test_languages_are_known_by_several_spellings(name: str, locale: str) -> None:
    assert language.normalised(name) == locale
