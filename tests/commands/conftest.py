"""The command line as operators have it: a process of its own, its words, its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapter.catalogue.words import SiteName
from adapter.database import Database
from adapter.queue import Queue
from adapter.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
DUBU = SiteName("dubu")


@dataclass
class Shell:
    """Runs commands with an environment."""

    environment: dict[str, str] = field(default_factory=dict)
    stdin: int | None = None  # what commands read from

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end; `environment` is set on top."""
        known = {k: v for k, v in os.environ.items() if not k.startswith(("DUBU_", "DATABASE_URL", "PROMETHEUS"))}
        return subprocess.run(
            [sys.executable, "-m", "adapter", *words],
            env={**known, **self.environment, **environment},
            cwd=ROOT, stdin=self.stdin, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.pool)


@pytest.fixture
def queue(database: Database, store: Store) -> Queue:
    return Queue(database.pool, store)


@pytest.fixture
def shell(database: Database) -> Shell:
    """A shell beside a database with nothing in it."""
    return Shell({"DATABASE_URL": database.url})
