"""Accounts and contacts of the demo site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loomwork_metadata.demo.chance import Source, log_normal, money, pick, sometimes, stream
from loomwork_metadata.demo.companies import Company, companies
from loomwork_metadata.demo.people import owned, owner_in
from loomwork_metadata.demo.persons import person_at
from loomwork_metadata.demo.record import DemoRecord, Ref, present
from loomwork_metadata.demo.timeline import office_hour, working_day, year_before

CHINESE_NOTES = (
    "老客户介绍，付款及时。",
    "对交货期要求高，每季度拜访一次。",
    "正在扩建新厂房，明年有设备采购计划。",
    "价格敏感，主要竞争对手已报价。",
)
WESTERN_NOTES = (
    "Pays on time. Prefers a visit over a call.",
    "Second plant opens next year; ask about the line layout.",
    "Works with a competitor for spare parts.",
    "Needs documents in the local language.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """An account before it is written down. ``appetite`` says how often it buys."""

    key: str
    company: Company
    owner: str
    since: date
    created: date
    parent: str
    appetite: float


def customers(seed: int, today: date, count: int) -> tuple[Customer, ...]:
    """Return the customers: most from the year's first weeks, when the site was filled."""
    source = stream(seed, "customers")
    first, last = year_before(today)
    found: list[Customer] = []
    days = sorted(
        working_day(source, first, first + timedelta(days=25))
        if source.random() < 0.45
        else working_day(source, first, last)
        for _ in range(count)
    )
    for number, company in enumerate(companies(source, count), 1):
        region = company.place.region
        siblings = [customer.key for customer in found[-40:] if _related(customer, company)]
        found.append(
            Customer(
                key=f"account-{number:05}",
                company=company,
                owner=owner_in(source, region),
                since=days[number - 1] - timedelta(days=round(log_normal(source, 900, 0.8))),
                created=days[number - 1],
                parent=source.choice(siblings) if siblings and source.random() < 0.35 else "",
                appetite=log_normal(source, 1, 0.9),
            )
        )
    return tuple(found)


def _related(customer: Customer, company: Company) -> bool:
    """Tell whether the customer could be the company's parent: larger, same trade and land."""
    return (
        not customer.parent
        and customer.company.industry == company.industry
        and customer.company.place.country == company.place.country
        and customer.company.employees > 2 * company.employees
    )


def account_records(
    seed: int, sequence: Sequence[Customer], first_wins: dict[str, date]
) -> Iterator[DemoRecord]:
    """Yield the accounts; ``first_wins`` holds the day of the first won deal by account."""
    source = stream(seed, "accounts")
    for number, customer in enumerate(sequence, 1):
        company = customer.company
        status, since = _standing(source, customer, first_wins.get(customer.key))
        yield DemoRecord(
            entity="account",
            key=customer.key,
            values=present(
                {
                    "name": company.name,
                    "short_name": sometimes(source, 0.85, company.short_name),
                    "number": f"C-{20000 + number}" if status != "prospect" else None,
                    "status": status,
                    "industry": sometimes(source, 0.95, company.industry),
                    "website": sometimes(source, 0.75, f"https://www.{company.domain}"),
                    "phone": sometimes(source, 0.9, company.phone),
                    "email": sometimes(source, 0.7, f"info@{company.domain}"),
                    "street": sometimes(source, 0.85, company.street),
                    "city": company.place.city,
                    "province": company.place.province,
                    "postal_code": sometimes(source, 0.7, company.place.postal_code),
                    "country": company.place.country,
                    "employees": sometimes(source, 0.7, company.employees),
                    "annual_revenue": sometimes(source, 0.5, money(company.revenue)),
                    "parent": Ref("account", customer.parent) if customer.parent else None,
                    "customer_since": since.isoformat() if since else None,
                    "notes": _note(source, company),
                    **owned(customer.owner, company.place.region),
                }
            ),
            at=office_hour(source, customer.created, company.place.utc_offset),
        )


def _standing(
    source: Source, customer: Customer, first_win: date | None
) -> tuple[str, date | None]:
    bought_before = source.random() < 0.22
    if first_win:
        return "customer", customer.since if bought_before else first_win
    if bought_before:
        return pick(source, {"customer": 0.75, "former": 0.25}), customer.since
    return "prospect", None


def _note(source: Source, company: Company) -> str | None:
    return sometimes(
        source, 0.2, source.choice(CHINESE_NOTES if company.chinese else WESTERN_NOTES)
    )


def contact_records(
    seed: int, today: date, sequence: Sequence[Customer], count: int
) -> Iterator[DemoRecord]:
    """Yield the contacts: one for nearly every account, more where more is bought."""
    source = stream(seed, "contacts")
    _, last = year_before(today)
    homes = list(sequence) + source.choices(
        sequence, weights=[customer.appetite for customer in sequence], k=max(0, count)
    )
    for number, customer in enumerate(homes[:count], 1):
        company = customer.company
        person = person_at(source, company.place)
        born = today - timedelta(days=round(source.gauss(43, 8) * 365.25))
        yield DemoRecord(
            entity="contact",
            key=f"contact-{number:05}",
            values=present(
                {
                    "name": person.name,
                    "account": Ref("account", customer.key),
                    "job_title": sometimes(source, 0.9, person.job_title),
                    "department": sometimes(source, 0.6, person.department),
                    "email": sometimes(source, 0.85, f"{person.handle}@{company.domain}"),
                    "phone": sometimes(source, 0.5, company.phone),
                    "mobile": sometimes(source, 0.8, person.mobile),
                    "wechat": person.handle.replace(".", "_") + f"_{source.randint(10, 99)}"
                    if company.chinese and source.random() < 0.7
                    else None,
                    "preferred_language": sometimes(source, 0.8, person.language),
                    "is_decision_maker": person.decides,
                    "birthday": sometimes(source, 0.2, born.isoformat()),
                    **owned(customer.owner, company.place.region),
                }
            ),
            at=office_hour(
                source,
                working_day(source, customer.created, min(last, customer.created + timedelta(60))),
                company.place.utc_offset,
            ),
        )
