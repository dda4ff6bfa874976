"""The one status comment of a ticket: what was decided, from what, by which rule, and what is missing (R1–R12).

The text is a function of the ticket alone, never of the time of day, so that an unchanged ticket needs no write.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import ApprovalState, ChecklistOutcome, FieldName
from adapter.rules.classify import Classification, Source
from adapter.rules.evidence import Check, EvidenceView, Kind, Piece
from adapter.rules.fill import Decided, price_text, resolution_text
from adapter.rules.gate import Gate, early_start
from adapter.rules.payer import PartySource
from adapter.rules.plan import WriteStatusComment
from adapter.ticket.evidence import Trouble, UnreadFile
from adapter.ticket.snapshot import Comment, Ticket

MARKER = "DUBU-adapter: status på sagen"
"""First line of the status comment, by which it is found again."""

_MOST_FILES = 15
_MOST_CANDIDATES = 4
_CPR = re.compile(r"(?<!\d)\d{6}[-\s]?\d{4}(?!\d)")
_ATTEMPTS_BEFORE_TELLING = 3


def plain(text: str, most: int = 120) -> str:
    """Text from a ticket as it may stand in a comment: no markup, mention, link or CPR number, and not long."""
    text = _CPR.sub("xxxxxx-xxxx", " ".join(text.split()))
    text = "".join(ch for ch in text if ch.isprintable())
    text = text.translate(str.maketrans("[]{}|", "()()/")).translate(str.maketrans("", "", "*!~^\\#<>"))
    text = text.replace("://", ":/ /").strip()
    return text if len(text) <= most else f"{text[: most - 1]}…"


def status_comment(ticket: Ticket, body: str) -> WriteStatusComment | None:
    """Writes the status comment if it does not say this already; None where it does."""
    existing = existing_status_comment(ticket)
    if existing is not None and _same_text(existing.body, body):
        return None
    return WriteStatusComment(body, existing.id if existing else None)


def existing_status_comment(ticket: Ticket) -> Comment | None:
    """The adapter's own status comment, the oldest if there should be two."""
    own = [c for c in ticket.comments if c.author.is_adapter and MARKER in c.body[:200]]
    return min(own, key=lambda c: (c.created, c.id), default=None)


def _same_text(one: str, other: str) -> bool:
    return [line.strip() for line in one.split("\n") if line.strip()] == [
        line.strip() for line in other.split("\n") if line.strip()
    ]


