"""The offer (R7, R8, R13, R17): its terms, what it still lacks, its letter, and when it is to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from adapter.catalogue.addresses import mail_address
from adapter.catalogue.letters import letter_text, yes_words_in
from adapter.catalogue.model import Catalogue, Category, LetterTemplate
from adapter.catalogue.values import format_danish
from adapter.catalogue.words import (
    FieldName,
    OfferDispatch,
    OfferWay,
    Payer,
    PaymentModel,
    Process,
)
from adapter.rules.answered import ANSWER_FILE, is_answered, stamp_of
from adapter.rules.choices import changes_of, chooser, is_of_desk
from adapter.rules.evidence import OFFER_FILE
from adapter.rules.figures import sensible
from adapter.rules.payer import PayerDecision, is_from
from adapter.rules.plain import plain
from adapter.rules.plan import SendLetter
from adapter.ticket.evidence import Memory
from adapter.ticket.letter import Letter
from adapter.ticket.senders import sender_of
from adapter.ticket.snapshot import Ticket

Missing = tuple[str, dict[str, str]]
"""A sentence's code and what it names."""
_ORE = Decimal("0.01")


@dataclass(frozen=True)
class Order:
    """What is ordered, as letters name it; the solution's name may be text of the ticket, `told` is plain already."""

    category: str
    subtype: str | None
    solution: str | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What is offered: kroner and hours; `text` is the price as the offer says it, None while a part is missing."""

    price: Decimal | None
    hours: Decimal | None
    text: str | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Draft:
    """A letter as it would be sent now: to whom (None: not known), subject and text."""

    to: str | None
    subject: str
    body: str


@dataclass(frozen=True)
class Offering:
    """Where the offer stands: what it lacks (R7), the drafts, and what an agent asked the adapter to send."""

    missing: tuple[Missing, ...] = ()
    drafts: tuple[Draft, ...] = ()
    sending: tuple[SendLetter, ...] = ()
    answer: Draft | None = None  # to whoever ordered at KOMBIT's expense, until it is given (R17)
    asked: bool = False  # somebody of the desk chose "Send nu"
    is_sent: bool = False  # what was asked for was handed over, so the field may say so


def terms_of(ticket: Ticket, catalogue: Catalogue, row: Category, payer: PayerDecision) -> Terms:
    """The price and hours that the ticket's fields and the catalogue give (R1, R7, R19)."""
    vat = " ekskl. moms" if catalogue.services.prices_are_ex_vat else ""
    price, hours = (sensible(ticket.fields.get(f)) for f in (FieldName.OFFERED_PRICE, FieldName.OFFERED_HOURS))
    if row.payment is PaymentModel.FIXED:
        fixed = price if price is not None else Decimal(str(row.price))
        return Terms(fixed, None, f"{format_danish(fixed)} kr.{vat}, som er en fast pris", ())
    if hours is None and payer.payer is not Payer.KOMBIT:
        hours = row.cap_hours
    if price is None and hours is not None and row.hourly_rate is not None:
        price = (hours * row.hourly_rate).quantize(_ORE, ROUND_HALF_UP)
    missing = [("mangler_timer_i_tilbud", dict[str, str]())] if hours is None else []
    missing += [("mangler_pris_i_tilbud", {})] if price is None else []
    missing += _contradictions(ticket, catalogue, row, payer, price, hours)
    if hours is None or price is None or missing:
        return Terms(price, hours, None, tuple(missing))
    rate = f" à {format_danish(row.hourly_rate)} kr." if row.hourly_rate is not None else ""
    return Terms(
        price, hours, f"op til {format_danish(hours)} timer{rate}, i alt højst {format_danish(price)} kroner{vat}", ()
    )


