"""What stands around every page: navigation, account, toasts, texts for scripts."""

import json
from functools import cached_property

from flask import request
from markupsafe import Markup

from loomwork.errors import N_, SignInRequiredError
from loomwork.model.actor import Actor
from loomwork.web.identity import current_actor, current_site, current_theme
from loomwork.web.language import current_locale, gettext
from loomwork_ui.navigation import Entry, entries, flat, located
from loomwork_ui.toasts import Toast, waiting
from loomwork_ui.widgets.link import mark

QUICK = 4
"""Entries that the bottom bar of a phone has room for."""
BROWSER_TEXTS = {
    "close": N_("Close"),
    "undo": N_("Undo"),
    "failed": N_("The server could not answer. Try again."),
    "unreachable": N_("The server cannot be reached. Nothing was saved."),
    "loading": N_("Loading…"),
    "show": N_("Show"),
    "hide": N_("Hide"),
}


class Shell:
    """The frame of one page. Everything is worked out when a template asks for it."""

    @cached_property
    def actor(self) -> Actor | None:
        """Return who is signed in, if anybody is."""
        try:
            return current_actor()
        except SignInRequiredError:
            return None

    @cached_property
    def locale(self) -> str:
        """Return the page's locale."""
        return current_locale()

    @property
    def theme(self) -> str:
        """Return ``auto``, ``light`` or ``dark``."""
        return current_theme()

    @property
    def user_name(self) -> str:
        """Return the name of who is signed in."""
        return self.actor.name if self.actor else ""

    @property
    def badge(self) -> Markup:
        """Return the initial of who is signed in."""
        return Markup(mark(self.user_name, person=True))  # noqa: S704 -- escaped by mark

    @property
    def address(self) -> str:
        """Return the address of this page, to come back to; that of a submitted form is none."""
        return request.full_path.rstrip("?") if request.method == "GET" else request.path

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        actor = self.actor
        if actor is None:
            return ()
        site = current_site()
        found = entries(
            site.model,
            self.locale,
            lambda entity: "read" in site.records.allowed(actor, entity),
        )
        values = request.view_args or {}
        return located(found, values.get("entity", ""), request.args.get("view", ""))

    def navigation(self) -> tuple[Entry, ...]:
        """Return the apps with their entries."""
        return self._entries

    def quick(self) -> tuple[Entry, ...]:
        """Return the first entries, for the bottom bar."""
        return tuple(flat(self._entries))[:QUICK]

    def toasts(self) -> list[Toast]:
        """Return the messages that wait to be shown."""
        return waiting()

    def browser_texts(self) -> Markup:
        """Return the texts that scripts show, as JSON that is safe inside a script element."""
        texts = {name: gettext(text) for name, text in BROWSER_TEXTS.items()}
        return Markup(json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704
