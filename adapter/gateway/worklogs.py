"""Work that people logged on a ticket."""

from __future__ import annotations

from adapter.catalogue.words import IssueId
from adapter.errors import Gone, Refused
from adapter.gateway.read import ISSUE
from adapter.gateway.session import Wire
from adapter.gateway.shapes import Json, moment, text, whole
from adapter.ticket.snapshot import Worklog


def worklogs(wire: Wire, issue: IssueId) -> tuple[Worklog, ...]:
    """All pages of a ticket's worklogs, oldest first; those without a readable beginning are left out."""
    try:
        found = [w for raw in wire.pages(f"{ISSUE}/worklog", ("worklogs",), issue=issue) if (w := _worklog(raw))]
    except Refused as refusal:
        if refusal.status == 404:
            raise Gone(f"The work on ticket {issue} is not there: the ticket is gone, or time is not tracked") from None
        raise
    return tuple(sorted({w.id: w for w in found}.values(), key=lambda w: (w.started, w.id)))


def _worklog(raw: Json) -> Worklog | None:
    started, worklog_id = moment(raw.get("started")), text(raw.get("id"))
    if started is None or not worklog_id:
        return None
    created = moment(raw.get("created")) or started
    return Worklog(
        worklog_id, started, whole(raw.get("timeSpentSeconds")), created, moment(raw.get("updated")) or created
    )
