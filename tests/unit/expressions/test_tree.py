"""Adding trees up, and asking what they use."""

from loomwork.expressions import (
    FALSE,
    TRUE,
    asks_user,
    combine_and,
    combine_or,
    negate,
    parse,
    to_text,
    uses,
)
from tests.unit.expressions.samples import SCOPE

MINE = parse("owner == user", SCOPE)
OPEN = parse("stage == 'new' or stage == 'won'", SCOPE)
ACTIVE = parse("active", SCOPE)


def test_grants_add_up() -> None:
    summed = to_text(combine_or([MINE, OPEN, MINE]))
    assert summed == "owner == user or stage == 'new' or stage == 'won'"


def test_one_grant_of_everything_is_enough() -> None:
    assert combine_or([MINE, TRUE, OPEN]) == TRUE
    assert combine_and([MINE, FALSE]) == FALSE


def test_no_grant_is_nothing_and_no_filter_is_everything() -> None:
    assert (combine_or([]), combine_and([])) == (FALSE, TRUE)
    assert (combine_or([FALSE]), combine_and([TRUE])) == (FALSE, TRUE)


def test_a_single_part_stays_itself() -> None:
    assert combine_or([FALSE, MINE]) is MINE
    assert combine_and([TRUE, MINE]) is MINE


def test_a_filter_and_a_grant_keep_their_brackets() -> None:
    assert to_text(combine_and([OPEN, MINE])) == (
        "(stage == 'new' or stage == 'won') and owner == user"
    )


def test_negating_twice_changes_nothing() -> None:
    assert negate(negate(MINE)) == MINE
    assert (negate(TRUE), negate(FALSE)) == (FALSE, TRUE)


def test_a_tree_knows_its_fields_and_whether_it_depends_on_who_acts() -> None:
    tree = combine_and([OPEN, MINE, ACTIVE])
    assert uses(tree) == {"stage", "owner", "active"}
    assert (asks_user(tree), asks_user(OPEN)) == (True, False)
