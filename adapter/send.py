"""Sending a letter once: prepared, handed over, sent, attached, each step kept before the next is taken (R7, R8).

A mail server takes a mail with the dot that ends it, and nobody can know of a process that died just then whether it
did. So the step is written down before: from then on the letter is never handed over again by itself, only attached,
and the ticket says that somebody should ask. At every other moment a restart goes on where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from adapter.errors import OutOfReach, Refused, Uncertain
from adapter.post.compose import compose
from adapter.rules.plan import SendLetter
from adapter.site import InForce
from adapter.store.store import Store
from adapter.ticket.evidence import Dispatch
from adapter.ticket.snapshot import Ticket

_log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """Sends the letters of one site."""

    store: Store
    mailer: Any
    clock: Callable[[], datetime]

    def send(self, here: InForce, ticket: Ticket, action: SendLetter) -> bool:
        """Sends and attaches a letter as far as that has not been done; False where it cannot be attached yet.

        Raises:
            Refused: there is no mail server, or it takes this letter from nobody; nothing was sent.
            OutOfReach: the mail server does not answer; nothing was sent.
        """
        site, store = here.catalogue.site, self.store
        state, data = store.prepare(site, ticket.id, action.dispatch, compose(action.letter), self.clock())
        if state is None and not self._hand_over(here, ticket, action, data):
            return False  # the next look says so on the ticket, and attaches it
        if state is not Dispatch.ATTACHED:
            here.gateway.attach(ticket, action.filename, data)
            store.attached(site, ticket.id, action.dispatch)
        return True

    def _hand_over(self, here: InForce, ticket: Ticket, action: SendLetter, data: bytes) -> bool:
        """Gives the letter to the mail server; False where it is not known whether the server has it."""
        site, store, ours = here.catalogue.site, self.store, False

        def handing_over() -> None:
            nonlocal ours
            ours = store.handing_over(site, ticket.id, action.dispatch)
            if not ours:
                raise OutOfReach(f"{ticket.key}: another worker is sending this letter")

        if self.mailer is None:
            raise Refused("DUBU_SMTP_URL is not set: set it to the mail server, or `måde: kladde` in tilbud.yaml", 409)
        try:
            self.mailer.send(action.letter, data, handing_over)
        except (OutOfReach, Refused):
            if ours:  # the server has said that it did not take it
                store.not_sent(site, ticket.id, action.dispatch)
            raise
        except Uncertain:
            _log.error("it is not known whether a letter was sent", rules=list(action.rules))
            return False
        store.sent(site, ticket.id, action.dispatch)
        return True
