"""How long an issue was in each status, from its changelog."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tests.sandbox.records import Issue


def seconds_in(issue: Issue, now: datetime) -> dict[str, float]:
    """Seconds by the name that each status had then; the present one until now."""
    moves = [(entry.created, item) for entry in issue.history for item in entry.items if item.field_id == "status"]
    stays: defaultdict[str, float] = defaultdict(float)
    since = issue.created
    for moment, item in moves:
        stays[str(item.before_text)] += (moment - since).total_seconds()
        since = moment
    stays[issue.status.name] += (now - since).total_seconds()
    return dict(stays)
