"""Who makes a request: found by token or session, remembered per access generation.

A view that runs one statement calls ``from_request()``, lets the statement read the generation too,
and if that has moved calls ``from_request(fresh=True)`` and runs the statement again. Every other
view has the generations looked at before it runs, see `loomwork.web.routing`.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from flask import Response, after_this_request, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from loomwork.errors import ActorMovedError, LoomworkError, SignInRequiredError
from loomwork.model.actor import Actor, system
from loomwork.store.transaction import Transaction, bump_access
from loomwork.web import cookie
from loomwork.web.csrf import SAFE
from loomwork.web.fab.directory import Directory, Principal
from loomwork.web.headers import TRACE
from loomwork.web.language import COOKIE as LOCALE_COOKIE
from loomwork.web.language import normalised
from loomwork.web.marks import TOKEN_PREFIX, token_digest
from loomwork.web.tokens import Tokens

if TYPE_CHECKING:
    from flask import Flask

    from loomwork.publishing.site import Site

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

EXTENSION = "loomwork.identity"
SITE = "loomwork.site"
SCHEME = "Bearer "
API = "/api/"
NOTED_EVERY = 60.0
"""Seconds between two notes of a token's use."""
MOST_REMEMBERED = 10_000
PREFERENCES = system("preferences")
THEMES = ("auto", "light", "dark")
THEME_COOKIE = "loomwork_theme"
YEAR = 31_536_000


@dataclass(slots=True)
class _Remembered:
    """What is known of one access generation; by token digest or by user."""

    generation: int
    principals: dict[bytes | UUID, Principal] = field(default_factory=dict)


class Identity:
    """Finds the principals of one application."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._key = site.settings.secret_key
        self._directory = Directory(site)
        self._tokens = Tokens(site)
        self._remembered = _Remembered(-1)
        self._noted: dict[UUID, float] = {}
        self._notes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="token-use")

    def by_token(self, token: str, *, fresh: bool = False) -> tuple[Principal, int]:
        """Return the holder of a token and the access generation under which that was so.

        Raises SignInRequiredError where it is unknown, revoked or expired.
        """
        digest = token_digest(self._key, token)
        known = self._remembered
        principal = None if fresh else known.principals.get(digest)
        generation = known.generation
        if principal is None:
            generation, principal = self._directory.by_token(digest.hex())
            if principal is None:
                self.forget(generation)
                raise SignInRequiredError
            self._remember(digest, principal, generation)
        now = time.time()
        if principal.expires is not None and principal.expires <= now:
            raise SignInRequiredError
        self._note_use(principal, now)
        return principal, generation

    def by_user(self, user: UUID, *, fresh: bool = False) -> tuple[Principal, int]:
        """Return the principal of a user record, as `by_token` does."""
        known = self._remembered
        principal = None if fresh else known.principals.get(user)
        if principal is not None:
            return principal, known.generation
        generation, principal = self._directory.by_user(user)
        if principal is None:
            self.forget(generation)
            raise SignInRequiredError
        self._remember(user, principal, generation)
        return principal, generation

    def forget(self, generation: int) -> None:
        """Drop what is known of an earlier access generation than ``generation``."""
        if generation > self._remembered.generation:
            self._remembered = _Remembered(generation)

    def _remember(self, key: bytes | UUID, principal: Principal, generation: int) -> None:
        self.forget(generation)
        known = self._remembered
        if known.generation == generation:
            if len(known.principals) >= MOST_REMEMBERED:
                known.principals.clear()
            known.principals[key] = principal

    def _note_use(self, principal: Principal, now: float) -> None:
        token = principal.token
        if token is not None and now - self._noted.get(token, 0.0) >= NOTED_EVERY:
            self._noted[token] = now
            self._notes.submit(self._write_use, token)

    def _write_use(self, token: UUID) -> None:
        try:
            self._tokens.note_use(token, NOTED_EVERY)
        except (LoomworkError, SQLAlchemyError):
            logger.warning("the use of token %s could not be noted", token, exc_info=True)


def install(app: "Flask", site: "Site") -> None:
    """Give ``app`` its site and the means to know its users."""
    app.extensions[SITE] = site
    app.extensions[EXTENSION] = Identity(site)
    app.jinja_env.globals["theme"] = current_theme


def current_site() -> "Site":
    """Return the site that the application serves."""
    site: Site = current_app.extensions[SITE]
    return site


def current_identity() -> Identity:
    """Return the application's own means to know its users."""
    found: Identity = current_app.extensions[EXTENSION]
    return found


