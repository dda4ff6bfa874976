"""Who KOMBIT's people are (R18): by account, by organisation of the service desk, or by group, as parter.yaml says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from adapter.catalogue.model import KombitParty
from adapter.catalogue.words import AccountId, StatusRole
from adapter.doctor.finding import Code
from adapter.gateway.circle import MISSING, TO_READ_GROUPS, Circle, Source
from adapter.gateway.findings import Findings
from adapter.ticket.snapshot import Ticket

FILE = "parter.yaml"
Move = tuple[AccountId, datetime]
"""Who took a ticket to where KOMBIT's acceptance lands, and when."""


@dataclass
class Kombit(Circle):
    """KOMBIT's people."""

    party: KombitParty
    keeps_missing = False  # nobody approves by an organisation or a group that is no more
    _answered: set[Move] = field(default_factory=set, init=False)  # moves that a reading has come after

    def meet(self, findings: Findings) -> None:
        """Reads the people at the start; a finding for each source that the mapping names and the site does not show.

        The organisation that is only guessed, KOMBIT's own name, is warned of. OutOfReach where Jira does not answer.
        """
        for source, status in self.refresh().items():
            kind, name = source.kind, source.name
            if kind == "organisation":
                is_named = self.party.organisation is not None
                tell = findings.stop if is_named else findings.warn
                path: tuple[str, ...] = ("organisation" if is_named else "navn",)
                mend = "gør adapterens konto til agent i projektet"
            else:
                tell, path = findings.stop, ("grupper", str(self.party.groups.index(name)))
                mend = TO_READ_GROUPS[self.cloud]
            what = f'medlemmerne af {kind} "{name}" kan ikke læses (Jira svarer {status})'
            if status == MISSING:
                what, mend = f'der er ikke én {kind} med navnet "{name}" på sitet', "opret den, eller ret navnet"
            until = f"{mend}. Indtil da tæller deres godkendelser på sagen ikke"
            tell(Code.KOMBIT, what, until, "kombit", *path, file=FILE)

    def known_after(self, moves: frozenset[Move]) -> frozenset[str]:
        """KOMBIT's people, read after these moves were made: OutOfReach where Jira can't tell.

        Somebody who was added to KOMBIT today must not be taken for a stranger, nor somebody who has left today for
        KOMBIT's: what opens a gate is remembered for good.
        """
        if not moves <= self._answered:
            self.refresh()
            self._answered = (self._answered if len(self._answered) < 10_000 else set()) | moves
        return self._known

    def _listed(self) -> tuple[set[str], list[Source]]:
        organisation = Source("organisation", self.party.organisation or self.party.name)
        groups = [Source("gruppe", name) for name in self.party.groups]
        return {account.casefold() for account in self.party.accounts}, [organisation, *groups]


def unanswered(ticket: Ticket) -> frozenset[Move]:
    """Moves to where KOMBIT's acceptance lands that the adapter has yet to answer by one of its own.

    Those by the desk's people and apps are nobody's to look up.
    """
    answered = max((n for n, change in enumerate(ticket.history) if change.by.is_adapter), default=-1)
    return frozenset(
        (change.by.account, change.at)
        for change in ticket.history[answered + 1 :]
        if change.after.role is StatusRole.KOMBIT_ACCEPTED
        and change.by.account
        and not (change.by.is_agent or change.by.is_app)
    )
