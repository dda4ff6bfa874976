"""The project owners of both sides, brought in when a disagreement stands: onto the ticket, and by letter (R14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from adapter.catalogue.letters import letter_text
from adapter.catalogue.model import Catalogue, ProjectOwner
from adapter.catalogue.words import OfferWay
from adapter.rules.disagreement import Disagreement
from adapter.rules.fill import Decided
from adapter.rules.offer import Draft, is_sent, letter_names
from adapter.rules.once import Once, has_notice, mark
from adapter.rules.plain import named, plain
from adapter.rules.plan import AddPeople, SendLetter, WriteNotice
from adapter.rules.tell_files import told_time
from adapter.ticket.evidence import Memory
from adapter.ticket.senders import sender_of
from adapter.ticket.snapshot import Ticket

_FILE = "Uenighed-"
_TELLING = 8  # digits of an address's digest, which tell the few letters of one disagreement apart


@dataclass(frozen=True)
class Owners:
    """What the owners are to hear of one disagreement, and what they have heard."""

    ticket: Ticket
    catalogue: Catalogue
    decided: Decided
    memory: Memory
    found: Disagreement

    def steps(self) -> Iterator[WriteNotice | AddPeople | SendLetter]:
        """Tells the desk at once, adds the owners who have accounts, and writes to those who have addresses.

        Of a no that anybody may have put there only the desk is told: it may bring the owners in.
        """
        once = Once(self.ticket, self.catalogue, self.memory)
        unreached = _both(o.name for o in self._all if not (o.accounts or (self._sends and o.mails)))
        what = f"uenighed {told_time(self.found.began, self.catalogue)}"
        said = {"grund": self._reason, "mangler": unreached, "usikker": self.uncertain}
        yield from once.notice(what, "varsel_uenighed", "R14", said)
        if self.found.owners_since is None:
            return
        added = tuple(o for o in self._all if o.accounts)
        if added and not has_notice(self.ticket, mark(self._added, "R14")):
            accounts = tuple(dict.fromkeys(account for owner in added for account in owner.accounts))
            people = AddPeople(accounts, self.catalogue.parties.owners.added_as)
            yield people
            names = _both(owner.name for owner in added)
            yield from once.notice(self._added, "varsel_ejere", "R14", {"ejere": names}, people)
        if self._sends:
            subject, body = self._text
            for to, name in self._letters.items():
                yield from once.letter(Draft(to, subject, body), name, self.found.owners_since, "R14")

    def draft(self) -> Draft | None:
        """The letter for the desk to send, where the adapter sends none to the owners."""
        if self.uncertain or (self._sends and self._letters):
            return None
        return Draft(", ".join(self._letters) or None, *self._text)

    def brought_in(self) -> str:
        """The names of those who are on the ticket or were written to; empty where nobody is yet."""
        are_added = has_notice(self.ticket, mark(self._added, "R14"))
        sent = {to for to, name in self._letters.items() if is_sent(self.ticket, self.memory, name)}
        return _both(o.name for o in self._all if (are_added and o.accounts) or sent.intersection(o.mails))

    @property
    def uncertain(self) -> str:
        """Not empty where the owners wait until the desk says that it is a disagreement."""
        return "" if self.found.owners_since else "usikker"

    @property
    def _all(self) -> tuple[ProjectOwner, ProjectOwner]:
        owners = self.catalogue.parties.owners
        return owners.supplier, owners.kombit

    @property
    def _sends(self) -> bool:
        return self.catalogue.offers.way is OfferWay.SEND

    @property
    def _letters(self) -> dict[str, str]:
        """Each address of an owner once, with the name of the letter to it, whoever is an owner beside it."""
        if self.found.owners_since is None:
            return {}
        stamp = f"{self.found.owners_since.astimezone(UTC):%Y%m%dT%H%M%S}"
        addresses = {sender_of(mail).address: mail for owner in self._all for mail in owner.mails}
        return {to: f"{_FILE}{stamp}-{digest[:_TELLING]}" for digest, to in addresses.items()}

    @property
    def _text(self) -> tuple[str, str]:
        decided = self.decided
        names = letter_names(self.ticket, self.catalogue, decided.payer, decided.order)
        return letter_text(self.catalogue.offers.disagreement, {**names, "grund": self._reason})

    @property
    def _added(self) -> str:
        since = self.found.owners_since or self.found.began
        return f"projektejere inddraget ved uenighed {told_time(since, self.catalogue)}"

    @property
    def _reason(self) -> str:
        if self.found.reason:
            return f"“{plain(self.found.reason, 300)}”"
        by = self.found.by
        who = named(by) if by else ""
        return self.catalogue.texts.say(
            self.found.source.value, person=who, tid=told_time(self.found.since, self.catalogue)
        )


def _both(names: Iterator[str]) -> str:
    return " og ".join(names)
