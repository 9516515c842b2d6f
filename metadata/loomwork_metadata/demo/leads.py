"""Leads of the demo site: first interest, most of which comes to nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from loomwork_metadata.demo.accounts import Customer
from loomwork_metadata.demo.chance import (
    Source,
    log_normal,
    money,
    pick,
    rounded,
    sometimes,
    stream,
)
from loomwork_metadata.demo.companies import CNY_PER_UNIT, Company, companies
from loomwork_metadata.demo.industries import INDUSTRIES
from loomwork_metadata.demo.people import owned, owner_in
from loomwork_metadata.demo.persons import person_at
from loomwork_metadata.demo.record import DemoRecord, Ref, Value, present
from loomwork_metadata.demo.timeline import office_hour, working_day, year_before

CHINESE_SOURCES = {"webform": 28, "wechat": 24, "trade_fair": 20, "referral": 14, "cold_call": 10}
WESTERN_SOURCES = {"webform": 36, "trade_fair": 26, "referral": 14, "partner": 14, "cold_call": 8}
REASONS = {
    "no_answer": 0.3,
    "no_need": 0.26,
    "no_budget": 0.18,
    "competitor": 0.14,
    "wrong_contact": 0.08,
    "other": 0.04,
}
RATINGS = {"hot": 0.2, "warm": 0.45, "cold": 0.35}

# What has become of leads by their age in days: the first row whose age is not exceeded.
FATES: tuple[tuple[int, dict[str, float]], ...] = (
    (7, {"new": 0.75, "contacted": 0.25}),
    (30, {"new": 0.2, "contacted": 0.45, "qualified": 0.2, "unqualified": 0.15}),
    (90, {"contacted": 0.2, "qualified": 0.25, "unqualified": 0.35, "converted": 0.2}),
    (100_000, {"contacted": 0.05, "qualified": 0.07, "unqualified": 0.6, "converted": 0.28}),
)


def lead_records(
    seed: int, today: date, customers: Sequence[Customer], count: int
) -> Iterator[DemoRecord]:
    """Yield the leads; a converted one links to the account that it became."""
    source = stream(seed, "leads")
    first, last = year_before(today)
    days = sorted(working_day(source, first, last) for _ in range(count))
    for number, (day, company) in enumerate(zip(days, companies(source, count), strict=True), 1):
        status = _fate(source, (today - day).days)
        account = _account(source, customers, day) if status == "converted" else None
        shown = account.company if account else company
        owner = account.owner if account else owner_in(source, company.place.region)
        yield DemoRecord(
            entity="lead",
            key=f"lead-{number:05}",
            values=present(
                {
                    **_interest(source, shown),
                    "status": status,
                    "unqualified_reason": pick(source, REASONS)
                    if status == "unqualified"
                    else None,
                    "next_step_on": _next_step(source, today, status),
                    "account": Ref("account", account.key) if account else None,
                    **owned(owner, shown.place.region),
                }
            ),
            at=office_hour(source, day, shown.place.utc_offset),
        )


def _fate(source: Source, age: int) -> str:
    return pick(source, next(fates for limit, fates in FATES if age <= limit))


def _account(source: Source, customers: Sequence[Customer], day: date) -> Customer | None:
    """Return a customer that was entered in the weeks after ``day``, if there is one."""
    young = [
        customer for customer in customers if day <= customer.created <= day + timedelta(days=75)
    ]
    return source.choice(young) if young else None


def _interest(source: Source, company: Company) -> dict[str, Value | None]:
    person = person_at(source, company.place)
    industry = INDUSTRIES[company.industry]
    value = log_normal(source, industry.deal, industry.spread) / CNY_PER_UNIT[company.currency]
    # A form on the web asks for an address, a card from a fair has a number.
    return {
        "name": person.name,
        "company": sometimes(source, 0.92, company.name),
        "source": pick(source, CHINESE_SOURCES if company.chinese else WESTERN_SOURCES),
        "rating": sometimes(source, 0.7, pick(source, RATINGS)),
        "email": sometimes(source, 0.7, f"{person.handle}@{company.domain}"),
        "phone": sometimes(source, 0.65, person.mobile),
        "city": sometimes(source, 0.7, company.place.city),
        "estimated_value": sometimes(source, 0.55, money(rounded(value))),
    }


def _next_step(source: Source, today: date, status: str) -> str | None:
    if status in {"unqualified", "converted"}:
        return None
    day = today + timedelta(days=round(source.gauss(4, 7)))
    return sometimes(source, 0.75, day.isoformat())
