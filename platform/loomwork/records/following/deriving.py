"""Derived values: formulas, lookups and rollups kept current with what they are made from."""

from typing import TYPE_CHECKING

from loomwork.records.deriving.plan import plan_of
from loomwork.records.deriving.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loomwork.records.following.written import Written
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction


def follow(runtime: "Runtime", transaction: "Transaction", written: "Sequence[Written]") -> None:
    """Work out again what follows from the ``written`` records.

    Where a record of ``written`` itself gets another value, its row ``after`` has it then.
    """
    plan = plan_of(runtime)
    if not plan.kept or not any(
        one.entity.name in plan.sources or one.entity.name in plan.of for one in written
    ):
        return
    settling = Settling(transaction, written[0].by)
    settling.note(written)
    settling.carry_through()
