"""Demo data: a year of a small sales team's work, the same for the same seed and date."""

from loomwork_metadata.demo.customers import write_customers
from loomwork_metadata.demo.people import demo_teams, demo_users
from loomwork_metadata.demo.record import DemoRecord, DemoUser, Ref, Value
from loomwork_metadata.demo.records import demo_records

__all__ = [
    "DemoRecord",
    "DemoUser",
    "Ref",
    "Value",
    "demo_records",
    "demo_teams",
    "demo_users",
    "write_customers",
]
