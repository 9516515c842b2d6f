"""How numbers, days and moments are written for a reader."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from loomwork_ui.reader import Reader, zone_named


def test_numbers_are_grouped_and_keep_their_places(reader: Reader) -> None:
    assert reader.number(1234567) == "1,234,567"
    assert reader.number(Decimal("1234.5"), 2) == "1,234.50"
    assert reader.number(Decimal("-0.005"), 3) == "-0.005"


def test_days_are_written_in_the_readers_language(reader: Reader) -> None:
    assert reader.day(date(2026, 1, 31)) == "Jan 31, 2026"
    assert replace(reader, locale="zh_CN").day(date(2026, 1, 31)) == "2026年1月31日"


def test_moments_are_written_in_the_readers_zone(reader: Reader) -> None:
    assert reader.moment(datetime(2026, 11, 21, 20, 30, tzinfo=UTC)) == "Nov 22, 2026 04:30"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=5), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=-2), "in 2 days"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "Nov 14, 2026"),
    ],
)
def test_distances_are_counted_until_a_date_says_more(
    reader: Reader, distance: timedelta, words: str
) -> None:
    assert reader.ago(reader.now - distance) == words


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "x" * 300])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"
