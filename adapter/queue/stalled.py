"""Jobs whose worker is gone, and jobs that a worker has lost: they are put in anew, and only then closed.

They are never put *back*: a waiting successor would make that impossible, and the ticket would be stuck for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from adapter.catalogue.words import IssueId, SiteName
from adapter.queue.queue import LOOK, SWEEP, WAKE, look, place, sweep, wake

BEAT = 2.0  # seconds between two heartbeats
STALLED = 8.0  # seconds without one, after which a worker counts as gone
_LATER = timedelta(seconds=60)
_Connection = psycopg.Connection[Any]


def is_alive(connection: _Connection, worker: int, job: int | None = None) -> bool:
    """Renews a worker's heartbeat and tells whether it still counts, and still holds the job if one is named.

    In one statement, so that nobody can give the worker up between the question and what it does upon the answer.
    """
    row = connection.execute(
        "WITH beat AS (UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() WHERE id = %s RETURNING id) "
        "SELECT 1 FROM beat WHERE %s::bigint IS NULL OR EXISTS "
        "(SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'doing' AND worker_id = beat.id)",
        (worker, job, job),
    ).fetchone()
    return row is not None


def put_back_stalled(connection: _Connection) -> int:
    """Gives up workers without a heartbeat and puts in anew what they held, and what ended otherwise than well."""
    connection.execute(
        "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)", (STALLED,)
    )
    rows = connection.execute(
        "SELECT id, task_name, args, status::text FROM procrastinate_jobs WHERE task_name = ANY(%s) AND "
        "((status = 'doing' AND worker_id IS NULL) OR status IN ('failed', 'aborted')) "
        "ORDER BY queueing_lock, id LIMIT 1000 FOR UPDATE SKIP LOCKED",
        ([LOOK, WAKE, SWEEP],),
    ).fetchall()
    _put_in_anew(connection, rows)
    return len(rows)


def put_back_orphans(
    connection: _Connection, worker: int, running: frozenset[int], suspects: frozenset[int]
) -> tuple[int, frozenset[int]]:
    """Puts in anew what the database says this worker does and it does not: the answer got lost on a bad line.

    Only what was so the last time too (`suspects`) is believed; returns how many, and the suspects for the next time.
    """
    rows = connection.execute(
        "SELECT id, task_name, args, status::text FROM procrastinate_jobs "
        "WHERE status = 'doing' AND worker_id = %s AND task_name = ANY(%s) AND id <> ALL(%s) "
        "ORDER BY queueing_lock, id FOR UPDATE SKIP LOCKED",
        (worker, [LOOK, WAKE, SWEEP], list(running)),
    ).fetchall()
    certain = [row for row in rows if row[0] in suspects]
    _put_in_anew(connection, certain)
    return len(certain), frozenset(row[0] for row in rows) - frozenset(row[0] for row in certain)


def _put_in_anew(connection: _Connection, rows: Iterable[tuple[int, str, dict[str, str], str]]) -> None:
    for job, task, args, status in rows:
        site, issue = SiteName(args["site"]), IssueId(args.get("issue", ""))
        if task == SWEEP:
            again = sweep(site)
        elif status == "doing":
            again = look(site, issue)
        else:  # it should not have failed: not at once, lest it does so for ever
            again = wake(site, issue, datetime.now(UTC) + _LATER)
        place(connection, [again])
        connection.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s", (job,))
