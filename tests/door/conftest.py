"""A door that is open for the whole run, on a free port of the loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.door.stand import OLD_SECRET, SECRET, Stand

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT.parent / "shared" / "jira" / "webhooks"
TOKEN = "nøgle-til-admin"


@dataclass
class Door:
    """A running door and what lies behind it."""

    url: str
    stand: Stand
    log: Path
    folder: Path

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_door(
    folder: Path,
    arguments: tuple[str, ...] = (),
    app: str = "tests.door.stand:build()",
    extra: Mapping[str, str] | None = None,
    command: tuple[str, ...] | None = None,
) -> Iterator[Door]:
    """Runs an app under gunicorn with the door's real settings until the block ends."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DUBU_", "PROMETHEUS"))} | {
        "DUBU_PORT": str(port),
        "DUBU_DUBU_WEBHOOK_SECRETS": f"{SECRET}, {OLD_SECRET}",
        "DUBU_NORD_2_WEBHOOK_SECRETS": "another",
        "DUBU_ADMIN_TOKEN": TOKEN,
        "STAND_FOLDER": str(folder),
        **(extra or {}),
    }
    log = folder / "log"
    ours = (sys.executable, "-m", "gunicorn", "-c", "python:webhooks.gunicorn_settings", *arguments, app)
    with log.open("wb") as output:
        server = subprocess.Popen(command or ours, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server, log)
            yield Door(url, Stand(folder), log, folder)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            if requests.get(f"{url}/health/live", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def _shared_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with open_door(tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.fixture
def door(_shared_door: Door) -> Door:
    """The open door, with nothing behind it yet."""
    for file in (
        _shared_door.stand.stored,
        _shared_door.stand.retried,
        _shared_door.stand.refused,
        _shared_door.stand.away,
    ):
        file.unlink(missing_ok=True)
    _shared_door.stand.broken.unlink(missing_ok=True)
    return _shared_door
