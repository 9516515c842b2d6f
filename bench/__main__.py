"""``python -m bench``."""

import sys
import tempfile
from pathlib import Path

import click

from bench import extras, reference, report
from bench.databases import ENGINES, analyze, own_database
from bench.load import Client
from bench.picture import draw
from bench.product import ENTITY, fill, make_product
from bench.rounds import Outcome, Side, measure
from bench.work import ALL

ARTIFACTS = Path("artifacts/bench")
PICTURE = Path("docs/images/bench.svg")
QUICK_ROUNDS, QUICK_NUMBER = 3, 300


def say(text: str) -> None:
    """Tell how far the bench is, on standard error."""
    print(text, file=sys.stderr)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--engine", type=click.Choice(ENGINES), default="postgresql", show_default=True)
@click.option("--rows", default=20_000, show_default=True, help="Rows of the table.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of product and ceiling.")
@click.option("--requests", "number", default=1_500, show_default=True, help="Of each, per round.")
@click.option("--quick", is_flag=True, help="Three short rounds, and nothing else.")
@click.option("--extras/--no-extras", "more", default=True, help="Also what is not per request.")
@click.option("--picture", is_flag=True, help=f"Draw {PICTURE} for the documentation.")
def main(
    *, engine: str, rows: int, rounds: int, number: int, quick: bool, more: bool, picture: bool
) -> None:
    """Measure CPU per request: the product, beside hand-written code for the same table."""
    if quick:
        rounds, number, more = QUICK_ROUNDS, QUICK_NUMBER, False
    with tempfile.TemporaryDirectory(prefix="loomwork-bench-") as folder:
        home = Path(folder)
        with own_database(engine, home) as url:
            outcomes, findings = _run(home, url, engine, rows, rounds, number, more=more)
    print(report.table(outcomes, findings))
    facts = {"engine": engine, "rows": rows, "rounds": rounds, "requests": number}
    say(f"written: {report.write(ARTIFACTS, facts, outcomes, findings)}")
    if picture:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(draw(outcomes, facts), encoding="utf-8")
        say(f"drawn: {PICTURE}")


def _run(
    home: Path, url: str, engine: str, rows: int, rounds: int, number: int, *, more: bool
) -> tuple[list[Outcome], list[extras.Finding]]:
    say(f"filling two tables with {rows:,} rows")
    product = make_product(home, url)
    mine = fill(product, rows)
    theirs = reference.fill(url, rows, product.owners)
    analyze(engine, url, ENTITY, "ceiling_account")
    with product.serve() as server, reference.serve(url) as ceiling:
        outcomes = measure(
            ALL,
            Side(
                server=server,
                client=Client(port=server.port, headers=product.headers()),
                ids=mine,
            ),
            Side(server=ceiling, client=Client(port=ceiling.port), ids=theirs),
            rounds=rounds,
            number=number,
            told=say,
        )
        findings = [
            extras.Finding("memory of a worker", server.memory(), "MB", 120),
            extras.Finding("memory of the hand-written endpoint's worker", ceiling.memory(), "MB"),
        ]
        if more:
            findings += extras.while_served(product, server, say)
    if more:
        findings += extras.alone(product, home, rows, say)
    return outcomes, findings


main()
