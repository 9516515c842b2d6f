"""Take pictures of every screen, for review and for the README: `make screenshots`.

Every page goes to artifacts/screenshots/ in both widths, languages and themes; the few that the
documentation shows go to docs/images/ as WebP.
"""

import base64
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product, starmap
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from loomwork.publishing.site import Site  # noqa: E402 -- run as a script from anywhere
from loomwork.store.settings import Settings  # noqa: E402
from loomwork_metadata.demo import demo_users  # noqa: E402
from tests.browser.demo_site import served  # noqa: E402
from tests.services import find_chromium  # noqa: E402

EVERYTHING = ROOT / "artifacts" / "screenshots"
SHOWN = ROOT / "docs" / "images"
SIZES = {1440: 900, 390: 844}
LANGUAGES = {"en": "en-US", "zh_CN": "zh-CN"}
THEMES = ("light", "dark")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is shown."""

    width: int
    language: str
    theme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{self.theme}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: a page, and what is done there before the picture is taken.

    ``open`` is a selector of a link to follow, ``press`` those of what is clicked afterwards.
    """

    name: str
    path: str
    open: str = ""
    press: tuple[str, ...] = ()


SHOTS = (
    Shot(name="list", path="/app/opportunity"),
    Shot(
        name="pipeline",
        path="/app/opportunity?view=open_pipeline&sort=close_date&filter=close_date is not None",
    ),
    Shot(name="list-filter", path="/app/opportunity", press=(".add-filter > summary",)),
    Shot(
        name="list-filtered",
        path="/app/opportunity?filter=stage in ['proposal', 'negotiation'] and amount > 100000",
    ),
    Shot(name="list-nothing", path="/app/opportunity?q=zzzz"),
    Shot(name="list-error", path="/app/opportunity?filter=stage == 'won' and amont > 5"),
    Shot(name="leads", path="/app/lead"),
    Shot(name="accounts", path="/app/account"),
    Shot(name="contacts", path="/app/contact"),
    Shot(name="tasks", path="/app/task"),
    Shot(name="products", path="/app/product"),
    Shot(name="users", path="/app/user"),
    Shot(name="opportunity", path="/app/opportunity?sort=-amount", open="td.title a"),
    Shot(name="account", path="/app/account", open="td.title a"),
    Shot(name="task", path="/app/task", open="td.title a"),
    Shot(name="new", path="/app/opportunity/new"),
    Shot(name="new-errors", path="/app/opportunity/new", press=("#save",)),
    Shot(name="missing", path="/app/opportunity/00000000-0000-7000-8000-000000000000"),
)
PHONE_ONLY = (
    Shot(name="rail", path="/app/account", press=("[data-opens=rail]", ".account > summary")),
)
CURATED: Mapping[str, tuple[str, Look]] = {
    "list": ("pipeline", Look(1440, "en", "light")),
    "list-dark": ("pipeline", Look(1440, "zh_CN", "dark")),
    "form": ("account", Look(1440, "en", "light")),
    "form-zh": ("opportunity", Look(1440, "zh_CN", "light")),
    "filter": ("list-filter", Look(1440, "en", "light")),
    "phone-list": ("list", Look(390, "en", "light")),
    "phone-form": ("opportunity", Look(390, "zh_CN", "dark")),
}


def make_demo(home: Path) -> tuple[Site, str]:
    """Return a new site with the demo data and the password of its users."""
    command = [sys.executable, "-m", "loomwork.cli", "init", "--pack", "base", "--pack", "sales"]
    environment = {**os.environ, "LOOMWORK_HOME": str(home), "LOOMWORK_DATABASE_URL": ""}
    subprocess.run([*command, "--demo"], env=environment, check=True)
    settings = Settings.from_environment({"LOOMWORK_HOME": str(home)})
    return Site.open(settings), (home / "demo.password").read_text(encoding="utf-8").strip()


@contextmanager
def signed_in(browser: Browser, address: str, password: str, look: Look) -> Iterator[Page]:
    """Give a page of a manager who has chosen a language and a theme."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": look.width, "height": SIZES[look.width]},
        locale=LANGUAGES[look.language],
        color_scheme="dark" if look.theme == "dark" else "light",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/login")
    page.screenshot(path=EVERYTHING / f"sign-in-{look}.png")
    manager = next(user for user in demo_users() if user.leads_team and user.language == "en")
    page.fill("#username", manager.username)
    page.fill("#password", password)
    page.click("button.primary")
    choose(page, language=look.language.lower(), theme=look.theme)
    yield page
    context.close()


def choose(page: Page, **preferences: str) -> None:
    """Set language and theme as the account menu does."""
    token = page.locator(".preferences [name=csrf_token]").get_attribute("value") or ""
    page.request.post("/me/preferences", form={**preferences, "csrf_token": token})


def take(page: Page, shot: Shot, look: Look) -> None:
    """Take one picture, and a copy for the documentation where it is wanted there."""
    page.goto(shot.path)
    if shot.open:
        page.goto(page.locator(shot.open).first.get_attribute("href") or "/")
    for selector in shot.press:
        page.click(selector)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)
    page.screenshot(path=EVERYTHING / f"{shot.name}-{look}.png")
    for name, wanted in CURATED.items():
        if wanted == (shot.name, look):
            write_webp(page, SHOWN / f"{name}.webp")


def write_webp(page: Page, target: Path) -> None:
    """Take the picture as WebP, which Playwright itself does not offer."""
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    target.write_bytes(base64.b64decode(answer["data"]))


def main(arguments: list[str]) -> None:
    """Take every picture whose name matches one of the given patterns, or all of them."""
    EVERYTHING.mkdir(parents=True, exist_ok=True)
    SHOWN.mkdir(parents=True, exist_ok=True)
    wanted = re.compile("|".join(arguments))
    chromium = str(find_chromium())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, password = make_demo(Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with served(site) as address:
            for look in starmap(Look, product(SIZES, LANGUAGES, THEMES)):
                with signed_in(browser, address, password, look) as page:
                    for shot in SHOTS + (PHONE_ONLY if look.width == min(SIZES) else ()):
                        if wanted.search(shot.name):
                            take(page, shot, look)
        browser.close()
        site.close()


if __name__ == "__main__":
    main(sys.argv[1:])
