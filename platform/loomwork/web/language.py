"""Texts in the reader's language: which locale a request has, and the catalogues of texts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import current_app, g, has_request_context, request

from loomwork.model.text import Text
from loomwork.web.catalogue import Catalogue

if TYPE_CHECKING:
    from flask import Flask

LOCALES = ("en", "zh_CN")
NAMES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""The languages as those who read them write them."""
COOKIE = "loomwork_locale"
EXTENSION = "loomwork.catalogues"
SPOKEN = {"en": "en", "zh": "zh_CN"}
"""The locale for a browser's language, whatever its region or script."""


def install(app: "Flask", packages: tuple[str, ...]) -> None:
    """Give ``app`` the catalogues of ``packages`` and the text functions of its templates."""
    app.extensions[EXTENSION] = {
        locale: Catalogue.of_packages(packages, locale) for locale in LOCALES
    }
    app.jinja_env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        label=text,
        locale=current_locale,
        locale_names=NAMES,
    )


def normalised(language: str) -> str:
    """Return the locale of a language's name (``zh_cn``, ``zh-CN``), empty where there is none."""
    folded = language.replace("-", "_").lower()
    return next((locale for locale in LOCALES if locale.lower() == folded), "")


def current_locale() -> str:
    """Return ``en`` or ``zh_CN``: the user's choice, else the cookie's, else the browser's."""
    if not has_request_context():
        return LOCALES[0]
    actor = g.get("actor")
    if actor is not None and actor.locale:
        return str(actor.locale)
    found = g.get("guest_locale")
    if found is None:
        found = g.guest_locale = _guest_locale()
    return str(found)


def _guest_locale() -> str:
    chosen = normalised(request.cookies.get(COOKIE, ""))
    if chosen:
        return chosen
    for tag, quality in request.accept_languages:
        locale = SPOKEN.get(tag.partition("-")[0].lower())
        if locale and quality > 0:
            return locale
    return LOCALES[0]


def gettext(text: str, /, **values: object) -> str:
    """Return ``text`` in the reader's language, with ``{named}`` places filled if there are any."""
    translated = _catalogue().one(text)
    return translated.format_map(values) if values else translated


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the form for ``n`` in the reader's language; ``{n}`` stands for the number."""
    return _catalogue().several(one, many, n).format_map({"n": n, **values})


def text(label: Text) -> str:
    """Return a label of the metadata in the reader's language."""
    return label.to(current_locale())


def _catalogue() -> Catalogue:
    catalogues: dict[str, Catalogue] = current_app.extensions[EXTENSION]
    return catalogues[current_locale()]
