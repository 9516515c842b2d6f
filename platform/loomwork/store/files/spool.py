"""Content on its way in: written to a draft in pieces, measured and hashed meanwhile."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loomwork.errors import N_, BadRequestError, TooLargeError, UnavailableError

PIECE = 256 * 1024
DRAFTS = "incoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A whole content that nobody can see yet."""

    path: Path
    sha256: str
    size: int


@contextmanager
def spooled(
    folder: Path, pieces: Iterable[bytes], *, limit: int, length: int | None = None
) -> Iterator[Draft]:
    """Give the content of ``pieces`` as a draft in ``folder``; nothing of it stays behind.

    Raises TooLargeError beyond ``limit`` bytes, and BadRequestError where it is empty or ends
    before the promised ``length``.
    """
    path = folder / DRAFTS / secrets.token_hex(16)
    try:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = _write(path, pieces, limit)
        except OSError as error:
            raise UnavailableError(
                N_("The file cannot be kept: {reason}."), reason=error.strerror or str(error)
            ) from error
        if length is not None and draft.size != length:
            raise BadRequestError(
                N_("The file is cut off: {size} of {length} bytes arrived."),
                size=draft.size,
                length=length,
            )
        if draft.size == 0:
            raise BadRequestError(N_("The file is empty."))
        yield draft
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, pieces: Iterable[bytes], limit: int) -> Draft:
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise TooLargeError(limit=limit)
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return Draft(path=path, sha256=digest.hexdigest(), size=size)
