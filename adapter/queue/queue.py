"""The queue as the door, the sweep and the commands see it: put in, count, take up again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Protocol

import psycopg
from psycopg.types.json import Jsonb

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import Pool, connected
from adapter.errors import OutOfReach

LOOK, WAKE, SWEEP = "look", "wake", "sweep"
_URGENT, _IN_ITS_TURN = 10, 0
_PLACE = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at) "
    "VALUES (%(queue)s, %(task)s, %(priority)s, %(lock)s, %(once)s, %(args)s, %(at)s) "
    "ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET "
    "priority = GREATEST(procrastinate_jobs.priority, EXCLUDED.priority), "
    "scheduled_at = LEAST(procrastinate_jobs.scheduled_at, EXCLUDED.scheduled_at) "
    "WHERE procrastinate_jobs.priority < EXCLUDED.priority OR procrastinate_jobs.scheduled_at > EXCLUDED.scheduled_at"
)
"""Puts a job in unless an equal one waits; that one then takes the higher priority and the earlier moment.

Procrastinate's own defer raises in that case and leaves the later moment standing: a retry in five seconds would be
lost behind a deadline tomorrow. One statement does it without a race, and without an error in the server's log.
"""


class SetAsideTicket(Protocol):
    """A ticket that was set aside, as the store tells it."""

    @property
    def issue(self) -> IssueId: ...
    @property
    def key(self) -> IssueKey | None: ...


class Shelf(Protocol):
    """Where tickets are that were set aside: the store."""

    def set_aside_list(self, site: SiteName) -> Sequence[SetAsideTicket]: ...
    def take_up(self, site: SiteName, issue: IssueId) -> bool: ...


@dataclass(frozen=True)
class Figures:
    """How much there is to do on a site, in tickets."""

    waiting: int
    running: int
    scheduled: int
    set_aside: int


@dataclass(frozen=True)
class Waiting:
    """A ticket in the queue: `state` is waiting, running or scheduled; `at` since when, or for when."""

    issue: IssueId
    state: str
    at: datetime | None


class Queue:
    """What is to be looked at; every method raises OutOfReach, within seconds, where the database does not answer."""

    def __init__(self, pool: Pool, shelf: Shelf) -> None:
        self._pool = pool
        self._shelf = shelf

    def put(self, site: SiteName, issue: IssueId) -> None:
        """Stores durably that a ticket is to be looked at; what the door calls."""
        self.defer_look(site, issue)

    def defer_look(self, site: SiteName, issue: IssueId) -> None:
        """Asks for a look as soon as may be; one that waits already will do."""
        self._place([look(site, issue)])

    def defer_looks(self, site: SiteName, issues: Iterable[IssueId]) -> None:
        """Asks for many looks that let urgent ones pass: those of a sweep."""
        self._place([look(site, issue, _IN_ITS_TURN) for issue in issues])

    def defer_wake(self, site: SiteName, issue: IssueId, at: datetime) -> None:
        """Asks for a look at a moment (aware); of several such wishes for a ticket the earliest holds."""
        self._place([wake(site, issue, at)])

    def defer_sweep(self, site: SiteName) -> None:
        """Asks for a sweep; one that waits already will do, and two never run at once."""
        self._place([sweep(site)])

    def figures(self, site: SiteName) -> Figures:
        """How much waits, runs, is put off and is set aside."""
        with connected(self._pool) as connection:
            rows = connection.execute(
                "SELECT task_name, status::text, count(*) FROM procrastinate_jobs WHERE args->>'site' = %s "
                "AND task_name IN ('look', 'wake') AND status IN ('todo', 'doing') GROUP BY 1, 2",
                (site,),
            ).fetchall()
        counts = {(task, status): int(count) for task, status, count in rows}
        return Figures(
            waiting=counts.get((LOOK, "todo"), 0),
            running=counts.get((LOOK, "doing"), 0),
            scheduled=counts.get((WAKE, "todo"), 0),
            set_aside=len(self._shelf.set_aside_list(site)),
        )

    def waiting(self, site: SiteName, limit: int = 200) -> tuple[Waiting, ...]:
        """The tickets in the queue: those being looked at, then those that wait in order, then those put off."""
        with connected(self._pool) as connection:
            rows = connection.execute(
                "SELECT args->>'issue', CASE WHEN status = 'doing' THEN 'running' WHEN task_name = 'wake' "
                "THEN 'scheduled' ELSE 'waiting' END, COALESCE(scheduled_at, (SELECT max(event.at) FROM "
                "procrastinate_events event WHERE event.job_id = job.id AND event.type IN ('deferred', 'started'))) "
                "FROM procrastinate_jobs job WHERE args->>'site' = %s AND task_name IN ('look', 'wake') "
                "AND (status = 'todo' OR (status = 'doing' AND task_name = 'look')) "
                "ORDER BY status = 'todo', task_name = 'wake', scheduled_at, priority DESC, id LIMIT %s",
                (site, limit),
            ).fetchall()
        return tuple(Waiting(IssueId(issue), state, at) for issue, state, at in rows)

    def retry(self, site: SiteName, keys: Collection[str]) -> tuple[str, ...]:
        """Takes up tickets that were set aside, by key or id, and looks at them; returns those that were not there."""
        wanted = {key.upper() for key in keys}
        unknown = set(wanted)
        for ticket in self._shelf.set_aside_list(site):
            names = {str(ticket.issue), str(ticket.key or "")} & wanted
            if names:
                self.defer_look(site, ticket.issue)
                self._shelf.take_up(site, ticket.issue)
                self.defer_look(site, ticket.issue)  # the first may have failed, and been set aside, before it was up
                unknown -= names
        return tuple(sorted(unknown))

    def ping(self) -> None:
        """Returns where the queue can be written to; OutOfReach else."""
        with connected(self._pool) as connection:
            row: tuple[Any, ...] | None = connection.execute(
                "SELECT pg_is_in_recovery(), count(*) FROM procrastinate_workers"
            ).fetchone()
        if row is not None and row[0]:
            raise OutOfReach("the database is a standby, which takes nothing: let DATABASE_URL point at the primary")

    def _place(self, jobs: list[dict[str, Any]]) -> None:
        if jobs:
            with connected(self._pool) as connection:
                place(connection, jobs)


def place(connection: psycopg.Connection[Any], jobs: Sequence[Mapping[str, Any]]) -> None:
    """Puts jobs in, within the caller's transaction."""
    # In one order everywhere: two sweeps of the same tickets wait for each other instead of deadlocking.
    connection.cursor().executemany(_PLACE, sorted(jobs, key=itemgetter("once")))


