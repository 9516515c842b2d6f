"""Files in forms: chosen, sent at once, kept with the record, shown as links and pictures."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from loomwork.cli.setup import prepare_site
from loomwork.model.actor import system
from loomwork.publishing.install import install_packs
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.users import Users
from tests.browser.conftest import Enter, entering
from tests.browser.demo_site import PASSWORD, served
from tests.documents import ALL, Body, PackBuilder, base

pytestmark = pytest.mark.xdist_group("browser")

OFFER: Body = {
    "kind": "entity",
    "name": "offer",
    "fields": {
        "name": {"type": "text", "required": True},
        "contract": {"type": "file"},
        "picture": {"type": "image"},
        "more": {"type": "file", "many": True},
    },
}
CLERK: Body = {"kind": "role", "name": "clerk", "grants": {"offer": ALL}}
DESK: Body = {"kind": "app", "name": "desk", "items": {"offers": {"entity": "offer"}}}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("desk")
    site = prepare_site(Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True))
    pack = PackBuilder(OFFER, CLERK, DESK, name="desk").read()
    install_packs(site.database, [base(), pack], author="test", at_switch=[project_roles])
    site.refresh()
    with create_app(site).app_context():
        Users(site).add("ann", "Ann", password=PASSWORD, roles=["clerk"])
    site.refresh()
    files = [str(site.files.add(name, [b"text"], by=None).id) for name in ("b.txt", "c.txt")]
    site.records.create(system("test"), "offer", {"name": "with more", "more": files})
    with served(site) as url:
        yield url
    site.close()


@pytest.fixture
def page(browser: Browser, desk: str, complaints: list[str]) -> Iterator[Page]:
    contexts: list[BrowserContext] = []
    enter: Enter = entering(browser, desk, complaints, contexts)
    opened = enter("ann")
    opened.goto("/app/offer/new")
    yield opened
    for context in contexts:
        context.close()


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (800, 400), "teal").save(target, "PNG")
    return target.getvalue()


def choose(page: Page, field: str, name: str, content: bytes) -> None:
    page.set_input_files(
        f"#f-{field}",
        {"name": name, "mimeType": "application/octet-stream", "buffer": content},
    )


def test_a_chosen_file_is_kept_with_the_record(page: Page) -> None:
    page.fill("#f-name", "one")
    choose(page, "contract", "报价 1.txt", b"text")
    field = page.locator("lw-file").first
    expect(field.locator("[data-name]")).to_have_text("报价 1.txt")
    choose(page, "picture", "a.png", picture())
    expect(page.locator("lw-file").nth(1).locator("[data-name]")).to_have_text("a.png")
    page.click("#save")
    expect(page.get_by_text("one was created")).to_be_visible()
    page.goto("/app/offer")
    row = page.locator("tr", has=page.get_by_text("报价 1.txt"))
    expect(row.locator("a.file")).to_have_text("报价 1.txt")
    small = page.locator("a.picture img")
    expect(small).to_have_js_property("naturalWidth", 96)
    row.locator("td.title a").click()
    expect(page.locator("lw-file [data-name]").first).to_have_text("报价 1.txt")
    page.locator("lw-file [data-remove]").first.click()
    page.click("#save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/app/offer")
    expect(page.get_by_text("报价 1.txt")).to_have_count(0)


def test_several_files_are_shown_and_stay_when_a_form_is_saved(page: Page) -> None:
    page.goto("/app/offer")
    row = page.locator("tr", has=page.get_by_text("with more"))
    expect(row.locator("a.file")).to_have_text(["b.txt", "c.txt"])
    row.locator("td.title a").click()
    expect(page.locator("#f-more")).to_have_text("b.txt, c.txt")
    page.fill("#f-name", "still with more")
    page.click("#save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/app/offer")
    expect(page.locator("tr", has=page.get_by_text("still")).locator("a.file")).to_have_count(2)


def test_a_file_that_cannot_be_sent_is_told(page: Page) -> None:
    page.route("**/api/v1/files**", lambda route: route.fulfill(status=400, body=""))
    choose(page, "contract", "a.txt", b"text")
    told = page.locator("lw-file").first.locator("[role=status]")
    expect(told).to_have_text("The file could not be sent.")


def test_the_reason_of_a_refusal_is_told(page: Page) -> None:
    choose(page, "contract", "empty.txt", b"")
    told = page.locator("lw-file").first.locator("[role=status]")
    expect(told).to_have_text("The file is empty.")
