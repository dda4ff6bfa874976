"""The tables: Procrastinate's and ours, both in the schema `dubu`, brought up to date at every start."""

from __future__ import annotations

from importlib.resources import files

import psycopg
import structlog
from procrastinate.schema import SchemaManager

from adapter.errors import ConfigurationError

SCHEMA = "dubu"
_STARTING = 0x64756275  # the advisory lock that concurrent starts queue at
_WHOLE = "schema.sql"
_log = structlog.get_logger()


def bring_up_to_date(connection: psycopg.Connection) -> None:
    """Applies what is missing, each step in a transaction of its own; safe when several processes start at once."""
    connection.autocommit = True
    connection.execute("SELECT pg_advisory_lock(%s)", (_STARTING,))
    try:
        _make_room(connection)
        _engine(connection)
        _ours(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigurationError(
            f"the database's user may not make what the adapter needs ({error.diag.message_primary}): "
            f"GRANT CREATE ON DATABASE to it, or create the schema {SCHEMA} and make it the owner"
        ) from error
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (_STARTING,))


def _make_room(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT to_regnamespace(%s)", (SCHEMA,)).fetchone() != (None,):
        return
    connection.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(SCHEMA)))


def _applied(connection: psycopg.Connection, part: str) -> set[str]:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS dubu.version "
        "(part text, step text, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, step))"
    )
    rows = connection.execute("SELECT step FROM dubu.version WHERE part = %s", (part,)).fetchall()
    return {step for (step,) in rows}


def _apply(connection: psycopg.Connection, part: str, steps: dict[str, str | None]) -> None:
    """Runs SQL and notes the steps that it brought, together; None notes a step without running anything."""
    with connection.transaction():
        for step, sql in steps.items():
            if sql is not None:
                connection.execute(sql.encode())
            connection.execute("INSERT INTO dubu.version (part, step) VALUES (%s, %s)", (part, step))
    _log.info("database brought up to date", part=part, step=list(steps)[-1])


def _engine(connection: psycopg.Connection) -> None:
    """Procrastinate's whole schema where there is none, else the migrations that came since."""
    folder = files("procrastinate") / "sql" / "migrations"
    known = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".sql")}
    done = _applied(connection, "procrastinate")
    _refuse_newer(done - known.keys() - {_WHOLE}, "procrastinate")
    if not done:
        _apply(connection, "procrastinate", {_WHOLE: SchemaManager.get_schema(), **dict.fromkeys(sorted(known))})
        return
    for name in sorted(known.keys() - done):
        _apply(connection, "procrastinate", {name: known[name].read_text(encoding="utf-8")})


def _ours(connection: psycopg.Connection) -> None:
    """The numbered files of adapter/store."""
    folder = files("adapter") / "store"
    known = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".sql")}
    done = _applied(connection, "adapter")
    _refuse_newer(done - known.keys(), "adapter")
    for name in sorted(known.keys() - done):
        _apply(connection, "adapter", {name: known[name].read_text(encoding="utf-8")})


def _refuse_newer(unknown: set[str], part: str) -> None:
    if unknown:
        raise ConfigurationError(
            f"the database has been used by a newer version (step {max(unknown)} of {part}): "
            "install that version, or use another database"
        )
