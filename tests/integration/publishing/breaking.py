"""What tests of breaks have in common."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from loomwork.errors import worded
from loomwork.model.whole import Model
from loomwork.publishing.plan import Break
from tests.integration.publishing.stored import Stored

Open: TypeAlias = Callable[[Model], Stored]


def ids(found: Break) -> list[UUID]:
    return [UUID(one) for one in found.sample_ids]


def said(found: Break) -> str:
    return worded(found.text, found.context, str, "en")


def one_break(found: list[Break], *, subject: str, name: str, code: str = "breaks") -> Break:
    (only,) = found
    assert (only.entity, only.subject, only.name, only.code) == ("gadget", subject, name, code)
    return only
