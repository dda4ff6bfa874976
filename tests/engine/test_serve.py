"""The supervisor: starts both halves, keeps them running, and ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapter.database.embedded import EmbeddedServer
from adapter.errors import ConfigurationError
from adapter.serve import serve
from adapter.settings import read_settings
from tests.engine.processes import ROOT, until

PROGRAM = """
import sys
from adapter import logs, serve
from adapter.errors import ConfigurationError
from adapter.settings import read_settings
serve._GRACE = 2.0
settings = read_settings()
logs.configure("text")
child = lambda name: [sys.executable, "-m", "tests.engine.child", name, sys.argv[1]]
sys.exit(serve.serve(settings, child("web"), child("work")))
"""


@dataclass
class Served:
    """A running supervisor and what its children tell."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def pid(self, name: str) -> int:
        file = self.folder / f"{name}.pid"
        until(lambda: file.exists() and file.read_text() != "")
        return int(file.read_text())

    def tells(self, name: str) -> list[str]:
        file = self.folder / f"{name}.tells"
        return file.read_text().split("\n") if file.exists() else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    port = free_port()
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DUBU_", "DATABASE_URL"))}
    variables = {**known, "DUBU_PORT": str(port), "DUBU_DATA_DIR": str(folder / "data"), **environment}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)], cwd=ROOT, env=variables, stdout=said, stderr=said
        )
    try:
        yield Served(process, folder, port)
    finally:
        process.terminate()
        process.wait(60)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_both_halves_run_on_one_database_and_end_with_it(data_dir: Path) -> None:
    with served(data_dir) as house:
        until(lambda: f"ready on http://127.0.0.1:{house.port}\n" in house.said)
        # Ready is when the door answers; the other half may still be on its way.
        until(lambda: house.tells("web")[:1] == house.tells("work")[:1] == ["database"])
        children = [house.pid("web"), house.pid("work")]
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0
        assert not any(is_alive(child) for child in children)
        assert "told to end" in house.tells("web")
        assert "told to end" in house.tells("work")
        assert house.said.count("ready on") == 1
    assert not EmbeddedServer(data_dir / "data")._is_running()


def test_an_interrupt_ends_it_too_and_reaches_the_children_as_a_request_to_end(data_dir: Path) -> None:
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(60) == 0
        assert "interrupted" not in house.tells("work")


def test_a_half_that_dies_is_started_again(data_dir: Path) -> None:
    (data_dir / "work.order").write_text("1")
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        until(lambda: "work ended (status 1); it starts again in 1 s" in house.said)
        first = house.pid("web")
        os.kill(first, signal.SIGKILL)
        until(lambda: house.pid("web") != first and house.tells("web").count("database") == 2)
        assert "web ended (signal SIGKILL)" in house.said


def test_a_wrong_configuration_is_said_and_not_tried_again(data_dir: Path) -> None:
    (data_dir / "work.order").write_text("2")
    with served(data_dir) as house:
        assert house.process.wait(60) == 2
        assert "work cannot start: its configuration is wrong" in house.said
        assert house.tells("work").count("database") == 1
        assert not is_alive(house.pid("web"))


def test_a_half_that_will_not_end_is_killed(data_dir: Path) -> None:
    (data_dir / "work.stubborn").touch()
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        worker = house.pid("work")
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0
        assert not is_alive(worker)
        assert "did not end in time" in house.said


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's help is Linux's")
def test_the_halves_end_when_the_supervisor_is_killed_and_the_next_one_takes_over(data_dir: Path) -> None:
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        children = [house.pid("web"), house.pid("work")]
        house.process.kill()
        until(lambda: not any(is_alive(child) for child in children))
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0
    assert not EmbeddedServer(data_dir / "data")._is_running()


def test_the_embedded_database_is_started_again_when_it_dies(data_dir: Path) -> None:
    with served(data_dir) as house:
        until(lambda: "ready on" in house.said)
        state = data_dir / "data" / "postgres" / "postmaster.pid"
        before = int(state.read_text().split()[0])
        os.kill(before, signal.SIGKILL)
        until(lambda: state.exists() and int((state.read_text().split() or ["0"])[0]) not in {0, before})
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0


def test_a_port_that_is_taken_is_said_before_anything_starts(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = read_settings({"DUBU_PORT": str(taken.getsockname()[1]), "DUBU_DATA_DIR": str(data_dir)})
        with pytest.raises(ConfigurationError, match="DUBU_PORT"):
            serve(settings, [], [])
    assert not list(data_dir.iterdir())


def test_every_address_of_the_machine_is_asked_by_its_own_name(data_dir: Path) -> None:
    with served(data_dir, DUBU_HOST="0.0.0.0") as house:  # noqa: S104 - for a moment
        until(lambda: f"ready on http://0.0.0.0:{house.port}" in house.said)
        house.process.send_signal(signal.SIGTERM)
        assert house.process.wait(60) == 0
