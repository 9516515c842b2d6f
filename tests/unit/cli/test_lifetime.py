"""Spans of time as they are typed."""

from datetime import timedelta

import click
import pytest

from loomwork.cli.users import Lifetime


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30d", timedelta(days=30)),
        ("12h", timedelta(hours=12)),
        ("2w", timedelta(weeks=2)),
        ("90m", timedelta(minutes=90)),
        ("99999w", timedelta(weeks=99999)),
    ],
)
def test_a_span_is_a_number_and_a_unit(text: str, span: timedelta) -> None:
    assert Lifetime().convert(text, None, None) == span
    assert Lifetime().convert(span, None, None) == span


@pytest.mark.parametrize("text", ["", "d", "30", "0d", "-1d", "1.5d", "30 d", "30D", "３d", "1y"])
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Lifetime().convert(text, None, None)
