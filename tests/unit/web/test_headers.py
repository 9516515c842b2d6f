"""The headers middleware by itself."""

from loomwork.web.headers import TRACE, Headers


def answered(environment: dict[str, object], *given: tuple[str, str]) -> dict[str, str]:
    sent: dict[str, str] = {}

    def application(_: dict[str, object], start_response):  # type: ignore[no-untyped-def]
        start_response("200 OK", list(given))
        return [b""]

    def start(_: str, headers: list[tuple[str, str]], __: object = None) -> None:
        sent.update(headers)

    list(Headers(application)(environment, start))  # type: ignore[arg-type]
    return sent


def test_what_an_answer_says_itself_stays() -> None:
    sent = answered({}, ("cache-control", "no-store"), ("Content-Type", "text/plain"))
    assert sent["cache-control"] == "no-store"
    assert "Cache-Control" not in sent
    assert sent["X-Content-Type-Options"] == "nosniff"


def test_the_trace_id_is_in_the_environment_and_in_the_answer() -> None:
    environment: dict[str, object] = {}
    assert answered(environment)["X-Request-ID"] == environment[TRACE]


def test_two_requests_have_two_trace_ids() -> None:
    assert answered({})["X-Request-ID"] != answered({})["X-Request-ID"]


def test_transport_security_goes_with_https() -> None:
    assert "Strict-Transport-Security" not in answered({"wsgi.url_scheme": "http"})
    assert "Strict-Transport-Security" in answered({"wsgi.url_scheme": "https"})
