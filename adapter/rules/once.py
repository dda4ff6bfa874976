"""What is said or sent once: notices found again by their first line, letters by their names.

Nothing is kept of notices, so that a lost database repeats none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.model import Catalogue
from adapter.rules.offer import Draft, is_sent, letter_of
from adapter.rules.plan import AddPeople, SendLetter, WriteNotice
from adapter.rules.tell_missing import tell_draft
from adapter.ticket.evidence import Memory
from adapter.ticket.marks import begins_with
from adapter.ticket.snapshot import Ticket


def mark(what: str, rule: str) -> str:
    """The first line of a notice; it ends in the rule, so that no mark begins another."""
    return f"DUBU-adapter: {what} ({rule})"


def has_notice(ticket: Ticket, first_line: str) -> bool:
    """Whether the ticket holds a notice."""
    return any(begins_with(c.body, first_line) for c in ticket.comments if c.author.is_adapter)


@dataclass(frozen=True)
class Once:
    """Tells what has not been told on a ticket yet."""

    ticket: Ticket
    catalogue: Catalogue
    memory: Memory

    def notice(
        self,
        what: str,
        code: str,
        rule: str,
        names: Mapping[str, str],
        tells_of: AddPeople | None = None,
        *,
        draft: Draft | None = None,
    ) -> Iterator[WriteNotice]:
        """A comment of its own; one that `tells_of` people is written once they are on the ticket.

        The `draft` is a letter that somebody is asked to send: it stands below, to copy.
        """
        first = mark(what, rule)
        if not has_notice(self.ticket, first):
            body = f"*{first}*\n\n{self.catalogue.texts.say(code, **names)}"
            yield WriteNotice(first, body + (self._to_copy(draft) if draft else ""), rule, code, tells_of)

    def _to_copy(self, draft: Draft) -> str:
        shown = tell_draft(draft)
        above = self.catalogue.texts.say("varsel_kladde", til=shown["til"], emne=shown["emne"])
        return f"\n\n{above}\n{{noformat}}\n{shown['brev']}\n{{noformat}}"

    def letter(self, draft: Draft, name: str, at: datetime, rule: str) -> Iterator[SendLetter]:
        """A mail of the adapter's own accord, which says so to programs."""
        if not is_sent(self.ticket, self.memory, name):
            yield SendLetter(letter_of(self.ticket, self.catalogue, draft, name, at, automatic=True), name, rule)
