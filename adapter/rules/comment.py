"""The one status comment of a ticket: what was decided, from what, by which rule, and what is missing (R1–R12).

The text is a function of the ticket alone, never of the time of day, so that an unchanged ticket needs no write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from adapter.catalogue.model import Catalogue
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import ApprovalState, FieldName
from adapter.rules.acceptance import declined
from adapter.rules.choices import changes_of
from adapter.rules.classify import Classification, Source
from adapter.rules.commands import Asks
from adapter.rules.disagreement import Disagreement
from adapter.rules.disagreement import Source as RaisedBy
from adapter.rules.fill import Decided, price_text, yes_no
from adapter.rules.gate import early_start
from adapter.rules.hours import hours_sentences
from adapter.rules.plain import plain
from adapter.rules.plan import WriteStatusComment
from adapter.rules.prerequisites import item_sentences
from adapter.rules.readiness import unready_step
from adapter.rules.setup import setup_sentences
from adapter.rules.tell_files import tell_files, told_time
from adapter.rules.tell_missing import names_of_gate, tell_drafts, tell_missing, tell_reaction, tell_resolution
from adapter.rules.view import View
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Comment, Person, Ticket

MARKER = "DUBU-adapter: status på sagen"
"""First line of the status comment, by which it is found again."""

_MOST_COMMANDS = 5
_MOST_CANDIDATES = 4
_TROUBLES = {
    "CannotMove": ("kan_ikke_flytte", 3),
    "CannotSend": ("kan_ikke_sende", 1),
    "CannotAttach": ("kan_ikke_vedhæfte", 3),
    "CannotAddPeople": ("kan_ikke_tilføje_ejere", 1),
}
"""What is told of trouble that goes on, and after how many attempts."""
_STAMP = re.compile(r"\(stand ([0-9a-f]{12})\)")


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

    def without_row(self, view: View) -> str:
        """The comment of a ticket outside the catalogue, or of one whose category is not known."""
        found, services = view.found, self._catalogue.services
        outside = found.is_outside
        heading = "ikke_påkrævet" if outside else "afklares_kategori"
        label = services.outside_name if outside else services.triage_name
        facts = [_fact("Kategori", label, self._why_category(found), "R2")]
        candidates = [self._candidate(c.category, c.words) for c in found.candidates[:_MOST_CANDIDATES]]
        missing = [] if outside else [self._say("mangler_kategori"), *candidates]
        return self._render(view, self._say(heading), facts, missing)

    def with_row(self, view: View, decided: Decided) -> str:
        """The comment of a ticket in the catalogue."""
        facts = [
            *self._about_category(view, decided),
            *(self._about_payment(decided) if decided.is_priced else []),
            *self._about_setup(decided),
            _fact("Reaktion", tell_reaction(decided, self._catalogue), "", "R5"),
            _fact("Løsning", tell_resolution(decided, self._catalogue), "", "R6"),
            *self._about_hours(decided),
        ]
        code, names = self._heading(decided)
        heading = self._say(code, **names)
        missing = tell_missing(self._ticket, self._catalogue, decided, view.evidence)
        return self._render(view, heading, facts, missing, decided)

    def _heading(self, decided: Decided) -> tuple[str, dict[str, str]]:
        gate = decided.gate
        if gate.state is ApprovalState.NOT_REQUIRED:
            return "almindelig_support", {}
        if gate.state is ApprovalState.UNRESOLVED:
            return ("afklares_svar" if not decided.is_payable else "afklares_betaler"), {}
        names = names_of_gate(self._catalogue, decided)
        wanted = SENTENCES[gate.state.value]
        return gate.state.value, {name: names[name] for name in wanted}

    def _render(
        self,
        view: View,
        heading: str,
        facts: list[dict[str, str]],
        missing: list[str],
        decided: Decided | None = None,
    ) -> str:
        files, more = tell_files(view.evidence.pieces, view.gate, self._catalogue)
        items = decided.items if decided is not None else ()
        body = self._catalogue.texts.status(
            overskrift=heading,
            oplysninger=facts,
            mangler=missing,
            tjekliste=[line for item in items for line in self._sentences(item_sentences(item))],
            kladder=tell_drafts(decided) if decided is not None else [],
            filer=files,
            flere_filer=more,
            hændelser=self._events(view),
            hjælp=self._help(view, files),
        )
        return f"*{MARKER}*\n\n{body}"

    def _about_category(self, view: View, decided: Decided) -> list[dict[str, str]]:
        why = self._say("kategori_fastholdt") if view.kept else self._why_category(view.found)
        facts = [_fact("Kategori", f"{decided.category_id} {decided.category.name}", why, "R2")]
        if decided.order.subtype:
            facts.append(_fact("Underkategori", decided.order.subtype, "", "R1"))
        return facts

    def _about_payment(self, decided: Decided) -> list[dict[str, str]]:
        payer, row, label = decided.payer, decided.category, self._catalogue.label
        payer_label = label(FieldName.PAYER, payer.payer)
        named = payer.party_name if payer.party_name != payer_label else None
        party = f"{payer_label}, {plain(named)}" if named else payer_label
        party_why = f"{self._say(payer.source.value)} {self._say(payer.party_source.value)}"
        payment = ", ".join(
            (
                label(FieldName.PAYMENT_MODEL, row.payment),
                f"proces {plain(label(FieldName.PROCESS, row.process)).strip()}",
                f"Service Request: {label(FieldName.SERVICE_REQUEST, yes_no(row.service_request))}",
            )
        )
        return [
            _fact("Betaler", party, party_why, "R3"),
            _fact("Pris", price_text(self._catalogue, row, payer.payer), payment, "R1"),
        ]

    def _about_setup(self, decided: Decided) -> list[dict[str, str]]:
        """Which solution, who pays its setup and why, naming the earlier ticket (R16)."""
        if decided.solution_found is None or decided.setup is None:
            return []
        if decided.solution_found.key is None and not decided.payer.is_known:
            return []  # it is told among what is missing
        sentences = setup_sentences(
            self._ticket, self._catalogue, decided.solution_found, decided.setup, refused=decided.has_lost_setup
        )
        return [_fact("SF1475", " ".join(self._sentences(sentences)), self._override(decided), "R16")]

    def _override(self, decided: Decided) -> str:
        command = decided.commands.newest(Asks.SETUP)
        if command is None:
            return ""
        who, when = plain(command.by.name or command.by.account), told_time(command.at, self._catalogue)
        reason = plain(command.reason, 300)
        return self._say("opsætning_af_person", hvem=command.says, person=who, tid=when, begrundelse=reason)

    def _about_hours(self, decided: Decided) -> list[dict[str, str]]:
        hours = decided.hours
        if hours is None or not hours.used:
            return []
        return [_fact("Timer", " ".join(self._sentences(hours_sentences(hours, self._catalogue))), "", "R19")]

    def _sentences(self, sentences: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
        """Sentences with their names made plain: some of them are text of the ticket."""
        return [
            self._say(code, **{name: plain(text, 300) for name, text in names.items()}) for code, names in sentences
        ]

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

    def _events(self, view: View) -> list[str]:
        told: list[str] = []
        if (start := early_start(self._ticket, view.gate)) is not None:
            who, when = _name(start.by), told_time(start.at, self._catalogue)
            told.append(self._say("sat_tilbage", tid=when, status=plain(start.after.name), person=who))
        if (unready := unready_step(self._ticket, view.unready)) is not None:
            step, code = unready
            who, when = _name(step.by), told_time(step.at, self._catalogue)
            told.append(self._say(code, tid=when, status=plain(step.after.name), person=who))
        offer, standing = view.evidence.offer, view.evidence.acceptance is not None
        no = declined(self._ticket, view.payer, offer.stands_since if offer else None, standing)
        if no is not None:
            names = {"tid": told_time(no.change.at, self._catalogue), "person": _name(no.change.by)}
            told.append(self._say("kombit_afvist", grund=self._say(no.why), **names))
        quarrel = view.decided.disagreement if view.decided is not None else None
        if quarrel is not None and (quarrel.source is not RaisedBy.MAIL or quarrel.decision is not None):
            told.append(self._about_disagreement(quarrel))
        trouble = self._memory.trouble
        if trouble is not None and trouble.kind in _TROUBLES:
            code, attempts = _TROUBLES[trouble.kind]
            told += [self._say(code, forsøg=str(attempts))] if trouble.attempts >= attempts else []
        for command in view.commands.unusable[-_MOST_COMMANDS:]:
            when, who = told_time(command.at, self._catalogue), _name(command.by)
            told.append(self._say("kommando_ubrugelig", tid=when, person=who, grund=self._say(command.why)))
        return told

    def _about_disagreement(self, quarrel: Disagreement) -> str:
        """Who raised it, when and why, and how it ended (R14)."""
        who = _name(quarrel.by) if quarrel.by is not None else ""
        raised = self._say(quarrel.source.value, tid=told_time(quarrel.since, self._catalogue), person=who)
        reason = f" “{plain(quarrel.reason, 300)}”" if quarrel.reason else ""
        if quarrel.decision is not None:
            by, when = _name(quarrel.decision.by), told_time(quarrel.decision.at, self._catalogue)
            end = self._say("uenighed_afgjort", person=by, tid=when, begrundelse=plain(quarrel.decision.reason, 300))
        elif quarrel.approved_at is not None:
            end = self._say("uenighed_løst_ved_godkendelse", tid=told_time(quarrel.approved_at, self._catalogue))
        else:
            end = self._say("uenighed_står")
        return f"{raised}{reason} {end}"

    def _help(self, view: View, files: list[dict[str, object]]) -> list[str]:
        """The commands that would change something on this ticket (R11, R14, R16, R21)."""
        found: list[str] = []
        decided = view.decided
        if decided is not None and decided.setup is not None and decided.is_payable:
            found.append(self._say("hjælp_opsætning"))
        quarrel = decided.disagreement if decided is not None else None
        if quarrel is not None and quarrel.stands:
            found.append(self._say("hjælp_uenighed_løst"))
        elif decided is not None and view.gate.state not in {ApprovalState.NOT_REQUIRED, ApprovalState.UNRESOLVED}:
            found.append(self._say("hjælp_uenighed"))
        if found or any(file["kommandoer"] for file in files):
            found.append(self._say("kommando_forklaring"))
        return found


def _fact(name: str, value: str, why: str, rule: str) -> dict[str, str]:
    return {"navn": name, "værdi": value, "grund": why, "regel": rule}


def _name(person: Person) -> str:
    return plain(person.name or person.account)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:8])
