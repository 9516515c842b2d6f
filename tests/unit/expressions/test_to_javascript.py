"""The programs that browsers run, and what is worked out before they get them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from loomwork.errors import ExpressionError
from loomwork.expressions import functions
from loomwork.expressions.context import Context, NoRelations
from loomwork.expressions.fold import fold
from loomwork.expressions.to_javascript import Program, runs_in_browser, to_javascript, written
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    USER,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Field,
    Given,
    In,
    Literal,
    Member,
    Node,
    Not,
    Operator,
    Or,
    StartOfDay,
    Step,
    Under,
)
from loomwork.model.kinds import Kind

ID = UUID("01a20055-fabd-7000-bfb1-b496fff0861b")
OTHER = UUID("01a20055-fabd-7000-bfb1-b496fff0861c")
AMOUNT = Field("amount", Kind.NUMBER, 2)
STAGE = Field("stage", Kind.TEXT)
OWNER = Field("owner", Kind.LINK, entity="user")
REGION = Field("region", Kind.LINK, path=(Step("account", "account"),), entity="region")
WON = Compare(Operator.EQUAL, STAGE, Literal("won", Kind.TEXT))
TODAY = Given("today", Kind.DATE)
TEAMS = Given("user.teams", Kind.LINKS, "team")


class Around(NoRelations):
    """One account, which is in a region."""

    def linked(self, entity: str, id_: UUID) -> dict[str, Any] | None:
        return {"region": OTHER} if (entity, id_) == ("account", ID) else None

    def linking(self, entity: str, link: str, id_: UUID) -> tuple[()]:
        del entity, link, id_
        return ()


CONTEXT = Context(
    given={
        "user.id": ID,
        "user.teams": frozenset((OTHER, ID)),
        "today": date(2026, 1, 31),
        "settings.sales.limit": Decimal("100.50"),
    },
    relations=Around(),
    zone=ZoneInfo("Asia/Shanghai"),
)


@pytest.mark.parametrize(
    ("node", "program"),
    [
        (WON, ["==", ["field", "stage", "text"], ["value", "text", "won"]]),
        (REGION, ["field", "region", "link", "", [["account", "account"]]]),
        (
            replace(AMOUNT, root="old"),
            ["field", "amount", "number", "old", []],
        ),
        (
            Not(In(STAGE, (Literal("won", Kind.TEXT),), negated=True)),
            ["not", ["not", ["in", ["field", "stage", "text"], [["value", "text", "won"]]]]],
        ),
        (
            Arithmetic("-", TODAY, Literal(5, Kind.DURATION), Kind.DATE),
            [
                "arithmetic",
                "date - duration",
                ["given", "today", "date"],
                ["value", "duration", "5"],
            ],
        ),
        (
            Under(REGION, Literal(ID, Kind.LINK), "region", "parent"),
            [
                "under",
                ["field", "region", "link", "", [["account", "account"]]],
                ["value", "link", str(ID)],
                {"entity": "region", "parent": "parent"},
            ],
        ),
        (
            Aggregate("sum", "line", "deal", Kind.NUMBER, value=AMOUNT),
            [
                "aggregate",
                {"function": "sum", "entity": "line", "link": "deal", "root": "", "path": []},
                ["field", "amount", "number"],
                None,
            ],
        ),
    ],
)
def test_each_form_is_a_list_that_begins_with_its_name(node: Node, program: Program) -> None:
    assert to_javascript(node) == program


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (None, None),
        (True, True),
        (7, "7"),
        (Decimal("1200.50"), "1200.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (date(1, 1, 2), "0001-01-02"),
        (datetime(2026, 1, 31, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-01-31T08:00:00Z"),
        (datetime(2026, 1, 31, 8, 0, 0, 1, tzinfo=UTC), "2026-01-31T08:00:00.000001Z"),
        (ID, str(ID)),
        ({"id": ID, "title": "Acme"}, str(ID)),
        (frozenset(("b", "a")), ["a", "b"]),
        (frozenset((OTHER, ID)), [str(ID), str(OTHER)]),
    ],
)
def test_values_are_written_as_records_have_them(value: Any, json: Any) -> None:
    assert written(value) == json


def test_what_depends_on_no_record_is_worked_out_for_the_context() -> None:
    owned = Compare(Operator.EQUAL, OWNER, USER)
    assert to_javascript(owned, CONTEXT) == [
        "==",
        ["field", "owner", "link"],
        ["value", "link", str(ID)],
    ]
    in_team = Member(Field("team", Kind.LINK, entity="team"), TEAMS)
    assert to_javascript(in_team, CONTEXT)[2] == ["value", "links", [str(ID), str(OTHER)]]
    large = Compare(
        Operator.MORE, Given("settings.sales.limit", Kind.NUMBER), Literal(Decimal(1), Kind.NUMBER)
    )
    assert to_javascript(And((large, WON)), CONTEXT) == to_javascript(WON)
    assert to_javascript(Or((large, WON)), CONTEXT) == ["value", "boolean", True]


def test_a_day_begins_in_the_zone_of_the_site() -> None:
    since = Compare(Operator.AT_LEAST, Field("seen", Kind.DATETIME), StartOfDay(TODAY))
    assert to_javascript(since, CONTEXT)[2] == ["value", "datetime", "2026-01-30T16:00:00Z"]
    assert to_javascript(since)[2] == ["start_of_day", ["given", "today", "date"]]


def test_known_fields_are_worked_out_too_even_over_a_link() -> None:
    known = {"account": ID, "amount": Decimal(5)}
    there = Compare(Operator.EQUAL, REGION, Literal(OTHER, Kind.LINK))
    small = Compare(Operator.LESS, AMOUNT, Literal(Decimal(9), Kind.NUMBER))
    assert fold(And((there, small, WON)), CONTEXT, known) == WON
    assert fold(Not(there), CONTEXT, known) == FALSE
    assert fold(And((there, small)), CONTEXT, known) == TRUE
    assert fold(small, CONTEXT) == small


def test_inside_an_aggregate_the_known_record_is_the_one_outside() -> None:
    outer, inner = replace(AMOUNT, root="this"), AMOUNT
    counted = Aggregate(
        "count", "line", "deal", Kind.NUMBER, where=Compare(Operator.MORE, inner, outer)
    )
    folded = fold(counted, CONTEXT, {"amount": Decimal(5)})
    assert folded == replace(
        counted, where=Compare(Operator.MORE, inner, Literal(Decimal(5), Kind.NUMBER))
    )
    nested = replace(
        counted, where=Compare(Operator.EQUAL, counted, Literal(Decimal(1), Kind.NUMBER))
    )
    assert fold(nested, CONTEXT, {"amount": Decimal(5)}) == nested


def test_a_fixed_choice_leaves_one_branch() -> None:
    fixed = Compare(Operator.LESS, TODAY, Literal(date(2026, 2, 1), Kind.DATE))
    choice = Choose(fixed, AMOUNT, Literal(None, Kind.NUMBER), Kind.NUMBER)
    assert fold(choice, CONTEXT) == AMOUNT
    assert fold(replace(choice, condition=Not(fixed)), CONTEXT) == choice.otherwise


def test_a_missing_condition_is_as_good_as_a_false_one() -> None:
    absent = Given("settings.sales.absent", Kind.BOOLEAN)
    assert fold(And((absent, WON)), CONTEXT) == FALSE
    assert fold(Or((absent, WON)), CONTEXT) == WON
    assert fold(Not(absent), CONTEXT) == TRUE


def test_a_function_without_a_translation_stays_on_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = replace(functions.FUNCTIONS["lower"], javascript="")
    monkeypatch.setattr(
        "loomwork.expressions.to_javascript.FUNCTIONS", {**functions.FUNCTIONS, "lower": here}
    )
    call = Call("lower", (STAGE,), Kind.TEXT)
    assert not runs_in_browser(And((WON, Compare(Operator.EQUAL, call, STAGE))))
    assert runs_in_browser(WON)
    with pytest.raises(ExpressionError, match="lower"):
        to_javascript(call)
