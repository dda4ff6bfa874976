"""The record of KOMBIT's transition: who, when and what, as a mail file (R18)."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from adapter.catalogue.letters import letter_text
from adapter.catalogue.model import Catalogue
from adapter.rules.acceptance import Acceptance, record_name
from adapter.rules.choices import value_at
from adapter.rules.evidence import EvidenceView
from adapter.rules.fill import Decided
from adapter.rules.offer import Draft, letter_names, letter_of, terms_of
from adapter.rules.plain import plain
from adapter.ticket.letter import Letter
from adapter.ticket.snapshot import Ticket


def record_letter(
    ticket: Ticket, catalogue: Catalogue, decided: Decided, evidence: EvidenceView, acceptance: Acceptance
) -> Letter:
    """Writes down who accepted what, and when; it is attached, and goes to nobody."""
    zone = ZoneInfo(catalogue.calendar.timezone)
    # As it stood when it was accepted: a record that is put back later says what the first one said.
    then = replace(ticket, fields={field: value_at(ticket, field, acceptance.at) for field in ticket.fields})
    terms = terms_of(then, catalogue, decided.category, decided.payer)
    offer = evidence.offer.attachment if evidence.offer is not None else None
    names = letter_names(ticket, catalogue, decided.payer, decided.order)
    names |= {
        "person": plain(acceptance.by.name or "ukendt navn"),
        "konto": plain(acceptance.by.account),
        "tid": acceptance.at.astimezone(zone).strftime("%d-%m-%Y kl. %H:%M:%S"),
        "status": plain(acceptance.status),
        "pris": terms.text or "som i tilbuddet",
        "tilbud": f"{plain(offer.filename)} (nr. {offer.id})" if offer is not None else "",
    }
    subject, body = letter_text(catalogue.offers.kombit_record, names)
    name = record_name(acceptance.at).removesuffix(".eml")
    return letter_of(ticket, catalogue, Draft(None, subject, body), name, acceptance.at, automatic=True)
