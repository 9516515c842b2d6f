"""Inputs of values that are more than text: stars, colours, rich text, shares, durations, times."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from loomwork.cli.setup import prepare_site
from loomwork.publishing.install import install_packs
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.users import Users
from tests.assortment import ITEM, KEEPER
from tests.browser.conftest import Enter, entering
from tests.browser.demo_site import PASSWORD, served
from tests.documents import Body, PackBuilder, base

pytestmark = pytest.mark.xdist_group("browser")

SHOP: Body = {"kind": "app", "name": "shop", "items": {"items": {"entity": "item"}}}
HINT: Body = {"type": "text", "visible": "share > 50 and stars >= 3"}
WITH_HINT: Body = {**ITEM, "fields": {**ITEM["fields"], "hint": HINT}}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("shop")
    site = prepare_site(Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True))
    pack = PackBuilder(WITH_HINT, KEEPER, SHOP, name="assortment").read()
    install_packs(site.database, [base(), pack], author="test", at_switch=[project_roles])
    site.refresh()
    with create_app(site).app_context():
        Users(site).add("ann", "Ann", password=PASSWORD, roles=["keeper"])
    site.refresh()
    with served(site) as url:
        yield url
    site.close()


@pytest.fixture
def page(browser: Browser, shop: str, complaints: list[str]) -> Iterator[Page]:
    contexts: list[BrowserContext] = []
    enter: Enter = entering(browser, shop, complaints, contexts)
    opened = enter("ann")
    opened.goto("/app/item/new")
    opened.fill("#f-name", "one")
    opened.fill("#f-code", f"n-{uuid4().hex}"[:20])
    yield opened
    for context in contexts:
        context.close()


def star(page: Page, number: int) -> Locator:
    return page.locator(".stars-input span").nth(number - 1)


def saved(page: Page, name: str = "one") -> None:
    page.click("#save")
    expect(page.get_by_text(f"{name} was created")).to_be_visible()
    page.goto("/app/item?sort=-created_at")
    page.locator("td.title a").first.click()


def test_stars_are_given_with_the_pointer_and_with_keys(page: Page) -> None:
    choice = page.locator("#f-stars")
    star(page, 4).click()
    expect(choice).to_have_value("4")
    page.keyboard.press("ArrowDown")
    expect(choice).to_have_value("5")
    expect(page.locator(".stars-input")).to_have_text("★★★★★")
    star(page, 5).click()
    expect(choice).to_have_value("")
    expect(page.locator(".stars-input")).to_have_text("☆☆☆☆☆")
    star(page, 2).click()
    saved(page)
    expect(page.locator("#f-stars")).to_have_value("2")


def test_conditions_follow_shares_and_stars_as_they_are_typed(page: Page) -> None:
    hint = page.locator("[data-field=hint]")
    expect(hint).to_be_hidden()
    page.fill("#f-share", "60 %")
    star(page, 3).click()
    expect(hint).to_be_visible()
    page.fill("#f-share", "50")
    expect(hint).to_be_hidden()


def test_a_colour_is_typed_or_picked(page: Page) -> None:
    palette = page.locator("[data-palette]")
    page.fill("#f-paint", "#00ff00")
    expect(palette).to_have_value("#00ff00")
    palette.fill("#ff0000")
    expect(page.locator("#f-paint")).to_have_value("#ff0000")


def test_rich_text_is_written_as_it_looks_and_kept_clean(page: Page) -> None:
    box = page.locator(".rich-box")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Hello ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("world")
    expect(page.locator("#f-body")).to_have_value("<p>Hello <b>world</b></p>")
    saved(page)
    expect(page.locator(".rich-box b")).to_have_text("world")
    page.locator(".rich-box").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator("#f-body")).to_have_value("")


def test_the_label_of_rich_text_leads_to_what_is_written(page: Page) -> None:
    page.locator("#f-body-label").click()
    expect(page.locator(".rich-box")).to_be_focused()


def test_values_are_typed_as_people_write_them_and_shown_in_one_form(page: Page) -> None:
    typed = {"phone": "030 901820", "page": "example.com", "opens_at": "9:05", "takes": "90m"}
    for name, text in typed.items():
        page.fill(f"#f-{name}", text)
    page.keyboard.press("Escape")
    saved(page)
    shown = {
        "phone": "+49 30 901820",
        "page": "https://example.com",
        "opens_at": "09:05",
        "takes": "1h 30min",
        "twice": "3h",
    }
    for name, text in shown.items():
        expect(page.locator(f"#f-{name}")).to_have_value(text)
    expect(page.locator("#f-code")).to_have_value(re.compile("N-[0-9A-F]+"))


def test_what_does_not_fit_is_told_at_its_field_and_stays_typed(page: Page) -> None:
    page.fill("#f-takes", "soon")
    page.fill("#f-email", "nobody")
    page.click("#save")
    expect(page.locator("#f-takes-error")).to_contain_text("A duration is expected")
    expect(page.locator("#f-email-error")).to_contain_text("An e-mail address is expected")
    expect(page.locator("#f-takes")).to_have_value("soon")


def test_a_list_is_filtered_by_a_duration(page: Page) -> None:
    page.goto("/app/item")
    page.click(".add-filter > summary")
    page.locator(".menu-sheet select").first.select_option("takes")
    value = page.locator("[name=filter_value]")
    expect(value).to_have_attribute("placeholder", "1h 30min")
    page.locator(".menu-sheet select").nth(1).select_option(">=")
    value.fill("1:30")
    page.get_by_role("button", name="Add filter").click()
    expect(page.locator(".chip")).to_contain_text("1 h 30 min")
