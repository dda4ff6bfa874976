"""What all parts of the store share: one pool, and statements that mean OutOfReach where it does not answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from adapter.database import Pool, connected


class Rows:
    """Statements on the adapter's tables."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def _do(self, sql: psycopg.sql.Composed | str, values: Sequence[Any]) -> None:
        with connected(self._pool) as connection:
            connection.execute(sql, values)

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connected(self._pool) as connection:
            return connection.execute(sql, values).fetchall()
