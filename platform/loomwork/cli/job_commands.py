"""``loomwork jobs``: what waits, what failed, try it again."""

from dataclasses import asdict
from uuid import UUID

import click

from loomwork.automation.jobs import job_kinds
from loomwork.automation.worker import Worker
from loomwork.cli.output import answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_
from loomwork.store.engine import translated
from loomwork.store.jobs.overview import Job, list_jobs, unknown_kinds
from loomwork.store.jobs.table import JobState, cancel_job, retry_job

MOST = 10_000


@click.group()
def jobs() -> None:
    """List, retry, cancel and run jobs."""


@jobs.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in JobState]),
    help="Only jobs in this state; may be given several times.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MOST),
    default=100,
    show_default=True,
    help="How many of the newest jobs.",
)
@with_json
def list_(*, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the newest jobs."""
    known = tuple(job_kinds())
    with opened_site() as site, translated(), site.database.reader.connect() as connection:
        found = list_jobs(connection, states, limit)
        unknown = sorted(unknown_kinds(connection, known))
    lines = [_line(job) for job in found] or [translate(N_("There are no jobs."))]
    if unknown:
        text = N_("This program does not know these kinds, so they wait: {kinds}.")
        lines.append(translate(text).format(kinds=", ".join(unknown)))
    data = {"jobs": [asdict(job) for job in found], "unknown_kinds": unknown}
    answer(data, lines, as_json=as_json)


def _line(job: Job) -> str:
    made = job.created_at.isoformat(sep=" ", timespec="seconds")
    tried = f"{job.attempts}/{job.max_attempts}"
    line = f"{job.id}  {job.state:9}  {tried:>5}  {made}  {job.kind}"
    return f"{line}  {job.error.splitlines()[0]}" if job.error else line


@jobs.command()
@click.argument("job", type=click.UUID)
@with_json
def retry(job: UUID, *, as_json: bool) -> None:
    """Try a job again that is failed, dead or cancelled."""
    with opened_site() as site:
        site.store.run(lambda transaction: retry_job(transaction, job))
    answer({"id": job, "state": JobState.WAITING}, translate(N_("It waits.")), as_json=as_json)


@jobs.command()
@click.argument("job", type=click.UUID)
@with_json
def cancel(job: UUID, *, as_json: bool) -> None:
    """End a job that is not done."""
    with opened_site() as site:
        site.store.run(lambda transaction: cancel_job(transaction, job))
    text = translate(N_("It is cancelled."))
    answer({"id": job, "state": JobState.CANCELLED}, text, as_json=as_json)


@jobs.command("run-once")
@with_json
def run_once(*, as_json: bool) -> None:
    """Do what is due, in this process, and end."""
    with opened_site() as site:
        tally = Worker(site, job_kinds()).do_all()
    counted = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()))
    lines = counted or translate(N_("Nothing is due."))
    answer({"attempts": tally}, lines, as_json=as_json)
