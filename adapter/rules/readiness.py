"""Back to work from production or from done, where the checklist asks for more before that (R21, R22)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, CategoryId, Stage, StatusRole
from adapter.rules.gate import Gate
from adapter.rules.plan import MoveTo
from adapter.rules.prerequisites import Item, missing_at
from adapter.ticket.snapshot import StatusChange, Ticket

_STAGES = {StatusRole.PRODUCTION: Stage.PRODUCTION, StatusRole.DONE: Stage.DONE}
_ROBOTS = CategoryId("K7")
_RECENTLY = timedelta(hours=24)  # what was closed longer ago is over, whatever is asked of the next ones


def unready_move(
    ticket: Ticket, catalogue: Catalogue, category: CategoryId, gate: Gate, items: tuple[Item, ...], now: datetime
) -> MoveTo | None:
    """The step back to work, or None where the ticket may stay.

    From done only a person's step from work is taken back, and only within a day: a ticket that was closed otherwise or
    longer ago is left alone, whatever an edited checklist asks of it.
    """
    role, last = ticket.status.role, ticket.history[-1] if ticket.history else None
    if role not in _STAGES or not gate.is_open:
        return None
    if role is StatusRole.DONE and not (last and _is_from_work(last) and now - last.at <= _RECENTLY):
        return None
    if not _is_unready(items, _STAGES[role], last, catalogue):
        return None
    return MoveTo(StatusRole.WORK, "R21" if category == _ROBOTS else "R22", f"mangler_før_{_STAGES[role].value}")


def _is_from_work(step: StatusChange) -> bool:
    return step.before.role in WORKING and not step.by.is_adapter


def _is_unready(items: tuple[Item, ...], stage: Stage, last: StatusChange | None, catalogue: Catalogue) -> bool:
    """Whether items are missing at a stage; who never went to a site's production may end without what that needs."""
    missing = missing_at(items, stage)
    was_live = last is not None and last.before.role is StatusRole.PRODUCTION
    if stage is Stage.DONE and catalogue.jira.statuses.get(StatusRole.PRODUCTION) and not was_live:
        missing = tuple(item for item in missing if item.prerequisite.stage is Stage.DONE)
    return bool(missing)


def unready_step(ticket: Ticket, move: MoveTo | None) -> tuple[StatusChange, str] | None:
    """The latest step that was, or is about to be (`move`), taken back so, and its sentence.

    It reads the same before and after the adapter's own move, so that the ticket is told once.
    """
    taken_back = [
        step
        for step, following in pairwise(ticket.history)
        if step.after.role in _STAGES and following.by.is_adapter and following.after.role is StatusRole.WORK
    ]
    steps = [*taken_back, *(ticket.history[-1:] if move is not None else ())]
    return (steps[-1], f"mangler_før_{_STAGES[steps[-1].after.role].value}") if steps else None
