"""A pack whose one entity has a field of each type that keeps its value in one column."""

from tests.documents import Body, PackBuilder

ITEM: Body = {
    "kind": "entity",
    "name": "item",
    "plural": "Items",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "body": {"type": "rich_text", "search": True, "default": "<p>To be written.</p>"},
        "email": {"type": "email", "unique": True, "search": True},
        "phone": {"type": "phone", "region": "DE", "search": True, "indexed": True},
        "page": {"type": "url"},
        "maker": {"type": "person_name", "normalise": ["collapse"], "search": True},
        "code": {"type": "code", "max_length": 20, "unique": True, "default": "a-1"},
        "paint": {"type": "color", "default": "#1f6feb"},
        "label": {"type": "barcode"},
        "ean": {"type": "barcode", "format": "ean13"},
        "square": {"type": "barcode", "format": "qr"},
        "extra": {"type": "json"},
        "opens_at": {"type": "time", "indexed": True},
        "share": {"type": "percent", "min": 0, "max": 100, "places": 1, "default": "10"},
        "stars": {"type": "rating", "max": 5, "indexed": True},
        "takes": {"type": "duration", "max": "4w", "indexed": True, "default": "30min"},
        "twice": {"type": "duration", "default": {"is": "takes * 2"}},
        "half": {"type": "percent", "default": {"is": "share / 3"}},
    },
    "checks": {
        "not_too_long": {"must": "takes is None or takes <= days(20)", "field": "takes"},
        "opens_early": {"when": "stars == 5", "must": "opens_at < '09:30'", "field": "opens_at"},
        "a_reachable_one": {"when": "share > 99.5", "must": "email is not None or phone != '+1'"},
    },
}
KEEPER: Body = {
    "kind": "role",
    "name": "keeper",
    "grants": {"item": dict.fromkeys(("create", "read", "update", "delete"), True)},
}
FULL: Body = {
    "name": "full",
    "body": "<h3>Über</h3><p>a &amp; <b>b</b></p>",
    "email": "ann@example.com",
    "phone": "+4930901820;ext=12",
    "page": "https://xn--fsqu00a.xn--55qx5d/x",
    "maker": "欧阳修",
    "code": "AB-12",
    "paint": "#aabbcc",
    "label": "A-1",
    "ean": "4006381333931",
    "square": "https://例子.公司",
    "extra": {"b": [1, 2.5, "x"], "a": None},
    "opens_at": "09:15",
    "share": "12.5",
    "stars": 4,
    "takes": "PT1H30M",
    "twice": "P1D",
    "half": "1.00",
}
"""A record as the API takes it and shows it again."""


def assortment() -> PackBuilder:
    """Return the pack."""
    return PackBuilder(ITEM, KEEPER, name="assortment")
