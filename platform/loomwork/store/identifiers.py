"""Ids of records: UUIDs of version 7, and the names of tables, columns and indexes."""

import hashlib
import os
import threading
import time
from uuid import UUID

LONGEST_NAME = 60
"""Bytes of an identifier: the engines keep 63, of which an ending may take three."""

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a UUID of version 7 (RFC 9562): milliseconds, a counter in `rand_a`, random bits.

    Ids made by one process always rise, also when the clock goes back.
    """
    global _last
    with _lock:
        now = (time.time_ns() // 1_000_000) << 12
        _last = max(now, _last + 1)
        stamp = _last
    random = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    milliseconds, counter = stamp >> 12, stamp & 0xFFF
    return UUID(int=milliseconds << 80 | 7 << 76 | counter << 64 | 2 << 62 | random)


def short_name(name: str) -> str:
    """Return ``name``, cut with a hash where it is longer than the engines allow."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name[:49]}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"
