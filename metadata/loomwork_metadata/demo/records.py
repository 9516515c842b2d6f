"""All records of the demo site, in an order in which each can be created."""

from collections.abc import Iterator
from datetime import date

from loomwork_metadata.demo.accounts import account_records, contact_records, customers
from loomwork_metadata.demo.deals import deals, first_wins
from loomwork_metadata.demo.leads import lead_records
from loomwork_metadata.demo.opportunities import opportunity_records
from loomwork_metadata.demo.products import products
from loomwork_metadata.demo.record import DemoRecord, Ref
from loomwork_metadata.demo.tasks import task_records

ACCOUNTS = 300
CONTACTS = 700
LEADS = 400
OPPORTUNITIES = 900
TASKS = 600


def demo_records(seed: int, today: date, scale: float = 1.0) -> Iterator[DemoRecord]:
    """Yield the records of the twelve months before ``today``, targets of links first.

    Users and teams are not among them: their keys are those of `demo_users` and `demo_teams`.
    ``scale`` multiplies the number of everything but the products.
    """
    clients = customers(seed, today, _count(ACCOUNTS, scale))
    business = deals(seed, today, clients, _count(OPPORTUNITIES, scale))
    contacts: dict[str, list[str]] = {}
    yield from products(seed, today)
    yield from account_records(seed, clients, first_wins(business))
    for contact in contact_records(seed, today, clients, _count(CONTACTS, scale)):
        account = contact.values["account"]
        if isinstance(account, Ref):
            contacts.setdefault(account.key, []).append(contact.key)
        yield contact
    yield from lead_records(seed, today, clients, _count(LEADS, scale))
    yield from opportunity_records(seed, business, contacts)
    yield from task_records(seed, today, clients, business, contacts, _count(TASKS, scale))


def _count(usual: int, scale: float) -> int:
    return max(1, round(usual * scale))
