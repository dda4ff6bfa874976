"""`python -m tests.sandbox` starts a site with one command."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]


def start(*more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.sandbox", "--port", "0", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_prints_its_address_first_serves_and_ends_when_told() -> None:
    with start("--mappings", "mappings", "--site", "dubu", "--webhook", "http://127.0.0.1:9/x", "--secret", "S") as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        try:
            assert requests.get(f"{url}/rest/api/2/serverInfo", timeout=10).json()["deploymentType"] == "Cloud"
            assert requests.get(url, timeout=10).status_code == 200
        finally:
            run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=30) == 0


def test_it_plays_a_plain_project_on_data_center_and_tells_an_adapter_how_to_log_in() -> None:
    with start("--bare", "--deployment", "datacenter", "--validate") as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        try:
            assert requests.get(f"{url}/rest/api/2/serverInfo", timeout=10).json()["deploymentType"] == "Server"
            told = dict(run.stdout.readline().strip().split("=") for _ in range(3))
            assert (list(told), told["DUBU_DUBU_JIRA_URL"]) == (
                ["DUBU_DUBU_JIRA_URL", "DUBU_DUBU_JIRA_TOKEN", "DUBU_DUBU_ADMIN_TOKEN"],
                url,
            )
            held = {"Authorization": f"Bearer {told['DUBU_DUBU_ADMIN_TOKEN']}"}
            statuses = requests.get(f"{url}/rest/api/2/status", headers=held, timeout=10).json()
            assert "Waiting for support" in {status["name"] for status in statuses}
            assert "violations" in requests.get(f"{url}/sandbox/violations", timeout=10).json()
        finally:
            run.send_signal(signal.SIGINT)
        assert run.wait(timeout=30) == 0
