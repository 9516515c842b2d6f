"""Documents as packs bring them: read from a folder, each with its place and its hash."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from loomwork.errors import N_, DocumentError, Problem

FOLDERS = {
    "entities": "entity",
    "roles": "role",
    "forms": "form",
    "views": "view",
    "apps": "app",
    "translations": "translation",
}
KINDS = ("pack", *FOLDERS.values())
BESIDE = frozenset({"README.md", "CHANGELOG.md", "LICENSE"})
LARGEST = 1_000_000
"""Bytes of one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. ``text`` is what the file says, ``body`` its JSON in the order written."""

    pack: str
    file: str
    text: str
    body: dict[str, Any] = field(compare=False)

    @property
    def kind(self) -> str:
        """Return what the document describes."""
        return str(self.body.get("kind"))

    @property
    def name(self) -> str:
        """Return the document's name."""
        return str(self.body.get("name"))

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class _Unreadable(ValueError):
    pass


def read_pack(folder: Path) -> tuple[Document, ...]:
    """Return the documents of the pack in ``folder``, its ``pack.json`` first.

    Raises DocumentError with every file that cannot be read as JSON or does not belong there.
    """
    problems: list[Problem] = []
    found: list[tuple[str, str, dict[str, Any]]] = []
    for path, file in _files(folder, problems):
        try:
            text = path.read_text(encoding="utf-8-sig")
            found.append((file, text, parse_document(text)))
        except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
            problems.append(_unreadable(file, error))
    if not any(file == "pack.json" for file, _, _ in found) and not problems:
        problems.append(
            Problem(code="no_pack", text=N_("There is no pack.json here."), file=str(folder))
        )
    if problems:
        raise DocumentError(problems=problems)
    pack = str(next(body for file, _, body in found if file == "pack.json").get("name"))
    return tuple(Document(pack=pack, file=file, text=text, body=body) for file, text, body in found)


def parse_document(text: str) -> dict[str, Any]:
    """Return the JSON object in ``text``; ValueError says what is wrong and where."""
    body = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(body, dict):
        raise _Unreadable(N_("A document is a JSON object."))
    return body


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Unreadable(f"The key “{twice}” is written twice in one object.")
    return found


def _no_constant(word: str) -> NoReturn:
    raise _Unreadable(f"“{word}” is not JSON.")


def _unreadable(file: str, error: Exception) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        return Problem(
            code="not_json",
            text=N_("This is not JSON: line {line}, column {column}."),
            context={"line": error.lineno, "column": error.colno},
            file=file,
        )
    if isinstance(error, UnicodeDecodeError):
        return Problem(code="not_utf8", text=N_("The file is not in UTF-8."), file=file)
    if isinstance(error, RecursionError):
        return Problem(code="too_deep", text=N_("The JSON is nested too deeply."), file=file)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Problem(
        code="unreadable",
        text=N_("The file cannot be read: {reason}"),
        context={"reason": reason or str(error)},
        file=file,
    )


def _files(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    """Yield the pack's JSON files in order; report what does not belong into a pack."""
    if not folder.is_dir():
        problems.append(
            Problem(code="no_folder", text=N_("There is no such folder."), file=str(folder))
        )
        return
    if (folder / "pack.json").is_file():
        yield folder / "pack.json", "pack.json"
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in BESIDE or entry.name == "pack.json":
            continue
        if entry.is_dir() and entry.name in FOLDERS:
            yield from _folder_files(entry, problems)
        else:
            problems.append(_stray(entry.name))


def _folder_files(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.iterdir()):
        file = f"{folder.name}/{path.name}"
        if path.name.startswith("."):
            continue
        if path.suffix != ".json" or not path.is_file():
            problems.append(_stray(file))
        elif path.stat().st_size > LARGEST:
            problems.append(
                Problem(
                    code="too_large",
                    text=N_("The file is too large: at most {limit} bytes are possible."),
                    context={"limit": LARGEST},
                    file=file,
                )
            )
        else:
            yield path, file


def _stray(file: str) -> Problem:
    return Problem(
        code="stray_file",
        text=N_(
            "This does not belong into a pack; possible are pack.json and the folders {folders}."
        ),
        context={"folders": ", ".join(FOLDERS)},
        file=file,
    )