def _contradictions(
    ticket: Ticket,
    catalogue: Catalogue,
    row: Category,
    payer: PayerDecision,
    price: Decimal | None,
    hours: Decimal | None,
) -> Iterator[Missing]:
    """What the catalogue does not allow: more hours than its cap before that is near (R19), or a dearer hour (R4)."""
    names = {field: catalogue.jira.fields[field].name for field in (FieldName.OFFERED_HOURS, FieldName.OFFERED_PRICE)}
    if hours is None:
        return
    cap = row.cap_hours if payer.payer is not Payer.KOMBIT else None
    is_near = cap is not None and Decimal(ticket.seconds_spent) / 36 >= cap * catalogue.services.hours.warn_percent
    if cap is not None and hours > cap and not is_near:
        told = {"timer": format_danish(hours), "loft": format_danish(cap)}
        yield "tilbud_over_loft", {**told, "felt": names[FieldName.OFFERED_HOURS]}
    if price is None or row.hourly_rate is None:
        return
    most = (hours * row.hourly_rate).quantize(_ORE, ROUND_HALF_UP)
    if price > most:
        told = {"pris": format_danish(price), "timer": format_danish(hours), "højst": format_danish(most)}
        told |= {"timepris": format_danish(row.hourly_rate), "felter": " eller ".join(names.values())}
        yield "tilbud_over_timepris", told


def offering_of(
    ticket: Ticket,
    catalogue: Catalogue,
    row: Category,
    payer: PayerDecision,
    memory: Memory,
    now: datetime,
    order: Order,
) -> Offering:
    """What can be offered now; a letter is asked for by an agent's choice in the field, never by itself (R7, R8)."""
    terms = terms_of(ticket, catalogue, row, payer)
    names = letter_names(ticket, catalogue, payer, order)
    names |= {"omfatter": list(row.included), "omfatter_ikke": list(row.excluded)}
    answer = None
    if row.process is Process.SF1475 and payer.payer is Payer.KOMBIT and not is_answered(ticket, catalogue, memory):
        answer = _draft(catalogue.offers.orderer, {**names, "pris": terms.text or ""}, _orderer(ticket))
    missing = [*terms.missing, *_dates_missing(ticket, catalogue, row, now)]
    if payer.party is None:
        missing.append(("mangler_part", {}))
    asked_at = _asked_at(ticket, catalogue)
    sends = catalogue.offers.way is OfferWay.SEND
    to = recipient(ticket, catalogue, payer)
    if sends and to is None:
        missing.append(("mangler_modtager", {}))
    if missing or terms.text is None:
        return Offering(tuple(missing), answer=answer, asked=asked_at is not None)
    offer = _draft(catalogue.offers.offer, {**names, "pris": terms.text}, to)
    words = yes_words_in(f"{offer.subject}\n{offer.body}", catalogue.evidence)
    if words:
        missing = [("tilbud_siger_ja", {"ord": plain(", ".join(words))})]
        return Offering(tuple(missing), answer=answer, asked=asked_at is not None)
    drafts = (offer, answer) if answer is not None else (offer,)
    offering = Offering((), drafts, answer=answer, asked=asked_at is not None)
    if asked_at is None or not sends:
        return offering
    return _sending(ticket, catalogue, memory, offering, asked_at)


def _sending(ticket: Ticket, catalogue: Catalogue, memory: Memory, offering: Offering, asked_at: datetime) -> Offering:
    """The letters that were asked for and have not been sent; one that may have been is never written again."""
    letters: list[SendLetter] = []
    for draft, prefix in zip(offering.drafts, (OFFER_FILE, ANSWER_FILE), strict=False):
        if draft.to is None:
            continue  # only the orderer's answer: the ticket asks the desk to give it instead
        dispatch = f"{prefix}{stamp_of(asked_at)}"
        if is_sent(ticket, memory, dispatch):
            continue
        is_answer = prefix == ANSWER_FILE
        letter = letter_of(ticket, catalogue, draft, dispatch, asked_at, automatic=is_answer)
        letters.append(SendLetter(letter, dispatch, "R17" if is_answer else "R7"))
    return replace(offering, sending=tuple(letters), is_sent=not letters)


def is_sent(ticket: Ticket, memory: Memory, dispatch: str) -> bool:
    """True for a letter that was handed over, by this database or by the file on the ticket."""
    file = f"{dispatch}.eml"
    return dispatch in memory.dispatches or any(a.filename == file and a.author.is_adapter for a in ticket.attachments)


