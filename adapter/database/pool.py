"""Connections to the database: how long to wait for it, and what its silence is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from adapter.errors import ConfigurationError, OutOfReach

Pool = ConnectionPool[psycopg.Connection[tuple[Any, ...]]]
PATIENCE = 2.0  # seconds that anything waits for a connection
_AWAY = (
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.UndefinedTable,  # nobody has brought it up to date yet
    psycopg.errors.InvalidSchemaName,
)


def address(url: str) -> str:
    """DATABASE_URL as libpq takes it, with our time limits and schema; ConfigurationError for one that it does not."""
    try:
        stated: Mapping[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ConfigurationError(
            "DATABASE_URL is no address that PostgreSQL understands: "
            "write it as postgresql://user:password@host:5432/database, special characters as %XX"
        ) from None  # libpq repeats the address, and with it the password
    ours: dict[str, Any] = {
        "connect_timeout": 2,
        "tcp_user_timeout": 10_000,  # ms; a cable that was pulled is noticed
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "dubu-adapter",
    }
    options = f"{stated.get('options') or ''} -c search_path=dubu,public".strip()
    return make_conninfo(**{**ours, **stated, "options": options})


def open_pool(url: str, size: int = 16) -> Pool:
    """A pool that is ready at once and connects when asked; it recovers by itself when the database is back."""
    pool = Pool(
        address(url),
        min_size=1,
        max_size=size,
        timeout=PATIENCE,
        # Longer, and the pause between two attempts doubles until an outage outlives itself by minutes.
        reconnect_timeout=PATIENCE,
        check=_check,
        open=False,
        name="dubu",
    )
    pool.open()
    return pool


@contextmanager
def connected(pool: Pool) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """One transaction; OutOfReach, within seconds, where the database does not answer."""
    with reaching(), pool.connection() as connection:
        yield connection


@contextmanager
def reaching() -> Iterator[None]:
    """Calls the database's silence OutOfReach, without the words of its error: they may hold an address or a value."""
    try:
        yield
    except _AWAY as error:
        raise OutOfReach(
            f"the database does not answer ({type(error).__name__}): "
            "see that PostgreSQL runs and that DATABASE_URL, its user and its password are right"
        ) from None


def _check(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    try:
        Pool.check_connection(connection)
    except psycopg.Error:
        # A restart broke them all: one by one, the next ones would cost a second each.
        pool = connection._pool  # noqa: SLF001
        if isinstance(pool, ConnectionPool):
            pool.drain()
        raise
