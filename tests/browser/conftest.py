"""A served site and a headless Chromium, both made once for all tests here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.demo_site import PASSWORD, make_site, served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium itself notes for an answer that our pages expect: errors beside the fields."""
Enter: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a site that the tests share."""
    site = make_site(tmp_path_factory.mktemp("site"))
    with served(site) as url:
        yield url
    site.close()


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Yield a running browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Yield the list of what browsers complain about; a test fails when there is anything."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def enter(browser: Browser, address: str, complaints: list[str]) -> Iterator[Enter]:
    """Yield a function that signs somebody in with a browser of their own."""
    contexts: list[BrowserContext] = []
    yield entering(browser, address, complaints, contexts)
    for context in contexts:
        context.close()


def entering(
    browser: Browser, address: str, complaints: list[str], contexts: list[BrowserContext]
) -> Enter:
    """Return a function that signs somebody in at a site; what it opens is among ``contexts``."""

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            complaints.append(message.text)

    def sign_in(name: str, *, width: int = 1440, height: int = 900, locale: str = "en-US") -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return sign_in
