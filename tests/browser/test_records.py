"""Record pages in a real browser: create, change, conflict, delete, and what is never lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter

pytestmark = pytest.mark.xdist_group("browser")

XSS = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def field(page: Page, label: str) -> Locator:
    """Return the input as assistive technology finds it: by role and accessible name."""
    return page.get_by_role("textbox", name=label, exact=True)


def create_account(page: Page, name: str) -> None:
    page.goto("/app/account/new")
    field(page, "Name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile("/app/account/[0-9a-f-]{36}$"))


def test_errors_stand_beside_the_fields_until_the_record_can_be_created(enter: Enter) -> None:
    page = enter("mia")
    page.goto("/app/opportunity/new")
    field(page, "Amount").fill("a lot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#f-amount-error")).to_have_text(re.compile("number is expected"))
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    expect(field(page, "Amount")).to_have_value("a lot")
    field(page, "Name").fill("A deal of the browser test")
    field(page, "Amount").fill("1,200.50")
    page.get_by_role("combobox", name="Account", exact=True).fill("acme")
    page.get_by_role("option", name="Acme Industrial").click()
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/app/opportunity/[0-9a-f-]{36}$"))
    expect(page.locator(".toast")).to_contain_text("A deal of the browser test was created.")
    expect(page.locator(".highlights")).to_contain_text("1,200.50")


def test_a_change_is_saved_in_place(enter: Enter) -> None:
    page = enter("mia")
    create_account(page, "Changes in place")
    field(page, "Short name").fill("CIP")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="Saved.")).to_be_visible()
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    page.reload()
    expect(field(page, "Short name")).to_have_value("CIP")


def test_a_long_number_is_grouped_for_reading_and_plain_for_typing(enter: Enter) -> None:
    page = enter("mia")
    page.goto("/app/opportunity?sort=-amount")
    page.locator("td.title a").first.click()
    amount = field(page, "Amount")
    expect(amount).to_have_value(re.compile(r"^\d{3},000\.00$"))
    amount.focus()
    expect(amount).to_have_value(re.compile(r"^\d{6}\.00$"))
    field(page, "Next step").focus()
    expect(amount).to_have_value(re.compile(r"^\d{3},000\.00$"))
    expect(page.locator("[data-unsaved]")).to_be_hidden()


def test_leaving_unsaved_changes_asks_first(enter: Enter) -> None:
    page = enter("mia")
    create_account(page, "Asks before leaving")
    field(page, "Short name").fill("unsaved")
    page.locator(".nav").get_by_role("link", name="Contacts").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    dialog.get_by_role("button", name="Stay").click()
    expect(field(page, "Short name")).to_have_value("unsaved")
    page.locator(".nav").get_by_role("link", name="Contacts").click()
    dialog.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/app/contact")


def test_the_second_of_two_editors_decides_about_the_conflict(enter: Enter) -> None:
    first, second = enter("mia"), enter("mia")
    create_account(first, "Edited twice")
    second.goto(first.url)
    field(first, "Short name").fill("first")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".toast", has_text="Saved.")).to_be_visible()
    field(second, "Short name").fill("second")
    second.get_by_role("button", name="Save", exact=True).click()
    notice = second.get_by_role("alert")
    expect(notice).to_contain_text("You saved this record in another window.")
    expect(notice.locator("tbody tr")).to_have_text(re.compile("Short name\\s*first\\s*second"))
    second.get_by_role("button", name="Save", exact=True).click()
    expect(notice).to_be_visible()
    second.get_by_role("button", name="Save mine over it").click()
    expect(second.locator(".toast", has_text="Saved.")).to_be_visible()
    first.reload()
    expect(field(first, "Short name")).to_have_value("second")


def test_two_editors_of_different_fields_need_not_decide_anything(enter: Enter) -> None:
    first, second = enter("mia"), enter("mia")
    create_account(first, "Edited side by side")
    second.goto(first.url)
    field(first, "Short name").fill("first")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".toast", has_text="Saved.")).to_be_visible()
    field(second, "Customer number").fill("C-SIDE")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".toast", has_text="Saved.")).to_be_visible()
    expect(field(second, "Short name")).to_have_value("first")
    expect(field(second, "Customer number")).to_have_value("C-SIDE")


def test_a_long_conflict_fits_on_a_phone(enter: Enter) -> None:
    first, second = enter("mia"), enter("mia", width=390, height=844)
    create_account(first, "Long conflict")
    second.goto(first.url)
    for page, text in ((first, "https://first.example/"), (second, "https://second.example/")):
        field(page, "Website").fill(text + "x" * 100)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast, .conflict").first).to_be_visible()
    widths = second.locator(".conflict tbody tr > *").evaluate_all(
        "cells => cells.map(cell => cell.clientWidth)"
    )
    assert min(widths) > 70
    assert second.evaluate("document.documentElement.scrollWidth") == 390


def test_a_phone_has_a_way_back_and_marks_unsaved_changes(enter: Enter) -> None:
    page = enter("mia", width=390, height=844)
    for path in ("/app/account/new", "/app/contact/new"):
        page.goto(path)
        expect(page.locator("[data-unsaved]")).to_be_hidden()
        page.get_by_role("textbox").first.fill("Something")
        expect(page.locator("[data-unsaved]")).to_be_in_viewport()
        page.get_by_role("link", name="Back to the list").click()
        dialog = page.get_by_role("dialog", name="Leave without saving?")
        dialog.get_by_role("button", name="Leave").click()
        page.wait_for_url(path.replace("/new", ""))


def test_names_of_any_length_and_direction_stay_in_their_place(enter: Enter) -> None:
    page = enter("mia")
    name = ("شركة التجارة الدولية " * 8)[:160].strip()
    create_account(page, name)
    heading = page.locator("h1")
    expect(heading).to_have_attribute("title", name)
    assert heading.evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    page.goto("/app/account?sort=name&q=شركة")
    expect(page.locator("td.title a")).to_have_attribute("title", name)
    page.goto("/app/contact/new")
    page.get_by_role("combobox", name="Account", exact=True).fill("شركة")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_attribute("dir", "auto")


def test_a_deleted_record_comes_back_with_undo(enter: Enter) -> None:
    page = enter("mia")
    create_account(page, "Deleted by mistake")
    page.get_by_label("More actions").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/app/account")
    expect(page.locator(".list")).not_to_contain_text("Deleted by mistake")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("/app/account/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text("Deleted by mistake")


def test_markup_in_values_is_shown_as_text(enter: Enter) -> None:
    page = enter("mia")
    create_account(page, XSS)
    expect(page.locator("h1")).to_have_text(XSS)
    page.goto("/app/account?q=onerror")
    expect(page.locator("td.title")).to_have_text(XSS)
    page.goto("/app/contact/new")
    page.get_by_role("combobox", name="Account", exact=True).fill("onerror")
    expect(page.get_by_role("listbox")).to_have_text(XSS)


def test_what_may_not_be_changed_has_no_inputs(enter: Enter) -> None:
    page = enter("ann")
    page.goto("/app/user")
    page.locator("td.title a").first.click()
    expect(page.get_by_text("Read only")).to_be_visible()
    expect(page.locator("form.record-form input:not([type=hidden])")).to_have_count(0)


def test_times_are_entered_and_shown_in_the_readers_zone(enter: Enter) -> None:
    page = enter("mia")
    page.goto("/app/task/new")
    field(page, "Subject").fill("At half past nine")
    field(page, "Due").fill("2026-12-01 09:30")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/app/task/[0-9a-f-]{36}$"))
    expect(field(page, "Due")).to_have_value("2026-12-01 09:30")
    stored = page.request.get(page.url.replace("/app/", "/api/v1/records/")).json()
    assert stored["due_at"] == "2026-12-01T01:30:00Z"


def test_related_records_are_listed_and_lead_to_a_prefilled_form(enter: Enter) -> None:
    page = enter("mia")
    page.goto("/app/account?q=acme")
    page.locator("td.title a").click()
    related = page.locator(".related-list", has_text="Contacts")
    related.get_by_role("link", name="New: Contacts").click()
    expect(page.get_by_role("combobox", name="Account", exact=True)).to_have_value(
        "Acme Industrial"
    )
