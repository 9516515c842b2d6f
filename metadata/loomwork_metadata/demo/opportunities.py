"""Opportunities of the demo site: deals as a salesperson writes them down."""

from collections.abc import Iterator, Mapping, Sequence

from loomwork_metadata.demo.chance import Source, money, pick, sometimes, stream
from loomwork_metadata.demo.deals import Deal
from loomwork_metadata.demo.people import owned
from loomwork_metadata.demo.record import DemoRecord, Ref, present
from loomwork_metadata.demo.timeline import office_hour

SOURCES = {
    "referral": 0.27,
    "trade_fair": 0.22,
    "webform": 0.16,
    "partner": 0.13,
    "cold_call": 0.11,
    "wechat": 0.08,
    "other": 0.03,
}
TOPICS = (
    ("Cutting room", "裁剪车间升级"),
    ("Packing line", "自动包装线"),
    ("Vision inspection", "视觉检测项目"),
    ("Robot cell", "机器人工作站"),
    ("Line monitoring", "产线监控系统"),
    ("Spare parts contract", "备件年度框架"),
    ("Maintenance contract", "维保服务合同"),
    ("Labelling machines", "贴标设备采购"),
    ("Second line", "二期产线"),
    ("Servo retrofit", "伺服系统改造"),
    ("Quality archive", "质量追溯系统"),
    ("Conveyor extension", "输送线扩建"),
)
NEXT_STEPS = {
    "new": (
        ("Call for a first talk", "电话了解需求"),
        ("Send the company profile", "发送公司资料"),
    ),
    "qualified": (
        ("Visit the plant", "现场勘察"),
        ("Collect the technical data", "收集技术参数"),
    ),
    "proposal": (
        ("Follow up on the quotation", "跟进报价反馈"),
        ("Present the solution", "方案汇报"),
    ),
    "negotiation": (
        ("Agree on payment terms", "确认付款方式"),
        ("Have the contract reviewed", "合同审核"),
    ),
}
REASONS = {
    "won": (
        ("Shortest delivery time.", "交货期最短。"),
        ("Reference customer convinced them.", "参观标杆客户后决定。"),
        ("Best service offer.", "售后服务方案最好。"),
    ),
    "lost": (
        ("Too expensive.", "价格偏高。"),
        ("Budget postponed to next year.", "预算推迟到明年。"),
        ("A competitor delivered faster.", "竞争对手交期更短。"),
        ("No decision; contact left the company.", "项目搁置，联系人离职。"),
    ),
}


def opportunity_key(number: int) -> str:
    """Return the key of the opportunity for deal ``number``, counted from 1."""
    return f"opportunity-{number:05}"


def opportunity_records(
    seed: int, deals: Sequence[Deal], contacts: Mapping[str, Sequence[str]]
) -> Iterator[DemoRecord]:
    """Yield the opportunities; ``contacts`` holds the contacts' keys by the account's key."""
    source = stream(seed, "opportunities")
    for number, deal in enumerate(deals, 1):
        company = deal.customer.company
        known = contacts.get(deal.customer.key, ())
        contact = source.choice(known) if known and source.random() < 0.85 else ""
        dated = not deal.open or source.random() < 0.92
        yield DemoRecord(
            entity="opportunity",
            key=opportunity_key(number),
            values=present(
                {
                    "name": _name(source, deal),
                    "account": Ref("account", deal.customer.key),
                    "contact": Ref("contact", contact) if contact else None,
                    "stage": deal.stage,
                    "amount": sometimes(
                        source, 0.8 if deal.stage == "new" else 1, money(deal.amount)
                    ),
                    "currency": company.currency,
                    "chance": deal.chance,
                    "close_date": deal.close.isoformat() if dated else None,
                    "source": sometimes(source, 0.88, pick(source, SOURCES)),
                    "next_step": _phrase(source, deal, NEXT_STEPS, 0.7),
                    "close_reason": _phrase(source, deal, REASONS, 1),
                    **owned(deal.customer.owner, company.place.region),
                }
            ),
            at=office_hour(source, deal.opened, company.place.utc_offset),
        )


def _name(source: Source, deal: Deal) -> str:
    english, chinese = source.choice(TOPICS)
    company = deal.customer.company
    if company.chinese:
        return f"{company.short_name}{chinese}"
    return f"{company.short_name}: {english}"


def _phrase(
    source: Source,
    deal: Deal,
    phrases: Mapping[str, Sequence[tuple[str, str]]],
    share: float,
) -> str | None:
    if deal.stage not in phrases:
        return None
    english, chinese = source.choice(phrases[deal.stage])
    return sometimes(source, share, chinese if deal.customer.company.chinese else english)
