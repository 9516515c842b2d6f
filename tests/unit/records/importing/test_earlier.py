"""What earlier lines hold, across chunks and repeated transactions."""

from uuid import UUID

from loomwork.records.importing.earlier import Earlier

ONE, TWO = UUID(int=1), UUID(int=2)


def test_the_first_line_of_a_value_counts() -> None:
    earlier = Earlier()
    assert earlier.first_line("code", "A", 2) == 2
    assert earlier.first_line("code", "A", 3) == 2
    assert earlier.first_line("name", "A", 4) == 4
    earlier.keep()
    assert earlier.first_line("code", "A", 5) == 2


def test_a_repeated_transaction_begins_with_what_was_kept() -> None:
    earlier = Earlier()
    earlier.name({"id": ONE, "name": "Rose"}, ["name"])
    earlier.keep()
    earlier.first_line("code", "A", 2)
    earlier.name({"id": TWO, "name": "Rose", "code": None}, ["name", "code"])
    assert earlier.named("Rose") == {ONE, TWO}
    earlier.begin()
    assert earlier.first_line("code", "A", 3) == 3
    assert earlier.named("Rose") == {ONE}
    assert (earlier.kept(ONE), earlier.kept(TWO)) == (True, False)


def test_a_record_that_was_not_taken_names_nothing() -> None:
    earlier = Earlier()
    earlier.name({"id": ONE, "name": "Rose"}, ["name"])
    earlier.unname(ONE)
    assert earlier.named("Rose") == set()
