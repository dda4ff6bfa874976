"""The worker: takes jobs from the queue, hands them to the look and the sweep, and never loses one."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import procrastinate
import structlog
from procrastinate.worker import Worker as Engine

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import Pool, connected, prepare
from adapter.database.pool import address
from adapter.errors import ConfigurationError, OutOfReach
from adapter.queue.queue import LOOK, SWEEP, WAKE, Queue
from adapter.queue.retries import Failure, pause
from adapter.queue.stalled import BEAT, STALLED, is_alive, put_back_orphans, put_back_stalled
from adapter.ticket.evidence import Trouble

_HOUSEKEEPING = "housekeeping"
_log = structlog.get_logger()


@dataclass(frozen=True)
class Next:
    """What follows a look: when to look again although nothing happens, and what still fails (a code, never a text).

    Trouble is counted and tried again as if the look had raised it: after the pause that it deserves and not before,
    whatever `wake_at` says; for ever where it `will_pass`. Without any, what failed before is forgotten, unless the
    look is `put_off` and has found out nothing.
    """

    wake_at: datetime | None = None
    trouble: str | None = None
    will_pass: bool = False
    put_off: bool = False


@dataclass
class Job:
    """The look that is running; it asks `is_still_mine` before it writes."""

    pool: Pool = field(repr=False)
    context: procrastinate.JobContext = field(repr=False)
    was_lost: bool = False
    was_cut_short: bool = False

    def is_still_mine(self) -> bool:
        """Whether to go on, for the next few seconds: False where the worker must stop, or slept and was replaced.

        A look that gets False writes nothing more and returns; the queue sees to it that another one follows.
        """
        if self.context.should_abort():
            self.was_cut_short = True
            return False
        worker, job = self.context.job.worker_id, self.context.job.id
        with connected(self.pool) as connection:
            self.was_lost = worker is None or not is_alive(connection, worker, job)
        return not self.was_lost

    def asked_at(self) -> datetime | None:
        """When the look was put in the queue; None where that is not known any more."""
        with connected(self.pool) as connection:
            row = connection.execute(
                "SELECT min(at) FROM procrastinate_events WHERE job_id = %s", (self.context.job.id,)
            ).fetchone()
        return row[0] if row else None


@dataclass(frozen=True)
class Handlers:
    """What is done with the jobs of these sites, None for all sites there are.

    `sweep_every` is asked again and again, so that a changed mapping counts.
    """

    look: Callable[[SiteName, IssueId, Job], Next]
    sweep: Callable[[SiteName], None]
    sweep_every: Callable[[], Mapping[SiteName, timedelta]]
    sites: Collection[SiteName] | None = None


class Ledger(Protocol):
    """Where failures are counted and sweeps claimed: the store."""

    def count_trouble(self, site: SiteName, issue: IssueId, kind: str, at: datetime) -> Trouble: ...
    def clear_trouble(self, site: SiteName, issue: IssueId) -> None: ...
    def set_aside(self, site: SiteName, issue: IssueId, key: IssueKey | None, reason: str, at: datetime) -> None: ...
    def claim_sweep(self, site: SiteName, at: datetime, every: timedelta) -> bool: ...


class Worker:
    """Works until it is told to stop, through outages of the database too."""

    def __init__(
        self,
        url: str,
        pool: Pool,
        queue: Queue,
        ledger: Ledger,
        handlers: Handlers,
        *,
        concurrency: int = 4,
        grace: float = 10.0,
    ) -> None:
        """`concurrency` is how many tickets at once, `grace` how many seconds a look may take to end after `stop`."""
        self._url = url
        self._pool = pool
        self._queue = queue
        self._ledger = ledger
        self._handlers = handlers
        self._queues = None if handlers.sites is None else [*handlers.sites, _HOUSEKEEPING]
        self._concurrency = concurrency
        self._grace = grace
        self._running: set[int] = set()
        self._stopping = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._turn: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Works; returns after `stop`, SIGTERM or SIGINT, when the looks that run have ended.

        Raises:
            ConfigurationError: the database is there and cannot be used.
        """
        asyncio.run(self._run())

    def stop(self) -> None:
        """Takes no more jobs and lets the looks that run come to their end; from any thread."""
        self._stopping.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._halt)

    def _halt(self) -> None:
        self._stopping.set()
        if self._engine is not None:
            _stop(self._engine)
        elif self._turn is not None:
            self._turn.cancel()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        # A thread a look, and some for the heartbeat: with Python's own number the looks could take them all.
        self._loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 4, "look"))
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                self._loop.add_signal_handler(name, self._halt)
        wait = 1.0
        while not self._stopping.is_set():
            began = self._loop.time()
            self._turn = asyncio.create_task(self._work())
            try:
                await self._turn
            except asyncio.CancelledError:
                break
            except ConfigurationError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever ends the engine, most often the database: begin again
                _log.warning("the worker begins again", after=type(error).__name__)
            wait = 1.0 if self._loop.time() - began > 60 else min(wait * 2, 10.0)
            self._turn = asyncio.create_task(self._pause(wait))
            await asyncio.wait([self._turn])

    async def _pause(self, seconds: float) -> None:
        if not self._stopping.is_set():
            await asyncio.sleep(seconds)

    async def _work(self) -> None:
        """One life of Procrastinate's worker; it ends when it is stopped, or cannot reach the database."""
        await asyncio.to_thread(prepare, self._url)  # it may not have been there when the process started
        connector = procrastinate.PsycopgConnector(
            conninfo=address(self._url), min_size=1, max_size=4, timeout=5.0, reconnect_timeout=2.0
        )
        app = procrastinate.App(connector=connector)
        self._register(app)
        async with app.open_async():
            self._running.clear()
            self._engine = Engine(
                app,
                queues=self._queues,
                concurrency=self._concurrency,
                fetch_job_polling_interval=1.0,
                abort_job_polling_interval=30.0,
                shutdown_graceful_timeout=self._grace,
                listen_notify=True,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=BEAT,
                stalled_worker_timeout=STALLED,
                worker_middleware=[self._note],
            )
            tending = asyncio.create_task(self._tend(self._engine))
            try:
                if not self._stopping.is_set():
                    await self._engine.run()  # type: ignore[no-untyped-call]  # Procrastinate leaves it bare
            finally:
                self._engine = None
                tending.cancel()

    def _register(self, app: procrastinate.App) -> None:
        app.task(name=LOOK, pass_context=True)(self._look)
        app.task(name=WAKE)(self._wake)
        app.task(name=SWEEP)(self._sweep)

        # One periodic task there must be: without any, Procrastinate 3.10 stops minding its own heartbeat.
        # Five fields, so that no seconds can slip into the place of the minutes: in six, they come last.
        @app.periodic(cron="23 * * * *")
        @app.task(name="tidy", queueing_lock="tidy", queue=_HOUSEKEEPING)
        async def tidy(timestamp: int) -> None:
            del timestamp
            await app.job_manager.delete_old_jobs(
                nb_hours=24, include_failed=True, include_cancelled=True, include_aborted=True
            )

    async def _note(
        self, call_next: Callable[[], Awaitable[Any]], context: procrastinate.JobContext, worker: Engine
    ) -> object:
        del worker
        job = context.job.id or 0
        self._running.add(job)
        try:
            return await call_next()
        finally:
            self._running.discard(job)

    # What is done with a job ---------------------------------------------------------------------------------------

    def _look(self, context: procrastinate.JobContext, site: SiteName, issue: IssueId) -> None:
        """Runs a look; what it raises becomes a wake or a ticket set aside, so that the engine never has to retry."""
        job = Job(self._pool, context)
        with structlog.contextvars.bound_contextvars(site=site, issue=issue):
            following, failure = Next(), None
            try:
                following = self._handlers.look(site, issue, job)
                failure = Failure(following.trouble, following.will_pass) if following.trouble else None
            except Exception as error:  # noqa: BLE001 - every failure of a look ends in the queue or on the shelf
                failure = Failure.of(error)
                _log.warning("look failed", kind=failure.kind, exc_info=error)
            if job.was_lost:
                _log.warning("look lost to another worker")
                return
            if job.was_cut_short:
                self._queue.defer_look(site, issue)
                return
            if failure is not None:
                # The pause alone decides: of two wakes the earlier one holds, and a ticket set aside gets none.
                self._look_again_or_set_aside(site, issue, failure)
                return
            if not following.put_off:
                self._ledger.clear_trouble(site, issue)
            if following.wake_at is not None:
                self._queue.defer_wake(site, issue, following.wake_at)

    def _look_again_or_set_aside(self, site: SiteName, issue: IssueId, failure: Failure) -> None:
        now = datetime.now(UTC)
        trouble = self._ledger.count_trouble(site, issue, failure.kind, now)
        wait = pause(failure, trouble.attempts, random.random())  # noqa: S311 - spreads, keeps no secret
        if wait is None:
            self._ledger.set_aside(site, issue, None, failure.kind, now)
            _log.error("ticket set aside", kind=failure.kind, attempts=trouble.attempts)
        else:
            self._queue.defer_wake(site, issue, now + wait)

    def _wake(self, site: SiteName, issue: IssueId) -> None:
        self._queue.defer_look(site, issue)

    def _sweep(self, site: SiteName) -> None:
        with structlog.contextvars.bound_contextvars(site=site):
            try:
                self._handlers.sweep(site)
            except Exception as error:  # noqa: BLE001 - the next one starts where the last good one ended
                _log.warning("sweep failed", kind=Failure.of(error).kind, exc_info=error)

    # What goes on beside the jobs ----------------------------------------------------------------------------------

    async def _tend(self, engine: Engine) -> None:
        """Keeps the heartbeat, also while the engine shuts down, puts back what stalled, and starts the sweeps.

        Not as periodic jobs: those would wait for a free place behind slow looks.
        """
        suspects: frozenset[int] = frozenset()
        turn = 0
        while True:
            if engine.worker_id is None:  # not yet, or no more
                await asyncio.sleep(0.05)
                continue
            try:
                suspects = await asyncio.to_thread(self._tend_once, engine.worker_id, suspects, turn)
            except OutOfReach as error:
                _log.warning("the queue cannot be tended", error=str(error))
            except LookupError:
                _log.warning("this worker was given up while it slept")
                _stop(engine)
                return
            turn += 1
            await asyncio.sleep(BEAT)

    def _tend_once(self, worker: int, suspects: frozenset[int], turn: int) -> frozenset[int]:
        with connected(self._pool) as connection:
            if not is_alive(connection, worker):
                raise LookupError(worker)
        if turn % 2 == 1:
            return suspects
        with connected(self._pool) as connection:
            put_back = put_back_stalled(connection)
            gone, suspects = put_back_orphans(connection, worker, frozenset(self._running), suspects)
        if put_back + gone:
            _log.warning("jobs put back", stalled=put_back, orphaned=gone)
        for site, every in self._handlers.sweep_every().items():
            if self._ledger.claim_sweep(site, datetime.now(UTC), every):
                self._queue.defer_sweep(site)
        return suspects


def _stop(engine: Engine) -> None:
    engine.stop()  # type: ignore[no-untyped-call]  # Procrastinate leaves it bare
