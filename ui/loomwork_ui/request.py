"""The present request: who reads, in what language and zone, and with what prepared."""

from dataclasses import dataclass, replace
from typing import Final, cast

from flask import current_app, request

from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.drafts.composing import country_of, currency_of
from loomwork.records.rules.conditions import DESKTOP
from loomwork.web.identity import current_actor, current_site
from loomwork.web.language import current_locale, gettext
from loomwork_ui.prepared import Preparations, Prepared
from loomwork_ui.reader import Reader, reader_now

EXTENSION: Final = "loomwork_ui"
ZONE_COOKIE: Final = "tz"
"""Set by the browser to the name of its time zone."""
WIDTH_COOKIE: Final = "width"
"""Set by the browser to the kind of its screen."""
WIDTHS: Final = frozenset(("phone", "tablet", DESKTOP))
VARY: Final = "Accept-Language, Authorization, Cookie, HX-Request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything that a page is made from."""

    actor: Actor
    site: Site
    prepared: Prepared
    reader: Reader
    width: str = DESKTOP


def visit() -> Visit:
    """Return the present visit."""
    site = current_site()
    locale = current_locale()
    width = request.cookies.get(WIDTH_COOKIE, DESKTOP)
    preparations = cast("Preparations", current_app.extensions[EXTENSION])
    return Visit(
        actor=current_actor(),
        site=site,
        prepared=preparations.of(site.model, locale, gettext),
        reader=replace(
            reader_now(locale, request.cookies.get(ZONE_COOKIE, "UTC")),
            currency=currency_of(site.current()),
            country=country_of(site.current()),
        ),
        width=width if width in WIDTHS else DESKTOP,
    )


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of a page; when it restores history it wants the whole."""
    headers = request.headers
    return "HX-Request" in headers and headers.get("HX-History-Restore-Request") != "true"
