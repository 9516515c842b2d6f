"""What the queue's consumer says when the queue is away."""

import io
import logging
import sqlite3
from collections.abc import Iterator

import pytest
import redis

from loomwork.automation.log import OUTAGE_EVERY, Outages, speak_briefly

AWAY = redis.ConnectionError("Connection refused.")


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Yield what is written to the stream of the consumer's log."""
    stream, logger = io.StringIO(), logging.getLogger("huey")
    before = logger.handlers[:], logger.propagate
    speak_briefly(stream)
    yield stream
    logger.handlers[:], logger.propagate = before


def fail(error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("huey.consumer.Worker").exception("Error reading from queue")


@pytest.mark.parametrize("error", [AWAY, sqlite3.OperationalError("disk I/O error")])
def test_a_queue_that_is_away_is_one_line_and_no_traceback(
    said: io.StringIO, error: Exception
) -> None:
    for _ in range(100):
        fail(error)
    (line,) = said.getvalue().splitlines()
    assert str(error) in line


def test_every_minute_it_is_said_again() -> None:
    clock = iter([0.0, 1.0, OUTAGE_EVERY + 1.0, OUTAGE_EVERY + 2.0])
    outages = Outages(lambda: next(clock))
    record = logging.LogRecord(
        "huey.consumer", logging.ERROR, __file__, 1, "x", (), (redis.ConnectionError, AWAY, None)
    )
    records = [logging.makeLogRecord(vars(record)) for _ in range(4)]
    assert [outages.filter(one) for one in records] == [True, False, True, False]


def test_other_errors_keep_their_traceback(said: io.StringIO) -> None:
    for _ in range(2):
        fail(ValueError("a mistake of ours"))
    assert said.getvalue().count("Traceback") == 2
