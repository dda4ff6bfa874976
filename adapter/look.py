"""The look: read the ticket, decide, carry out the difference, and look again until nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from adapter import metrics
from adapter.carry_out import AskFor, Carrier, Done, closing
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId, IssueKey
from adapter.errors import Gone, OutOfReach, Refused
from adapter.evidence import Evidences, Found
from adapter.metrics import LookOutcome
from adapter.queue import Next
from adapter.rules.checks import digests_of
from adapter.rules.decide import decide
from adapter.rules.plan import Action, AttachLetter, ClaimSetup, Plan, SetFields
from adapter.rules.solution import solution_of
from adapter.rules.view import orders_setup
from adapter.scribe import Scribe
from adapter.send import Sender
from adapter.setups import restore_setups
from adapter.site import InForce, Site
from adapter.store.store import SETTLE, Store
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Ticket

_BRAKED = timedelta(minutes=10)
_MOST_STEPS = 4  # on the way to a decision: a right, the record, and each once more where another was faster
_ONCE_MORE = timedelta(seconds=5)
_FRESH = timedelta(hours=24)  # a start within this is put back even with the brake on, and a ticket is new
_OFTEN = 12  # own changes of one ticket within an hour, after which something must be fighting
_SLOWEST = timedelta(minutes=5)
UNREACHED = "EvidenceUnreachable"

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


@dataclass(frozen=True)
class _Decision:
    """What to do with a ticket as it was read last, and what was done on the way to knowing it."""

    ticket: Ticket
    found: Found
    plan: Plan
    came: Done = field(default_factory=Done)


@dataclass
class Looker:
    """Looks at the tickets of one site."""

    site: Site
    store: Store
    ask_for: AskFor
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _missed: set[IssueId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._evidences = Evidences(self.store)
        scribe = Scribe(self.store, self._now)
        self._carrier = Carrier(self.store, Sender(self.store, self.site.mailer, scribe), scribe, self.ask_for)

    def _now(self) -> datetime:
        return self.clock()

    def look(self, issue: IssueId, job: RunningJob) -> Next:
        """Brings a ticket to where it should be; what fails is raised or returned as trouble, never swallowed."""
        with self.store.holding(self.site.name, issue) as mine:
            if not mine:
                return Next(wake_at=self.clock() + _ONCE_MORE, put_off=True)
            last = self.store.settling(self.site.name, issue)
            if last is not None and self.clock() < last.echo_until:
                # Most likely the adapter's own echo; one look after it has died away serves them all.
                metrics.looked(self.site.name, LookOutcome.LATER)
                return Next(wake_at=last.echo_until, put_off=True)
            return self._look(issue, job, last.pause_until if last is not None else None)

    def _look(self, issue: IssueId, job: RunningJob, pause_until: datetime | None) -> Next:
        name, now = self.site.name, self.clock()
        here = self.site.open()
        try:
            ticket = here.gateway.read(issue)
        except Gone:
            return self._gone(issue)
        self._missed.discard(issue)
        self.store.in_contact(name, self.clock())
        if not belongs(ticket, here.catalogue):
            self.store.forget_bytes(name, issue)  # of letters that will not be attached now
            metrics.looked(name, LookOutcome.IGNORED_PROJECT)
            return Next()
        decision = self._decide(here, ticket, self._evidences.of(here, ticket), job)
        ticket, found, plan = decision.ticket, decision.found, decision.plan
        if not found.is_whole:
            plan = Plan(closing(plan), self.clock())  # the rest waits until all mails have been read
        if pause_until is not None and now < pause_until:
            # Nobody can buy time for an early start by fighting the adapter over something else.
            plan = Plan(() if is_repeated(ticket, now) else closing(plan), pause_until)
            if plan.is_empty:
                metrics.looked(name, LookOutcome.LATER)
                return Next(wake_at=pause_until, put_off=True)
        if plan.is_empty and decision.came == Done():
            if found.is_whole:
                self.store.saw(name, issue, ticket.updated, plan.wake_at)
            metrics.looked(name, LookOutcome.NOTHING)
            return Next(wake_at=plan.wake_at, trouble=UNREACHED if found.unreached else None)
        if not job.is_still_mine():
            return Next(put_off=True)
        following = self._carry_out(here, replace(decision, plan=plan), job)
        return replace(following, trouble=following.trouble or (UNREACHED if found.unreached else None))

    def _decide(self, here: InForce, ticket: Ticket, found: Found, job: RunningJob) -> _Decision:
        """What to do now; what all else depends on is done on the way, and the rest decided anew.

        That is the right to a setup, since who pays depends on it (R16), and the record of KOMBIT's transition, without
        which that does not count (R9, R18). Until all mails are read neither is done, and no transition counts that
        lacks its record.
        """
        came, cannot_record = Done(), not found.is_whole
        for _ in range(_MOST_STEPS):
            memory = self._remember(here, ticket, found).model_copy(update={"cannot_record": cannot_record})
            plan = decide(ticket, here.catalogue, memory, self.clock())
            first = next((a for a in plan.actions if isinstance(a, ClaimSetup | AttachLetter)), None)
            if first is None or not (found.is_whole and job.is_still_mine()):
                break
            done = self._carrier.carry_out(here, ticket, plan.actions)
            if isinstance(first, AttachLetter):
                came, cannot_record = done, done.trouble is not None
                ticket = here.gateway.read(ticket.id)
                found = self._evidences.of(here, ticket)
        else:
            plan = Plan(wake_at=self.clock() + _ONCE_MORE)  # something undoes these steps as fast as they are taken
        return _Decision(ticket, found, plan, came)

    def plan(self, key: IssueKey) -> tuple[Ticket, Plan]:
        """What a look would do now; writes nothing to Jira."""
        here = self.site.open()
        ticket = here.gateway.read(key)
        return ticket, decide(ticket, here.catalogue, self.know(here, ticket), self.clock())

    def apply(self, issue: IssueId) -> None:
        """Carries out what is to be done on a ticket at once, the worker kept off meanwhile."""
        with self.store.holding(self.site.name, issue) as mine:
            if not mine:
                raise OutOfReach(f"ticket {issue} is being looked at by the worker; ask again in a moment")
            here = self.site.open()
            ticket = here.gateway.read(issue)
            decision = self._decide(here, ticket, self._read_all(here, ticket), _AtOnce())
            if decision.plan.actions and self._slowed(here.catalogue, ticket, decision.plan, self.clock())[1]:
                raise Refused(f"{ticket.key} is left: the brake is on, see `tempo` in jira.yaml", 409)
            following = self._carry_out(here, decision, _AtOnce())
            if following.trouble is not None:
                told = f"{ticket.key} is not where it should be: {following.trouble}; see the log above"
                raise OutOfReach(f"{told}, and ask again later") if following.will_pass else Refused(told, 409)

    def _gone(self, issue: IssueId) -> Next:
        """A deleted ticket is done with; one that was just made may not be readable yet, so it is asked once more."""
        if issue not in self._missed and len(self._missed) < 10_000:
            self._missed.add(issue)
            return Next(wake_at=self.clock() + _ONCE_MORE, put_off=True)
        self._missed.discard(issue)
        self.store.release(self.site.name, issue)
        self.store.forget_bytes(self.site.name, issue)  # a setup it may have had stays taken: never paid twice (R16)
        metrics.looked(self.site.name, LookOutcome.GONE)
        return Next()

    def know(self, here: InForce, ticket: Ticket) -> Memory:
        """What is known beside the ticket once all its mails have been read."""
        return self._remember(here, ticket, self._read_all(here, ticket))

    def _read_all(self, here: InForce, ticket: Ticket) -> Found:
        """What all the ticket's mails say, however many looks that is worth."""
        found = self._evidences.of(here, ticket)
        while not found.is_whole:
            found = self._evidences.of(here, ticket)
        return found

    def _remember(self, here: InForce, ticket: Ticket, found: Found) -> Memory:
        """What is known beside the ticket: its mails, what other tickets rest on, and what once counted here."""
        name = here.catalogue.site
        digests = {digest for facts in found.evidence.values() for digest in digests_of(facts)}
        solution = solution_of(ticket, here.catalogue).key if orders_setup(ticket, here.catalogue) else None
        if solution is not None:
            restore_setups(here, self.store)
        return Memory(
            evidence=found.evidence,
            used_elsewhere=self.store.claimed_elsewhere(name, ticket.id, digests) if digests else {},
            claimed=self.store.claimed_by(name, ticket.id),
            accepted=self.store.accepted(name, ticket.id),
            trouble=self.store.trouble_of(name, ticket.id),
            setup_holder=self.store.setup_holder(name, solution) if solution is not None else None,
            setups_held=self.store.setups_held(name, ticket.id),
            dispatches=self.store.dispatches(name, ticket.id),
        )

    def _carry_out(self, here: InForce, decision: _Decision, job: RunningJob) -> Next:
        name, now = self.site.name, self.clock()
        ticket, plan = decision.ticket, decision.plan
        actions, braked = self._slowed(here.catalogue, ticket, plan, now)
        unasked = self._is_unasked(ticket, now)
        done = self._carrier.carry_out(here, ticket, actions, decision.came)
        settles_at = self.clock() + settling(ticket, now)
        if done.written:
            self.store.wrote(name, ticket.id, self.clock(), settles_at, unasked=unasked)
        if done.outrun:
            return Next(wake_at=settles_at if done.written else now, put_off=True)  # decide again, knowing that
        asked_at = job.asked_at()
        if asked_at is not None and any(isinstance(action, SetFields) for action in done.written):
            metrics.filled(name, (self.clock() - asked_at).total_seconds())
        if braked:
            self.store.braked(name, now)
        metrics.looked(name, LookOutcome.BRAKED if braked else LookOutcome.DONE)
        return Next(wake_at=now + _BRAKED if braked else settles_at, trouble=done.trouble, will_pass=done.will_pass)

    def _slowed(
        self, catalogue: Catalogue, ticket: Ticket, plan: Plan, now: datetime
    ) -> tuple[tuple[Action, ...], bool]:
        """The plan, or only the putting back of a fresh start where too many tickets changed within the hour.

        Only what nobody asked for counts: then an edited mapping is the cause, and what it would throw back had long
        been at work (architecture, 7). Whoever makes tickets, or touches many, stops nothing.
        """
        written = self.store.tickets_changed_unasked_since(self.site.name, now - timedelta(hours=1))
        if written < catalogue.jira.pace.tickets_per_hour:
            return plan.actions, False
        _log.error("brake on: too many tickets changed within the hour", tickets=written, mapping=catalogue.version)
        is_fresh = bool(ticket.history) and now - ticket.history[-1].at < _FRESH
        return closing(plan) if is_fresh else (), True

    def _is_unasked(self, ticket: Ticket, now: datetime) -> bool:
        """Whether the ticket was in order, nobody has touched it and nothing was due; or it is met only now and old."""
        rests = self.store.should_rest(self.site.name, ticket.id, ticket.updated, now)
        return now - ticket.created >= _FRESH if rests is None else rests


