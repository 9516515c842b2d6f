"""Languages, themes, phones, and pages without scripts."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Enter
from tests.browser.demo_site import PASSWORD

pytestmark = pytest.mark.xdist_group("browser")

LATIN = re.compile("[A-Za-z]{3,}")


def test_language_and_theme_are_chosen_in_the_account_menu_and_stay(enter: Enter) -> None:
    page = enter("wei")
    page.goto("/app/opportunity")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/app/opportunity/new")
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_visible()
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(22, 24, 29)"


def test_a_chinese_browser_gets_a_chinese_sign_in_page(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="zh-CN")
    page.goto("/login")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.close()


def test_a_wrong_password_is_explained(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/login")
    page.fill("#username", "ann")
    page.fill("#password", "wrong")
    page.click("button.primary")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#username")).to_have_value("ann")
    page.close()


def test_on_a_phone_lists_are_cards_and_nothing_overflows(enter: Enter) -> None:
    page = enter("mia", width=390, height=844)
    for path in ("/app/opportunity", "/app/opportunity/new", "/app/account"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("thead")).to_be_hidden()
    expect(page.locator(".bottom-bar")).to_be_visible()
    page.get_by_role("button", name="More").click()
    page.locator(".rail").get_by_role("link", name="Tasks").click()
    page.wait_for_url("**/app/task")


def test_records_can_be_saved_without_scripts(browser: Browser, address: str) -> None:
    page = browser.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/login")
    page.fill("#username", "mia")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.goto("/app/account/new")
    page.fill("[name=name]", "Made without scripts")
    page.click("#save")
    expect(page.locator("h1")).to_have_text("Made without scripts")
    page.fill("[name=short_name]", "MWS")
    page.click("#save")
    expect(page.locator("[name=short_name]")).to_have_value("MWS")
    page.context.close()


def test_the_chinese_frame_has_no_english_left(enter: Enter) -> None:
    page = enter("wei", locale="zh-CN")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="中文").click()
    page.goto("/app/task/new")
    texts = page.locator(".nav, .head, .record-form label, .record-form legend").all_inner_texts()
    left = [word for text in texts for word in LATIN.findall(text)]
    assert [word for word in left if word not in ("Loomwork",)] == []
