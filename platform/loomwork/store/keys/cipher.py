"""Encryption of single values: AES-256-GCM, each value bound to the column that keeps it.

A token reads ``v1:KEY:base64(nonce + ciphertext)``; KEY is the id of a data key. Data keys are kept
wrapped by a key that is derived (HKDF-SHA256) from the site's secret key.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from loomwork.errors import N_, UnavailableError

VERSION = "v1"
NONCE = 12
KEY = 32
TOKEN = re.compile(r"v1:([0-9a-f]{8}):([A-Za-z0-9+/]+={0,2})")
LOCKED = N_(
    "The site's secret key does not open the keys of its encrypted fields: put the earlier one"
    " back, or give it to “loomwork keys rewrap”."
)
NO_KEY = N_("The site has no key for encrypted fields yet. Make one with: loomwork init")


class TokenError(ValueError):
    """What was opened is no token, was changed, or belongs to another place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The data keys by id, and the ``current`` one, which new values are encrypted with.

    ``locked`` are the ids of those that the site's secret key does not open.
    """

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    current: str = ""
    locked: frozenset[str] = frozenset()

    def require_current(self) -> bytes:
        """Return the current key; UnavailableError where there is none that can be used."""
        if self.current in self.locked:
            raise UnavailableError(LOCKED)
        if self.current not in self.keys:
            raise UnavailableError(NO_KEY)
        return self.keys[self.current]

    def seal(self, text: str, place: str) -> str:
        """Return the token of ``text``, which can be opened at ``place`` only."""
        key, nonce = self.require_current(), os.urandom(NONCE)
        return _token(
            self.current, nonce, AESGCM(key).encrypt(nonce, text.encode(), place.encode())
        )

    def open(self, token: str, place: str) -> str:
        """Return the text of a token; TokenError where it is not of that place or was changed."""
        id_, raw = _parsed(token)
        if id_ in self.locked:
            raise UnavailableError(LOCKED)
        if id_ not in self.keys:
            raise TokenError(f"unknown key {id_}")
        try:
            text = AESGCM(self.keys[id_]).decrypt(raw[:NONCE], raw[NONCE:], place.encode())
        except InvalidTag as error:
            raise TokenError("changed, or of another place") from error
        return text.decode()

    def renew(self, token: str, place: str) -> str:
        """Return the token with the current key; equal tokens stay equal, wherever they are kept.

        Therefore its nonce follows from the token that was, which is nobody else's.
        """
        text, key = self.open(token, place), self.require_current()
        secret = _derived(key, b"loomwork renewal nonces")
        nonce = hmac.digest(secret, f"{place}\0{token}".encode(), "sha256")[:NONCE]
        return _token(
            self.current, nonce, AESGCM(key).encrypt(nonce, text.encode(), place.encode())
        )


def prefix_of(key: str) -> str:
    """Return what the tokens of a key begin with."""
    return f"{VERSION}:{key}:"


def new_key() -> tuple[str, bytes]:
    """Return a new data key with its id."""
    return os.urandom(4).hex(), AESGCM.generate_key(KEY * 8)


def wrap(id_: str, key: bytes, secret: bytes) -> str:
    """Return a data key as it is kept: encrypted under the site's secret key."""
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_wrapping(secret)).encrypt(nonce, key, id_.encode())
    return base64.b64encode(nonce + sealed).decode()


def unwrap(id_: str, wrapped: str, secret: bytes) -> bytes | None:
    """Return a data key that is kept; None where this secret key does not open it."""
    try:
        raw = base64.b64decode(wrapped, validate=True)
        return AESGCM(_wrapping(secret)).decrypt(raw[:NONCE], raw[NONCE:], id_.encode())
    except (InvalidTag, ValueError):
        return None


def _wrapping(secret: bytes) -> bytes:
    return _derived(secret, b"loomwork data keys")


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(secret)


def _token(key: str, nonce: bytes, sealed: bytes) -> str:
    return prefix_of(key) + base64.b64encode(nonce + sealed).decode()


def _parsed(token: str) -> tuple[str, bytes]:
    found = TOKEN.fullmatch(token)
    if found is None:
        raise TokenError("no token")
    try:
        raw = base64.b64decode(found[2], validate=True)
    except binascii.Error as error:
        raise TokenError("no token") from error
    # Of several spellings of the same bytes only ours is a token.
    if len(raw) < NONCE + 16 or base64.b64encode(raw).decode() != found[2]:
        raise TokenError("no token")
    return found[1], raw
