"""The one status comment of a ticket: what was decided, from what, by which rule, and what is missing (R1–R12).

The text is a function of the ticket alone, never of the time of day, so that an unchanged ticket needs no write.
"""

from __future__ import annotations

import re

from adapter.catalogue.model import Catalogue
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import ApprovalState, FieldName, Payer
from adapter.fingerprint import fingerprint
from adapter.rules.choices import choice_of
from adapter.rules.classify import Classification, Source
from adapter.rules.commands import Command
from adapter.rules.disagreement import Source as Disagreed
from adapter.rules.fill import Decided, price_text, yes_no
from adapter.rules.hours import hours_sentences
from adapter.rules.owners import Owners
from adapter.rules.payer import PartySource, PayerDecision, PayerSource
from adapter.rules.plain import named, plain, said
from adapter.rules.plan import WriteStatusComment
from adapter.rules.prerequisites import item_sentences
from adapter.rules.setup import setup_sentences
from adapter.rules.tell_events import tell_events
from adapter.rules.tell_files import tell_files, told_time
from adapter.rules.tell_missing import (
    is_offered,
    names_of_gate,
    tell_draft,
    tell_drafts,
    tell_missing,
    tell_reaction,
    tell_resolution,
)
from adapter.rules.view import View
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Comment, Ticket

MARKER = "DUBU-adapter: status på sagen"
"""First line of the status comment, by which it is found again."""

_MOST_CANDIDATES = 4
_CHOSEN = {"kategori": FieldName.CATEGORY, "betaler": FieldName.PAYER, "part": FieldName.PAYING_PARTY}
_STAMP = re.compile(r"\(stand ([a-p]{12})\)")


def status_comment(ticket: Ticket, body: str) -> WriteStatusComment | None:
    """Writes the status comment if it does not say this already; None where it does.

    Jira may give a text back with other marks and spaces than it was sent, so what is compared is a digest that stands
    in its last line; and whether somebody else has edited it.
    """
    stamp = fingerprint(body.encode())
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
            *self._about_answer(decided),
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
        files, more = tell_files(view.evidence, view.gate, self._catalogue)
        items = decided.items if decided is not None else ()
        body = self._catalogue.texts.status(
            overskrift=heading,
            oplysninger=facts,
            mangler=missing,
            tjekliste=[line for item in items for line in said(self._catalogue.texts, item_sentences(item))],
            kladder=self._drafts(decided) if decided is not None else [],
            filer=files,
            flere_filer=more,
            hændelser=tell_events(self._ticket, self._catalogue, view, self._memory),
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
        party_why = f"{self._why_payer(payer)} {self._why_party(payer)}"
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
        payer = decided.payer
        sentences = setup_sentences(
            self._ticket,
            self._catalogue,
            decided.solution_found,
            decided.setup,
            choice=payer.choice,
            refused=decided.is_refused,
        )
        by_person = self._by_person(payer.choice.command if payer.choice is not None else None)
        return [_fact("SF1475", " ".join(said(self._catalogue.texts, sentences)), by_person, "R16")]

    def _about_answer(self, decided: Decided) -> list[dict[str, str]]:
        """Whether whoever ordered has still to hear that they pay nothing, and when it can be carried out (R17)."""
        if decided.offering.answer is None or not is_offered(decided):
            return []
        return [_fact("Svar til bestilleren", self._say("svar_til_bestiller_mangler"), "", "R17")]

    def _by_person(self, command: Command | None) -> str:
        """The command that says who pays, while it stands."""
        if command is None:
            return ""
        who, when = named(command.by), told_time(command.at, self._catalogue)
        code = "opsætning_af_person_kombit" if command.says == Payer.KOMBIT else "opsætning_af_person_betaler"
        return self._say(code, person=who, tid=when, begrundelse=plain(command.reason, 300))

    def _about_hours(self, decided: Decided) -> list[dict[str, str]]:
        hours = decided.hours
        if hours is None or not hours.used:
            return []
        told = said(self._catalogue.texts, hours_sentences(hours, self._catalogue))
        return [_fact("Timer", " ".join(told), "", "R19")]

    def _why_category(self, found: Classification) -> str:
        if found.source is Source.PERSON:
            return self._chosen(FieldName.CATEGORY, found.source.value, "kategori_fra_oprettelsen")
        if found.source is Source.WORDS:
            return self._say(found.source.value, ord=_quoted(found.evidence))
        return self._say(found.source.value, navn=plain(", ".join(found.evidence)))

    def _why_payer(self, payer: PayerDecision) -> str:
        if payer.source is PayerSource.PERSON:
            return self._chosen(FieldName.PAYER, payer.source.value, "betaler_fra_oprettelsen")
        return self._say(payer.source.value)

    def _why_party(self, payer: PayerDecision) -> str:
        if payer.party_source is PartySource.PERSON:
            return self._chosen(FieldName.PAYING_PARTY, payer.party_source.value, "part_fra_oprettelsen")
        return self._say(payer.party_source.value)

    def _chosen(self, field: FieldName, code: str, at_creation: str) -> str:
        """Who chose what a field holds, and when; or that it stood there from the beginning."""
        choice = choice_of(self._ticket, field)
        if choice is None or choice.at_creation or choice.by is None:
            return self._say(at_creation)
        return self._say(code, person=named(choice.by), tid=told_time(choice.at, self._catalogue))

    def _candidate(self, category: str, words: tuple[str, ...]) -> str:
        services = self._catalogue.services
        row = next((row for row_id, row in services.categories.items() if row_id == category), None)
        return self._say("kandidat", kategori=row.name if row else services.outside_name, ord=_quoted(words))

    def _drafts(self, decided: Decided) -> list[dict[str, str]]:
        """The letters for people to send or to check: the offer, the orderer's answer, the owners' letter."""
        found, disagreement = tell_drafts(decided), decided.disagreement
        if disagreement is not None and disagreement.stands and decided.is_payable:
            draft = Owners(self._ticket, self._catalogue, decided, self._memory, disagreement).draft()
            found += [tell_draft(draft)] if draft is not None else []
        return found

    def _help(self, view: View, files: list[dict[str, object]]) -> list[str]:
        """The commands that would change something on this ticket (R11, R14, R16, R21)."""
        found: list[str] = []
        decided = view.decided
        if decided is not None and decided.setup is not None and decided.is_payable:
            found.append(self._say("hjælp_opsætning"))
        disagreement = decided.disagreement if decided is not None else None
        if disagreement is not None and disagreement.stands:
            if disagreement.reason is None and disagreement.source is not Disagreed.MAIL:
                found.append(self._say("hjælp_uenighed_årsag"))
            found.append(self._say("hjælp_uenighed_løst"))
        elif decided is not None and view.gate.state not in {ApprovalState.NOT_REQUIRED, ApprovalState.UNRESOLVED}:
            found.append(self._say("hjælp_uenighed"))
        if found or any(file["kommandoer"] for file in files):
            found.append(self._say("kommando_forklaring"))
        fields = self._catalogue.jira.fields
        names = {name: fields[field].name for name, field in _CHOSEN.items()}
        return [*found, self._say("hjælp_felter", **names)] if decided is not None and decided.is_priced else found


def _fact(name: str, value: str, why: str, rule: str) -> dict[str, str]:
    return {"navn": name, "værdi": value, "grund": why, "regel": rule}


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words[:8])
