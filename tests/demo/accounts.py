"""What the operator asks for at the end: the month's billing basis, and why a ticket is as it is (R23, R24)."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.demo.stage import Stage
from tests.system.processes import ROOT

BILLED = (["28169.40", "34000.00", "9389.80"], ["62169.40", "9389.80"])
"""Archiving, the later setup's 30 hours, KOMBIT's 10: the setup is Odense's, or on one bill with Aarhus' archiving."""


def report(stage: Stage, folder: Path) -> str:
    """What `report --month` prints: the totals for each payer."""
    month = f"{datetime.now(ZoneInfo('Europe/Copenhagen')):%Y-%m}"
    file = folder / f"fakturering-{month}.xlsx"
    told = run(stage, "report", "--month", month, "--out", str(file))
    assert file.stat().st_size > 0
    billed = sorted(line.split()[-1] for line in told.splitlines() if line.startswith(("kommune", "kombit")))
    assert billed in BILLED, f"the report bills {billed}:\n{told}"
    assert "71559.20" in told, f"the report does not come to 71.559,20 kr.:\n{told}"
    return f"dubu-adapter report --month {month}\n{told.replace(str(file), file.name)}"


def explain(stage: Stage) -> str:
    """What `explain` prints of a ticket."""
    key = stage.tickets["K11"]
    told = run(stage, "explain", key)
    assert "R11" in told, told
    return f"dubu-adapter explain {key}\n{told}"


def run(stage: Stage, *words: str) -> str:
    """What a command prints, run as an operator would beside the adapter; findings are no failure."""
    done = subprocess.run(
        [sys.executable, "-m", "adapter", *words],
        env={**stage.system.environment, "COLUMNS": "120"}, cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, f"{words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout.rstrip()
