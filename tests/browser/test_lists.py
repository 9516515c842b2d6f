"""Lists in a real browser: sort, filter, search, scroll, and who sees what."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter

pytestmark = pytest.mark.xdist_group("browser")

ROWS = "tr[data-href]"
LIST = "/app/opportunity"


def column(page: Page, name: str) -> list[str]:
    return page.locator(f"{ROWS} td[data-label='{name}']").all_inner_texts()


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace(",", "")) for text in texts]


def test_two_people_see_different_lists(enter: Enter) -> None:
    seller, manager = enter("ann"), enter("mia")
    seller.goto(LIST)
    manager.goto(LIST)
    expect(seller.locator(".total")).to_have_text("47 records")
    expect(manager.locator(".total")).to_have_text("140 records")
    assert set(column(seller, "Owner")) == {"A\nAnn Lindqvist"}


def test_a_click_on_a_head_sorts_and_a_second_one_turns_the_order(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.get_by_role("link", name="Amount").click()
    expect(page.locator("th[aria-sort='ascending']")).to_have_text("Amount")
    amounts = numbers(column(page, "Amount"))
    assert amounts == sorted(amounts)
    assert "sort=amount" in page.url
    page.get_by_role("link", name="Amount").click()
    expect(page.locator("th[aria-sort='descending']")).to_have_text("Amount")
    amounts = numbers(column(page, "Amount"))
    assert amounts == sorted(amounts, reverse=True)


def test_a_link_column_sorts_by_the_titles(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.locator("thead").get_by_role("link", name="Account").click()
    expect(page.locator("th[aria-sort='ascending']")).to_have_text("Account")
    assert "sort=account" in page.url
    assert column(page, "Account")[0].endswith("Acme Industrial")


def test_the_filter_builder_narrows_the_list_and_a_chip_takes_it_back(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.locator(".add-filter > summary").click()
    page.select_option("#filter-field", "stage")
    page.get_by_role("checkbox", name="Won").check()
    page.get_by_role("button", name="Add filter").click()
    expect(page.locator(".chip")).to_have_text(re.compile("Stage is\\s+Won"))
    assert set(column(page, "Stage")) == {"Won"}
    page.reload()
    assert set(column(page, "Stage")) == {"Won"}
    page.get_by_role("link", name="Remove this filter").click()
    expect(page.locator(".total")).to_have_text("140 records")


def test_a_broken_expression_is_shown_with_its_place(enter: Enter) -> None:
    page = enter("mia")
    page.goto(f"{LIST}?filter=stage == 'won' and amont > 5")
    expect(page.get_by_role("alert")).to_contain_text("Column 20")
    expect(page.get_by_role("alert")).to_contain_text("Did you mean “amount”?")
    page.locator(".state").get_by_role("link", name="Clear filters").click()
    expect(page.locator(".total")).to_have_text("140 records")


def test_typing_in_the_search_box_narrows_the_list_and_keeps_the_focus(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.locator("#search").press_sequentially("云 no such deal")
    expect(page.locator(".state h2")).to_have_text("Nothing matches")
    page.locator("#search").fill("pilot")
    expect(page.locator(ROWS).first).to_contain_text("Pilot line")
    expect(page.locator("#search")).to_be_focused()
    assert "q=pilot" in page.url


def test_scrolling_loads_every_record_once(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    for _ in range(6):
        page.locator(".scroller").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        page.wait_for_timeout(200)
    expect(page.locator(ROWS)).to_have_count(140)
    links = page.locator(ROWS).evaluate_all("rows => rows.map(row => row.dataset.href)")
    assert len(set(links)) == 140


def test_the_keyboard_walks_through_rows_and_opens_one(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.locator(".scroller").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(ROWS).nth(1)
    expect(second.locator(".title a")).to_be_focused()
    target = second.get_attribute("data-href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_going_back_shows_the_list_as_it_was(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.get_by_role("link", name="Amount").click()
    page.wait_for_url("**sort=amount")
    page.go_back()
    page.wait_for_url(f"**{LIST}")
    expect(page.locator("nav.nav")).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(50)


def test_without_a_role_there_is_an_explanation_instead_of_a_list(enter: Enter) -> None:
    page = enter("nobody")
    expect(page.get_by_role("heading", name="Nothing to open yet")).to_be_visible()


def test_a_lost_connection_is_announced(enter: Enter) -> None:
    page = enter("mia")
    page.goto(LIST)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
