"""A house for the engine's tests, and the net below its log."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from adapter import logs
from adapter.database import Database
from tests.engine.processes import House


@pytest.fixture
def house(database: Database) -> House:
    return House.over(database)


@pytest.fixture(autouse=True)
def _net() -> Iterator[None]:
    """Logs as the adapter's own processes do, and puts everything back afterwards."""
    told, hooks, root = structlog.get_config(), (sys.excepthook, threading.excepthook), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("text")
    yield
    structlog.configure(**told)
    sys.excepthook, threading.excepthook = hooks
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
