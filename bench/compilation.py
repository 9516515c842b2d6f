"""How long a large model takes to compile, from its documents as they are read from a pack."""

import json
import time
from collections.abc import Iterator
from statistics import median

from loomwork.catalog.compile import Compiler
from loomwork.catalog.documents import Document, read_pack
from loomwork.extension.field_types import field_types
from loomwork_metadata import pack_folder

PACK = "large"
CHANGED = 10
"""How many documents are changed, one after the other."""
KINDS: tuple[dict[str, object], ...] = (
    {"type": "text", "max_length": 80},
    {"type": "integer", "min": 0},
    {"type": "decimal", "places": 2},
    {"type": "date"},
    {"type": "datetime"},
    {"type": "boolean"},
    {"type": "select", "options": {"low": {}, "middle": {}, "high": {}}},
    {"type": "long_text"},
)


def seconds(entities: int, fields: int) -> tuple[float, float]:
    """Return the CPU seconds of a compilation from nothing, and of one after one document changed.

    The second is the median over several documents, each of them changed by itself.
    """
    folder = pack_folder("base")
    assert folder is not None
    documents = (*read_pack(folder), *_documents(entities, fields))
    compiler = Compiler(field_types())
    cold = _seconds(compiler, documents)
    assert len(compiler.compile(documents).entities) >= entities
    again = []
    for number in range(0, entities, max(entities // CHANGED, 1)):
        documents = _changed(documents, number)
        again.append(_seconds(compiler, documents))
    return cold, median(again)


def _seconds(compiler: Compiler, documents: tuple[Document, ...]) -> float:
    begin = time.process_time()
    compiler.compile(documents)
    return time.process_time() - begin


def _changed(documents: tuple[Document, ...], number: int) -> tuple[Document, ...]:
    file = f"entities/thing_{number}.json"
    return tuple(
        _document(file, {**one.body, "label": "Changed"}) if one.file == file else one
        for one in documents
    )


def _documents(entities: int, fields: int) -> Iterator[Document]:
    pack: dict[str, object] = {
        "$schema": "https://loomwork.dev/schemas/2/pack.json",
        "kind": "pack",
        "name": PACK,
        "version": "1.0.0",
        "title": "Large",
        "language": "en",
        "requires": {"base": ">=1.0,<2"},
        "platform": ">=0.1",
    }
    yield _document("pack.json", pack)
    for number in range(entities):
        yield _document(f"entities/thing_{number}.json", _entity(number, fields))


def _entity(number: int, fields: int) -> dict[str, object]:
    own: dict[str, object] = {"name": {"type": "text", "required": True, "max_length": 120}}
    own |= {f"field_{place}": KINDS[place % len(KINDS)] for place in range(fields - 2)}
    own["other"] = {"type": "link", "to": f"thing_{max(number - 1, 0)}", "on_delete": "clear"}
    return {
        "$schema": "https://loomwork.dev/schemas/2/entity.json",
        "kind": "entity",
        "name": f"thing_{number}",
        "icon": "box",
        "title": {"is": "name"},
        "ownership": "user",
        "fields": own,
    }


def _document(file: str, body: dict[str, object]) -> Document:
    return Document(pack=PACK, file=file, text=json.dumps(body), body=body)
