"""What people are told of once, in a comment of its own or by mail: dates that near, hours that end, disagreement.

Each notice is found again by its first line, so that a lost database repeats none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapter.catalogue.letters import letter_text
from adapter.catalogue.model import Catalogue
from adapter.catalogue.values import format_danish
from adapter.catalogue.words import ApprovalState, ChecklistOutcome, FieldName, OfferWay, Payer, StatusRole
from adapter.rules.clock import OpeningTimes
from adapter.rules.disagreement import Disagreement
from adapter.rules.evidence import EvidenceView, Kind
from adapter.rules.fill import Decided
from adapter.rules.offer import Draft, is_sent, letter_names, letter_of, recipient
from adapter.rules.plain import named, plain
from adapter.rules.plan import AddPeople, SendLetter, WriteNotice
from adapter.rules.tell_files import told_time
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import Ticket

_MOST_REMINDERS = 60
_REMINDER, _DISAGREEMENT = "Rykker-", "Uenighed-"
Step = WriteNotice | AddPeople | SendLetter


@dataclass
class Notices:
    """What is to be told now, and when there may be more to tell."""

    steps: list[Step] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)


def notices(
    ticket: Ticket, catalogue: Catalogue, decided: Decided, evidence: EvidenceView, memory: Memory, now: datetime
) -> Notices:
    """All notices of an open ticket that are due and have not been given."""
    teller = _Teller(ticket, catalogue, decided, evidence, memory, now)
    found = Notices()
    for tell in (teller.asked, teller.price_date, teller.reminder, teller.hours, teller.disagreement, teller.uncertain):
        found.steps += tell(found.wakes)
    return found


def mark(what: str, rule: str) -> str:
    """The first line of a notice; it ends in the rule, so that no mark begins another."""
    return f"DUBU-adapter: {what} ({rule})"


def has_notice(ticket: Ticket, first_line: str) -> bool:
    """Whether the ticket holds a notice; Jira may give its marks and spaces back otherwise than they were sent.

    Commas count: 3,50 hours are not 350.
    """
    wanted = _letters(first_line)
    return any(_letters(c.body).startswith(wanted) for c in ticket.comments if c.author.is_adapter)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter == ",")


@dataclass(frozen=True)
class _Teller:
    ticket: Ticket
    catalogue: Catalogue
    decided: Decided
    evidence: EvidenceView
    memory: Memory
    now: datetime

    def asked(self, wakes: list[datetime]) -> Iterator[Step]:
        """That KOMBIT can see the ticket and answer on it, once the offer is theirs to answer (R18)."""
        del wakes
        offer, party = self.evidence.offer, self.catalogue.parties.kombit
        if offer is None or not self._awaits_kombit or not self.catalogue.jira.statuses.get(StatusRole.KOMBIT_ACCEPTED):
            return
        what = f"KOMBIT spurgt om tilbuddet af {self._time(offer.said_at)}"
        if not has_notice(self.ticket, mark(what, "R18")):
            shared = party.organisation or party.name
            organisation = None if shared in self.ticket.organisations else shared
            yield AddPeople(party.accounts, "deltagere", "R18", organisation)
            yield from self._notice(what, "varsel_spurgt", "R18", sendt=self._time(offer.said_at))

    @property
    def _awaits_kombit(self) -> bool:
        waits = self.decided.gate.state in {ApprovalState.AWAITING, ApprovalState.PERSON}
        return waits and self.decided.payer.payer is Payer.KOMBIT

    @property
    def _has_answered(self) -> bool:
        """Whether they said yes, or a mail of theirs waits for a person's judgement."""
        doubtful = (piece for piece in self.evidence.pieces if piece.kind is Kind.DOUBTFUL)
        checks = (check for piece in doubtful for check in piece.checks if check.code == "fra_betaler")
        return self.evidence.approval is not None or any(check.outcome is ChecklistOutcome.PASSED for check in checks)

    def price_date(self, wakes: list[datetime]) -> Iterator[Step]:
        """Before the day by which the payer hears if the price can't hold (R13)."""
        day = self.ticket.fields.get(FieldName.PRICE_NOTICE_BY)
        if not isinstance(day, date) or not 2000 <= day.year <= 2200:
            return
        warn_at, ends = self._days_before(day), self._midnight(day + timedelta(days=1))
        if self.decided.offering.drafts and self.now < ends:
            wakes.append(ends)  # then no draft may stand that promises a day that has passed (R7)
        if self.evidence.offer is None:
            return
        if self.now < warn_at:
            wakes.append(warn_at)
        elif self.now < ends:
            yield from self._notice(f"prisvarsel {day:%d-%m-%Y}", "varsel_prisvarsel", "R13", dato=f"{day:%d-%m-%Y}")

    def reminder(self, wakes: list[datetime]) -> Iterator[Step]:
        """To KOMBIT until they answer; silence never approves (R18)."""
        offer = self.evidence.offer
        if offer is None or not self._awaits_kombit or self._has_answered:
            return
        opening = OpeningTimes.of(self.catalogue.calendar)
        days = self.catalogue.offers.kombit_reminder_days
        dues = [opening.closing_after_days(offer.stands_since, days * n) for n in range(1, _MOST_REMINDERS + 1)]
        number = sum(due <= self.now for due in dues)
        wakes += dues[number : number + 1]
        if number == 0:
            return
        sent = self._time(offer.said_at)
        if self.catalogue.offers.way is OfferWay.SEND:
            names = {**self._names(), "nummer": str(number), "sendt": sent}
            subject, body = letter_text(self.catalogue.offers.reminder, names)
            to = recipient(self.ticket, self.catalogue, self.decided.payer)
            if to is not None:
                stamp = f"{offer.stands_since.astimezone(UTC):%Y%m%dT%H%M%S}-{number}"
                yield from self._letter(Draft(to, subject, body), f"{_REMINDER}{stamp}", dues[number - 1], "R18")
                return
        what = f"påmindelse {number} om tilbuddet af {sent}"
        yield from self._notice(what, "varsel_påmindelse", "R18", nummer=str(number), sendt=sent)

    def hours(self, wakes: list[datetime]) -> Iterator[Step]:
        """When the approved hours are nearly used, and when they are (R19)."""
        del wakes
        hours = self.decided.hours
        if hours is None or hours.cap is None or not hours.warns or self.evidence.approval is None:
            return
        names = {"brugt": format_danish(hours.used), "loft": format_danish(hours.cap), "procent": str(hours.percent)}
        if hours.is_at_cap:
            yield from self._notice(f"timeloft {names['loft']} nået", "varsel_timeloft", "R19", **names)
        else:
            yield from self._notice(f"timeloft {names['loft']} nærmer sig", "varsel_timer", "R19", **names)

    def disagreement(self, wakes: list[datetime]) -> Iterator[Step]:
        """The project owners on both sides, added to the ticket and told (R14)."""
        del wakes
        found = self.decided.disagreement
        if found is None or not found.stands:
            return
        owners = self.catalogue.parties.owners
        what = f"uenighed {self._time(found.since)}"
        reason = self._reason(found)
        both = f"{owners.supplier.name} og {owners.kombit.name}"
        first = mark(what, "R14")
        if not has_notice(self.ticket, first):
            accounts = tuple(dict.fromkeys((*owners.supplier.accounts, *owners.kombit.accounts)))
            if accounts:
                yield AddPeople(accounts, owners.added_as)
            yield from self._notice(what, "varsel_uenighed", "R14", ejere=both, grund=reason)
        if self.catalogue.offers.way is OfferWay.SEND:
            subject, body = letter_text(self.catalogue.offers.disagreement, {**self._names(), "grund": reason})
            for n, to in enumerate(dict.fromkeys((*owners.supplier.mails, *owners.kombit.mails)), 1):
                name = f"{_DISAGREEMENT}{found.since.astimezone(UTC):%Y%m%dT%H%M%S}-{n}"
                yield from self._letter(Draft(to, subject, body), name, found.since, "R14")

    def uncertain(self, wakes: list[datetime]) -> Iterator[Step]:
        """A letter that may have gone out and may not: never sent again by itself, so a person must look (R7)."""
        del wakes
        for dispatch, state in sorted(self.memory.dispatches.items()):
            if state in {Dispatch.HANDING_OVER, Dispatch.DOUBTFUL}:
                yield from self._notice(f"usikker afsendelse {dispatch}", "varsel_usikker", "R7", brev=dispatch)

    def _notice(self, what: str, code: str, rule: str, **names: str) -> Iterator[WriteNotice]:
        first = mark(what, rule)
        if not has_notice(self.ticket, first):
            yield WriteNotice(first, f"*{first}*\n\n{self.catalogue.texts.say(code, **names)}", rule, code)

    def _letter(self, draft: Draft, name: str, at: datetime, rule: str) -> Iterator[SendLetter]:
        if not is_sent(self.ticket, self.memory, name):
            yield SendLetter(letter_of(self.ticket, self.catalogue, draft, name, at, automatic=True), name, rule)

    def _reason(self, found: Disagreement) -> str:
        if found.reason:
            return f"“{plain(found.reason, 300)}”"
        who = named(found.by) if found.by else ""
        return self.catalogue.texts.say(found.source.value, person=who, tid=self._time(found.since))

    def _names(self) -> dict[str, object]:
        decided = self.decided
        return letter_names(
            self.ticket,
            self.catalogue,
            decided.payer,
            decided.order,
        )

    def _days_before(self, day: date) -> datetime:
        """Midnight of the day that lies so many open days before another."""
        opening = OpeningTimes.of(self.catalogue.calendar)
        left, found = self.catalogue.offers.warn_days, day
        while left and day - found < timedelta(days=366):
            found -= timedelta(days=1)
            left -= opening.closing_on(found) is not None
        return self._midnight(found)

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.catalogue.calendar.timezone))

    def _time(self, moment: datetime) -> str:
        return told_time(moment, self.catalogue)
