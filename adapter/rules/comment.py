"""The one status comment of a ticket: what was decided, from what, by which rule, and what is missing (R1–R12).

The text is a function of the ticket alone, never of the time of day, so that an unchanged ticket needs no write.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import ApprovalState, ChecklistOutcome, FieldName
from adapter.masking import mask
from adapter.rules.checks import Check
from adapter.rules.choices import changes_of
from adapter.rules.classify import Classification, Source
from adapter.rules.evidence import NO_PERSON_OVERRULES, EvidenceView, Kind, Piece
from adapter.rules.fill import Decided, price_text, resolution_text, yes_no
from adapter.rules.gate import Gate, early_start
from adapter.rules.payer import PartySource
from adapter.rules.plan import WriteStatusComment
from adapter.rules.verdicts import Verdict, unusable
from adapter.ticket.evidence import Memory, UnreadFile
from adapter.ticket.snapshot import Comment, Ticket

MARKER = "DUBU-adapter: status på sagen"
"""First line of the status comment, by which it is found again."""

_MOST_FILES = 15
_MOST_COMMANDS = 5
_MOST_CANDIDATES = 4
_EMOTICON = re.compile(r"\((?:/|x|!|\?|\+|-|y|n|i|on|off)\)")
_ATTEMPTS_BEFORE_TELLING = 3
_STAMP = re.compile(r"\(stand ([0-9a-f]{12})\)")
_IN_FORCE = frozenset({Kind.OFFER, Kind.APPROVAL, Kind.REFUSAL, Kind.DOUBTFUL, Kind.FOR_A_PERSON})


def plain(text: str, most: int = 120) -> str:
    """Text from a ticket as it may stand in a comment: no markup, mention, link or CPR number, and not long."""
    text = "".join(ch for ch in mask(" ".join(text.split())) if ch.isprintable())
    text = text.translate(str.maketrans("[]{}|", "()()/")).translate(str.maketrans("", "", "*!~^\\#<>“”"))
    text = _EMOTICON.sub("", text).replace("://", ":/ /").replace("www.", "www ").replace("mailto:", "mailto ")
    text = mask(text.strip())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def status_comment(ticket: Ticket, body: str) -> WriteStatusComment | None:
    """Writes the status comment if it does not say this already; None where it does.

    Jira may give a text back with other marks and spaces than it was sent, so what is compared is a digest that stands
    in its last line; and whether somebody else has edited it.
    """
    stamp = hashlib.sha256(body.encode()).hexdigest()[:12]
    existing = existing_status_comment(ticket)
    if existing is not None:
        edited = existing.edited_by is not None and existing.edited_by != existing.author.account
        if _STAMP.findall(existing.body)[-1:] == [stamp] and not edited:
            return None
    return WriteStatusComment(f"{body}\n\n(stand {stamp})", existing.id if existing else None)


def existing_status_comment(ticket: Ticket) -> Comment | None:
    """The adapter's own status comment, the oldest if there should be two."""
    own = [c for c in ticket.comments if c.author.is_adapter and MARKER in c.body[:200]]
    return min(own, key=lambda c: (c.created, c.id), default=None)