def letter_of(
    ticket: Ticket, catalogue: Catalogue, draft: Draft, dispatch: str, at: datetime, *, automatic: bool
) -> Letter:
    """A draft as a letter; its Message-ID follows from the ticket and what is sent, so that it is one mail for ever."""
    offers = catalogue.offers
    domain = offers.sender.rpartition("@")[2]
    number = f"dubu.{catalogue.site}.{ticket.id}.{dispatch.casefold().encode('ascii', 'ignore').decode()}@{domain}"
    to = (draft.to,) if draft.to else (offers.sender,)
    return Letter(number, offers.sender, offers.sender_name, to, draft.subject, draft.body, at, automatic)


def letter_names(ticket: Ticket, catalogue: Catalogue, payer: PayerDecision, order: Order) -> dict[str, object]:
    """What every letter may name; texts from the ticket are made plain."""
    return {
        "sag": str(ticket.key),
        "betaler": plain(payer.party_name or "betaleren"),
        "kategori": order.category,
        "underkategori": plain(order.subtype) if order.subtype else "",
        "løsning": plain(order.solution) if order.solution else "",
        "pris": "",
        "prisvarsel": _day(ticket, FieldName.PRICE_NOTICE_BY),
        "kan_udføres": _day(ticket, FieldName.FEASIBLE_FROM),
        "oplysninger": list(order.told),
        "omfatter": [],
        "omfatter_ikke": [],
        "afsendernavn": catalogue.offers.sender_name,
    }


def _draft(template: LetterTemplate, names: dict[str, object], to: str | None) -> Draft:
    subject, body = letter_text(template, names)
    return Draft(to, subject, body)


def _day(ticket: Ticket, field: FieldName) -> str:
    value = ticket.fields.get(field)
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else ""


def _dates_missing(ticket: Ticket, catalogue: Catalogue, row: Category, now: datetime) -> Iterator[Missing]:
    """When they hear if the price can't hold (R7), and for a setup when it can be carried out (R17)."""
    names = catalogue.jira.fields
    by = ticket.fields.get(FieldName.PRICE_NOTICE_BY)
    today = now.astimezone(ZoneInfo(catalogue.calendar.timezone)).date()
    if not isinstance(by, date):
        yield "mangler_prisvarsel", {"felt": names[FieldName.PRICE_NOTICE_BY].name}
    elif by < today:
        yield "prisvarsel_passeret", {"felt": names[FieldName.PRICE_NOTICE_BY].name}
    if row.process is Process.SF1475 and not isinstance(ticket.fields.get(FieldName.FEASIBLE_FROM), date):
        yield "mangler_kan_udføres", {"felt": names[FieldName.FEASIBLE_FROM].name}


def _asked_at(ticket: Ticket, catalogue: Catalogue) -> datetime | None:
    """When somebody of the desk chose "Send nu"; None where the field says anything else, or somebody else chose it."""
    meaning = catalogue.meaning(FieldName.OFFER_DISPATCH, ticket.fields.get(FieldName.OFFER_DISPATCH))
    by = chooser(ticket, FieldName.OFFER_DISPATCH)
    if meaning != OfferDispatch.SEND or by is None or by.is_adapter or not is_of_desk(by):
        return None
    changes = changes_of(ticket, FieldName.OFFER_DISPATCH)
    return changes[-1].at if changes else ticket.created


def recipient(ticket: Ticket, catalogue: Catalogue, payer: PayerDecision) -> str | None:
    """The payer's address an offer goes to: the field's, the orderer's own if theirs, or the party's only contact.

    An address that is not the payer's is none: an offer to anybody else is no offer (R8).
    """
    party = payer.party
    if party is None:
        return None
    written = ticket.fields.get(FieldName.OFFER_TO)
    if isinstance(written, str) and written.strip():
        found = mail_address(written.strip())
        return found if found and is_from(sender_of(found), party, _subdomains(catalogue)) else None
    own = _orderer(ticket)
    if own is not None and is_from(sender_of(own), party, _subdomains(catalogue)):
        return own
    return party.contacts[0] if len(party.contacts) == 1 else None


def _orderer(ticket: Ticket) -> str | None:
    own = ticket.reporter.email if ticket.reporter else None
    return mail_address(own) if own else None


def _subdomains(catalogue: Catalogue) -> bool:
    return catalogue.evidence.subdomains_count
