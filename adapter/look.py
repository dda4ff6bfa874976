"""The look: read the ticket, decide, carry out the difference, and look again until nothing is left to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from adapter import metrics
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId, IssueKey, StatusRole
from adapter.errors import Gone, OutOfReach, Refused
from adapter.gateway.gateway import Gateway
from adapter.mails.reader import MAX_BYTES, Reading, is_mail, read_evidence
from adapter.metrics import LookOutcome
from adapter.queue import Next
from adapter.rules.decide import decide
from adapter.rules.evidence import digests_of
from adapter.rules.plan import Action, ClaimApproval, MoveTo, Plan, ReleaseApproval, SetFields, WriteStatusComment
from adapter.site import InForce, Site
from adapter.store.facts import Fact
from adapter.store.store import SETTLE, Store
from adapter.ticket.evidence import MailFacts, Memory, Unread, UnreadFile
from adapter.ticket.snapshot import Attachment, Ticket

READER = "1"
"""Raised when adapter/mails reads differently, so that mails are read again."""
MOST_MAILS = 40  # of one ticket; more than that no process needs
_BRAKED = timedelta(minutes=10)
_ONCE_MORE = timedelta(seconds=5)
CANNOT_MOVE = "CannotMove"

_log = structlog.get_logger()


class RunningJob(Protocol):
    """The job a look runs in."""

    def is_still_mine(self) -> bool: ...
    def asked_at(self) -> datetime | None: ...


class _AtOnce:
    """A look outside the queue: nobody can take it over, and nobody waited for it."""

    def is_still_mine(self) -> bool:
        return True

    def asked_at(self) -> datetime | None:
        return None


@dataclass
class Looker:
    """Looks at the tickets of one site."""

    site: Site
    store: Store
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _missed: set[IssueId] = field(default_factory=set)

    def look(self, issue: IssueId, job: RunningJob) -> Next:
        """Brings a ticket to where it should be; what fails is raised or returned as trouble, never swallowed."""
        with self.store.holding(self.site.name, issue) as mine:
            return self._look(issue, job) if mine else Next(wake_at=self.clock() + _ONCE_MORE, put_off=True)

    def _look(self, issue: IssueId, job: RunningJob) -> Next:
        name = self.site.name
        settles_at = self.store.settles_at(name, issue)
        if settles_at is not None and self.clock() < settles_at:
            # Most likely the adapter's own echo; one look after it has died away serves them all.
            metrics.looked(name, LookOutcome.LATER)
            return Next(wake_at=settles_at, put_off=True)
        here = self.site.open()
        try:
            ticket = here.gateway.read(issue)
        except Gone:
            return self._gone(issue)
        self._missed.discard(issue)
        self.store.in_contact(name, self.clock())
        if not belongs(ticket, here.catalogue):
            metrics.looked(name, LookOutcome.IGNORED_PROJECT)
            return Next()
        memory = self.remember(here, ticket)
        plan = decide(ticket, here.catalogue, memory, self.clock())
        if plan.is_empty:
            self.store.saw(name, issue, ticket.updated)
            metrics.looked(name, LookOutcome.NOTHING)
            return Next(wake_at=plan.wake_at)
        if not job.is_still_mine():
            return Next()
        return self._carry_out(here, ticket, plan, job)

    def plan(self, key: IssueKey) -> tuple[Ticket, Plan]:
        """What a look would do now; writes nothing to Jira."""
        here = self.site.open()
        ticket = here.gateway.read(key)
        return ticket, decide(ticket, here.catalogue, self.remember(here, ticket), self.clock())

    def apply(self, issue: IssueId) -> None:
        """Carries out what is to be done on a ticket at once, the worker kept off meanwhile."""
        with self.store.holding(self.site.name, issue) as mine:
            if not mine:
                raise OutOfReach(f"ticket {issue} is being looked at by the worker; ask again in a moment")
            here = self.site.open()
            ticket = here.gateway.read(issue)
            plan = decide(ticket, here.catalogue, self.remember(here, ticket), self.clock())
            following = self._carry_out(here, ticket, plan, _AtOnce())
            if following.trouble is not None:
                raise Refused(f"{ticket.key} could not be moved; see the log above", 409)

    def _gone(self, issue: IssueId) -> Next:
        """A deleted ticket is done with; one that was just made may not be readable yet, so it is asked once more."""
        if issue not in self._missed and len(self._missed) < 10_000:
            self._missed.add(issue)
            return Next(wake_at=self.clock() + _ONCE_MORE, put_off=True)
        self._missed.discard(issue)
        self.store.release(self.site.name, issue)
        metrics.looked(self.site.name, LookOutcome.GONE)
        return Next()

    def remember(self, here: InForce, ticket: Ticket) -> Memory:
        """What is known beside the ticket; mails not read yet are fetched and read now."""
        name = self.site.name
        mails = [attachment for attachment in ticket.attachments if is_mail(attachment)][-MOST_MAILS:]
        version = reading_version(here.reading)
        known = self.store.evidence_of(name, ticket.id, [mail.id for mail in mails], version)
        for mail in mails:
            if mail.id not in known:
                known[mail.id] = read(here.gateway, here.reading, mail)
                self.store.remember_evidence(name, ticket.id, mail.id, version, known[mail.id])
        digests = {digest for facts in known.values() for digest in digests_of(facts)}
        return Memory(
            evidence=known,
            used_elsewhere=self.store.claimed_elsewhere(name, ticket.id, digests) if digests else {},
            claimed=self.store.claimed_by(name, ticket.id),
            trouble=self.store.trouble_of(name, ticket.id),
        )

    def _carry_out(self, here: InForce, ticket: Ticket, plan: Plan, job: RunningJob) -> Next:
        name, now = self.site.name, self.clock()
        actions, braked = self._slowed(here.catalogue, plan, now)
        trouble: str | None = None
        for action in actions:
            try:
                done = self._do(here.gateway, ticket, action)
            except Refused as refusal:
                if not isinstance(action, MoveTo):
                    raise
                trouble, done = CANNOT_MOVE, False
                _log.warning(
                    "ticket cannot be moved", to=action.role.value, status=refusal.status, problem=str(refusal)
                )
            if done:
                self._write_down(here.catalogue, ticket, action)
            elif isinstance(action, ClaimApproval):
                return Next(wake_at=now, put_off=True)  # another ticket was faster: decide again, knowing that
        settles_at = self.clock() + SETTLE
        self.store.wrote(name, ticket.id, self.clock(), settles_at)
        asked_at = job.asked_at()
        if asked_at is not None and any(isinstance(action, SetFields) for action in actions):
            metrics.filled(name, (self.clock() - asked_at).total_seconds())
        metrics.looked(name, LookOutcome.BRAKED if braked else LookOutcome.DONE)
        return Next(wake_at=now + _BRAKED if braked else settles_at, trouble=trouble)

    def _slowed(self, catalogue: Catalogue, plan: Plan, now: datetime) -> tuple[tuple[Action, ...], bool]:
        """The plan, or only its closing of the gate where too many tickets changed within the hour (a bad mapping?)."""
        written = self.store.tickets_written_since(self.site.name, now - timedelta(hours=1))
        if written < catalogue.jira.pace.tickets_per_hour:
            return plan.actions, False
        _log.error("brake on: too many tickets changed within the hour", tickets=written, mapping=catalogue.version)
        closing = (a for a in plan.actions if isinstance(a, MoveTo) and a.role is not StatusRole.APPROVED)
        return tuple(closing), True

    def _do(self, gateway: Gateway, ticket: Ticket, action: Action) -> bool:
        match action:
            case ClaimApproval():
                return self.store.claim(self.site.name, ticket.id, ticket.key, action.digests)
            case ReleaseApproval():
                self.store.release(self.site.name, ticket.id, action.digests)
            case SetFields() | MoveTo() | WriteStatusComment():
                gateway.carry_out(ticket, action)
        return True

    def _write_down(self, catalogue: Catalogue, ticket: Ticket, action: Action) -> None:
        name = type(action).__name__
        _log.info("carried out", action=name, rules=list(action.rules), mapping=catalogue.version)
        self.store.record(
            self.site.name, ticket.id, ticket.key, self.clock(), name, action.rules, catalogue.version, facts_of(action)
        )


def belongs(ticket: Ticket, catalogue: Catalogue) -> bool:
    """True for a ticket of the mapping's project and issue types; all others are ignored."""
    types = catalogue.jira.issue_types
    return ticket.project == catalogue.jira.project and (not types or ticket.issue_type in types)


