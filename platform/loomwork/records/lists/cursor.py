"""Page cursors: the last row's sort values, signed and bound to the query they belong to."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from loomwork.errors import N_, InvalidError, Problem

SIGNATURE = 16
"""Bytes of the signature: HMAC-SHA-256, cut to 128 bits."""

TAGS: dict[type, str] = {Decimal: "n", datetime: "t", date: "d", UUID: "u"}
READERS: dict[str, Any] = {
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "u": UUID,
}


def write_cursor(values: Sequence[object], context: Sequence[object], key: bytes) -> str:
    """Return the cursor after a row with these sort values, for queries of just this context."""
    body = json.dumps([_tagged(value) for value in values], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_sign(body, context, key) + body).decode().rstrip("=")


def read_cursor(cursor: str, context: Sequence[object], key: bytes) -> list[Any]:
    """Return the sort values in ``cursor``; InvalidError where it was not made for this query."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused() from None
    signature, body = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(body, context, key)):
        raise _refused()
    return [_plain(value) for value in json.loads(body)]


def _sign(body: bytes, context: Sequence[object], key: bytes) -> bytes:
    digest = hmac.new(key, b"cursor\0", hashlib.sha256)
    digest.update(repr(tuple(context)).encode())
    digest.update(b"\0" + body)
    return digest.digest()[:SIGNATURE]


def _refused() -> InvalidError:
    problem = Problem(
        code="bad_cursor",
        text=N_("This cursor does not belong to this query any more: begin with the first page."),
        pointer="/cursor",
    )
    return InvalidError(problems=(problem,))


def _tagged(value: object) -> object:
    tag = TAGS.get(type(value))
    if tag is None:
        return value
    return {tag: value.isoformat() if isinstance(value, date) else str(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        ((tag, text),) = value.items()
        return READERS[tag](text)
    return value
