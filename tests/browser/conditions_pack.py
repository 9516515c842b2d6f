"""A pack whose forms follow every kind of condition, and a site with a few of its records."""

from pathlib import Path
from typing import Any

from loomwork.cli.setup import prepare_site
from loomwork.model.actor import Actor, system
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.web.app import create_app
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.users import Users
from tests.documents import Body, PackBuilder, base

PASSWORD = "correct horse"
ALL = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)
REGION: Body = {
    "kind": "entity",
    "name": "region",
    "ownership": "none",
    "fields": {"name": {"type": "text", "required": True, "search": True}},
}
CUSTOMER: Body = {
    "kind": "entity",
    "name": "customer",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "region": {"type": "link", "to": "region"},
        "is_customer": {"type": "boolean", "default": False},
    },
}
PERSON: Body = {
    "kind": "entity",
    "name": "contact_person",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "customer": {"type": "link", "to": "customer", "inverse": "people"},
    },
}
OFFER: Body = {
    "kind": "entity",
    "name": "offer",
    "plural": "Offers",
    "icon": "file-invoice",
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "customer": {
            "type": "link",
            "to": "customer",
            "inverse": "offers",
            "fill": {"region": "customer.region"},
        },
        "region": {"type": "link", "to": "region"},
        "contact": {
            "type": "link",
            "to": "contact_person",
            "filter": "customer == this.customer",
            "help": "Somebody who works for the customer.",
        },
        "kind": {
            "type": "select",
            "default": "new",
            "options": {
                "new": {"color": "blue"},
                "renewal": {"color": "green", "when": "customer.is_customer"},
                "large": {"color": "purple", "when": "amount >= 10000.10"},
            },
        },
        "stage": {
            "type": "select",
            "default": "open",
            "options": {
                "open": {"color": "blue"},
                "won": {"color": "green"},
                "lost": {"color": "gray"},
            },
        },
        "amount": {"type": "decimal", "places": 2},
        "discount": {"type": "decimal", "places": 1, "readonly": "stage == 'won'"},
        "close_date": {"type": "date"},
        "close_reason": {"type": "long_text"},
        "referred_by": {"type": "text", "visible": "customer.is_customer"},
        "reference": {"type": "text", "default": {"is": "concat('Offer ', name)"}},
        "code": {"type": "text", "default": {"is": "concat('N-', name)"}},
        "approver": {"type": "text"},
    },
    "checks": {
        "dear": {
            "must": "discount is None or discount <= 30",
            "severity": "warn",
            "field": "discount",
            "message": "A discount of more than 30 % is unusual.",
        },
        "possible": {
            "must": "discount is None or discount <= 100",
            "field": "discount",
            "message": "Nobody pays for being supplied.",
        },
        "stale": {
            "when": "stage == 'open'",
            "must": "close_date is None or close_date >= date('2026-01-01')",
            "severity": "flag",
            "message": "The close date is long past.",
        },
    },
    "completeness": {"customer": 2, "amount": 2, "close_date": 1},
}
FORM: Body = {
    "kind": "form",
    "name": "offer",
    "entity": "offer",
    "header": {"highlights": ["stage", "amount"]},
    "tabs": {
        "details": {
            "sections": {
                "main": {
                    "columns": 2,
                    "fields": [
                        *("name", "customer", "contact", "region", "kind", "stage"),
                        *("amount", "discount", "close_date", "referred_by", "reference", "code"),
                    ],
                },
                "result": {
                    "visible": "stage in ['won', 'lost']",
                    "columns": 1,
                    "fields": ["close_reason"],
                },
            }
        },
        "approval": {
            "visible": "stage == 'won'",
            "sections": {"approval": {"columns": 1, "fields": ["approver"]}},
        },
    },
    "fields": {
        "amount": {"required": "stage == 'won'"},
        "close_reason": {"required": "stage == 'lost'"},
        "code": {"readonly": True},
        "approver": {"required": "amount >= 1000000"},
    },
}
ROLE: Body = {
    "kind": "role",
    "name": "clerk",
    "grants": dict.fromkeys(("offer", "customer", "contact_person", "region"), ALL)
    | {"user": {"read": True}},
}
CHINESE: Body = {
    "kind": "translation",
    "name": "zh_CN",
    "texts": {
        "entity/offer#/label": "报价",
        "entity/offer#/plural": "报价",
        **{
            f"entity/offer#/fields/{name}/label": label
            for name, label in {
                "name": "名称",
                "customer": "客户",
                "region": "区域",
                "contact": "联系人",
                "kind": "类型",
                "stage": "阶段",
                "amount": "金额",
                "discount": "折扣（%）",
                "close_date": "预计成交日期",
                "close_reason": "成交或丢单原因",
                "referred_by": "推荐人",
                "reference": "编号",
                "code": "代码",
                "approver": "审批人",
            }.items()
        },
        "entity/offer#/fields/contact/help": "须为该客户的员工。",
        "entity/offer#/fields/stage/options/open/label": "进行中",
        "entity/offer#/fields/stage/options/won/label": "赢单",
        "entity/offer#/fields/stage/options/lost/label": "丢单",
        "entity/offer#/fields/kind/options/new/label": "新签",
        "entity/offer#/fields/kind/options/renewal/label": "续签",
        "entity/offer#/fields/kind/options/large/label": "大单",
        "entity/offer#/checks/dear/message": "折扣超过 30% 不太常见。",
        "entity/offer#/checks/stale/message": "预计成交日期早已过去。",
        "form/offer#/tabs/details/label": "详情",
        "form/offer#/tabs/approval/label": "审批",
        "form/offer#/tabs/approval/sections/approval/label": "审批",
        "form/offer#/tabs/details/sections/main/label": "基本信息",
        "form/offer#/tabs/details/sections/result/label": "结果",
    },
}


def offers_pack() -> PackBuilder:
    """Return the pack, whole."""
    return PackBuilder(
        *(REGION, CUSTOMER, PERSON, OFFER, FORM, ROLE, CHINESE), name="offers", title="Offers"
    )


def make_offers_site(home: Path) -> Site:
    """Return a new site with the pack, a clerk named ``cleo`` and a few records."""
    settings = Settings.from_environment({"LOOMWORK_HOME": str(home)}, create=True)
    site = prepare_site(settings)
    packs = [base(), offers_pack().read()]
    install_packs(site.database, packs, author="tests", at_switch=[project_roles])
    site.refresh()
    with create_app(site).app_context():
        Users(site).add("cleo", "Cleo Clerk", password=PASSWORD, roles=("clerk",))
    site.refresh()
    _fill(site)
    return site


def _fill(site: Site) -> None:
    maker = system("demo")
    north, south = (_add(site, maker, "region", name=name) for name in ("North", "South"))
    firms = {
        "Acme": _add(site, maker, "customer", name="Acme", region=north, is_customer=True),
        "Bolt": _add(site, maker, "customer", name="Bolt", region=south),
        "Nowhere": _add(site, maker, "customer", name="Nowhere"),
    }
    for name, firm in {"Ada of Acme": "Acme", "Ben of Bolt": "Bolt"}.items():
        _add(site, maker, "contact_person", name=name, customer=firms[firm])
    offers: dict[str, dict[str, Any]] = {
        "Won offer": {"stage": "won", "amount": "500", "discount": "5"},
        "Stale offer": {"close_date": "2020-01-31", "customer": firms["Bolt"]},
    }
    for name, values in offers.items():
        _add(site, maker, "offer", name=name, **values)


def _add(site: Site, maker: Actor, entity: str, **values: Any) -> str:
    return str(site.records.create(maker, entity, values)["id"])
