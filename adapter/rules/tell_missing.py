"""What stands between a ticket and its start, most pressing first; its deadlines; and the letters to copy."""

from __future__ import annotations

from adapter.catalogue.model import Catalogue
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import ApprovalState, FieldName, OfferWay, Payer
from adapter.rules.evidence import EvidenceView
from adapter.rules.fill import Decided, resolution_text
from adapter.rules.offer import Draft
from adapter.rules.payer import PartySource
from adapter.rules.plain import plain, said
from adapter.rules.question import answer_sentence
from adapter.rules.setup import SetupTurn, setup_sentences
from adapter.rules.tell_files import told_time
from adapter.ticket.snapshot import Ticket

_CODES = {
    ApprovalState.UNRESOLVED: "mangler_betaler",
    ApprovalState.OFFER_MISSING: "mangler_tilbud",
    ApprovalState.AWAITING: "mangler_godkendelse",
    ApprovalState.PERSON: "mangler_vurdering",
    ApprovalState.REFUSED: "mangler_efter_afslag",
    ApprovalState.LAPSED: "mangler_nyt_tilbud",
    ApprovalState.CAP_REACHED: "mangler_timer",
    ApprovalState.DISAGREEMENT: "mangler_enighed",
    ApprovalState.PREREQUISITES: "mangler_forudsætninger",
}
_TO_BE_OFFERED = frozenset(
    {
        ApprovalState.OFFER_MISSING,
        ApprovalState.LAPSED,
        ApprovalState.CAP_REACHED,
        ApprovalState.REFUSED,
        ApprovalState.DISAGREEMENT,
    }
)
"""Where a new offer is what is missing, or would end what holds the work."""


def names_of_gate(catalogue: Catalogue, decided: Decided) -> dict[str, str]:
    """What sentences about the gate may name."""
    fields = catalogue.jira.fields
    changed = ", ".join(fields[f].name for f in decided.gate.changed if f in fields)
    party = decided.payer.party
    return {"betaler": party.name if party else "betaleren", "felter": changed}


def tell_missing(ticket: Ticket, catalogue: Catalogue, decided: Decided, evidence: EvidenceView) -> list[str]:
    """What is missing before work may start, and what the next offer lacks (R7, R10)."""
    say, state = catalogue.texts.say, decided.gate.state
    if state not in _CODES:
        return _about_offer(catalogue, decided) if decided.offering.asked else []
    found = _about_answer(catalogue, decided)
    if not decided.is_priced:
        return found
    found = found or _about_solution(ticket, catalogue, decided)
    if not found:
        names = names_of_gate(catalogue, decided)
        code = _code(catalogue, decided)
        found = [say(code, **{name: names[name] for name in names if name in SENTENCES[code]})]
    found += _about_party(catalogue, decided)
    if evidence.half is not None and state is ApprovalState.AWAITING:
        found.append(say(evidence.half))
    if state in _TO_BE_OFFERED or decided.offering.asked:
        found += [line for line in _about_offer(catalogue, decided) if line not in found]
    unanswered = evidence.offer is not None and evidence.approval is None
    if unanswered and state not in _TO_BE_OFFERED:
        found += _about_promises(ticket, catalogue, decided)
    return found


def _about_promises(ticket: Ticket, catalogue: Catalogue, decided: Decided) -> list[str]:
    """What the offer that is out promises and no field says: the price, and when they hear if it can't hold (R7)."""
    say, fields, found = catalogue.texts.say, ticket.fields, []
    if decided.category.price == BY_AGREEMENT and not fields.get(FieldName.OFFERED_PRICE):
        found.append(say("mangler_tilbudt_pris"))
    if fields.get(FieldName.PRICE_NOTICE_BY) is None and not decided.offering.asked:
        found.append(say("mangler_lovet_dato", felt=catalogue.jira.fields[FieldName.PRICE_NOTICE_BY].name))
    return found


def _code(catalogue: Catalogue, decided: Decided) -> str:
    if decided.payer.needs_reason:
        is_later = decided.setup is not None and decided.setup.turn is SetupTurn.LATER
        return "mangler_begrundelse_sf1475" if is_later else "mangler_begrundelse_ukendt"
    state, by_mail_too = decided.gate.state, catalogue.offers.kombit_mail_required
    if state is ApprovalState.AWAITING and decided.payer.payer is Payer.KOMBIT and not by_mail_too:
        return "mangler_kombits_svar"
    return _CODES[state]