def look(site: SiteName, issue: IssueId, priority: int = _URGENT) -> dict[str, Any]:
    """A look: never two of one ticket at a time, never two waiting."""
    return _job(LOOK, {"site": site, "issue": issue}, lock=f"{site}:{issue}", once=f"{site}:{issue}", priority=priority)


def wake(site: SiteName, issue: IssueId, at: datetime) -> dict[str, Any]:
    """A look later. It has no lock: a waiting job with a lock holds back every newer one that has it."""
    return _job(WAKE, {"site": site, "issue": issue}, once=f"wake:{site}:{issue}", priority=_URGENT, at=at)


def sweep(site: SiteName) -> dict[str, Any]:
    """A sweep: never two of one site at a time, never two waiting."""
    return _job(SWEEP, {"site": site}, lock=f"sweep:{site}", once=f"sweep:{site}", priority=_URGENT + 1)


def _job(
    task: str, args: dict[str, str], *, once: str, priority: int, lock: str | None = None, at: datetime | None = None
) -> dict[str, Any]:
    # A queue of its own for each site, so that a worker can be told which ones to serve.
    queue = args["site"]
    return {
        "queue": queue,
        "task": task,
        "args": Jsonb(args),
        "lock": lock,
        "once": once,
        "priority": priority,
        "at": at,
    }
