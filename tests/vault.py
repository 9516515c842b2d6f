"""A pack whose records have numbers and encrypted fields, and values for all of them."""

from typing import Any

from tests.documents import Body, PackBuilder

PERSON: Body = {
    "kind": "entity",
    "name": "patient",
    "ownership": "none",
    "features": {"history": True},
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "card": {"type": "text", "encrypted": True, "max_length": 60},
        "story": {"type": "long_text", "encrypted": True},
        "salary": {"type": "money", "encrypted": True},
        "home": {"type": "address", "encrypted": True},
        "born": {"type": "date", "encrypted": True},
        "seen": {"type": "datetime", "encrypted": True},
        "weight": {"type": "decimal", "places": 2, "encrypted": True},
        "teeth": {"type": "integer", "encrypted": True},
        "words": {"type": "tags", "encrypted": True},
        "aliases": {"type": "text", "many": True, "encrypted": True},
        "blood": {"type": "select", "options": {"a": {}, "b": {}}, "encrypted": True},
        "asleep": {"type": "duration", "encrypted": True},
        "extra": {"type": "json", "encrypted": True},
        "phone": {"type": "phone", "region": "DE", "encrypted": True},
        "password": {"type": "secret"},
    },
}
INVOICE: Body = {
    "kind": "entity",
    "name": "invoice",
    "ownership": "none",
    "features": {"history": True},
    "fields": {
        "number": {"type": "sequence", "pattern": "R-{seq:04}", "gapless": True, "search": True},
        "ticket": {
            "type": "sequence",
            "pattern": "T{year}-{seq:03}",
            "reset": "year",
            "start": 100,
        },
        "name": {"type": "text", "required": True},
        "code": {"type": "text", "unique": True},
        "amount": {"type": "integer", "min": 0},
        "title": {
            "type": "formula",
            "result": "text",
            "is": "concat(number, ' ', name)",
            "stored": True,
        },
        "mark": {"type": "formula", "result": "text", "is": "concat('#', ticket)", "stored": True},
    },
    "checks": {"numbered": {"must": "ticket is not None"}},
}
CLERK: Body = {
    "kind": "role",
    "name": "clerk",
    "grants": {
        name: dict.fromkeys(("create", "read", "update", "delete"), True)
        for name in ("patient", "invoice")
    },
}
HIDDEN: dict[str, Any] = {
    "card": "4711-0815-geheim",
    "story": "Zeile eins-geheim\nZeile zwei",
    "salary": {"amount": "98765.43", "currency": "EUR"},
    "home": {"country": "DE", "city": "Kölngeheim", "street": "Domgeheim 1"},
    "born": "1977-07-17",
    "seen": "2021-02-03T04:05:06Z",
    "weight": "87.65",
    "teeth": 28_765_431,
    "words": ["geheimwort", "zweitgeheim"],
    "aliases": ["Decknamegeheim", "Andere"],
    "blood": "b",
    "asleep": "PT7H",
    "extra": {"diagnose": "geheimbefund"},
    "phone": "+4930901820",
}
SECRET = "sesam-öffne-dich-geheim"
TRACES = (
    "geheim",
    "98765",
    "Köln",
    "Dom",
    "1977-07",
    "2021-02-03",
    "87.65",
    "8765",
    "Deckname",
    "diagnose",
    "30901820",
    "sesam",
)
"""Parts of what must not be found anywhere in the database."""


def vault(*documents: Body, **changes: object) -> PackBuilder:
    """Return the pack, with further documents."""
    return PackBuilder(PERSON, INVOICE, CLERK, *documents, **changes)
