"""What is measured of the story: how fast tickets fill, and what one costs Jira in requests."""

from __future__ import annotations

from statistics import median

import requests

from tests.demo.stage import Stage
from tests.system.processes import wait_until


def figures(stage: Stage) -> str:
    """The figures as they are printed; AssertionError where they are worse than promised."""
    reads, writes, idle = budget(stage)
    assert (reads, writes, idle) <= (2, 2, 1), f"a ticket costs too much: {reads} reads, {writes} writes, idle {idle}"
    seconds = median(stage.filled_after)
    assert seconds < 1, "filling took longer than a second"
    violations = requests.get(f"{stage.system.jira}/sandbox/violations", timeout=10).json()
    assert not violations["violations"], violations["violations"][:3]
    held = f"{violations['checked']} messages held against Atlassian's OpenAPI"
    return (
        f"ordered to filled, median of {len(stage.filled_after)}: {seconds:.2f} s\n"
        f"a new payable ticket: {reads} reads, {writes} writes; an idle look: {idle} read\n"
        + (held if violations["validates"] else f"not held against Atlassian's OpenAPI: {violations['why']}")
    )


def budget(stage: Stage) -> tuple[int, int, int]:
    """Reads and writes that one new payable ticket cost, its own webhooks included, and reads of an idle look.

    Nothing else may be going on.
    """
    requests.delete(f"{stage.system.jira}/sandbox/requests", timeout=10)
    key = stage.aarhus.order("Skift ydelsesreference", "Endnu en reference")
    number = str(stage.agent.issue(key)["id"])
    wait_until(lambda: stage.agent.status_comment(key) is not None, f"{key} is filled")
    stage.quiet()
    reads, writes = _asked(stage, key, number)
    stage.agent.comment(key, "en intern note", internal=True)
    stage.quiet()
    return reads, writes, _asked(stage, key, number)[0] - reads


def _asked(stage: Stage, key: str, number: str) -> tuple[int, int]:
    told = requests.get(f"{stage.system.jira}/sandbox/requests", timeout=10).json()
    ours = [
        r for r in told
        if r["actor"] == "adapter" and (f"/issue/{number}" in r["path"] or f"/issue/{key}" in r["path"])
    ]  # fmt: skip
    reads = [r for r in ours if r["method"] == "GET"]
    return len(reads), len(ours) - len(reads)