def current_actor() -> Actor:
    """Return who makes this request; SignInRequiredError where nobody is signed in."""
    return from_request()[0]


def from_request(*, fresh: bool = False, current: bool = False) -> tuple[Actor, int]:
    """Return who makes this request, and the access generation under which that was so.

    With ``fresh`` the database is asked again; with ``current`` the site looks at its generations
    first. An Authorization header excludes the session: the request is then no browser's.
    """
    found: tuple[Actor, int] | None = g.get("identity")
    if found is not None and not fresh and not current:
        return found
    identity = current_identity()
    if current:
        site = current_site()
        site.refresh()
        identity.forget(site.access_generation)
    header = request.environ.get("HTTP_AUTHORIZATION")
    if header is None:
        principal, generation = _by_session(identity, fresh=fresh)
    elif header.startswith(SCHEME + TOKEN_PREFIX):
        principal, generation = identity.by_token(header[len(SCHEME) :], fresh=fresh)
    else:
        raise SignInRequiredError
    actor = g.actor = _on_this_way(principal.actor)
    g.identity = actor, generation
    return actor, generation


def _on_this_way(actor: Actor) -> Actor:
    """Return ``actor`` with what is noted of a write: the way it came, and the request's id."""
    if request.method in SAFE:
        return actor
    way = "rest" if request.path.startswith(API) else "screen"
    return replace(actor, source=way, request=str(request.environ.get(TRACE, "")))


def with_current_rights(work: Callable[[Actor], Result]) -> Result:
    """Return what ``work`` gives for the actor; call it again if their rights have just changed.

    For views without ``refresh``: ``work`` holds one call of the records service, which refuses to
    begin under rights that have changed.
    """
    try:
        return work(current_actor())
    except ActorMovedError:
        return work(from_request(fresh=True)[0])


def _by_session(identity: Identity, *, fresh: bool) -> tuple[Principal, int]:
    pass_ = cookie.read()
    if pass_ is None:
        raise SignInRequiredError
    principal, generation = identity.by_user(pass_.user, fresh=fresh)
    if principal.fingerprint != pass_.fingerprint:
        raise SignInRequiredError
    cookie.renew()
    return principal, generation


def current_theme() -> str:
    """Return ``auto``, ``light`` or ``dark``: the user's choice, else the browser's cookie."""
    actor = g.get("actor")
    if actor is not None and actor.theme:
        return str(actor.theme)
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def set_preferences(language: str | None, theme: str | None) -> None:
    """Keep the reader's language and theme: in the user's record, and in cookies for signed out.

    What is None or unknown stays as it is.
    """
    locale = normalised(language or "")
    chosen = theme if theme in THEMES else None
    values = {"language": locale.lower(), "theme": chosen}
    values = {name: value for name, value in values.items() if value}
    if values:
        _keep(values)
    remember_in_browser(locale, chosen or "")


def remember_in_browser(locale: str, theme: str) -> None:
    """Let the browser keep what the sign-in page will need; empty values change nothing."""

    @after_this_request
    def _set(response: Response) -> Response:
        for name, value in ((LOCALE_COOKIE, locale), (THEME_COOKIE, theme)):
            if value:
                cookie.plain(response, name, value, seconds=YEAR)
        return response


def _keep(values: dict[str, str | None]) -> None:
    try:
        user = current_actor().user
    except SignInRequiredError:
        user = None
    if user is None:
        return
    site, id_ = current_site(), user

    def work(transaction: Transaction) -> None:
        bump_access(transaction.connection)
        site.records.update(PREFERENCES, "user", id_, values, transaction=transaction)

    site.store.run(work)
