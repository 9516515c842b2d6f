"""The files of a pack, in a folder or in a zip file, of which nothing is believed unseen."""

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from loomwork.errors import N_, Problem

MOST_FILES = 9_999
LARGEST_PACK = 50_000_000
"""Bytes of all files together, unpacked; and of a zip file itself."""
HIGHEST_RATIO = 100
"""How many times its size a zip file may unpack to; texts seldom reach a tenth of it."""
SMALL = 5_000_000
"""Bytes that may be unpacked whatever the ratio."""
CHUNK = 65_536
TOO_LARGE = N_("The file is too large: at most {limit} bytes are possible.")
BAD_NAME = N_("This is no name for a file of a pack: it could lead out of it.")

Note = Callable[[Problem], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """A file by its name within the pack; ``read`` gives at most so many bytes of it."""

    name: str
    read: Callable[[int], bytes]


class TooMuchError(Exception):
    """The files of an archive unpack to more than a pack may hold."""


def files_in_folder(folder: Path, note: Note) -> Iterator[PackFile]:
    """Yield the files of a folder and of the folders in it, in order; hidden ones are no files.

    What is neither a file nor, at the top, a folder is yielded too, for the caller to refuse.
    """
    for entry in _listed(folder, folder.name, note):
        if entry.is_dir() and not entry.is_symlink():
            for inner in _listed(entry, entry.name, note):
                yield _on_disk(inner, f"{entry.name}/{inner.name}")
        else:
            yield _on_disk(entry, entry.name)


def _on_disk(path: Path, name: str) -> PackFile:
    # A symbolic link could lead out of the pack; its name with a slash at the end belongs nowhere.
    whole = path.is_file() and not path.is_symlink()

    def read(limit: int) -> bytes:
        with path.open("rb") as file:
            return file.read(limit)

    return PackFile(name=name if whole else f"{name}/", read=read)


def _listed(folder: Path, name: str, note: Note) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        note(_unreadable(name, error.strerror or str(error)))
        return []


def _unreadable(file: str, reason: str) -> Problem:
    text = N_("The file cannot be read: {reason}")
    return Problem(code="unreadable", text=text, context={"reason": reason}, file=file)


def files_in_zip(file: BinaryIO, name: str, note: Note) -> list[PackFile]:
    """Return the files of a zip file, in order, those of its one top folder if it has one.

    Whatever is unsafe about an entry is noted with its name; its bytes are never read then.
    """
    size = file.seek(0, 2)
    if size > LARGEST_PACK:
        context = {"limit": LARGEST_PACK}
        note(Problem(code="too_large", text=TOO_LARGE, context=context, file=name))
        return []
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        note(_unreadable(name, str(error)))
        return []
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        text = N_("There are {count} files in it; at most {limit} are possible.")
        context = {"count": len(entries), "limit": MOST_FILES}
        note(Problem(code="too_many_files", text=text, context=context, file=name))
        return []
    kept = [entry for entry in _safe(entries, note) if not _ignored(entry.filename)]
    top = _top_folder([entry.filename for entry in kept])
    reader = _Reader(archive, size)
    found = [
        PackFile(name=entry.filename.removeprefix(top), read=reader.of(entry)) for entry in kept
    ]
    return sorted(found, key=lambda one: one.name)


def _ignored(name: str) -> bool:
    """Tell whether an entry is hidden, or what macOS adds to every zip file."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _safe(entries: list[zipfile.ZipInfo], note: Note) -> Iterator[zipfile.ZipInfo]:
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename
        problem = _refusal(entry)
        alike = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if problem is None and alike in seen:
            text = N_("There is another file of that name in it: {other}.")
            context = {"other": seen[alike]}
            problem = Problem(code="file_twice", text=text, context=context)
        seen[alike] = name
        if problem is not None:
            note(problem.within(name))
        elif not entry.is_dir():
            yield entry


def _refusal(entry: zipfile.ZipInfo) -> Problem | None:
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    if (
        any(part in ("", ".", "..") for part in parts)
        or re.search(r"[\\\x00-\x1f]|^[A-Za-z]:", name)
        or not _storable(name)
    ):
        return Problem(code="bad_file_name", text=BAD_NAME)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        text = N_("This is a link or a device; a pack holds plain files only.")
        return Problem(code="not_a_file", text=text)
    if entry.flag_bits & 1:
        return Problem(code="encrypted", text=N_("The file is encrypted."))
    return None


def _storable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _top_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] for name in names if "/" in name}
    if len(tops) == 1 and all("/" in name for name in names):
        return f"{tops.pop()}/"
    return ""


class _Reader:
    """Reads entries, and counts what comes out, for an archive may say anything of its sizes."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._left = min(LARGEST_PACK, max(SMALL, size * HIGHEST_RATIO))

    def of(self, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
        def read(limit: int) -> bytes:
            found = bytearray()
            try:
                with self._archive.open(entry) as stream:
                    while len(found) < limit and (chunk := stream.read(CHUNK)):
                        found += chunk
                        self._left -= len(chunk)
                        if self._left < 0:
                            raise TooMuchError
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                raise OSError(str(error) or "zip") from error
            except RuntimeError as error:
                raise OSError(str(error)) from error
            return bytes(found[:limit])

        return read
