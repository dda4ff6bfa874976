"""Work whose month was settled anew once a report may have been made: it may be billed twice, or never (R23)."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from adapter.billing.month import Month
from adapter.ticket.snapshot import Worklog


def moved_in(worklogs: Iterable[Worklog], month: Month, zone: ZoneInfo) -> tuple[Worklog, ...]:
    """The work of a month that was written down in another one, or changed after this one had ended.

    Another month's report may hold it, or this month's an earlier version of it.
    """
    ours = (w for w in worklogs if Month.of(w.started, zone) == month)
    return tuple(w for w in ours if Month.of(w.created, zone) != month or Month.of(w.updated, zone) > month)


def left_behind(worklogs: Iterable[Worklog], month: Month, zone: ZoneInfo) -> tuple[Worklog, ...]:
    """The work of earlier months that was written down or last changed in this one: their reports may be without it."""
    earlier = (w for w in worklogs if Month.of(w.started, zone) < month)
    return tuple(w for w in earlier if month in {Month.of(w.created, zone), Month.of(w.updated, zone)})
