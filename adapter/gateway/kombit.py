"""Who KOMBIT's people are (R18): by account, by organisation of the service desk, or by group, as parter.yaml says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from adapter.catalogue.model import KombitParty
from adapter.catalogue.words import AccountId, StatusRole
from adapter.errors import OutOfReach, Refused
from adapter.gateway.agents import KEEP, TO_READ_GROUPS, identity
from adapter.gateway.findings import Findings
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import text
from adapter.ticket.snapshot import Ticket

log = structlog.get_logger()

ANEW = 60.0  # seconds between two readings for the sake of the same moves
MISSING = 0  # in place of Jira's status
FILE = "parter.yaml"
Move = tuple[AccountId, datetime]
"""Who took a ticket to where KOMBIT's acceptance lands, and when."""


@dataclass
class Kombit:
    """KOMBIT's people, read again when older than ten minutes; what was known of each source stays if that fails."""

    wire: Wire
    party: KombitParty
    cloud: bool
    clock: Callable[[], float] = time.monotonic
    _known: frozenset[str] = field(default=frozenset(), init=False)
    _members: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, init=False)  # by kind and name
    _read_at: float | None = field(default=None, init=False)
    _answered: set[Move] = field(default_factory=set, init=False)  # moves that a reading has come after

    def meet(self, findings: Findings) -> None:
        """Reads the people at the start; a finding for each source that the mapping names and the site does not show.

        The organisation that is only guessed, KOMBIT's own name, is warned of. OutOfReach where Jira does not answer.
        """
        for (kind, name), status in self.refresh().items():
            if kind == "organisation":
                is_named = self.party.organisation is not None
                tell = findings.stop if is_named else findings.warn
                path: tuple[str, ...] = ("organisation" if is_named else "navn",)
                mend = "gør adapterens konto til agent i projektet"
            else:
                tell, path = findings.stop, ("grupper", str(self.party.groups.index(name)))
                mend = TO_READ_GROUPS[self.cloud]
            said = (
                f'der er ikke én {kind} med navnet "{name}" på sitet; opret den, eller ret navnet'
                if status == MISSING
                else f'medlemmerne af {kind} "{name}" kan ikke læses (Jira svarer {status}); {mend}'
            )
            tell(f"{said}. Indtil da tæller deres godkendelser på sagen ikke", "kombit", *path, file=FILE)

    def refresh(self) -> dict[tuple[str, str], int]:
        """Reads all sources now; those that Jira does not show, each with its status or MISSING."""
        hidden: dict[tuple[str, str], int] = {}
        for source in self._sources():
            try:
                members = self._read(*source)
            except Refused as refusal:
                log.warning("kombit's people may not be read", source=source[0], status=refusal.status)
                hidden[source] = refusal.status
                continue
            if members is None:
                hidden[source] = MISSING
                self._members.pop(source, None)
            else:
                self._members[source] = members
        named = frozenset(account.casefold() for account in self.party.accounts)
        self._known = named.union(*self._members.values()) - {""}
        self._read_at = self.clock()
        return hidden

    def known(self) -> frozenset[str]:
        """Account ids, user names and keys in lower case, at most ten minutes old where Jira allows."""
        if self._read_at is None or self.clock() - self._read_at > KEEP:
            self._read_at = self.clock()  # a failure is not tried again at every read
            try:
                self.refresh()
            except OutOfReach as error:
                log.warning("kombit's people could not be read again", error=type(error).__name__)
        return self._known

    def known_after(self, moves: frozenset[Move]) -> frozenset[str]:
        """The same, read after these moves were made, and again after a minute.

        Somebody who was added to KOMBIT today must not be taken for a stranger: OutOfReach where Jira can't tell.
        """
        is_old = self._read_at is None or self.clock() - self._read_at > ANEW
        if is_old or not moves <= self._answered:
            self.refresh()
            self._answered = (self._answered if len(self._answered) < 10_000 else set()) | moves
        return self._known

    def _sources(self) -> list[tuple[str, str]]:
        organisation = ("organisation", self.party.organisation or self.party.name)
        return [organisation, *(("gruppe", name) for name in self.party.groups)]

    def _read(self, kind: str, name: str) -> frozenset[str] | None:
        """The members of one source; None where the site has none, or more than one, of that name."""
        if kind == "gruppe":
            try:
                found = list(self.wire.pages(f"{API}/group/member", ("values",), {"groupname": name}))
            except Refused as refusal:
                if refusal.status == 404:
                    return None
                raise
        else:
            there = self.wire.desk_pages("/organization")
            ids = [text(o.get("id")) for o in there if text(o.get("name")) == name]
            if len(ids) != 1:
                return None
            found = list(self.wire.desk_pages("/organization/{organisation}/user", organisation=ids[0]))
        return frozenset(identity(user, self.cloud).casefold() for user in found)


def strangers(ticket: Ticket) -> frozenset[Move]:
    """Moves to where KOMBIT's acceptance lands by people who may be KOMBIT's although nobody has said so yet."""
    return frozenset(
        (change.by.account, change.at)
        for change in ticket.history
        if change.after.role is StatusRole.KOMBIT_ACCEPTED
        and change.by.account
        and not (change.by.is_kombit or change.by.is_agent or change.by.is_adapter or change.by.is_app)
    )