class Telling:
    """Puts what was decided on a ticket into the words of the mapping."""

    def __init__(self, ticket: Ticket, catalogue: Catalogue, memory: Memory) -> None:
        self._ticket = ticket
        self._memory = memory
        self._catalogue = catalogue
        self._say = catalogue.texts.say
        self._zone = ZoneInfo(catalogue.calendar.timezone)

    def without_row(self, found: Classification, gate: Gate, label: str) -> str:
        """The comment of a ticket outside the catalogue, or of one whose category is not known."""
        outside = gate.state is ApprovalState.NOT_REQUIRED
        heading = "ikke_påkrævet" if outside else "afklares_kategori"
        facts = [self._fact("Kategori", label, self._why_category(found), "R2")]
        missing = [] if outside else [self._say("mangler_kategori")]
        candidates = (
            [] if outside else [self._candidate(c.category, c.words) for c in found.candidates[:_MOST_CANDIDATES]]
        )
        return self._render(heading, {}, facts, [*missing, *candidates], (), gate)

    def with_row(self, found: Classification, kept: bool, decided: Decided, evidence: EvidenceView) -> str:
        """The comment of a ticket in the catalogue."""
        gate, payer, row = decided.gate, decided.payer, decided.category
        label = self._catalogue.label
        payer_label = label(FieldName.PAYER, payer.payer)
        changed = ", ".join(
            self._catalogue.jira.fields[f].name for f in gate.changed if f in self._catalogue.jira.fields
        )
        names = {"betaler": payer.party.name if payer.party else "betaleren", "felter": changed}
        heading = "afklares_betaler" if gate.state is ApprovalState.UNRESOLVED else gate.state.value
        why = self._say("kategori_fastholdt") if kept else self._why_category(found)
        party = f"{payer_label}, {plain(payer.party_name)}" if payer.party_name else payer_label
        party_why = f"{self._say(payer.source.value)} {self._say(payer.party_source.value)}"
        payment = ", ".join(
            (
                label(FieldName.PAYMENT_MODEL, row.payment),
                f"proces {plain(label(FieldName.PROCESS, row.process)).strip()}",
                f"Service Request: {label(FieldName.SERVICE_REQUEST, yes_no(row.service_request))}",
            )
        )
        facts = [
            self._fact("Kategori", f"{decided.category_id} {row.name}", why, "R2"),
            *([self._fact("Underkategori", decided.subtype, "", "R1")] if decided.subtype else []),
            self._fact("Betaler", party, party_why, "R3"),
            self._fact("Pris", price_text(self._catalogue, row, payer.payer), payment, "R1"),
            self._fact("Reaktion", self._reaction(decided), "", "R5"),
            self._fact("Løsning", self._resolution(decided), "", "R6"),
        ]
        missing = self._missing(decided, evidence, names)
        return self._render(heading, names, facts, missing, evidence.pieces, gate)

    def _render(
        self,
        heading: str,
        names: dict[str, str],
        facts: list[dict[str, str]],
        missing: list[str],
        pieces: tuple[Piece, ...],
        gate: Gate,
    ) -> str:
        shown = _shown(pieces)
        files = [self._file(piece, gate) for piece in shown]
        body = self._catalogue.texts.status(
            overskrift=self._say(heading, **names),
            oplysninger=facts,
            mangler=missing,
            filer=files,
            flere_filer=len(pieces) - len(shown),
            hændelser=self._events(gate),
            hjælp=[self._say("kommando_forklaring")] if any(file["kommandoer"] for file in files) else [],
        )
        return f"*{MARKER}*\n\n{body}"

    @staticmethod
    def _fact(name: str, value: str, why: str, rule: str) -> dict[str, str]:
        return {"navn": name, "værdi": value, "grund": why, "regel": rule}

    def _why_category(self, found: Classification) -> str:
        if found.source is Source.PERSON and not changes_of(self._ticket, FieldName.CATEGORY):
            return self._say("kategori_fra_oprettelsen")
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

    def _file(self, piece: Piece, gate: Gate) -> dict[str, object]:
        passed = [self._check(check) for check in piece.checks if check.outcome is ChecklistOutcome.PASSED]
        lines = [self._check(check) for check in piece.checks if check.outcome is not ChecklistOutcome.PASSED]
        if passed:
            lines.append(self._say("opfyldt", liste=", ".join(passed)))
        words = _commands_for(piece, gate)
        return {
            "navn": f"“{plain(piece.attachment.filename)}”",
            "nr": piece.attachment.id,
            "hvad": self._what(piece),
            "linjer": lines,
            "kommandoer": [f"#dubu {word} {piece.attachment.id} fordi …" for word in words],
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

    def _events(self, gate: Gate) -> list[str]:
        told: list[str] = []
        if (start := early_start(self._ticket, gate)) is not None:
            who = plain(start.by.name or start.by.account)
            told.append(self._say("sat_tilbage", tid=self._time(start.at), status=plain(start.after.name), person=who))
        trouble = self._memory.trouble
        if trouble is not None and trouble.kind == "CannotMove" and trouble.attempts >= _ATTEMPTS_BEFORE_TELLING:
            told.append(self._say("kan_ikke_flytte", forsøg=str(_ATTEMPTS_BEFORE_TELLING)))
        for command in unusable(self._ticket, frozenset(self._memory.accepted))[-_MOST_COMMANDS:]:
            who = plain(command.by.name or command.by.account)
            why = self._say(command.why)
            told.append(self._say("kommando_ubrugelig", tid=self._time(command.at), person=who, grund=why))
        return told

    def _time(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%d-%m-%Y kl. %H:%M")


def _shown(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The files to tell of, in their order: those that count or ask for something first, then the newest others."""
    wanted = [piece for piece in pieces if piece.kind in _IN_FORCE][-_MOST_FILES:]
    others = [piece for piece in pieces if piece.kind not in _IN_FORCE]
    room = _MOST_FILES - len(wanted)
    kept = {piece.attachment.id for piece in (*wanted, *(others[-room:] if room else ()))}
    return tuple(piece for piece in pieces if piece.attachment.id in kept)


def _commands_for(piece: Piece, gate: Gate) -> tuple[str, ...]:
    """What a person may say of a file, where that would change anything."""
    failed = {check.code for check in piece.checks if check.outcome is ChecklistOutcome.FAILED}
    if piece.kind in {Kind.DOUBTFUL, Kind.FOR_A_PERSON}:
        return tuple(verdict.value for verdict in Verdict)
    if piece.kind is Kind.NOT_COUNTED and not failed & NO_PERSON_OVERRULES:
        return (Verdict.APPROVAL.value,)
    if piece.kind is Kind.SUPPLIERS:
        return (Verdict.OFFER.value,)
    if piece.kind is Kind.APPROVAL and gate.state is ApprovalState.LAPSED:
        return (Verdict.APPROVAL.value,)
    return ()


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:8])
