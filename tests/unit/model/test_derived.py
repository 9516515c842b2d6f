"""Types of what is worked out: they have the form of their results and take nothing in."""

import random
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.derived import DerivedType, result_of
from loomwork.model.kinds import Kind
from loomwork.model.text import Text
from loomwork.model.types.formula import FormulaType
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.lookup import LookupType
from loomwork.model.types.rollup import RollupType

LOOKUP = {"type": "lookup", "is": "account.industry"}


def made(class_: type[DerivedType], **settings: Any) -> DerivedType:
    return class_.from_document(settings, lambda _, source: Text(source))


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("text", Kind.TEXT),
        ("integer", Kind.NUMBER),
        ("money", Kind.NUMBER),
        ("percent", Kind.NUMBER),
        ("duration", Kind.DURATION),
        ("date", Kind.DATE),
        ("time", Kind.TEXT),
        ("datetime", Kind.DATETIME),
        ("boolean", Kind.BOOLEAN),
        ("link", Kind.LINK),
    ],
)
def test_a_formula_has_the_kind_of_its_result(result: str, kind: Kind) -> None:
    type_ = made(FormulaType, result=result, **{"is": "x"})
    assert (type_.kind, type_.usable, type_.stored, type_.kept) == (kind, True, False, False)
    sample = type_.sample(random.Random(1))
    assert type_.to_text(sample) == result_of(type_).to_text(sample)


def test_what_a_lookup_shows_is_known_later() -> None:
    type_ = made(LookupType, **LOOKUP)
    assert (type_.usable, type_.sortable, type_.filter_operators) == (False, False, ())
    known = type_.known(IntegerType())
    assert (known.kind, known.usable, known.sortable) == (Kind.NUMBER, True, True)
    assert known.storage == IntegerType().storage


@pytest.mark.parametrize(
    ("settings", "stored", "refresh"),
    [
        ({"of": "lines"}, True, "live"),
        ({"of": "lines", "refresh": "hourly"}, True, "hourly"),
        ({"from": "line"}, False, "live"),
        ({"from": "line", "refresh": "daily"}, True, "daily"),
    ],
)
def test_a_total_is_stored_unless_any_record_may_change_it(
    settings: dict[str, Any], stored: bool, refresh: str
) -> None:
    type_ = made(RollupType, function="count", **settings)
    assert (type_.stored, type_.refresh) == (stored, refresh)


@pytest.mark.parametrize("value", [1, "1", None, [], {}])
def test_nothing_is_taken_in(value: object) -> None:
    with pytest.raises(InvalidError) as told:
        made(FormulaType, result="integer", **{"is": "x"}).parse(value)
    assert [problem.code for problem in told.value.problems] == ["readonly"]
