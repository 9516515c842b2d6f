"""Where contents are kept, by their SHA-256: the interface, and a folder of this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from loomwork.errors import N_, UnavailableError
from loomwork.store.files.spool import PIECE

HASH = frozenset("0123456789abcdef")


class MissingContentError(UnavailableError):
    """The storage does not have a content that the database names."""

    code = "missing_content"
    text = N_("The content of this file is missing in the storage.")


class Storage(Protocol):
    """Keeps contents by their hash. All of it may be called from several threads.

    Every method raises UnavailableError where the storage cannot be used.
    """

    def has(self, sha256: str, size: int) -> bool:
        """Tell whether the content is there, in this size."""

    def put(self, sha256: str, source: Path) -> None:
        """Keep the content of the file ``source``, all of it or nothing."""

    def pieces(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end``; MissingContentError if there are fewer."""

    def remove(self, sha256: str) -> None:
        """Remove the content, if it is there."""

    def contents(self) -> Iterator[tuple[str, int]]:
        """Yield hash and size of everything that is kept."""


def place(sha256: str) -> str:
    """Return the path of a content within the storage."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def is_hash(name: str) -> bool:
    """Tell whether ``name`` is a SHA-256 in the form that is used here."""
    return len(name) == 64 and HASH.issuperset(name)


class Folder:
    """A folder of this machine, or one that several machines share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has(self, sha256: str, size: int) -> bool:
        """Tell whether the content is there, in this size."""
        try:
            return (self.root / place(sha256)).stat().st_size == size
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unusable(error) from error

    def put(self, sha256: str, source: Path) -> None:
        """Keep the content of the file ``source``, all of it or nothing."""
        target = self.root / place(sha256)
        draft = target.with_name(f"{source.name}.part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                # The draft of an upload lies in the same file system: no byte is copied.
                os.link(source, draft)
            except OSError:
                shutil.copyfile(source, draft)
                draft.chmod(0o600)
                _sync(draft)
            draft.replace(target)
            _sync(target.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _unusable(error) from error

    def pieces(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end``; MissingContentError if there are fewer."""
        try:
            with (self.root / place(sha256)).open("rb") as source:
                source.seek(start)
                left = end - start
                while left > 0:
                    piece = source.read(min(PIECE, left))
                    if not piece:
                        raise MissingContentError
                    left -= len(piece)
                    yield piece
        except FileNotFoundError as error:
            raise MissingContentError from error
        except OSError as error:
            raise _unusable(error) from error

    def remove(self, sha256: str) -> None:
        """Remove the content, if it is there."""
        try:
            (self.root / place(sha256)).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(error) from error

    def contents(self) -> Iterator[tuple[str, int]]:
        """Yield hash and size of everything that is kept."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if is_hash(path.name):
                with suppress(FileNotFoundError):
                    yield path.name, path.stat().st_size


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(error: OSError) -> UnavailableError:
    return UnavailableError(
        N_("The folder of files cannot be used: {reason}."), reason=error.strerror or str(error)
    )