def facts_of(action: Action) -> dict[str, Fact]:
    """What the journal keeps of an action: codes and ids, never a text (R24)."""
    match action:
        case SetFields():
            return {"fields": [setting.field.value for setting in action.settings]}
        case MoveTo():
            return {"to": action.role.value, "reason": action.reason, "evidence": list(action.evidence)}
        case WriteStatusComment():
            return {"comment": action.existing}
        case ClaimApproval() | ReleaseApproval():
            return {"digests": list(action.digests)}


def read(gateway: Gateway, reading: Reading, mail: Attachment) -> MailFacts | UnreadFile:
    """What a mail on the ticket says; one that is too large is never fetched."""
    if mail.size > MAX_BYTES:
        return UnreadFile(reason=Unread.TOO_LARGE)
    try:
        data = gateway.download(mail, MAX_BYTES)
    except Gone:
        raise OutOfReach(f"attachment {mail.id} is gone; the ticket is read again") from None
    except Refused:
        return UnreadFile(reason=Unread.BROKEN)
    return read_evidence(data, mail.filename, reading)


def reading_version(reading: Reading) -> str:
    """Names what mails are read by, so that a changed word list reads them again."""
    return hashlib.sha256(f"{READER}\n{reading.to_json()}".encode()).hexdigest()[:12]
