"""Tasks of the demo site: what is to be done, most of it around today."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from loomwork_metadata.demo.accounts import Customer
from loomwork_metadata.demo.chance import Source, pick, sometimes, stream
from loomwork_metadata.demo.deals import Deal
from loomwork_metadata.demo.opportunities import opportunity_key
from loomwork_metadata.demo.people import owned
from loomwork_metadata.demo.record import DemoRecord, Ref, present
from loomwork_metadata.demo.timeline import instant, office_hour, year_before

SUBJECTS = (
    ("Call {name}", "致电{name}"),
    ("Send the quotation to {name}", "向{name}发送报价单"),
    ("Visit {name}", "拜访{name}"),
    ("Prepare the demonstration for {name}", "准备{name}的产品演示"),
    ("Check the contract with {name}", "审核与{name}的合同"),
    ("Ask {name} about the delivery date", "与{name}确认交货期"),
    ("Remind {name} of the payment", "提醒{name}付款"),
    ("Send samples to {name}", "向{name}寄送样品"),
)
PRIORITIES = {"normal": 0.62, "high": 0.22, "low": 0.16}
PAST = {"done": 0.82, "cancelled": 0.06, "open": 0.08, "in_progress": 0.04}
COMING = {"open": 0.74, "in_progress": 0.16, "done": 0.07, "cancelled": 0.03}


def task_records(
    seed: int,
    today: date,
    customers: Sequence[Customer],
    deals: Sequence[Deal],
    contacts: Mapping[str, Sequence[str]],
    count: int,
) -> Iterator[DemoRecord]:
    """Yield the tasks; ``contacts`` holds the contacts' keys by the account's key."""
    source = stream(seed, "tasks")
    weights = [5.0 if deal.open else 1.0 for deal in deals]
    _, last = year_before(today)
    for number in range(1, count + 1):
        index = source.choices(range(len(deals)), weights=weights)[0]
        about_deal = source.random() < 0.65
        customer = deals[index].customer if about_deal else source.choice(customers)
        begun = deals[index].opened if about_deal else customer.created
        due = max(begun + timedelta(days=1), _due(source, today))
        written = max(begun, min(last, due - timedelta(days=source.randint(1, 14))))
        known = contacts.get(customer.key, ())
        status = pick(source, PAST if due < today else COMING)
        offset = customer.company.place.utc_offset
        yield DemoRecord(
            entity="task",
            key=f"task-{number:05}",
            values=present(
                {
                    "subject": _subject(source, customer),
                    "status": status,
                    "priority": sometimes(source, 0.92, pick(source, PRIORITIES)),
                    "due_at": sometimes(source, 0.93, instant(office_hour(source, due, offset))),
                    "done_on": min(due, today).isoformat() if status == "done" else None,
                    "account": Ref("account", customer.key),
                    "contact": Ref("contact", source.choice(known))
                    if known and source.random() < 0.55
                    else None,
                    "opportunity": Ref("opportunity", opportunity_key(index + 1))
                    if about_deal
                    else None,
                    **owned(customer.owner, customer.company.place.region),
                }
            ),
            at=office_hour(source, written, offset),
        )


def _due(source: Source, today: date) -> date:
    """Return a day around today; a third of the tasks lies further back in the year."""
    if source.random() < 0.3:
        return today - timedelta(days=source.randint(15, 330))
    day = today + timedelta(days=round(source.gauss(2, 9)))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _subject(source: Source, customer: Customer) -> str:
    english, chinese = source.choice(SUBJECTS)
    pattern = chinese if customer.company.chinese else english
    return pattern.format(name=customer.company.short_name)