def _about_solution(ticket: Ticket, catalogue: Catalogue, decided: Decided) -> list[str]:
    """What keeps the solution unknown, where the payer follows from it (R16)."""
    found, setup = decided.solution_found, decided.setup
    if decided.payer.is_known or found is None or setup is None or found.key is not None:
        return []
    told = setup_sentences(ticket, catalogue, found, setup, choice=None, refused=False)
    return [f"{line} (R16)" for line in said(catalogue.texts, told)]


def _about_offer(catalogue: Catalogue, decided: Decided) -> list[str]:
    """What the next offer lacks (R7), and how it is sent (R8)."""
    say, offering = catalogue.texts.say, decided.offering
    found = [say(code, **names) for code, names in offering.missing]
    if offering.asked and catalogue.offers.way is OfferWay.DRAFT:
        found.append(say("send_er_kladde"))
    elif not offering.missing and not offering.asked and catalogue.offers.way is OfferWay.SEND:
        found.append(say("send_kan_vælges", felt=catalogue.jira.fields[FieldName.OFFER_DISPATCH].name))
    return found


def _about_answer(catalogue: Catalogue, decided: Decided) -> list[str]:
    told = answer_sentence(decided.category, decided.answered)
    return said(catalogue.texts, [told] if told is not None else [])


def _about_party(catalogue: Catalogue, decided: Decided) -> list[str]:
    say, payer = catalogue.texts.say, decided.payer
    if payer.party is None and payer.is_known:
        unlisted = payer.party_source in {PartySource.UNLISTED, PartySource.AMBIGUOUS, PartySource.UNKNOWN}
        return [say("mangler_part")] if unlisted else []
    if payer.party is not None and not payer.party.domains and not payer.party.contacts:
        return [say("mangler_domæner", part=payer.party.name)]
    return []


def tell_drafts(decided: Decided) -> list[dict[str, str]]:
    """The letters as they would go out now, to copy or to check before they are sent (R7, R17).

    The answer to whoever ordered stays until it is given.
    """
    answer = decided.offering.answer
    offered = (answer,) if answer is not None and is_offered(decided) else ()
    return [tell_draft(draft) for draft in (decided.offering.drafts if not is_offered(decided) else offered)]


def tell_draft(draft: Draft) -> dict[str, str]:
    """A letter as the status comment shows it."""
    to = plain(draft.to) if draft.to else ""
    return {"til": to, "emne": plain(draft.subject, 250), "brev": _within_a_block(draft.body)}


def is_offered(decided: Decided) -> bool:
    """Whether an offer is out, and no other one is what is missing."""
    return decided.gate.state not in _TO_BE_OFFERED


def _within_a_block(text: str) -> str:
    """A letter as it may stand in a block without markup: nothing in it ends the block."""
    return text.replace("{", "(").replace("}", ")").strip()


def tell_reaction(decided: Decided, catalogue: Catalogue) -> str:
    """The deadline of the personal message, and whether it was met (R5)."""
    times, say = decided.times, catalogue.texts.say
    names = {"frist": told_time(times.reaction_due, catalogue), "timer": str(decided.category.reaction_hours)}
    if times.reacted_at is not None:
        code = "reaktion_i_tide" if times.in_time else "reaktion_for_sent"
        return say(code, reageret=told_time(times.reacted_at, catalogue), **names)
    return say("reaktion_overskredet" if times.in_time is False else "reaktion_frist", **names)


def tell_resolution(decided: Decided, catalogue: Catalogue) -> str:
    """The deadline of the work (R6)."""
    times, say, days = decided.times, catalogue.texts.say, resolution_text(decided.category)
    by_agreement = not isinstance(decided.category.resolution_days, int)
    if times.resolution_due is None:
        return say("løsning_efter_aftale") if by_agreement else say("løsning_afventer_godkendelse", dage=days)
    due = told_time(times.resolution_due, catalogue)
    if by_agreement:
        return say("løsning_aftalt", frist=due)
    told = say("løsning_frist", frist=due, dage=days)
    return f"{told} {say('løsning_står_stille')}" if times.stands_still else told
