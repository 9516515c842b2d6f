"""What the compilation of test packs finds."""

from collections.abc import Sequence

import pytest

from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import Document
from loomwork.errors import DocumentError, Problem
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing.install import merged
from tests.documents import Body, PackBuilder, base

NOTE: Body = {
    "kind": "entity",
    "name": "note",
    "fields": {
        "name": {"type": "text"},
        "size": {"type": "integer"},
        "more": {"type": "long_text"},
    },
}


def compiled(*packs: Sequence[Document]) -> Model:
    """Return the Model of ``base`` and these packs."""
    return compile_model(merged((), [base(), *packs]), field_types())


def found(*packs: Sequence[Document]) -> tuple[Problem, ...]:
    """Return what the compilation refuses."""
    with pytest.raises(DocumentError) as caught:
        compiled(*packs)
    return caught.value.problems


def found_in(*documents: Body) -> list[tuple[str, str]]:
    """Return pointer and code of every problem in a pack of these documents."""
    return [(problem.pointer, problem.code) for problem in found(PackBuilder(*documents).read())]


def entity(**changes: object) -> Body:
    """Return a small entity with other keys."""
    return {**NOTE, **changes}


def field(**settings: object) -> Body:
    """Return a small entity whose field ``one`` is as given."""
    return {**NOTE, "fields": {"name": {"type": "text"}, "one": settings}}


def grants(**operations: object) -> Body:
    """Return a role document with these rights on notes."""
    return {"kind": "role", "name": "reader", "grants": {"note": operations}}
