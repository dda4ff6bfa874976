"""What people are told of once, in a comment of its own or by mail: dates that near, hours that end, disagreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapter.catalogue.letters import letter_text
from adapter.catalogue.model import Catalogue
from adapter.catalogue.values import format_danish
from adapter.catalogue.words import ApprovalState, ChecklistOutcome, FieldName, OfferWay, Payer, StatusRole
from adapter.rules.clock import OpeningTimes
from adapter.rules.evidence import EvidenceView, Kind
from adapter.rules.fill import Decided
from adapter.rules.offer import Draft, letter_names, recipient
from adapter.rules.once import Once, has_notice, mark
from adapter.rules.owners import Owners
from adapter.rules.plan import AddPeople, SendLetter, WriteNotice
from adapter.rules.tell_files import told_time
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import Ticket

_MOST_REMINDERS = 60
_REMINDER = "Rykker-"
_HALVES = {"mangler_kombit_mail": "overgang", "mangler_kombit_overgang": "mail"}
"""What KOMBIT has given, by what is still missing where both are demanded (R18)."""
Step = WriteNotice | AddPeople | SendLetter


@dataclass(frozen=True)
class Notices:
    """What is to be told now, and when there may be more to tell."""

    steps: tuple[Step, ...] = ()
    wakes: tuple[datetime, ...] = ()


def notices(
    ticket: Ticket, catalogue: Catalogue, decided: Decided, evidence: EvidenceView, memory: Memory, now: datetime
) -> Notices:
    """All notices of an open ticket that are due and have not been given."""
    teller = _Teller(ticket, catalogue, decided, evidence, memory, now)
    tellers = (teller.asked, teller.price_date, teller.reminder, teller.hours, teller.disagreement, teller.uncertain)
    told = [step for tell in tellers for step in tell()]
    return Notices(
        tuple(step for step in told if not isinstance(step, datetime)),
        tuple(step for step in told if isinstance(step, datetime)),
    )


@dataclass(frozen=True)
class _Teller:
    """Each of its tellers gives steps, and the moments at which it may have more to tell."""

    ticket: Ticket
    catalogue: Catalogue
    decided: Decided
    evidence: EvidenceView
    memory: Memory
    now: datetime

    def asked(self) -> Iterator[Step]:
        """That KOMBIT can see the ticket and answer on it, once the offer is theirs to answer (R18)."""
        offer, party = self.evidence.offer, self.catalogue.parties.kombit
        if offer is None or not self._awaits_kombit or not self.catalogue.jira.statuses.get(StatusRole.KOMBIT_ACCEPTED):
            return
        sent = self._time(offer.said_at)
        what = f"KOMBIT spurgt om tilbuddet af {sent}"
        if has_notice(self.ticket, mark(what, "R18")):
            return
        shared = party.organisation or party.name
        organisation = None if shared in self.ticket.organisations else shared
        people = AddPeople(party.accounts, "deltagere", "R18", organisation)
        yield people
        yield from self._once.notice(what, "varsel_spurgt", "R18", {"sendt": sent, "begge": self._both}, people)

    @property
    def _awaits_kombit(self) -> bool:
        waits = self.decided.gate.state in {ApprovalState.AWAITING, ApprovalState.PERSON}
        return waits and self.decided.payer.payer is Payer.KOMBIT

    @property
    def _has_answered(self) -> bool:
        """Whether they said yes, or a mail of theirs waits for a person's judgement."""
        doubtful = (piece for piece in self.evidence.pieces if piece.kind is Kind.DOUBTFUL)
        checks = (check for piece in doubtful for check in piece.checks if check.code == "fra_betaler")
        is_accepted = self.evidence.acceptance is not None and self.evidence.half is None  # lacking its record at most
        if self.evidence.approval is not None or is_accepted:
            return True
        return any(check.outcome is ChecklistOutcome.PASSED for check in checks)

    def price_date(self) -> Iterator[Step | datetime]:
        """Before the day by which the payer hears if the price can't hold (R13)."""
        day = self.ticket.fields.get(FieldName.PRICE_NOTICE_BY)
        if not isinstance(day, date) or not 2000 <= day.year <= 2200:
            return
        warn_at, ends = self._days_before(day), self._midnight(day + timedelta(days=1))
        if self.decided.offering.drafts and self.now < ends:
            yield ends  # then no draft may stand that promises a day that has passed (R7)
        if self.evidence.offer is None:
            return
        if self.now < warn_at:
            yield warn_at
        elif self.now < ends:
            day_told = f"{day:%d-%m-%Y}"
            yield from self._once.notice(f"prisvarsel {day_told}", "varsel_prisvarsel", "R13", {"dato": day_told})

    def reminder(self) -> Iterator[Step | datetime]:
        """To KOMBIT until they answer; silence never approves (R18)."""
        offer = self.evidence.offer
        if offer is None or not self._awaits_kombit or self._has_answered:
            return
        opening = OpeningTimes.of(self.catalogue.calendar)
        days = self.catalogue.offers.kombit_reminder_days
        dues = [opening.closing_after_days(offer.stands_since, days * n) for n in range(1, _MOST_REMINDERS + 1)]
        number = sum(due <= self.now for due in dues)
        yield from dues[number : number + 1]
        if number == 0:
            return
        names = {
            "nummer": str(number),
            "sendt": self._time(offer.said_at),
            "har": _HALVES.get(self.evidence.half or "", ""),
        }
        known = letter_names(self.ticket, self.catalogue, self.decided.payer, self.decided.order)
        subject, body = letter_text(self.catalogue.offers.reminder, {**known, **names, "begge": self._both})
        to = recipient(self.ticket, self.catalogue, self.decided.payer)
        draft = Draft(to, subject, body)
        if self.catalogue.offers.way is OfferWay.SEND and to is not None:
            name = f"{_REMINDER}{offer.stands_since.astimezone(UTC):%Y%m%dT%H%M%S}-{number}"
            yield from self._once.letter(draft, name, dues[number - 1], "R18")
        else:
            what = f"påmindelse {number} om tilbuddet af {names['sendt']}"
            yield from self._once.notice(what, "varsel_påmindelse", "R18", names, draft=draft)

    def hours(self) -> Iterator[Step]:
        """When the approved hours are nearly used, and when they are (R19)."""
        hours = self.decided.hours
        if hours is None or hours.cap is None or not hours.warns or self.evidence.approval is None:
            return
        names = {"brugt": format_danish(hours.used), "loft": format_danish(hours.cap), "procent": str(hours.percent)}
        if hours.is_at_cap:
            yield from self._once.notice(f"timeloft {names['loft']} nået", "varsel_timeloft", "R19", names)
        else:
            yield from self._once.notice(f"timeloft {names['loft']} nærmer sig", "varsel_timer", "R19", names)

    def disagreement(self) -> Iterator[Step]:
        """The project owners on both sides, added to the ticket and told (R14)."""
        found = self.decided.disagreement
        if found is not None and found.stands:
            yield from Owners(self.ticket, self.catalogue, self.decided, self.memory, found).steps()

    def uncertain(self) -> Iterator[Step]:
        """A letter that may have gone out and may not: never sent again by itself, so a person must look (R7)."""
        for dispatch, state in sorted(self.memory.dispatches.items()):
            if state in {Dispatch.HANDING_OVER, Dispatch.DOUBTFUL}:
                yield from self._once.notice(
                    f"usikker afsendelse {dispatch}", "varsel_usikker", "R7", {"brev": dispatch}
                )

    @property
    def _once(self) -> Once:
        return Once(self.ticket, self.catalogue, self.memory)

    @property
    def _both(self) -> str:
        """Not empty where KOMBIT's mail is demanded beside their transition."""
        return "begge" if self.catalogue.offers.kombit_mail_required else ""

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
