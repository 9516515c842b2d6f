"""How complete a record is."""

from dataclasses import replace
from typing import Any

import pytest

from loomwork.records.rules.completeness import Completeness, completeness
from tests.language.world import DEAL


@pytest.mark.parametrize(
    ("weights", "record", "percent", "missing"),
    [
        ({"name": 1}, {}, 0, ("name",)),
        ({"name": 1}, {"name": "a"}, 100, ()),
        ({"name": 2, "score": 1}, {"name": "a"}, 67, ("score",)),
        ({"name": 1, "score": 1, "amount": 1}, {"name": "a"}, 33, ("score", "amount")),
        ({"name": 1, "score": 199}, {"name": "a"}, 1, ("score",)),
        ({"name": 1, "score": 200}, {"name": "a"}, 0, ("score",)),
        ({"active": 1}, {"active": False}, 100, ()),
        ({"score": 1}, {"score": 0}, 100, ()),
    ],
)
def test_the_share_of_the_weights_is_rounded_half_up(
    weights: dict[str, int], record: dict[str, Any], percent: int, missing: tuple[str, ...]
) -> None:
    entity = replace(DEAL, completeness=weights)
    assert completeness(entity, record) == Completeness(percent=percent, missing=missing)


def test_an_entity_that_weighs_nothing_has_none() -> None:
    assert completeness(DEAL, {}) is None
