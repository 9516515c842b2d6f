"""A bucket that tests can fill and make fail."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.processes import free_port

DOUBLE = Path(__file__).parents[2] / "s3_double.py"
SECRETS = {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "secret"}


@dataclass(frozen=True, slots=True)
class S3:
    """The running double."""

    address: str

    def url(self, bucket: str) -> str:
        """Return the site's setting for a new bucket of that name."""
        httpx.put(f"{self.address}/{bucket}").raise_for_status()
        return f"s3://{bucket}/site?endpoint_url={self.address}&region=us-east-1"

    def fail(self, how: str, times: int) -> None:
        httpx.get(f"{self.address}/_fail", params={"how": how, "times": times}).raise_for_status()


@pytest.fixture(scope="session")
def _running() -> Iterator[S3]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, os.fspath(DOUBLE), str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                assert process.poll() is None, "the double has ended"
                assert time.monotonic() < deadline, "the double does not answer"
                time.sleep(0.1)
        yield S3(address)
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def s3(_running: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """Return the double, which does not fail any more afterwards."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    yield _running
    _running.fail("none", 0)
