"""The project's figures, in one process and over several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from datetime import UTC, datetime
from adapter import metrics
from adapter.catalogue.words import SiteName
from adapter.metrics import LookOutcome
site = SiteName("dubu")
if sys.argv[1] == "share":
    metrics.share(sys.argv.pop(2))
    sys.argv[1] = "work"
if sys.argv[1] == "work":
    metrics.looked(site, LookOutcome.DONE)
    metrics.jira_answered(site, "get", 200)
    metrics.jira_answered(site, "PUT", 429)
    metrics.jira_answered(site, "DUBU-42", None)
    metrics.filled(site, 0.4)
    metrics.filled(site, -3)
    metrics.mapping_in_force(site, "aaa")
    metrics.mapping_in_force(site, sys.argv[2])
    metrics.mapping_refused(site)
    metrics.set_aside(site, 2)
    metrics.braked(site, is_on=True)
    metrics.swept(site, datetime(2026, 11, 12, tzinfo=UTC))
if sys.argv[-1] == "show":
    print(metrics.exposition().decode())
"""

EXPECTED = """\
dubu_looks_total{outcome="done",site="dubu"} {n}.0
dubu_jira_requests_total{method="GET",site="dubu",status="2xx"} {n}.0
dubu_jira_requests_total{method="PUT",site="dubu",status="4xx"} {n}.0
dubu_jira_requests_total{method="other",site="dubu",status="none"} {n}.0
dubu_fill_seconds_bucket{le="0.25",site="dubu"} {n}.0
dubu_fill_seconds_count{site="dubu"} {2n}.0
dubu_mapping_info{site="dubu",version="aaa"} 0.0
dubu_mapping_info{site="dubu",version="bbb"} 1.0
dubu_mapping_reload_failures_total{site="dubu"} {n}.0
dubu_set_aside_tickets{site="dubu"} 2.0
dubu_braked{site="dubu"} 1.0
dubu_last_sweep_timestamp_seconds{site="dubu"} 1.7944416e+09"""


def run(*arguments: str, folder: Path | None = None) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PROMETHEUS")}
    if folder is not None:
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout


def expected(processes: int) -> set[str]:
    return set(EXPECTED.replace("{n}", str(processes)).replace("{2n}", str(2 * processes)).splitlines())


def test_each_figure_says_what_was_counted() -> None:
    assert expected(1) <= set(run("work", "bbb", "show").splitlines())


def test_processes_that_share_a_folder_count_together(tmp_path: Path) -> None:
    run("work", "bbb", folder=tmp_path)
    run("work", "bbb", folder=tmp_path)
    assert expected(2) <= set(run("show", folder=tmp_path).splitlines())


def test_a_process_can_join_a_folder_after_its_imports(tmp_path: Path) -> None:
    run("work", "bbb", folder=tmp_path)
    assert expected(2) <= set(run("share", str(tmp_path), "bbb", "show").splitlines())
