"""Addresses of pages."""

import ipaddress
import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

from loomwork.errors import N_
from loomwork.model.field_type import NOT_TEXT, FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

LONGEST = 2000
SCHEMES = ("http", "https", "ftp")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}\s]|[\ud800-\udfff]")
"""What an address never has; a backslash would be a slash to browsers."""
LONGEST_HOST = 253
NOT_AN_ADDRESS = N_("The address of a page is expected, written like https://example.com.")
OTHER_SCHEME = N_("Addresses of pages begin with {schemes}.")
WITH_ACCOUNT = N_("The address may not have the name of an account before its host.")
BAD_HOST = N_("“{host}” cannot be the name of a host.")
TOO_LONG = N_("At most {limit} characters are possible; these are {length}.")


@dataclass(frozen=True, slots=True)
class UrlType(FieldType):
    """The address of a page, with its scheme; a host in another script is kept in its ASCII form.

    ``javascript:`` and all other schemes but those of pages are refused, and so is an account
    before the host, by which one host passes itself off as another.
    """

    name: ClassVar[str] = "url"
    kind: ClassVar[Kind] = Kind.TEXT

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST)

    def parse(self, value: object) -> object:
        if not isinstance(value, str):
            raise refuse("not_text", NOT_TEXT)
        if len(value) > LONGEST:
            raise refuse("too_long", TOO_LONG, limit=LONGEST, length=len(value))
        text = _visible(value)
        if not text:
            return None
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise refuse("not_a_url", NOT_AN_ADDRESS) from None
        if FORBIDDEN.search(text) or not parts.scheme:
            raise refuse("not_a_url", NOT_AN_ADDRESS)
        if parts.scheme not in SCHEMES:
            schemes = ", ".join(f"{scheme}://" for scheme in SCHEMES)
            raise refuse("bad_scheme", OTHER_SCHEME, schemes=schemes)
        if not parts.hostname:
            raise refuse("not_a_url", NOT_AN_ADDRESS)
        if "@" in parts.netloc:
            raise refuse("not_a_url", WITH_ACCOUNT)
        return _canonical(parts, port)

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read an address, also one without a scheme: ``example.com``."""
        del locale
        return self.parse(with_scheme(text))

    def sample(self, source: random.Random) -> object:
        return f"https://www.example.com/{source.randrange(10**6)}"


def with_scheme(text: str) -> str:
    """Return what somebody typed with a scheme; ``https`` where it has none."""
    plain = text.strip()
    host = plain.split("/", 1)[0]
    named = SCHEME.match(plain) and not re.fullmatch(r"[^:]*\.[^:]*:[0-9]+", host)
    return f"https://{plain}" if plain and not named else plain


def _visible(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def _canonical(parts: SplitResult, port: int | None) -> str:
    host = _host(parts.hostname or "")
    netloc = host if port is None else f"{host}:{port}"
    found = urlunsplit(parts._replace(netloc=netloc))
    if len(found) > LONGEST:
        raise refuse("too_long", TOO_LONG, limit=LONGEST, length=len(found))
    return found


def _host(host: str) -> str:
    """Return the ASCII form of a host's name, or an address of a machine."""
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            raise _bad(host) from None
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise _bad(host) from None
    labels = plain.removesuffix(".").split(".")
    if len(plain) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in labels):
        raise _bad(host)
    return plain


def _bad(host: str) -> Exception:
    return refuse("not_a_url", BAD_HOST, host=host[:60])


SAFE_SCRIPTS = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI"))
"""Scripts whose letters nobody takes for Latin ones."""


def shown_host(host: str) -> str:
    """Return the name of a host for people: in its own script where that cannot deceive.

    A name with letters of another script than these stays in the form that begins with ``xn--``,
    for ``аpple.com`` with a Cyrillic letter looks like another host.
    """
    return ".".join(_shown_label(label) for label in host.split("."))


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        found = idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label
    letters = [sign for sign in found if not (sign.isascii() and (sign.isdigit() or sign == "-"))]
    scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in letters}
    return found if letters and scripts <= SAFE_SCRIPTS else label
