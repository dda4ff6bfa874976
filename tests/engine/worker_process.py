"""A worker process for tests: what it does with a ticket is told by the ticket's name and the environment."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta

import psycopg

from adapter import logs
from adapter.catalogue.words import IssueId, SiteName
from adapter.database import open_pool
from adapter.errors import OutOfReach
from adapter.queue import Handlers, Job, Next, Queue, Worker
from adapter.store.store import Store

URL = os.environ["DATABASE_URL"]
FAILING = float(os.environ.get("FAILING", "0"))


def look(site: SiteName, issue: IssueId, job: Job) -> Next:
    """Brings a ticket to what was wanted when it was read."""
    del site
    with psycopg.connect(URL, autocommit=True) as own:

        def write(word: str) -> None:
            own.execute("INSERT INTO public.diary (pid, issue, word) VALUES (%s, %s, %s)", (os.getpid(), issue, word))

        (alone,) = own.execute("SELECT pg_try_advisory_lock(42, hashtext(%s))", (issue,)).fetchone() or (False,)
        if not alone and not issue.startswith("nap"):  # of those, the test wants two
            write("twice at a time")
        (wanted,) = own.execute("SELECT wanted FROM public.ticket WHERE issue = %s", (issue,)).fetchone() or (0,)
        write("read")
        if random.random() < FAILING:
            raise OutOfReach("as told", retry_after=0)
        if issue.startswith(("slow", "nap")):
            time.sleep(float(issue.partition("-")[2]))
            if not job.is_still_mine():
                write("not mine")
                return Next()
        else:
            time.sleep(random.random() / 50)
        own.execute("UPDATE public.ticket SET done = GREATEST(done, %s) WHERE issue = %s", (wanted, issue))
        write("done")
    return Next()


def sweep(site: SiteName) -> None:
    with psycopg.connect(URL, autocommit=True) as own:
        own.execute("INSERT INTO public.diary (pid, issue, word) VALUES (%s, %s, 'swept')", (os.getpid(), site))


def main() -> None:
    logs.configure("json")
    pool = open_pool(URL)
    store = Store(pool)
    minutes = {SiteName("dubu"): timedelta(minutes=5)} if os.environ.get("SWEEPING") else {}
    Worker(URL, pool, Queue(pool, store), store, Handlers(look, sweep, lambda: minutes)).run()
    pool.close()


if __name__ == "__main__":
    main()
