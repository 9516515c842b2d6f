"""The client: requests over kept connections from a few threads; its CPU is not counted."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection


@dataclass(frozen=True, slots=True)
class Request:
    """One request and the status that its answer has to have."""

    method: str
    path: str
    body: bytes | None = None
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Sends requests to one server. ``connections`` of them are open at the same time."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: int = 2

    def send(self, requests: Sequence[Request]) -> None:
        """Send all requests; RuntimeError at the first answer with another status."""
        parts = [requests[number :: self.connections] for number in range(self.connections)]
        with ThreadPoolExecutor(self.connections) as pool:
            for _ in pool.map(self._send, parts):
                pass

    def answer(self, request: Request) -> tuple[bytes, Mapping[str, str]]:
        """Send one request; return the body of its answer, and its headers in lower case."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body, headers = self._one(connection, request)
        connection.close()
        return body, headers

    def _send(self, requests: Iterable[Request]) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        for request in requests:
            self._one(connection, request)
        connection.close()

    def _one(self, connection: HTTPConnection, request: Request) -> tuple[bytes, Mapping[str, str]]:
        kind = {} if request.body is None else {"Content-Type": "application/json"}
        connection.request(request.method, request.path, request.body, {**self.headers, **kind})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != request.status:
            raise RuntimeError(f"{request} -> {answer.status}: {body[:300]!r}")
        return body, {name.lower(): value for name, value in answer.getheaders()}
