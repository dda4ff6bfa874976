"""When a ticket stood approved (R9, R12, R23): as it does now, and earlier by the same yes, as the changelog tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.words import StatusRole
from adapter.rules.evidence import Piece
from adapter.ticket.snapshot import StatusChange

_OPEN = frozenset({StatusRole.APPROVED, StatusRole.WORK})
"""Where the adapter itself moves a ticket only while its gate is open: the latter back from production (R21)."""


@dataclass(frozen=True)
class Spell:
    """A time in which an approval stood; one without an end lasts."""

    begins: datetime
    ends: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether it stood at a moment."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)


def spells_of(history: Sequence[StatusChange], offer: Piece, approval: Piece) -> tuple[Spell, ...]:
    """The times in which this offer stood approved by this yes, oldest first; the last one lasts.

    A mail that is attached anew, or judged anew, stands only since then. But where the adapter had opened the gate when
    both mails were written already, it was on that yes: what was done then was approved, and may have been billed. It
    ended where the adapter took the ticket back.
    """
    # KOMBIT's transition is made anew, not attached anew: the gate can have opened on no other hand than theirs (R18).
    written = offer.stands_since if approval.acceptance else max(offer.stands_since, approval.said_at)
    ended, begins = _open(change for change in history if written <= change.at < approval.stands_since)
    return (*ended, Spell(begins or approval.stands_since))


def stood_open(history: Sequence[StatusChange]) -> tuple[Spell, ...]:
    """The times in which the adapter held the gate open, by whatever approval stood then, oldest first."""
    ended, begins = _open(history)
    return ended if begins is None else (*ended, Spell(begins))


def _open(history: Iterable[StatusChange]) -> tuple[tuple[Spell, ...], datetime | None]:
    """The times in which these changes held the gate open and closed it again, and since when they hold it open."""
    found: list[Spell] = []
    begins: datetime | None = None
    for change in history:
        if not change.by.is_adapter:
            continue
        if change.after.role in _OPEN:
            begins = begins or change.at
        elif begins is not None:
            found.append(Spell(begins, change.at))
            begins = None
    return tuple(found), begins


def stood_approved(spells: Sequence[Spell], moment: datetime) -> bool:
    """Whether the approval stood at a moment."""
    return any(spell.covers(moment) for spell in spells)
