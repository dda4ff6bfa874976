"""What happens when a process is killed, a site lacks something, or the story is played from beginning to end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.system.people import people_of
from tests.system.processes import ROOT, Running, running, wait_until

ADAPTERS = r"^/rest/api/2/issue/\d+"
"""What only the adapter asks for: a ticket by its number; people use its key."""


def faults(system: Running) -> list[dict[str, Any]]:
    """The faults in force, with how many requests met each."""
    found: list[dict[str, Any]] = requests.get(f"{system.jira}/sandbox/faults", timeout=5).json()
    return found


def worker_of(system: Running) -> psutil.Process:
    """The process that works."""
    assert system.serve is not None
    children = psutil.Process(system.serve.pid).children(recursive=True)
    return next(child for child in children if child.cmdline()[-1:] == ["work"])


def test_a_look_whose_worker_is_killed_comes_back_within_twenty_seconds(tmp_path: Path, mappings: Path) -> None:
    with running(tmp_path, mappings, validate=False) as system:
        people = people_of(system.jira)
        slow = {"trouble": "slow", "path": ADAPTERS, "times": 1, "seconds": 30}
        requests.post(f"{system.jira}/sandbox/faults", json=slow, timeout=10).raise_for_status()
        key = people["kunde.aarhus"].order("Bestil arkivering", "Dræbt undervejs")
        wait_until(lambda: faults(system)[0]["met"] == 1, "the look is under way")
        worker_of(system).send_signal(signal.SIGKILL)
        killed = time.monotonic()
        wait_until(lambda: people["agent.anna"].status_comment(key) is not None, "filled by the next worker", 20)
        assert time.monotonic() - killed < 20


def test_a_database_that_dies_with_everything_else_loses_no_delivery(tmp_path: Path, mappings: Path) -> None:
    with running(tmp_path, mappings, validate=False) as system:
        people = people_of(system.jira)
        down = {"trouble": "broken", "path": ADAPTERS}
        requests.post(f"{system.jira}/sandbox/faults", json=down, timeout=10).raise_for_status()
        keys = [people["kunde.aarhus"].order("Bestil arkivering", f"Nummer {n}") for n in range(3)]
        requests.get(f"{system.jira}/sandbox/settled?timeout=20", timeout=30).raise_for_status()
        assert system.serve is not None
        family = [*psutil.Process(system.serve.pid).children(recursive=True), psutil.Process(system.serve.pid)]
        for process in family:
            process.kill()
        system.serve.wait(timeout=10)
        requests.delete(f"{system.jira}/sandbox/faults", timeout=10)
        system.start_adapter()
        for key in keys:
            wait_until(lambda key=key: people["agent.anna"].status_comment(key) is not None, f"{key} is filled", 60)  # type: ignore[misc]


def test_what_the_site_lacks_is_said_at_start_with_its_mapping_line_and_nothing_is_written(
    tmp_path: Path, mappings: Path
) -> None:
    with running(tmp_path, mappings, validate=False, start=False) as system:
        file = mappings / "dubu" / "jira.yaml"
        text = file.read_text(encoding="utf-8").replace("navn: Betalende part", "navn: Betalende partt")
        file.write_text(text, encoding="utf-8")
        line = next(n for n, row in enumerate(text.splitlines(), 1) if "Betalende partt" in row)
        people = people_of(system.jira)
        key = people["kunde.aarhus"].order("Bestil arkivering", "Ingen halve sager")
        started = subprocess.run(
            [sys.executable, "-m", "adapter", "serve"],
            env=system.environment, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert started.returncode == 2
        assert f"jira.yaml:{line}:" in started.stdout + started.stderr
        assert people["agent.anna"].status_comment(key) is None
        assert people["agent.anna"].value(key, "Kategori") is None


def test_a_running_adapter_can_be_told_to_serve_one_site_of_several(tmp_path: Path, mappings: Path) -> None:
    shutil.copytree(mappings / "dubu", mappings / "nord")
    with running(tmp_path, mappings, validate=False, start=False) as system:
        whole = subprocess.run(
            [sys.executable, "-m", "adapter", "serve"],
            env=system.environment, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert whole.returncode == 2
        assert "DUBU_NORD_WEBHOOK_SECRETS" in whole.stderr  # nothing is known of that site's Jira
        system.start_adapter("--site", "dubu")
        people = people_of(system.jira)
        key = people["kunde.aarhus"].order("Bestil arkivering", "Kun dubu")
        wait_until(lambda: people["agent.anna"].status_comment(key) is not None, f"{key} is filled")
        assert requests.post(f"{system.adapter}/webhooks/dubu", timeout=10).status_code == 401
        assert requests.post(f"{system.adapter}/webhooks/nord", timeout=10).status_code == 404


def test_a_mapping_edited_while_the_adapter_was_stopped_is_held_against_every_open_ticket(
    tmp_path: Path, mappings: Path
) -> None:
    with running(tmp_path, mappings, validate=False) as system:
        people = people_of(system.jira)
        agent = people["agent.anna"]
        key = people["kunde.aarhus"].order("Bestil arkivering", "Fra i går")
        wait_until(lambda: agent.value(key, "Pris") == "34.000 kr.", f"{key} is filled")
        wait_until(lambda: swept(system), "the first sweep is over")
        assert system.stop_adapter() == 0
        file = mappings / "dubu" / "katalog.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("34.000", "35.000"), encoding="utf-8")
        system.start_adapter()
        wait_until(lambda: agent.value(key, "Pris") == "35.000 kr.", "looked at again without any webhook")


def swept(system: Running) -> bool:
    return "dubu_last_sweep_timestamp_seconds{" in requests.get(f"{system.adapter}/metrics", timeout=10).text


def test_the_demo_tells_its_whole_story() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        env={**os.environ, "COLUMNS": "160"}, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-2000:]
    assert "Every step held" in told.stdout
