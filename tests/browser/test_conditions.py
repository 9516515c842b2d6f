"""Forms that follow their conditions while somebody types, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conditions_pack import make_offers_site
from tests.browser.conftest import Enter, entering
from tests.browser.demo_site import served

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def offers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = make_offers_site(tmp_path_factory.mktemp("offers"))
    with served(site) as url:
        yield url
    site.close()


@pytest.fixture
def clerk(browser: Browser, offers: str, complaints: list[str]) -> Iterator[Enter]:
    contexts: list[BrowserContext] = []
    yield entering(browser, offers, complaints, contexts)
    for context in contexts:
        context.close()


def place(page: Page, name: str) -> Locator:
    return page.locator(f"[data-field={name}]")


def choose(page: Page, label: str, name: str) -> None:
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(name)
    # Opens the list again where an answer to the click has closed it meanwhile.
    box.press("ArrowDown")
    page.get_by_role("option", name=name).click()


def options(page: Page, name: str) -> list[str]:
    found = page.locator(f"#f-{name} option").evaluate_all("all => all.map(one => one.value)")
    return [str(value) for value in found]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def opened(page: Page, title: str) -> None:
    page.goto("/app/offer")
    page.get_by_role("link", name=title).first.click()


def test_fields_appear_and_are_asked_for_without_asking_the_server(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    result = page.locator(".section", has_text="Result")
    expect(result).to_be_hidden()
    expect(place(page, "amount").locator(".required")).to_be_hidden()
    page.context.set_offline(True)
    page.locator("#f-stage").select_option("lost")
    expect(result).to_be_visible()
    expect(page.locator("[data-announce]")).to_have_text("Now shown: Close reason")
    expect(page.locator("#f-close_reason")).to_have_attribute("aria-required", "true")
    expect(place(page, "amount").locator(".required")).to_be_hidden()
    page.locator("#f-stage").select_option("won")
    expect(place(page, "amount").locator(".required")).to_be_visible()
    expect(page.locator("#f-close_reason")).not_to_have_attribute("aria-required", "true")
    page.locator("#f-stage").select_option("open")
    expect(result).to_be_hidden()


def test_what_was_typed_into_a_hidden_field_stays_and_is_not_saved(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    page.locator("#f-name").fill("Hidden by the end")
    page.locator("#f-stage").select_option("lost")
    page.locator("#f-close_reason").fill("Too dear")
    page.locator("#f-stage").select_option("open")
    page.locator("#f-stage").select_option("lost")
    expect(page.locator("#f-close_reason")).to_have_value("Too dear")
    page.locator("#f-stage").select_option("open")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    page.locator("#f-stage").select_option("lost")
    expect(page.locator("#f-close_reason")).to_have_value("")


def test_options_are_offered_by_what_is_typed_exactly(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    assert options(page, "kind") == ["", "new"]
    page.locator("#f-amount").fill("10,000.09")
    assert options(page, "kind") == ["", "new"]
    page.locator("#f-amount").fill("１0,000.10")
    assert options(page, "kind") == ["", "new", "large"]
    page.locator("#f-kind").select_option("large")
    page.locator("#f-amount").fill("1")
    expect(page.locator("#f-kind")).to_have_value("large")
    expect(place(page, "kind")).to_contain_text("Cannot be chosen with the present values.")
    page.locator("#f-name").fill("Too small")
    save(page)
    expect(page.locator("#f-kind-error")).to_contain_text("cannot be chosen")


def test_a_link_fills_other_fields_until_they_are_set_by_hand(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    region = page.get_by_role("combobox", name="Region", exact=True)
    choose(page, "Customer", "Acme")
    expect(region).to_have_value("North")
    expect(place(page, "region")).to_contain_text("Filled in for you")
    expect(place(page, "referred_by")).to_be_visible()
    assert options(page, "kind") == ["", "new", "renewal"]
    choose(page, "Customer", "Bolt")
    expect(region).to_have_value("South")
    expect(place(page, "referred_by")).to_be_hidden()
    choose(page, "Customer", "Nowhere")
    expect(region).to_have_value("")
    choose(page, "Customer", "Bolt")
    expect(region).to_have_value("South")
    place(page, "region").get_by_role("button", name="Clear").click()
    expect(place(page, "region")).not_to_contain_text("Filled in for you")
    page.locator("#f-name").fill("Without a region")
    expect(page.locator("#f-reference")).to_have_value("Offer Without a region")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    expect(page.get_by_role("combobox", name="Region", exact=True)).to_have_value("")


def test_a_link_offers_what_fits_to_what_is_typed(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    contact = page.get_by_role("combobox", name="Contact", exact=True)
    contact.click()
    expect(place(page, "contact").locator(".none")).to_have_text("Nothing matches")
    choose(page, "Customer", "Acme")
    contact.click()
    expect(place(page, "contact").locator("[role=option]")).to_have_text(["Ada of Acme"])
    page.get_by_role("option", name="Ada of Acme").click()
    choose(page, "Customer", "Bolt")
    note = place(page, "contact").locator(".field-note.unfit")
    expect(note).to_have_text("Must fit: Customer == this.Customer")
    page.locator("#f-name").fill("Wrong contact")
    save(page)
    expect(page.locator("#f-contact-error")).to_contain_text(
        "cannot be linked here. It must fit: Customer == this.Customer"
    )
    expect(note).to_be_hidden()
    choose(page, "Contact", "Ben of Bolt")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))


def test_a_filled_field_follows_its_link_after_a_refused_save(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    region = page.get_by_role("combobox", name="Region", exact=True)
    choose(page, "Customer", "Acme")
    expect(region).to_have_value("North")
    save(page)
    expect(page.locator("#f-name-error")).to_be_visible()
    expect(place(page, "region")).to_contain_text("Filled in for you")
    choose(page, "Customer", "Bolt")
    expect(region).to_have_value("South")
    choose(page, "Customer", "Nowhere")
    expect(region).to_have_value("")
    expect(place(page, "region")).not_to_contain_text("Filled in for you")
    choose(page, "Customer", "Acme")
    expect(region).to_have_value("North")
    page.locator("#f-discount").fill("200")
    page.locator("#f-name").fill("Refused twice")
    expect(page.locator("#f-reference")).to_have_value("Offer Refused twice")
    save(page)
    expect(page.locator("#f-discount-error")).to_be_visible()
    expect(page.locator("#f-reference")).to_have_value("Offer Refused twice")
    page.locator("#f-name").fill("Saved at last")
    expect(page.locator("#f-reference")).to_have_value("Offer Saved at last")
    page.locator("#f-discount").fill("2")
    choose(page, "Customer", "Bolt")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    expect(region).to_have_value("South")
    expect(page.locator("#f-reference")).to_have_value("Offer Saved at last")


def test_what_was_set_by_hand_stays_after_a_refused_save(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    choose(page, "Customer", "Acme")
    region = page.get_by_role("combobox", name="Region", exact=True)
    expect(region).to_have_value("North")
    place(page, "region").get_by_role("button", name="Clear").click()
    save(page)
    expect(page.locator("#f-name-error")).to_be_visible()
    expect(region).to_have_value("")
    page.locator("#f-name").fill("Emptied by hand")
    choose(page, "Customer", "Bolt")
    expect(page.locator("#f-reference")).to_have_value("Offer Emptied by hand")
    expect(region).to_have_value("")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    expect(region).to_have_value("")


def test_a_stored_record_follows_its_link_after_a_refused_save(clerk: Enter) -> None:
    page = clerk("cleo")
    opened(page, "Stale offer")
    region = page.get_by_role("combobox", name="Region", exact=True)
    choose(page, "Customer", "Acme")
    expect(region).to_have_value("North")
    page.locator("#f-discount").fill("200")
    save(page)
    expect(page.locator("#f-discount-error")).to_be_visible()
    expect(region).to_have_value("North")
    choose(page, "Customer", "Bolt")
    expect(region).to_have_value("South")
    expect(place(page, "region")).not_to_contain_text("Filled in for you")


def test_a_locked_field_that_is_computed_shows_its_present_value(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    shown = place(page, "code").locator("[data-shown]")
    page.locator("#f-name").fill("First")
    expect(shown).to_have_text("N-First")
    save(page)
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    expect(shown).to_have_text("N-First")


def test_tabs_are_shown_where_there_is_a_choice_and_say_what_they_want(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    tabs, mark = page.get_by_role("tablist"), page.locator("#tab-approval .tab-mark")
    expect(page.locator("#f-name")).to_be_focused()
    expect(tabs).to_be_hidden()
    page.locator("#f-stage").select_option("won")
    expect(tabs).to_be_visible()
    expect(mark).to_be_hidden()
    page.locator("#f-name").fill("Large")
    page.locator("#f-amount").fill("2,000,000")
    expect(mark).to_be_visible()
    approval = page.get_by_role("tab", name="Approval")
    expect(approval).to_have_accessible_name("Approval has required fields that are empty")
    save(page)
    expect(approval).to_have_attribute("aria-selected", "true")
    expect(approval).to_have_accessible_name("Approval has errors")
    expect(page.locator("#f-approver")).to_be_focused()
    page.locator("#f-approver").fill("Mia")
    page.get_by_role("tab", name="Details").click()
    page.locator("#f-stage").select_option("lost")
    expect(tabs).to_be_visible()


def test_a_locked_field_is_a_value_until_the_record_leaves_the_state(clerk: Enter) -> None:
    page = clerk("cleo")
    opened(page, "Won offer")
    discount = page.get_by_role("textbox", name="Discount")
    expect(discount).to_be_hidden()
    expect(place(page, "discount").locator(".value")).to_have_text("5.0")
    page.locator("#f-stage").select_option("open")
    expect(discount).to_be_editable()
    discount.fill("7")
    page.locator("#f-stage").select_option("won")
    expect(discount).to_be_hidden()
    page.locator("#f-stage").select_option("open")
    save(page)
    expect(page.locator(".toast", has_text="Saved.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Discount")).to_have_value("7.0")


def test_a_warning_can_be_accepted_and_a_refusal_cannot(clerk: Enter) -> None:
    page = clerk("cleo")
    page.goto("/app/offer/new")
    page.locator("#f-name").fill("Nearly for nothing")
    page.locator("#f-discount").fill("200")
    save(page)
    expect(page.locator("#f-discount-error")).to_contain_text("Nobody pays")
    expect(page.get_by_role("button", name="Save anyway")).to_be_hidden()
    page.locator("#f-discount").fill("90")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("more than 30 % is unusual")
    expect(page.locator("#f-discount")).to_have_value("90")
    page.get_by_role("button", name="Save anyway").click()
    page.wait_for_url(re.compile("/app/offer/[0-9a-f-]{36}$"))
    expect(page.locator("#f-discount")).to_have_value("90.0")


def test_a_record_shows_its_flags_and_the_way_to_what_is_missing(clerk: Enter) -> None:
    page = clerk("cleo")
    opened(page, "Stale offer")
    expect(page.locator(".flags")).to_contain_text("The close date is long past.")
    page.locator(".complete > summary").click()
    expect(page.locator(".complete > summary")).to_have_text("60% complete")
    page.locator(".complete").get_by_role("link", name="Amount").click()
    expect(page.locator("#f-amount")).to_be_focused()


def test_conditions_hold_on_a_phone_too(clerk: Enter) -> None:
    page = clerk("cleo", width=390, height=844)
    page.goto("/app/offer/new")
    page.locator("#f-stage").select_option("won")
    expect(page.locator("#f-close_reason")).to_be_visible()
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(fits)
