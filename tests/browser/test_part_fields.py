"""Inputs of fields with parts and of fields with many values, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from loomwork.model.actor import system
from tests.browser.conftest import Enter, entering
from tests.browser.demo_site import served
from tests.deals_site import make_deals_site

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = make_deals_site(tmp_path_factory.mktemp("deals"))
    for name in ("Kiel", "苏州"):
        site.records.create(system("test"), "city", {"name": name})
    with served(site) as url:
        yield url
    site.close()


@pytest.fixture
def ann(browser: Browser, deals: str, complaints: list[str]) -> Iterator[Enter]:
    contexts: list[BrowserContext] = []
    yield entering(browser, deals, complaints, contexts)
    for context in contexts:
        context.close()


def paste(page: Page, selector: str, text: str) -> None:
    page.locator(selector).evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        text,
    )


def fill_all(page: Page, name: str) -> None:
    page.fill("#f-name", name)
    page.fill("#f-price", "1200.5")
    page.locator("[name=price]").nth(1).fill("usd")
    page.fill("[data-field=address] .is-city input", "Berlin")
    page.fill("[data-field=address] .is-street input", "Hauptstr. 1")
    paste(page, "#f-spot", "31.23, 121.47")
    page.locator("[data-field=channels] input[value=web]").check()
    page.fill("input#f-words", "warm")
    page.keyboard.press("Enter")
    page.keyboard.type("new,")
    page.fill("#f-phones", "1\n2")
    link = page.locator("[data-field=cities] input[role=combobox]")
    link.click()
    page.get_by_role("option", name="苏州").click()
    page.locator("[data-field=about] input[role=combobox]").click()
    page.get_by_role("option", name="Kiel").click()


@pytest.mark.parametrize(
    ("locale", "price", "address"),
    [
        ("en-US", "$1,200.50", "Hauptstr. 1, Berlin, Germany"),
        ("zh-CN", "US$1,200.50", "Hauptstr. 1, Berlin, 德国"),
    ],
)
def test_every_field_is_filled_saved_read_and_listed(
    ann: Enter, locale: str, price: str, address: str
) -> None:
    page = ann("ann", locale=locale)
    page.goto("/app/deal/new")
    fill_all(page, f"deal {locale}")
    page.click("#save")
    page.wait_for_url("**/app/deal/*-*-*-*-*")
    expect(page.locator("#f-price")).to_have_value("1,200.50")
    expect(page.locator("[name=price]").nth(1)).to_have_value("USD")
    expect(page.locator("[data-field=address] select")).to_have_value("DE")
    expect(page.locator("[name=spot]").nth(1)).to_have_value("121.47")
    expect(page.locator("[data-field=words] .tag")).to_have_text(["warm×", "new×"])
    expect(page.locator("[data-field=cities] .tag")).to_have_text(["苏州×"])
    expect(page.locator("[data-field=about] input[role=combobox]")).to_have_value("Kiel")
    expect(page.locator("#f-phones")).to_have_value("1\n2")
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    page.goto("/app/deal?filter='web' in channels and address.city == 'Berlin' and price > 1000")
    row = page.locator("tbody tr", has_text=f"deal {locale}")
    expect(row).to_contain_text(price)
    expect(row).to_contain_text(address)
    expect(page.locator(".chip code")).to_have_count(0)


def test_conditions_follow_sets_parts_and_worths(ann: Enter) -> None:
    page = ann("ann")
    page.goto("/app/deal/new")
    place = "[data-field={}]".format
    expect(page.locator(place("silent"))).to_be_visible()
    page.locator("[data-field=channels] input[value=web]").check()
    expect(page.locator(place("page"))).to_be_visible()
    expect(page.locator(place("silent"))).to_be_hidden()
    page.locator("[data-field=channels] input[value=web]").uncheck()
    expect(page.locator(place("page"))).to_be_hidden()
    expect(page.locator(place("silent"))).to_be_visible()
    page.fill("[data-field=address] .is-city input", "Berlin")
    expect(page.locator(place("berlin"))).to_be_visible()
    page.fill("#f-price", "1001")
    expect(page.locator(place("large"))).to_be_visible()
    page.locator("[name=price]").nth(1).fill("USD")
    expect(page.locator(place("large"))).to_be_hidden()


def test_values_are_taken_out_with_keys(ann: Enter) -> None:
    page = ann("ann")
    page.goto("/app/deal/new")
    page.fill("input#f-words", "a;b;c")
    expect(page.locator("[data-field=words] .tag")).to_have_count(3)
    page.locator("input#f-words").press("Backspace")
    expect(page.locator("[data-field=words] textarea")).to_have_value("a\nb")
    page.get_by_role("button", name="Remove: a").press("Enter")
    expect(page.locator("[data-field=words] textarea")).to_have_value("b")
    expect(page.locator("[data-unsaved]")).to_be_visible()


def test_a_reference_finds_records_of_the_kind_that_is_chosen(ann: Enter) -> None:
    page = ann("ann")
    page.goto("/app/deal/new")
    about = page.locator("[data-field=about]")
    about.locator("[data-kind]").select_option("deal")
    about.locator("input[role=combobox]").click()
    expect(about.get_by_text("Kiel")).to_have_count(0)
    about.locator("[data-kind]").select_option("city")
    about.locator("input[role=combobox]").click()
    page.get_by_role("option", name="Kiel").click()
    expect(about.locator("select[name=about]")).to_have_value(
        page.locator("select[name=about]").input_value()
    )
    assert about.locator("select[name=about]").input_value().startswith("city:")


def test_what_was_typed_survives_a_refusal(ann: Enter) -> None:
    page = ann("ann")
    page.goto("/app/deal/new")
    fill_all(page, "refused")
    page.locator("[name=price]").nth(1).fill("XQQ")
    page.click("#save")
    expect(page.locator("#f-price-error")).to_contain_text("XQQ")
    expect(page.locator("#f-price")).to_have_value("1200.5")
    expect(page.locator("[name=price]").nth(1)).to_have_value("XQQ")
    expect(page.locator("[data-field=words] .tag")).to_have_text(["warm×", "new×"])
    expect(page.locator("[data-field=cities] .tag")).to_have_text(["苏州×"])
    expect(page.locator("[data-field=channels] input[value=web]")).to_be_checked()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_page(ann: Enter, width: int) -> None:
    page = ann("ann", width=width, height=900)
    page.goto("/app/deal/new")
    page.fill("input#f-words", "x" * 60 + "," + "山" * 60)
    page.keyboard.press("Enter")
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
