"""What is not CPU per request: pages, import, start, memory, compilation, a new field."""

import gzip
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench import compilation, product, sheet
from bench.load import Client, Request
from bench.processes import Server
from bench.product import PACK, PROGRAM, Product
from loomwork.catalog.documents import read_pack
from loomwork.cli.packs import install

PAGE = "/app/account?view=accounts"
PAGES = 200
STARTS = 3
IMPORTED = 10_000
LARGE = 100_000
ENTITIES, FIELDS = 500, 40

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure. ``problem`` says why there is none; ``better`` is ``≤`` or ``≥``."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    better: str = "≤"
    problem: str = ""


def while_served(made: Product, server: Server, told: Told) -> list[Finding]:
    """Measure what needs the running server: the generated list page."""
    told("the page of the generated list")
    client = Client(port=server.port, headers={"Cookie": _sign_in(server.port, made)})
    body, headers = client.answer(Request("GET", PAGE))
    plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    client.send([Request("GET", PAGE)] * 30)
    before = server.cpu()
    client.send([Request("GET", PAGE)] * PAGES)
    used = (server.cpu() - before) / PAGES * 1000
    name = "list page, 50 rows × 10 columns"
    return [
        Finding(f"{name}: CPU", used, "ms", 15),
        Finding(f"{name}: gzipped", len(gzip.compress(plain)) / 1024, "KB", 120),
        Finding(f"{name}: as sent", len(body) / 1024, "KB"),
    ]


def alone(made: Product, home: Path, rows: int, told: Told) -> list[Finding]:
    """Measure what needs the site, but no running server."""
    told("cold starts")
    findings = [_cold_start(made)]
    told(f"a model of {ENTITIES} entities")
    cold, again = compilation.seconds(ENTITIES, FIELDS)
    findings.append(Finding(f"compile {ENTITIES} entities × {FIELDS} fields", cold, "s", 2))
    findings.append(Finding("compile it with one document changed", again * 1000, "ms", 50))
    told(f"an import of {IMPORTED:,} rows")
    findings.append(_import(made, home))
    if rows < LARGE:
        told(f"filling up to {LARGE:,} rows")
        product.fill(made, LARGE - rows, start=rows)
    told("one more field")
    findings.append(_add_field(made, home, max(rows, LARGE)))
    return findings


def _sign_in(port: int, made: Product) -> str:
    """Return the cookie of a browser's session."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    found = re.search(rb'name="csrf_token" value="([^"]+)"', answer.read())
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    form = {
        "username": product.USER,
        "password": made.password,
        "csrf_token": found[1].decode() if found else "",
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/login", urlencode(form), kind)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 303:
        raise RuntimeError(f"signing in -> {answer.status}")
    given = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    return "; ".join(one.partition(";")[0] for one in given)


def _cold_start(made: Product) -> Finding:
    times = []
    for _ in range(STARTS):
        with made.serve() as server:
            times.append(server.seconds)
    return Finding("cold start to the first answer", median(times), "s", 2)


def _import(made: Product, home: Path) -> Finding:
    name = f"loomwork import, {IMPORTED:,} rows"
    file = home / "accounts.csv"
    sheet.write(file, IMPORTED)
    try:
        wall = _command(made, "import", "account", str(file))
    except RuntimeError as error:
        return Finding(name, 0.0, "rows/s", problem=f"not measured: {error}")
    return Finding(name, IMPORTED / wall, "rows/s", 3_300, "≥")


def _add_field(made: Product, home: Path, rows: int) -> Finding:
    name = f"installing one more field, {rows:,} rows"
    folder = home / "pack"
    shutil.copytree(PACK, folder)
    _edit(folder / "pack.json", lambda body: body.update(version="1.1.0"))
    fresh = {"added": {"type": "text", "max_length": 40}}
    _edit(folder / "entities/account.json", lambda body: body["fields"].update(fresh))
    with made.site() as site:
        begin = time.perf_counter()
        install(site, [read_pack(folder)], "bench")
        return Finding(name, time.perf_counter() - begin, "s")


def _edit(file: Path, change: Callable[..., None]) -> None:
    body = json.loads(file.read_text(encoding="utf-8"))
    change(body)
    file.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


def _command(made: Product, *words: str) -> float:
    """Run a command of the product; return the seconds that passed."""
    begin = time.perf_counter()
    done = subprocess.run(
        [PROGRAM, *words], env=made.full_environment(), capture_output=True, text=True
    )
    wall = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["?"])[-1][:80])
    return wall
