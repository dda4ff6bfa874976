"""Sending a letter once: handed over, sent, attached, each step kept before the next is taken (R7, R8).

A mail server takes a mail with the dot that ends it, and nobody can know of a process that died just then whether it
did. So the step is written down before: from then on the letter is never handed over again by itself, only attached,
and the ticket says that somebody should ask. At every other moment a restart goes on where the last one stopped.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from adapter.errors import ConfigurationError, NotSent, OutOfReach, Refused, Uncertain
from adapter.post.compose import compose
from adapter.post.mailer import Mailer
from adapter.rules.plan import AttachSent, SendLetter
from adapter.scribe import Scribe
from adapter.site import InForce
from adapter.store.store import Store
from adapter.ticket.snapshot import Ticket

HANDED_OVER, SENT = "HandedOver", "Sent"
"""What the journal says of a letter before it is attached: the last of them is all that is known of it (R24)."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """Sends the letters of one site; without a `mailer` it sends none."""

    store: Store
    mailer: Mailer | None
    scribe: Scribe

    def send(self, here: InForce, ticket: Ticket, action: SendLetter) -> bool:
        """Sends a letter and attaches it; False where it is not known whether the server has it.

        The next look says so on the ticket, and attaches it.

        Raises:
            NotSent: there is no mail server, or it does not take this letter; nothing was sent.
            Refused: Jira does not take the file; the letter itself is sent, and never again.
            OutOfReach: Jira or the database does not answer.
        """
        return self._hand_over(here, ticket, action) and self.attach(here, ticket, action)

    def attach(self, here: InForce, ticket: Ticket, action: SendLetter | AttachSent) -> bool:
        """Attaches a letter that was sent, or may have been: the very bytes that were handed over, and forgets them."""
        site = here.catalogue.site
        data = self.store.bytes_of(site, ticket.id, action.dispatch)
        if data is None:
            return False
        here.gateway.attach(ticket, action.filename, data)
        return self.store.attached(site, ticket.id, action.dispatch)

    def _hand_over(self, here: InForce, ticket: Ticket, action: SendLetter) -> bool:
        """Gives the letter to the mail server; False where it is not known whether the server has it."""
        site, store, ours = here.catalogue.site, self.store, False

        def handing_over() -> None:
            nonlocal ours
            ours = store.handing_over(site, ticket.id, action.dispatch, data, self.scribe.clock())
            if not ours:
                raise OutOfReach("another worker is sending this letter")
            self.scribe.done(here.catalogue, ticket, action, HANDED_OVER)

        if self.mailer is None:
            why = "set DUBU_SMTP_URL to the mail server, or `måde: kladde` in tilbud.yaml"
            raise NotSent(f"{ticket.key}: there is no mail server: {why}", will_pass=True)
        try:
            data = compose(action.letter)
            self.mailer.send(action.letter, data, handing_over)
        except (OutOfReach, ConfigurationError, Refused) as error:
            if ours:  # the server has said that it did not take it
                store.not_sent(site, ticket.id, action.dispatch)
            raise NotSent(f"{ticket.key}: {error}", will_pass=not isinstance(error, Refused)) from None
        except Uncertain:
            _log.error("it is not known whether a letter was sent", rules=list(action.rules))
            return False
        store.sent(site, ticket.id, action.dispatch)
        self.scribe.done(here.catalogue, ticket, action, SENT)
        return True
