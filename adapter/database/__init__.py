"""Opens the database: the one of DATABASE_URL, else PostgreSQL embedded in the data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import structlog

from adapter.database.embedded import EmbeddedServer, ensure_database
from adapter.database.pool import Pool, address, connected, open_pool, reaching
from adapter.database.schema import bring_up_to_date
from adapter.errors import ConfigurationError, OutOfReach
from adapter.settings import Settings

__all__ = ["Database", "Pool", "connected", "open_database", "open_pool", "prepare", "reaching"]
_NAME = "dubu"
_log = structlog.get_logger()


@dataclass
class Database:
    """An open database; `url` is what a child process gets as DATABASE_URL."""

    url: str = field(repr=False)
    server: EmbeddedServer | None = None
    _pool: Pool | None = field(default=None, repr=False)

    @property
    def pool(self) -> Pool:
        """This process's connections, opened at the first use: after a fork, not before."""
        if self._pool is None:
            self._pool = open_pool(self.url)
        return self._pool

    def keep_up(self) -> None:
        """Starts the embedded server again where it has died; nothing to do for a server of somebody else."""
        if self.server is not None:
            self.server.keep_up()

    def close(self) -> None:
        """Closes the connections, and the embedded server where nobody else uses it."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        if self.server is not None:
            self.server.stop()


@contextmanager
def open_database(settings: Settings, *, may_be_away: bool = False, must_exist: bool = False) -> Iterator[Database]:
    """Opens the database with its tables up to date.

    ConfigurationError for an address or a data directory that cannot work, OutOfReach where the server does not
    answer; with `may_be_away` that is only logged, and whoever uses the pool meets OutOfReach until it is back. With
    `must_exist` a data directory in which no adapter ever ran is a ConfigurationError, and nothing is made there.
    """
    if must_exist and not settings.database_url and not EmbeddedServer(settings.data_dir).has_run():
        raise ConfigurationError(
            f"no adapter has run with DUBU_DATA_DIR={settings.data_dir}: set it, or DATABASE_URL, as for `serve`"
        )
    database = _open(settings)
    try:
        try:
            prepare(database.url)
        except OutOfReach as error:
            if not may_be_away:
                raise
            _log.warning("database out of reach at start", error=str(error))
        yield database
    finally:
        database.close()


def prepare(url: str) -> None:
    """Brings the tables up to date; OutOfReach where the database does not answer."""
    with reaching(), psycopg.connect(address(url)) as connection:
        bring_up_to_date(connection)


def _open(settings: Settings) -> Database:
    if settings.database_url:
        address(settings.database_url)
        return Database(settings.database_url)
    server = EmbeddedServer(settings.data_dir)
    server.start()
    try:
        with reaching():
            ensure_database(server, _NAME)
        return Database(server.url(_NAME), server)
    except BaseException:
        server.stop()
        raise
