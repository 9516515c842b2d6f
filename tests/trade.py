"""A pack with conditions of every kind: accounts, their contacts, their deals and lines."""

from typing import Any

from tests.documents import PackBuilder

Body = dict[str, Any]
EVERYTHING = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)

REGION: Body = {
    "kind": "entity",
    "name": "region",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "parent": {"type": "link", "to": "region"},
        "people": {"type": "integer", "min": 0},
    },
    "hierarchy": "parent",
    "checks": {
        "fewer_than_around": {
            "when": "parent is not None",
            "must": "people is None or people < parent.people",
            "field": "people",
        }
    },
}
ACCOUNT: Body = {
    "kind": "entity",
    "name": "account",
    "fields": {
        "name": {"type": "text", "required": True},
        "region": {"type": "link", "to": "region"},
        "customer": {"type": "boolean", "default": False},
        "hidden": {"type": "boolean", "default": False},
        "credit": {"type": "decimal", "places": 2},
    },
}
CONTACT: Body = {
    "kind": "entity",
    "name": "contact",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "account": {"type": "link", "to": "account", "inverse": "contacts"},
    },
}
DEAL: Body = {
    "kind": "entity",
    "name": "deal",
    "fields": {
        "name": {"type": "text", "required": True, "normalise": ["trim", "collapse"]},
        "code": {"type": "text", "normalise": ["compact", "halfwidth", "upper"], "unique": True},
        "phone": {"type": "text", "normalise": ["digits"]},
        "stage": {
            "type": "select",
            "default": "open",
            "options": {"open": {}, "quoted": {}, "won": {}, "lost": {}},
        },
        "account": {
            "type": "link",
            "to": "account",
            "inverse": "deals",
            "fill": {"region": "account.region", "limit": "account.credit"},
        },
        "contact": {"type": "link", "to": "contact", "filter": "account == this.account"},
        "region": {"type": "link", "to": "region"},
        "limit": {"type": "decimal", "places": 2},
        "kind": {
            "type": "select",
            "options": {"first": {}, "renewal": {"when": "account.customer"}},
        },
        "amount": {"type": "decimal", "places": 2, "readonly": "stage == 'won'"},
        "reason": {
            "type": "text",
            "required": "stage == 'lost'",
            "visible": "stage in ['lost', 'won']",
        },
        "margin": {"type": "integer"},
        "due": {"type": "date", "default": {"is": "today() + days(30)"}},
        "share": {"type": "integer", "default": {"is": "7 / 2"}},
    },
    "checks": {
        "amount_to_close": {
            "when": "stage == 'won'",
            "must": "amount > 0",
            "field": "amount",
            "message": "A won deal needs an amount.",
        },
        "below_limit": {"must": "amount is None or limit is None or amount <= limit"},
        "large": {
            "must": "amount is None or amount < 10000",
            "severity": "warn",
            "field": "amount",
            "message": "That is unusually much.",
        },
        "has_lines": {
            "when": "stage == 'quoted'",
            "must": "count(lines) > 0",
            "at": "commit",
            "message": "A quote needs lines.",
        },
        "odd_margin": {
            "must": "margin is None or margin < 80",
            "severity": "flag",
            "message": "Unusually high margin.",
        },
    },
    "completeness": {"account": 2, "amount": 3, "margin": 1},
}
LINE: Body = {
    "kind": "entity",
    "name": "line",
    "ownership": "none",
    "features": {"recycle": False},
    "fields": {
        "name": {"type": "text", "required": True},
        "deal": {"type": "link", "to": "deal", "inverse": "lines", "on_delete": "clear"},
        "net": {"type": "decimal", "places": 2},
    },
    "checks": {
        "within_limit": {
            "when": "deal.limit is not None",
            "must": "sum(deal.lines, net) <= deal.limit",
            "field": "net",
        }
    },
}
FORM: Body = {
    "kind": "form",
    "name": "deal_for_sellers",
    "entity": "deal",
    "use": {"roles": ["seller"], "when": "stage != 'lost'"},
    "tabs": {
        "main": {
            "sections": {
                "main": {"fields": ["name", "stage", "amount", "account"]},
                "more": {"visible": "stage == 'won'", "fields": ["margin"]},
            }
        }
    },
    "fields": {
        "margin": {"required": "amount > 500"},
        "amount": {"required": "stage == 'quoted'"},
        "phone": {"readonly": "stage == 'quoted'"},
    },
}
SELLER: Body = {
    "kind": "role",
    "name": "seller",
    "grants": {
        "region": {"read": True},
        "account": {"read": "hidden == False"},
        "contact": {"read": "account is None or account.hidden == False"},
        "deal": {
            "create": True,
            "read": "team in user.teams or account.owner == user",
            "update": True,
        },
        "line": {"create": True, "read": True},
    },
}
BOSS: Body = {
    "kind": "role",
    "name": "boss",
    "grants": {
        **dict.fromkeys(("region", "account", "contact", "deal", "line"), EVERYTHING),
        "user": {"read": True},
        "team": {"read": True},
    },
}
CHINESE: Body = {
    "kind": "translation",
    "name": "zh_CN",
    "texts": {
        "entity/deal#/checks/amount_to_close/message": "赢单必须填写金额。",
        "entity/deal#/checks/odd_margin/message": "利润率异常偏高。",
        "entity/deal#/fields/amount/label": "金额",
        "entity/deal#/fields/limit/label": "额度",
    },
}


def trade() -> PackBuilder:
    """Return the pack, whole."""
    return PackBuilder(
        REGION,
        ACCOUNT,
        CONTACT,
        DEAL,
        LINE,
        FORM,
        SELLER,
        BOSS,
        CHINESE,
        name="trade",
        title="Trade",
    )
