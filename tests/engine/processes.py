"""Real worker processes for tests: started, killed, paused; what they do stands in a table."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database
from adapter.queue import Queue
from adapter.store.store import Store

ROOT = Path(__file__).parents[2]
DUBU = SiteName("dubu")
TABLES = """
CREATE TABLE IF NOT EXISTS public.ticket (issue text PRIMARY KEY, wanted int NOT NULL, done int NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS public.diary (at timestamptz DEFAULT clock_timestamp(), pid int, issue text, word text);
"""


def until(is_true: Callable[[], bool], seconds: float = 30.0) -> float:
    """Waits for something to become true and tells how long it took."""
    began = time.monotonic()
    while not is_true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began


@dataclass
class House:
    """A database with a queue, a store, and the tickets that the test's worker processes look at."""

    database: Database
    queue: Queue
    store: Store

    @classmethod
    def over(cls, database: Database) -> House:
        store = Store(database.pool)
        with database.pool.connection() as connection:
            connection.execute(TABLES)
        return cls(database, Queue(database.pool, store), store)

    def event(self, issue: str) -> None:
        """Changes a ticket and says so, as a webhook does."""
        with self.database.pool.connection() as connection:
            connection.execute(
                "INSERT INTO public.ticket (issue, wanted) VALUES (%s, 1) "
                "ON CONFLICT (issue) DO UPDATE SET wanted = ticket.wanted + 1",
                (issue,),
            )
        self.queue.put(DUBU, IssueId(issue))

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self.database.pool.connection() as connection:
            return connection.execute(sql, values).fetchall()

    def words(self, issue: str) -> list[str]:
        return [str(word) for (word,) in self.rows("SELECT word FROM public.diary WHERE issue = %s ORDER BY at", issue)]

    def behind(self) -> int:
        return int(str(self.rows("SELECT count(*) FROM public.ticket WHERE done < wanted")[0][0]))

    @contextmanager
    def worker(self, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker process that lives until the block ends, unless the test ends it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.worker_process"],
            env={**os.environ, "DATABASE_URL": self.database.url, **environment},
            cwd=ROOT,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait(30)