def belongs(ticket: Ticket, catalogue: Catalogue) -> bool:
    """True for a ticket that is the adapter's: of the mapping's project and types, no subtask, and not too old.

    One that was moved here is as old as the move.
    """
    jira = catalogue.jira
    wanted_type = ticket.issue_type in jira.issue_types if jira.issue_types else not ticket.is_subtask
    since = jira.pace.created_since
    made = (ticket.joined or ticket.created).astimezone(ZoneInfo(catalogue.calendar.timezone)).date()
    return ticket.project == jira.project and wanted_type and (since is None or made >= since)


def is_repeated(ticket: Ticket, now: datetime) -> bool:
    """Whether the last move is one that the same account makes again and again."""
    last = ticket.history[-1:]
    moves = ((c.by.account, c.after.id) for c in ticket.history if now - c.at < timedelta(hours=1))
    return bool(last) and sum(move == (last[0].by.account, last[0].after.id) for move in moves) > _OFTEN


def settling(ticket: Ticket, now: datetime) -> timedelta:
    """How long to wait for the echo of one's own writes; longer and longer where something fights the adapter.

    An automation that moves a ticket to and fro would otherwise be answered every two seconds for ever.
    """
    moves = {change.at for change in ticket.history if change.by.is_adapter}
    edits = {change.at for change in ticket.field_history if change.by.is_adapter}
    often = sum(now - at < timedelta(hours=1) for at in moves | edits) - _OFTEN
    if often <= 0:
        return SETTLE
    _log.warning("something keeps changing this ticket back", changes=often + _OFTEN)
    factor: int = 2 ** min(often, 10)
    return min(SETTLE * factor, _SLOWEST)
