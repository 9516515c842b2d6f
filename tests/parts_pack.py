"""A pack with fields of parts and of many values, for the screens."""

from tests.documents import Body, PackBuilder

CITY: Body = {
    "kind": "entity",
    "name": "city",
    "ownership": "none",
    "label": "City",
    "plural": "Cities",
    "fields": {"name": {"type": "text", "required": True}},
}
DEAL: Body = {
    "kind": "entity",
    "name": "deal",
    "label": "Deal",
    "plural": "Deals",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "price": {"type": "money", "label": "Price"},
        "fee": {"type": "money", "currency": "EUR", "default": "1.5"},
        "address": {"type": "address", "label": "Address", "country": "DE"},
        "spot": {"type": "geo"},
        "about": {"type": "reference", "to": ["city", "deal"]},
        "channels": {
            "type": "multi_select",
            "label": "Channels",
            "options": {"mail": {}, "fair": {"color": "green"}, "web": {"color": "blue"}},
        },
        "words": {"type": "tags"},
        "cities": {"type": "links", "to": "city"},
        "phones": {"type": "text", "many": True, "max_length": 30},
        "page": {"type": "text", "visible": "'web' in channels"},
        "silent": {"type": "text", "visible": "channels is None"},
        "berlin": {"type": "text", "visible": "address.city == 'Berlin'"},
        "large": {"type": "text", "visible": "price > 1000"},
    },
}
SHOP: Body = {"kind": "app", "name": "shop", "items": {"deals": {"entity": "deal"}}}
GRANTS = dict.fromkeys(("create", "read", "update", "delete"), True)
SELLER: Body = {"kind": "role", "name": "seller", "grants": {"city": GRANTS, "deal": GRANTS}}


def parts_pack() -> PackBuilder:
    """Return the pack."""
    return PackBuilder(CITY, DEAL, SHOP, SELLER, name="parts")
