"""A pack whose fields follow from each other: accounts, their orders, the lines of those."""

from typing import Any

from tests.documents import PackBuilder

Body = dict[str, Any]
EVERYTHING = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)

PRODUCT: Body = {
    "kind": "entity",
    "name": "product",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "price": {"type": "decimal", "places": 2},
        "sold": {"type": "rollup", "of": "lines", "function": "sum", "field": "quantity"},
    },
}
TIER: Body = {
    "kind": "entity",
    "name": "tier",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "least": {"type": "decimal", "places": 2},
        "rate": {"type": "decimal", "places": 1},
    },
}
ACCOUNT: Body = {
    "kind": "entity",
    "name": "account",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "industry": {"type": "select", "options": {"steel": {}, "paper": {}}},
        "credit": {"type": "decimal", "places": 2},
        "orders_count": {"type": "rollup", "of": "orders", "function": "count"},
        "turnover": {
            "type": "rollup",
            "of": "orders",
            "function": "sum",
            "field": "total",
            "where": "stage == 'won'",
            "indexed": True,
        },
        "largest": {"type": "rollup", "of": "orders", "function": "max", "field": "total"},
        "usual": {"type": "rollup", "of": "orders", "function": "avg", "field": "total"},
        "rebate": {
            "type": "lookup",
            "from": "tier",
            "where": "least <= this.turnover",
            "sort": ["-least"],
            "is": "rate",
        },
        "over": {
            "type": "formula",
            "result": "boolean",
            "is": "turnover > credit",
        },
        "peers": {
            "type": "rollup",
            "from": "account",
            "function": "count",
            "where": "industry == this.industry and id != this.id",
        },
    },
}
ORDER: Body = {
    "kind": "entity",
    "name": "order",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "account": {"type": "link", "to": "account", "inverse": "orders", "on_delete": "clear"},
        "stage": {
            "type": "select",
            "default": "open",
            "options": {"open": {}, "won": {}, "lost": {}},
        },
        "chance": {"type": "integer", "min": 0, "max": 100},
        "total": {"type": "rollup", "of": "lines", "function": "sum", "field": "net"},
        "expected": {
            "type": "formula",
            "result": "decimal",
            "places": 2,
            "is": "total * chance / 100",
            "stored": True,
        },
        "industry": {"type": "lookup", "is": "account.industry"},
        "title_line": {
            "type": "formula",
            "result": "text",
            "is": "concat(name, ' / ', account.name)",
            "stored": True,
            "search": True,
        },
        "rebated": {
            "type": "formula",
            "result": "decimal",
            "is": "total - total * coalesce(account.rebate, 0) / 100",
        },
        "scaled": {
            "type": "formula",
            "result": "integer",
            "is": "chance * settings.factor",
            "stored": True,
        },
        "buyer": {"type": "formula", "result": "link", "to": "account", "is": "account"},
        "double": {"type": "formula", "result": "decimal", "is": "rebated * 2"},
    },
    "checks": {
        "not_too_much": {"must": "expected is None or expected < 1000000", "field": "chance"}
    },
}
LINE: Body = {
    "kind": "entity",
    "name": "line",
    "ownership": "none",
    "features": {"recycle": False},
    "fields": {
        "name": {"type": "text", "required": True},
        "order": {"type": "link", "to": "order", "inverse": "lines", "on_delete": "clear"},
        "product": {"type": "link", "to": "product", "inverse": "lines"},
        "quantity": {"type": "integer"},
        "net": {
            "type": "formula",
            "result": "decimal",
            "is": "quantity * product.price",
            "stored": True,
        },
    },
}
SELLER: Body = {
    "kind": "role",
    "name": "seller",
    "grants": dict.fromkeys(("product", "tier", "account", "order", "line"), EVERYTHING),
}


def shop() -> PackBuilder:
    """Return the pack ``shop``."""
    return PackBuilder(
        *(PRODUCT, TIER, ACCOUNT, ORDER, LINE, SELLER),
        name="shop",
        title="Shop",
        settings={"factor": {"type": "integer", "default": 2}},
    )
