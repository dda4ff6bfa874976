"""Starts and stops the processes of the whole system on free ports."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from adapter.masking import MASK
from tests.conftest import CONFIDENTIAL, CPR_SHAPED

SECRET = "hemmelig-i-sandkassen"
ADMIN_TOKEN = "administrator-i-sandkassen"
ROOT = Path(__file__).resolve().parents[2]
_HASH = re.compile(r"\b(?=\d*[a-f])[0-9a-f]{12,}\b")
"""A hash or a version: ten digits in a row come about in them by chance."""


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(is_true: Callable[[], bool], what: str, seconds: float = 30.0, pause: float = 0.02) -> float:
    """Waits for something to become true and tells how long it took; AssertionError names what did not."""
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(pause)
    return time.monotonic() - began


@dataclass
class Running:
    """Both processes, their addresses, and what the adapter has written to its log."""

    jira: str
    adapter: str
    environment: dict[str, str]
    log: Path
    serve: subprocess.Popen[bytes] | None = None

    def start_adapter(self, *options: str) -> None:
        """Starts `dubu-adapter serve` and waits until its door is open."""
        with self.log.open("ab") as log:
            self.serve = subprocess.Popen(
                [sys.executable, "-m", "adapter", "serve", *options],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )
        wait_until(self._is_live, f"{self.adapter}/health/live; see {self.log}", 60)

    def _is_live(self) -> bool:
        if self.serve is not None and self.serve.poll() is not None:
            raise AssertionError(f"serve ended with {self.serve.returncode}:\n{self.log.read_text()[-3000:]}")
        try:
            return requests.get(f"{self.adapter}/health/live", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def stop_adapter(self, with_signal: int = signal.SIGTERM) -> int:
        """Stops it and returns its exit status."""
        if self.serve is None:
            return 0
        self.serve.send_signal(with_signal)
        return self.serve.wait(timeout=60)


def leaks(log: str) -> list[str]:
    """The lines of a log that hold text of a ticket or a CPR number; a masked one was about to be told, and counts."""
    return [line for line in log.splitlines() if any(map(_tells, _pieces(line)))]


def _tells(piece: str) -> bool:
    return CONFIDENTIAL in piece or MASK in piece or CPR_SHAPED.search(_HASH.sub("", piece)) is not None


def _pieces(line: str) -> Iterator[str]:
    """What a line of the log says; left out are numbers, which are counts and times, and the deliveries' UUIDs."""
    try:
        pieces: list[object] = [json.loads(line)]
    except ValueError:  # what the supervisor says to the operator
        pieces = [line]
    while pieces:
        match pieces.pop():
            case dict() as named:
                pieces += [*named, *(value for name, value in named.items() if name != "delivery")]
            case list() as several:
                pieces += several
            case str() as text:
                yield text
            case _:
                pass


@contextmanager
def running(
    folder: Path, mappings: Path, *, validate: bool = True, start: bool = True, **environment: str
) -> Iterator[Running]:
    """A sandbox site and the adapter beside it, while the block lasts."""
    with (
        tempfile.TemporaryDirectory(prefix="dubu-data-") as data,  # not below pytest's folder: PostgreSQL must get in
        _running(folder, Path(data), mappings, validate, environment) as system,
    ):
        if start:
            system.start_adapter()
        yield system
    told = leaks(system.log.read_text(encoding="utf-8")) if system.log.exists() else []
    assert not told, f"{system.log} holds text of a ticket or a CPR number in {len(told)} lines, such as:\n{told[0]}"


@contextmanager
def _running(
    folder: Path, data: Path, mappings: Path, validate: bool, environment: dict[str, str]
) -> Iterator[Running]:
    port = free_port()
    door = f"http://127.0.0.1:{port}/webhooks/dubu"
    command = [
        sys.executable,
        "-m",
        "tests.sandbox",
        "--mappings",
        str(mappings),
        "--webhook",
        door,
        "--secret",
        SECRET,
    ]
    site = subprocess.Popen(
        [*command, *(["--validate"] if validate else [])], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    assert site.stdout is not None
    jira = site.stdout.readline().decode().strip()
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DUBU_", "DATABASE_URL"))}
    variables = {
        **known,
        "DUBU_MAPPINGS": str(mappings),
        "DUBU_DATA_DIR": str(data),
        "DUBU_PORT": str(port),
        "DUBU_LOG": "json",
        "DUBU_ADMIN_TOKEN": ADMIN_TOKEN,
        "DUBU_DUBU_JIRA_URL": jira,
        "DUBU_DUBU_JIRA_USER": "dubu-adapter@leverandoer.example",
        "DUBU_DUBU_JIRA_TOKEN": "token-of-adapter",
        "DUBU_DUBU_WEBHOOK_SECRETS": SECRET,
        **environment,
    }
    system = Running(jira, f"http://127.0.0.1:{port}", variables, folder / "adapter.log")
    try:
        yield system
    finally:
        try:
            system.stop_adapter()
        finally:
            site.terminate()
            site.wait(timeout=20)
            site.stdout.close()
