"""Documents as packs bring them: read from a folder, each with its place and its hash."""

import difflib
import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import loomwork_metadata
from loomwork.catalog.archive import (
    TOO_LARGE,
    PackFile,
    TooMuchError,
    files_in_folder,
    files_in_zip,
)
from loomwork.errors import N_, DocumentError, Problem

FOLDERS = loomwork_metadata.FOLDERS
KINDS = loomwork_metadata.KINDS
ATTACHMENT = "attachment"
"""The kind of what a pack brings beside its documents: scripts and seed records, kept as texts."""
ATTACHED = {
    "rules": (".py",),
    "scripts": (".py",),
    "data": (".json", ".jsonl", ".csv"),
}
BESIDE = frozenset({"README.md", "CHANGELOG.md", "LICENSE"})
SITE = "site"
"""The layer above all packs: what the site itself says."""
LARGEST = 1_000_000
"""Bytes of one document, or of one file beside them."""
EXACT = 2**53
"""Up to here a number with a point stands for just one whole number."""
DEEPEST = 40
"""Objects and lists within each other."""
TOO_DEEP = N_("The JSON is nested too deeply.")


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document. ``text`` is what the file says, ``body`` its JSON in the order written.

    ``pack`` is the layer: a pack's name, or ``site``. An attachment has no body.
    """

    pack: str
    file: str
    text: str
    body: dict[str, Any] = field(compare=False)

    @property
    def kind(self) -> str:
        """Return what the document describes."""
        if is_attachment(self.file):
            return ATTACHMENT
        return str(self.body.get("kind"))

    @property
    def name(self) -> str:
        """Return the document's name; that of an attachment is its file."""
        return self.file if self.kind == ATTACHMENT else str(self.body.get("name"))

    @property
    def extends(self) -> bool:
        """Tell whether the document changes one of a lower layer."""
        return self.body.get("extends") is True

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class _UnreadableError(ValueError):
    def __init__(self, code: str, text: str, **context: object) -> None:
        super().__init__(text.format_map(context))
        self.problem = Problem(code=code, text=text, context=context)


def is_attachment(file: str) -> bool:
    """Tell whether a file of a pack, by its name, is kept as it is."""
    folder, _, name = file.partition("/")
    return "/" not in name and name.endswith(ATTACHED.get(folder, ())) and name != ""


def is_document(file: str) -> bool:
    """Tell whether a file of a pack, by its name, holds a document."""
    folder, _, name = file.partition("/")
    inside = folder in FOLDERS and "/" not in name and name.endswith(".json")
    return file == "pack.json" or (inside and name != ".json")


def read_pack(path: Path) -> tuple[Document, ...]:
    """Return the documents of the pack in a folder or a zip file, its ``pack.json`` first.

    What stands beside them follows. Raises DocumentError with every file that cannot be read or
    does not belong there.
    """
    documents, problems = scan_pack(path)
    if problems:
        raise DocumentError(problems=problems)
    return documents


def scan_pack(path: Path) -> tuple[tuple[Document, ...], list[Problem]]:
    """Return the documents of a pack that can be read, and what is wrong with the other files.

    Without a readable ``pack.json`` there are no documents.
    """
    problems: list[Problem] = []
    with ExitStack() as stack:
        found = list(_read(list(_files(path, problems, stack)), path, problems))
    if not any(file == "pack.json" for file, _, _ in found):
        return (), problems
    pack = str(found[0][2].get("name"))
    return tuple(
        Document(pack=pack, file=file, text=text, body=body) for file, text, body in found
    ), problems


def scan_site(folder: Path) -> tuple[tuple[Document, ...], list[Problem]]:
    """Return the documents of the site's own layer in a folder, and what is wrong with its files.

    It is like a pack's, without a ``pack.json``.
    """
    problems: list[Problem] = []
    if not folder.is_dir():
        problems.append(
            Problem(code="no_folder", text=N_("There is no such folder."), file=str(folder))
        )
        return (), problems
    found: list[Document] = []
    for file in sorted(files_in_folder(folder, problems.append), key=lambda one: one.name):
        if file.name == "pack.json":
            text = N_("This folder holds a pack, not the site's own documents: install it.")
            problems.append(Problem(code="is_pack", text=text, file=file.name))
        elif is_document(file.name) or is_attachment(file.name):
            try:
                name, text, body = _text_and_body(file)
                found.append(Document(pack=SITE, file=name, text=text, body=body))
            except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
                problems.append(unreadable(file.name, error))
        elif file.name not in BESIDE:
            problems.append(_stray(file.name.rstrip("/")))
    return tuple(found), problems


def make_document(pack: str, file: str, text: str) -> Document:
    """Return the document, or attachment, whose text has been read before."""
    body = {} if is_attachment(file) else parse_document(text)
    return Document(pack=pack, file=file, text=text, body=body)


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
    """Return the number; JSON Schema takes 5.0 for a whole one, and so do we."""
    number = float(written)
    if number.is_integer() and abs(number) <= EXACT:
        return int(number)
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


def unreadable(file: str, error: Exception) -> Problem:
    """Return why a file is no document, from what reading it as one raised."""
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


def _files(path: Path, problems: list[Problem], stack: ExitStack) -> Iterable[PackFile]:
    if path.is_dir():
        return files_in_folder(path, problems.append)
    if path.suffix.lower() == ".zip" and path.is_file():
        try:
            file = stack.enter_context(path.open("rb"))
        except OSError as error:
            problems.append(unreadable(str(path), error))
            return ()
        return files_in_zip(file, path.name, problems.append)
    text = N_("There is no such folder, and no .zip file.")
    problems.append(Problem(code="no_folder", text=text, file=str(path)))
    return ()


def _read(
    files: Sequence[PackFile], path: Path, problems: list[Problem]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield name, text and body of each document, then of each attachment."""
    if problems and not files:
        return
    if not any(file.name.rstrip("/") == "pack.json" for file in files):
        if not any(problem.code == "encrypted" for problem in problems):
            # Any other folder, so what else is in it does not matter.
            problems[:] = [_no_pack(path)]
        return
    for file in sorted(files, key=lambda one: (one.name != "pack.json", is_attachment(one.name))):
        if file.name in BESIDE:
            continue
        if not (is_document(file.name) or is_attachment(file.name)):
            problems.append(_stray(file.name.rstrip("/")))
            continue
        try:
            yield _text_and_body(file)
        except TooMuchError:
            text = N_("The pack unpacks to far more than a pack may hold; reading stopped here.")
            problems.append(Problem(code="too_large", text=text, file=file.name))
            return
        except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
            problems.append(unreadable(file.name, error))


def _text_and_body(file: PackFile) -> tuple[str, str, dict[str, Any]]:
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise _UnreadableError("too_large", TOO_LARGE, limit=LARGEST)
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return file.name, text, {} if is_attachment(file.name) else parse_document(text)


def _no_pack(folder: Path) -> Problem:
    return Problem(code="no_pack", text=N_("There is no pack.json here."), file=str(folder))


def _stray(file: str) -> Problem:
    folders = tuple(dict.fromkeys((*FOLDERS, *ATTACHED)))
    folder = file.partition("/")[0]
    near = difflib.get_close_matches(folder, folders, n=1)
    text = N_("This does not belong into a pack; possible are pack.json and the folders {folders}.")
    if near and near[0] != folder:
        text = N_("This does not belong into a pack. Did you mean the folder “{hint}”?")
    context = {"folders": ", ".join(folders), "hint": near[0] if near else ""}
    return Problem(code="stray_file", text=text, context=context, file=file)
