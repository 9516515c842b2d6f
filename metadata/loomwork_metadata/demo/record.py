"""What demo data is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ref:
    """A link to a record of the demo data, by its entity and its key."""

    entity: str
    key: str


Value: TypeAlias = str | int | bool | Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRecord:
    """One record, with values in their JSON form; ``at`` is when it was created, in UTC.

    ``key`` is unique within ``entity``. A value that is missing has no entry in ``values``.
    """

    entity: str
    key: str
    values: Mapping[str, Value]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """Someone who can sign in. The key of the user's record is the ``username``.

    ``roles`` names role documents, ``team`` the key of a team; ``leads_team`` tells whether the
    user is the lead of that team, which can be entered only after both exist.
    """

    username: str
    name: str
    email: str
    job_title: str
    phone: str
    roles: tuple[str, ...]
    team: str
    leads_team: bool = False
    language: str = "en"


def present(values: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return the values that are not missing."""
    return {name: value for name, value in values.items() if value is not None}
