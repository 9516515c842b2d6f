"""Documents as packs bring them: read from a folder, each with its place and its hash."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
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
DEEPEST = 40
"""Objects and lists within each other."""
TOO_DEEP = N_("The JSON is nested too deeply.")


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


class _UnreadableError(ValueError):
    def __init__(self, code: str, text: str, **context: object) -> None:
        super().__init__(text.format_map(context))
        self.problem = Problem(code=code, text=text, context=context)


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
    if problems:
        raise DocumentError(problems=problems)
    pack = str(next(body for file, _, body in found if file == "pack.json").get("name"))
    return tuple(Document(pack=pack, file=file, text=text, body=body) for file, text, body in found)


def parse_document(text: str) -> dict[str, Any]:
    """Return the JSON object in ``text``; ValueError says what is wrong and where."""
    body = json.loads(
        text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
    )
    if not isinstance(body, dict):
        raise _UnreadableError("not_an_object", N_("A document is a JSON object."))
    _require_shallow(body)
    try:
        # Half a surrogate pair passes as JSON but is no text that could be kept or shown.
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _UnreadableError(
            "bad_character", N_("The text contains a character that cannot be stored.")
        ) from error
    return body


def _require_shallow(body: object) -> None:
    level = [body]
    for _ in range(DEEPEST):
        lists = [part for part in level if isinstance(part, list)]
        objects = [part.values() for part in level if isinstance(part, dict)]
        level = [inner for part in (*lists, *objects) for inner in part]
    if level:
        raise _UnreadableError("too_deep", TOO_DEEP)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise _UnreadableError(
            "too_large", N_("The number {number} is too large."), number=written[:40]
        )
    return number


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        text = N_("The key “{key}” is written twice in one object.")
        raise _UnreadableError("key_twice", text, key=twice[:80])
    return found


def _no_constant(word: str) -> NoReturn:
    raise _UnreadableError("not_json", N_("“{word}” is not JSON."), word=word)


def _unreadable(file: str, error: Exception) -> Problem:
    if isinstance(error, _UnreadableError):
        return error.problem.within(file)
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
        return Problem(code="too_deep", text=TOO_DEEP, file=file)
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
    first = folder / "pack.json"
    if not (first.exists() or first.is_symlink()):
        # Any other folder, so what else is in it does not matter.
        problems.append(_no_pack(folder))
        return
    yield from _documents([first], "", problems)
    for entry in _listed(folder, folder.name, problems):
        if entry.name in BESIDE or entry.name == "pack.json":
            continue
        if entry.is_dir() and entry.name in FOLDERS and not entry.is_symlink():
            inside = _listed(entry, entry.name, problems)
            yield from _documents(inside, f"{entry.name}/", problems)
        else:
            problems.append(_stray(entry.name))


def _no_pack(folder: Path) -> Problem:
    return Problem(code="no_pack", text=N_("There is no pack.json here."), file=str(folder))


def _listed(folder: Path, file: str, problems: list[Problem]) -> list[Path]:
    """Return what is in a folder, in order, without hidden files."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        problems.append(_unreadable(file, error))
        return []


def _documents(
    paths: Iterable[Path], place: str, problems: list[Problem]
) -> Iterator[tuple[Path, str]]:
    for path in paths:
        file = f"{place}{path.name}"
        # A symbolic link could lead out of the pack.
        if path.suffix != ".json" or path.is_symlink() or not path.is_file():
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
