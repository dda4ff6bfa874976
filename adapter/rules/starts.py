"""When a ticket went to work, and whether the gate was open then: one walk over its history (R10, R16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, ApprovalState, FieldName, StatusRole
from adapter.rules.choices import changes_of
from adapter.ticket.snapshot import StatusChange, Ticket

_PUT_BACK_WITHIN = timedelta(hours=24)  # an early start that stood longer is work that began
_OPEN = frozenset({ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED})


@dataclass(frozen=True)
class Start:
    """A step into work, the step out of it again, and whether the gate was open at the first or came to be between."""

    change: StatusChange
    end: StatusChange | None
    was_allowed: bool

    @property
    def was_put_back(self) -> bool:
        return self.end is not None and self.end.by.is_adapter


def starts_of(ticket: Ticket, catalogue: Catalogue, approved_at: datetime | None = None) -> Iterator[Start]:
    """Every step into work, oldest first; from work on to production is none.

    With `approved_at`, when the ticket's approval came to count: it opens the gate before the adapter has told of it.
    """
    told = _told_of_gate(ticket, catalogue, approved_at)
    for number, change in enumerate(ticket.history):
        if change.after.role in WORKING and change.before.role not in WORKING:
            end = next((later for later in ticket.history[number:] if later.after.role not in WORKING), None)
            opened = any(is_open and change.at < at and (end is None or at < end.at) for at, is_open in told)
            yield Start(change, end, opened or _was_open(told, change.at))


def work_began(ticket: Ticket, catalogue: Catalogue) -> datetime | None:
    """When work began, None before: a start that was put back at once, with no hours logged, is an oversight (R10).

    A ticket that was done straight out of Godkendt was worked on too, whatever statuses its people leave out.
    """
    began = [s.change.at for s in starts_of(ticket, catalogue) if not _is_oversight(s, ticket)]
    told = _told_of_gate(ticket, catalogue)
    done = (c.at for c in ticket.history if (c.before.role, c.after.role) == (StatusRole.APPROVED, StatusRole.DONE))
    return min([*began, *(at for at in done if _was_open(told, at))], default=None)


def _is_oversight(start: Start, ticket: Ticket) -> bool:
    if start.end is None or not start.was_put_back or start.was_allowed:
        return False
    return ticket.seconds_spent <= 0 and start.end.at - start.change.at <= _PUT_BACK_WITHIN


def _told_of_gate(
    ticket: Ticket, catalogue: Catalogue, approved_at: datetime | None = None
) -> list[tuple[datetime, bool]]:
    """When the adapter showed the gate open or closed: by its own moves, and in the field that holds the state.

    The field also tells of a gate through which people went themselves before the adapter moved anything.
    """
    goes_on = {StatusRole.APPROVED, *WORKING}  # back to work from production is no closing
    moves = ((c.at, c.after.role in goes_on) for c in ticket.history if c.by.is_adapter)
    states = ((c.at, c.after) for c in changes_of(ticket, FieldName.APPROVAL) if c.by.is_adapter)
    shown = ((at, catalogue.meaning(FieldName.APPROVAL, label) in _OPEN) for at, label in states)
    approved = [(approved_at, True)] if approved_at is not None else []
    return sorted([*approved, *moves, *shown], key=lambda told: told[0])


def _was_open(told: list[tuple[datetime, bool]], moment: datetime) -> bool:
    return next((is_open for at, is_open in reversed(told) if at <= moment), False)
