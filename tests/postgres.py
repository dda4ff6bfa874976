"""A real PostgreSQL for tests: one server for all test processes, a fresh database for each test that asks."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from adapter.database import Database, prepare
from adapter.database.embedded import EmbeddedServer, ensure_database

_TEMPLATE = "template_dubu"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedServer]:
    """The embedded server; test processes that run side by side share it, the last one stops it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{time.time_ns()}"
    server = EmbeddedServer(Path(tempfile.gettempdir()) / f"dubu-tests-{run}")
    server.start()
    try:
        ensure_database(server, _TEMPLATE)
        with _alone(server) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # tests come and go: their data may go with the machine
            connection.execute("SELECT pg_reload_conf()")
            prepare(server.url(_TEMPLATE))
        yield server
    finally:
        if server.stop():
            shutil.rmtree(server.data_dir, ignore_errors=True)


@pytest.fixture
def database(postgres_server: EmbeddedServer) -> Iterator[Database]:
    """A database of this test's own, with all tables and nothing in them."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    quoted = psycopg.sql.Identifier(name)
    with _alone(postgres_server) as connection:
        copy = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(quoted, psycopg.sql.Identifier(_TEMPLATE))
        connection.execute(copy)
    made = Database(postgres_server.url(name))
    try:
        yield made
    finally:
        made.close()
        with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory of this test's own; not below pytest's, which every new run of pytest closes to other users."""
    folder = Path(tempfile.mkdtemp(prefix="dubu-data-"))
    try:
        yield folder
    finally:
        for state in folder.rglob("postmaster.pid"):  # a test that failed may have left it running
            with suppress(ProcessLookupError, OSError):
                os.kill(int(state.read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(server: EmbeddedServer) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection while no other test process uses the template: PostgreSQL copies only one that is idle."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7)")
        yield connection
