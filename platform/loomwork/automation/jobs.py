"""Kinds of jobs: found through entry points, the built-in ones exactly as a plug-in's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from loomwork.automation.leases import Claim, finish, hold
from loomwork.errors import N_, ConflictError, UnavailableError
from loomwork.extension.plugged import package_of, plugged

if TYPE_CHECKING:
    from threading import Event
    from uuid import UUID

    from loomwork.records.runtime import Runtime
    from loomwork.records.service import Records
    from loomwork.store.engine import Database
    from loomwork.store.files.files import Files
    from loomwork.store.settings import Settings
    from loomwork.store.store import Store
    from loomwork.store.transaction import Transaction

GROUP = "loomwork.jobs"
"""The entry point group of job kinds; an entry point's name is the ``kind``."""

Result = TypeVar("Result")


class WorkStoppedError(ConflictError):
    """The attempt ends before its end; the job goes back to wait for a worker."""

    text = N_("The worker stops, or the job is not its own any more.")


class JobSite(Protocol):
    """The site as jobs see it."""

    settings: "Settings"
    database: "Database"
    store: "Store"
    records: "Records"
    files: "Files"

    def current(self) -> "Runtime":
        """Return the Runtime as last seen."""

    def refresh(self) -> "Runtime":
        """Look at the generation in the database; return the Runtime that belongs to it."""


class Work:
    """One attempt at a job: what a kind's function gets.

    What is written by `write` and `finish` is kept only while the job is still this worker's. A
    worker that is killed anywhere leaves the job to another, so whatever else a job does has to
    bear being done twice.
    """

    def __init__(
        self, site: JobSite, claim: Claim, payload: Mapping[str, Any], ending: "Event"
    ) -> None:
        self.site = site
        self.payload = payload
        self.done = False
        self._claim = claim
        self._ending = ending

    @property
    def id(self) -> "UUID":
        """Return the job's id, which stays the same over all attempts."""
        return self._claim.id

    @property
    def attempt(self) -> int:
        """Return the number of this attempt, from 1."""
        return self._claim.attempt

    def go_on(self) -> None:
        """Raise WorkStoppedError where the worker stops or has lost the job.

        A long job asks between its steps; what it has written by then stays.
        """
        if self._ending.is_set():
            raise WorkStoppedError()

    def write(self, do: "Callable[[Transaction], Result]") -> Result:
        """Return what ``do`` gives in a transaction that commits only while the job is ours.

        Raises LeaseLostError.
        """

        def work(transaction: "Transaction") -> Result:
            hold(transaction, self._claim)
            return do(transaction)

        return self.site.store.run(work)

    def finish(self, do: "Callable[[Transaction], Result]") -> Result:
        """Do the last of the job and note it as done, in one transaction: all of it or nothing.

        Raises LeaseLostError.
        """

        def work(transaction: "Transaction") -> Result:
            hold(transaction, self._claim)
            done = do(transaction)
            finish(transaction, self._claim)
            return done

        result = self.site.store.run(work)
        self.done = True
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """What is done for jobs of one kind."""

    name: str
    run: Callable[[Work], None]


def job(name: str) -> Callable[[Callable[[Work], None]], JobKind]:
    """Make the decorated function a kind of job, to be named under ``loomwork.jobs``."""
    return lambda run: JobKind(name=name, run=run)


@cache
def job_kinds() -> Mapping[str, JobKind]:
    """Return every installed kind of job by name.

    Raises UnavailableError, naming the package, for one that is broken or has another's name.
    """
    found: dict[str, JobKind] = {}
    for point, loaded in plugged(GROUP):
        if not isinstance(loaded, JobKind) or loaded.name != point.name or point.name in found:
            raise UnavailableError(
                N_("The package “{package}” does not bring a kind of job of its own as “{name}”."),
                package=package_of(point),
                name=point.name,
            )
        found[point.name] = loaded
    return found