class Telling:
    """Puts what was decided on a ticket into the words of the mapping."""

    def __init__(self, ticket: Ticket, catalogue: Catalogue) -> None:
        self._ticket = ticket
        self._catalogue = catalogue
        self._say = catalogue.texts.say
        self._zone = ZoneInfo(catalogue.calendar.timezone)

    def without_row(self, found: Classification, gate: Gate, trouble: Trouble | None, label: str) -> str:
        """The comment of a ticket outside the catalogue, or of one whose category is not known."""
        outside = gate.state is ApprovalState.NOT_REQUIRED
        heading = "ikke_påkrævet" if outside else "afklares_kategori"
        facts = [self._fact("Kategori", label, self._why_category(found), "R2")]
        missing = [] if outside else [self._say("mangler_kategori")]
        candidates = (
            [] if outside else [self._candidate(c.category, c.words) for c in found.candidates[:_MOST_CANDIDATES]]
        )
        return self._render(heading, {}, facts, [*missing, *candidates], (), gate, trouble)

    def with_row(
        self, found: Classification, kept: bool, decided: Decided, evidence: EvidenceView, trouble: Trouble | None
    ) -> str:
        """The comment of a ticket in the catalogue."""
        gate, payer, row = decided.gate, decided.payer, decided.category
        payer_label = self._catalogue.label(FieldName.PAYER, payer.payer)
        who = payer.party.name if payer.party else payer_label
        changed = ", ".join(
            self._catalogue.jira.fields[f].name for f in gate.changed if f in self._catalogue.jira.fields
        )
        heading = "afklares_betaler" if gate.state is ApprovalState.UNRESOLVED else gate.state.value
        why = self._say("kategori_fastholdt") if kept else self._why_category(found)
        party = f"{payer_label}, {payer.party.name}" if payer.party else payer_label
        party_why = f"{self._say(payer.source.value)} {self._say(payer.party_source.value)}"
        facts = [
            self._fact("Kategori", f"{decided.category_id} {row.name}", why, "R2"),
            *([self._fact("Underkategori", decided.subtype, "", "R1")] if decided.subtype else []),
            self._fact("Betaler", party, party_why, "R3"),
            self._fact("Pris", price_text(self._catalogue, row, payer.payer), "", "R1"),
            self._fact("Reaktion", self._reaction(decided), "", "R5"),
            self._fact("Løsning", self._resolution(decided), "", "R6"),
        ]
        names = {"betaler": who, "felter": changed}
        return self._render(
            heading, names, facts, self._missing(decided, evidence, names), evidence.pieces, gate, trouble
        )

    def _render(
        self,
        heading: str,
        names: dict[str, str],
        facts: list[dict[str, str]],
        missing: list[str],
        pieces: tuple[Piece, ...],
        gate: Gate,
        trouble: Trouble | None,
    ) -> str:
        shown = pieces[-_MOST_FILES:]
        body = self._catalogue.texts.status(
            overskrift=self._say(heading, **names),
            oplysninger=facts,
            mangler=missing,
            filer=[self._file(piece) for piece in shown],
            hændelser=self._events(gate, trouble),
            hjælp=[self._say("kommando_forklaring")] if any(_may_be_judged(p) for p in shown) else [],
        )
        return f"*{MARKER}*\n\n{_CPR.sub('xxxxxx-xxxx', body)}"

    @staticmethod
    def _fact(name: str, value: str, why: str, rule: str) -> dict[str, str]:
        return {"navn": name, "værdi": value, "grund": why, "regel": rule}

    def _why_category(self, found: Classification) -> str:
        if found.source is Source.WORDS:
            return self._say(found.source.value, ord=_quoted(found.evidence))
        return self._say(found.source.value, navn=plain(", ".join(found.evidence)))

    def _candidate(self, category: str, words: tuple[str, ...]) -> str:
        services = self._catalogue.services
        row = next((row for row_id, row in services.categories.items() if row_id == category), None)
        return self._say("kandidat", kategori=row.name if row else services.outside_name, ord=_quoted(words))

    def _missing(self, decided: Decided, evidence: EvidenceView, names: dict[str, str]) -> list[str]:
        """What stands between the ticket and its start, most pressing first."""
        payer = decided.payer
        code = {
            ApprovalState.UNRESOLVED: "mangler_betaler",
            ApprovalState.OFFER_MISSING: "mangler_tilbud",
            ApprovalState.AWAITING: "mangler_godkendelse",
            ApprovalState.PERSON: "mangler_vurdering",
            ApprovalState.REFUSED: "mangler_efter_afslag",
            ApprovalState.LAPSED: "mangler_nyt_tilbud",
        }.get(decided.gate.state)
        if code is None:
            return []
        found = [self._say(code, **names)]
        if payer.party is None and payer.is_known:
            unlisted = payer.party_source in {PartySource.UNLISTED, PartySource.AMBIGUOUS, PartySource.UNKNOWN}
            found += [self._say("mangler_part")] if unlisted else []
        elif payer.party is not None and not payer.party.domains and not payer.party.contacts:
            found.append(self._say("mangler_domæner", part=payer.party.name))
        agreed_price = decided.category.price == BY_AGREEMENT
        if agreed_price and evidence.approval is None and not self._ticket.fields.get(FieldName.OFFERED_PRICE):
            found.append(self._say("mangler_tilbudt_pris"))
        return found

    def _reaction(self, decided: Decided) -> str:
        times = decided.times
        names = {"frist": self._time(times.reaction_due), "timer": str(decided.category.reaction_hours)}
        if times.reacted_at is not None:
            code = "reaktion_i_tide" if times.in_time else "reaktion_for_sent"
            return self._say(code, reageret=self._time(times.reacted_at), **names)
        return self._say("reaktion_overskredet" if times.in_time is False else "reaktion_frist", **names)

    def _resolution(self, decided: Decided) -> str:
        times, days = decided.times, resolution_text(decided.category)
        by_agreement = not isinstance(decided.category.resolution_days, int)
        if times.resolution_due is None:
            return (
                self._say("løsning_efter_aftale")
                if by_agreement
                else self._say("løsning_afventer_godkendelse", dage=days)
            )
        due = self._time(times.resolution_due)
        if by_agreement:
            return self._say("løsning_aftalt", frist=due)
        told = self._say("løsning_frist", frist=due, dage=days)
        return f"{told} {self._say('løsning_står_stille')}" if times.stands_still else told

    def _file(self, piece: Piece) -> dict[str, object]:
        passed = [self._check(check) for check in piece.checks if check.outcome is ChecklistOutcome.PASSED]
        lines = [self._check(check) for check in piece.checks if check.outcome is not ChecklistOutcome.PASSED]
        if passed:
            lines.append(self._say("opfyldt", liste=", ".join(passed)))
        if _may_be_judged(piece):
            lines.append(self._say("kommando", nr=piece.attachment.id))
        return {
            "navn": plain(piece.attachment.filename),
            "nr": piece.attachment.id,
            "hvad": self._what(piece),
            "linjer": lines,
        }

    def _what(self, piece: Piece) -> str:
        verdict = piece.verdict
        if verdict is not None and piece.kind in {Kind.APPROVAL, Kind.OFFER, Kind.SET_ASIDE}:
            by_person = {
                Kind.APPROVAL: "fil_godkendelse_af_person",
                Kind.OFFER: "fil_tilbud_af_person",
                Kind.SET_ASIDE: "fil_lagt_til_side",
            }[piece.kind]
            who, when = plain(verdict.by.name or verdict.by.account), self._time(verdict.at)
            return self._say(by_person, person=who, tid=when, begrundelse=plain(verdict.reason, 300))
        if piece.copy_of is not None:
            return self._say("fil_tilbud_igen", navn=plain(piece.copy_of.filename))
        if isinstance(piece.facts, UnreadFile):
            return self._say(f"fil_ulæselig_{piece.facts.reason.value}")
        if piece.kind in {Kind.OFFER, Kind.APPROVAL, Kind.REFUSAL}:
            return self._say(f"fil_{piece.kind.value}", tid=self._time(piece.said_at))
        return self._say(f"fil_{piece.kind.value}")

    def _check(self, check: Check) -> str:
        return self._say(f"{check.code}_{check.outcome.value}", **(check.detail or {}))

    def _events(self, gate: Gate, trouble: Trouble | None) -> list[str]:
        told: list[str] = []
        if (start := early_start(self._ticket, gate)) is not None:
            who = plain(start.by.name or start.by.account)
            told.append(self._say("sat_tilbage", tid=self._time(start.at), status=plain(start.after.name), person=who))
        if trouble is not None and trouble.kind == "CannotMove" and trouble.attempts >= _ATTEMPTS_BEFORE_TELLING:
            told.append(self._say("kan_ikke_flytte", forsøg=str(_ATTEMPTS_BEFORE_TELLING)))
        return told

    def _time(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%d-%m-%Y kl. %H:%M")


def _may_be_judged(piece: Piece) -> bool:
    return piece.kind in {Kind.DOUBTFUL, Kind.FOR_A_PERSON}


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:8])
