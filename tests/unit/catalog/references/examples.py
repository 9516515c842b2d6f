"""The examples of the metadata language, to be broken in one place or in many."""

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from loomwork.catalog.compile import Report, check_documents
from loomwork.catalog.documents import Document, read_pack
from loomwork.extension.field_types import field_types

FOLDER = Path(__file__).parents[2] / "metadata" / "examples"
GONE = object()
"""Stands for a key that is taken away."""


@cache
def example_documents() -> tuple[Document, ...]:
    """Return the documents of the examples, and of the pack that they stand on."""
    return (*read_pack(FOLDER / "base"), *read_pack(FOLDER / "sales"))


def with_changes(file: str, changes: Mapping[str, Any]) -> tuple[Document, ...]:
    """Return the examples with other values at some pointers of one file (``sales/pack.json``)."""
    return tuple(
        changed(document, changes) if f"{document.pack}/{document.file}" == file else document
        for document in example_documents()
    )


def changed(document: Document, changes: Mapping[str, Any]) -> Document:
    """Return the document with other values at some pointers."""
    body = deepcopy(document.body)
    for pointer, value in changes.items():
        *way, last = (key.replace("\0", "/") for key in pointer.removeprefix("/").split("/"))
        part = body
        for key in way:
            part = _below(part, key)
        if value is GONE:
            del part[last]
        else:
            part[last] = value
    return Document(
        pack=document.pack, file=document.file, text=json.dumps(body, ensure_ascii=False), body=body
    )


def _below(part: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object at ``key``, which takes the place of anything else there."""
    inner: dict[str, Any] = part[key] if isinstance(part.get(key), dict) else {}
    part[key] = inner
    return inner


def report(documents: tuple[Document, ...]) -> Report:
    """Return everything that can be said of the documents."""
    return check_documents(documents, field_types())


def told(file: str, changes: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Return file, pointer and code of what is told of the examples with these changes."""
    problems = report(with_changes(file, changes)).problems
    return {(problem.file, problem.pointer, problem.code) for problem in problems}
