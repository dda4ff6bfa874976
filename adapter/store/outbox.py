"""How far the sending of each letter has come, so that it is sent once whatever dies in between (R7, R8).

A letter is prepared, then handed over, then sent, then attached. Each step commits by itself, before what it allows is
done. The one that can't be known is a worker that died while handing over: such a letter stays there until a person
says what became of it (`sent` or `not_sent`), and is never sent again by itself.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from adapter.catalogue.words import IssueId, SiteName
from adapter.store.rows import Rows
from adapter.ticket.evidence import Dispatch

_PREPARED = "prepared"


class Outbox(Rows):
    """The letters under way; `dispatch` names one sending for ever."""

    def prepare(
        self, site: SiteName, issue: IssueId, dispatch: str, data: bytes, at: datetime
    ) -> tuple[Dispatch | None, bytes]:
        """Puts a letter down if it is new, and tells how far it has come (None: nothing has been done with it).

        The bytes are those that were put down first: what is sent and attached after a restart is the same letter. They
        are empty once it is attached.
        """
        ((state, kept),) = self._rows(
            "INSERT INTO dubu.letter AS known (site, issue, dispatch, state, digest, data, at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (site, issue, dispatch) DO UPDATE SET state = known.state RETURNING state, data",
            (site, issue, dispatch, _PREPARED, hashlib.sha256(data).hexdigest(), data, at),
        )
        return None if state == _PREPARED else Dispatch(state), bytes(kept or b"")

    def handing_over(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that a prepared letter is about to be handed to the mail server; True for one caller only."""
        return self._step(site, issue, dispatch, _PREPARED, Dispatch.HANDING_OVER)

    def not_sent(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that a letter which was handed over has certainly not been sent: it may be handed over again."""
        return self._step(site, issue, dispatch, Dispatch.HANDING_OVER, _PREPARED)

    def sent(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that the mail server has taken a letter that was handed over; False for any other."""
        return self._step(site, issue, dispatch, Dispatch.HANDING_OVER, Dispatch.SENT)

    def attached(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that a letter that was sent is on its ticket, and forgets its bytes; False for any other."""
        return self._step(site, issue, dispatch, Dispatch.SENT, Dispatch.ATTACHED)

    def dispatches(self, site: SiteName, issue: IssueId) -> dict[str, Dispatch]:
        """The letters of a ticket that have been handed over or come further."""
        rows = self._rows(
            "SELECT dispatch, state FROM dubu.letter WHERE site = %s AND issue = %s AND state <> %s",
            (site, issue, _PREPARED),
        )
        return {dispatch: Dispatch(state) for dispatch, state in rows}

    def bytes_of(self, site: SiteName, issue: IssueId, dispatch: str) -> bytes | None:
        """The bytes of a letter that is under way."""
        rows = self._rows(
            "SELECT data FROM dubu.letter WHERE site = %s AND issue = %s AND dispatch = %s AND data IS NOT NULL",
            (site, issue, dispatch),
        )
        return next((bytes(data) for (data,) in rows), None)

    def forget_unsent(self, site: SiteName, issue: IssueId) -> None:
        """Forgets the letters of a ticket that were prepared and never handed over: nobody wants them any more."""
        self._do(
            "DELETE FROM dubu.letter WHERE site = %s AND issue = %s AND state = %s",
            (site, issue, _PREPARED),
        )

    def forget_letters(self, site: SiteName, issue: IssueId) -> None:
        """Forgets all letters of a ticket that is gone."""
        self._do("DELETE FROM dubu.letter WHERE site = %s AND issue = %s", (site, issue))

    def _step(self, site: SiteName, issue: IssueId, dispatch: str, before: str, after: str) -> bool:
        return bool(
            self._rows(
                "UPDATE dubu.letter SET state = %s, data = CASE WHEN %s THEN NULL ELSE data END "
                "WHERE site = %s AND issue = %s AND dispatch = %s AND state = %s RETURNING 1",
                (after, after == Dispatch.ATTACHED, site, issue, dispatch, before),
            )
        )
