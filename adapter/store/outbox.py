"""How far the sending of each letter has come, so that it is sent once whatever dies in between (R7, R8).

A letter is handed over, then sent, then attached. Each step commits by itself, before what it allows is done. The one
that can't be known is a worker that died while handing over: such a letter is attached as a doubtful one, for a person
to ask about, and is never sent again.
"""

from __future__ import annotations

from datetime import datetime

from adapter.catalogue.words import IssueId, SiteName
from adapter.store.rows import Rows
from adapter.ticket.evidence import Dispatch


class Outbox(Rows):
    """The letters under way; `dispatch` names one sending for ever."""

    def handing_over(self, site: SiteName, issue: IssueId, dispatch: str, data: bytes, at: datetime) -> bool:
        """Puts down the bytes that are about to be handed to the mail server; True for one caller only."""
        return bool(
            self._rows(
                "INSERT INTO dubu.letter (site, issue, dispatch, state, data, at) VALUES (%s, %s, %s, %s, %s, %s) "
                "ON CONFLICT (site, issue, dispatch) DO NOTHING RETURNING 1",
                (site, issue, dispatch, Dispatch.HANDING_OVER, data, at),
            )
        )

    def not_sent(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Forgets a letter that was handed over and has certainly not been sent: it may be handed over again."""
        return bool(
            self._rows(
                "DELETE FROM dubu.letter WHERE site = %s AND issue = %s AND dispatch = %s AND state = %s RETURNING 1",
                (site, issue, dispatch, Dispatch.HANDING_OVER),
            )
        )

    def sent(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that the mail server has taken a letter that was handed over; False for any other."""
        return self._step(site, issue, dispatch, Dispatch.HANDING_OVER, Dispatch.SENT)

    def attached(self, site: SiteName, issue: IssueId, dispatch: str) -> bool:
        """Notes that a letter that was sent, or may have been, is on its ticket, and forgets its bytes."""
        sent = self._step(site, issue, dispatch, Dispatch.SENT, Dispatch.ATTACHED)
        return sent or self._step(site, issue, dispatch, Dispatch.HANDING_OVER, Dispatch.DOUBTFUL)

    def dispatches(self, site: SiteName, issue: IssueId) -> dict[str, Dispatch]:
        """The letters of a ticket that have been handed over or come further."""
        rows = self._rows("SELECT dispatch, state FROM dubu.letter WHERE site = %s AND issue = %s", (site, issue))
        return {dispatch: Dispatch(state) for dispatch, state in rows}

    def bytes_of(self, site: SiteName, issue: IssueId, dispatch: str) -> bytes | None:
        """The bytes of a letter that is under way."""
        rows = self._rows(
            "SELECT data FROM dubu.letter WHERE site = %s AND issue = %s AND dispatch = %s AND data IS NOT NULL",
            (site, issue, dispatch),
        )
        return next((bytes(data) for (data,) in rows), None)

    def forget_bytes(self, site: SiteName, issue: IssueId) -> None:
        """Forgets what the letters of a ticket say that is gone, and not that they were sent: it may come back.

        What could not be attached first is then in doubt, so that somebody asks.
        """
        self._do(
            "UPDATE dubu.letter SET data = NULL, state = CASE WHEN state = ANY(%s) THEN %s ELSE state END "
            "WHERE site = %s AND issue = %s",
            ([Dispatch.HANDING_OVER, Dispatch.SENT], Dispatch.DOUBTFUL, site, issue),
        )

    def _step(self, site: SiteName, issue: IssueId, dispatch: str, before: Dispatch, after: Dispatch) -> bool:
        is_on_ticket = after in {Dispatch.ATTACHED, Dispatch.DOUBTFUL}
        return bool(
            self._rows(
                "UPDATE dubu.letter SET state = %s, data = CASE WHEN %s THEN NULL ELSE data END "
                "WHERE site = %s AND issue = %s AND dispatch = %s AND state = %s RETURNING 1",
                (after, is_on_ticket, site, issue, dispatch, before),
            )
        )
