"""Who pays, and which party that is: from what the ticket says, never guessed (R1, R3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from adapter.catalogue.addresses import normal_domain
from adapter.catalogue.model import Catalogue, Category, Party
from adapter.catalogue.words import FieldName, Payer, Process
from adapter.rules.choices import persons_value
from adapter.ticket.evidence import Sender
from adapter.ticket.senders import sender_of
from adapter.ticket.snapshot import Person, Ticket


class PayerSource(StrEnum):
    """What the payer was taken from."""

    PERSON = "betaler_fra_person"
    KEPT = "betaler_fastholdt"  # the ticket has been offered: only a person changes it (R12)
    CATALOGUE = "betaler_fra_katalog"
    ORDERER = "betaler_fra_bestiller"
    UNKNOWN = "betaler_ukendt"
    SETUP_RIGHT = "betaler_sf1475"  # who pays a setup is decided by R16, not by who orders


class PartySource(StrEnum):
    """What the paying party was taken from."""

    PERSON = "part_fra_person"
    KEPT = "part_fastholdt"
    ORGANISATION = "part_fra_organisation"
    REPORTER = "part_fra_bestiller"
    KOMBIT = "part_er_kombit"
    UNKNOWN = "part_ukendt"
    UNLISTED = "part_findes_ikke"  # a person wrote a name that parter.yaml does not have
    AMBIGUOUS = "part_flertydig"


@dataclass(frozen=True)
class PayerDecision:
    """Who pays a ticket; `party` is None as long as it is not known which one."""

    payer: Payer
    source: PayerSource
    party: Party | None
    party_source: PartySource
    kept_name: str | None = None  # as it stands on the ticket, where it is kept whatever the mapping calls it now

    @property
    def party_name(self) -> str | None:
        """What the ticket shows as the paying party."""
        return self.kept_name or (self.party.name if self.party else None)

    @property
    def is_known(self) -> bool:
        return self.payer is not Payer.UNRESOLVED


def decide_payer(ticket: Ticket, catalogue: Catalogue, category: Category, *, keep: bool = False) -> PayerDecision:
    """Says who pays: a person's choice, else the row's only payer, else the kind of party that orders (R3).

    With `keep`, what the adapter filled in itself stands where it would now say otherwise: the ticket has been offered
    to that payer (R12).
    """
    derived = _derive(catalogue, category, _chosen_payer(ticket, catalogue), _orderer(ticket, catalogue))
    if not keep:
        return derived
    kept = catalogue.meaning(FieldName.PAYER, ticket.fields.get(FieldName.PAYER))
    if kept not in {None, Payer.UNRESOLVED, derived.payer} and derived.source is not PayerSource.PERSON:
        derived = _derive(catalogue, category, (Payer(kept), PayerSource.KEPT), (derived.party, derived.party_source))
    name = ticket.fields.get(FieldName.PAYING_PARTY)
    if isinstance(name, str) and name.strip() not in {"", derived.party_name}:
        return replace(derived, party=_named(name, catalogue), party_source=PartySource.KEPT, kept_name=name)
    return derived


def _derive(
    catalogue: Catalogue,
    category: Category,
    chosen: tuple[Payer, PayerSource] | None,
    orderer: tuple[Party | None, PartySource],
) -> PayerDecision:
    kinds = parties_by_kind(catalogue)
    party, source = orderer
    if chosen is not None:
        payer, why = chosen
    elif category.process is Process.SF1475:
        payer, why = Payer.UNRESOLVED, PayerSource.SETUP_RIGHT
    elif len(category.payers) == 1:
        payer, why = Payer(category.payers[0]), PayerSource.CATALOGUE
    else:
        kind = next((k for k, parties in kinds.items() if party in parties), None)
        allowed = kind is not None and kind in category.payers
        payer = kind if allowed and kind else Payer.UNRESOLVED
        why = PayerSource.ORDERER if allowed else PayerSource.UNKNOWN
    if payer is Payer.KOMBIT:
        return PayerDecision(payer, why, catalogue.parties.kombit, PartySource.KOMBIT)
    if payer is Payer.UNRESOLVED or party is None:
        return PayerDecision(payer, why, None, source)
    if party not in kinds[payer]:
        return PayerDecision(payer, why, None, PartySource.UNKNOWN)
    return PayerDecision(payer, why, party, source)


def parties_by_kind(catalogue: Catalogue) -> dict[Payer, tuple[Party, ...]]:
    """All parties that can pay, by what kind of payer they are."""
    parties = catalogue.parties
    return {
        Payer.MUNICIPALITY: tuple(parties.municipalities.values()),
        Payer.THIRD_PARTY: tuple(parties.third_parties.values()),
        Payer.KOMBIT: (parties.kombit,),
    }


def is_from(sender: Sender, party: Party, subdomains_count: bool) -> bool:
    """True where a mail's sender is one of a party's contacts or writes from one of its domains (R11)."""
    if sender.address in {sender_of(contact).address for contact in party.contacts}:
        return True
    domains = {normal_domain(domain) for domain in party.domains} - {None}
    return sender.domain in domains or (subdomains_count and any(sender.domain.endswith(f".{d}") for d in domains))


def _chosen_payer(ticket: Ticket, catalogue: Catalogue) -> tuple[Payer, PayerSource] | None:
    """What the field says if a person set it, "Afklares" included."""
    meaning = catalogue.meaning(FieldName.PAYER, persons_value(ticket, FieldName.PAYER))
    return None if meaning is None else (Payer(meaning), PayerSource.PERSON)


def _named(name: str, catalogue: Catalogue) -> Party | None:
    named = [party for party in _all(catalogue) if _spellings(name) & _names(party, catalogue)]
    return named[0] if len(named) == 1 else None


def _orderer(ticket: Ticket, catalogue: Catalogue) -> tuple[Party | None, PartySource]:
    """The party that orders, from the first of these that says anything: field, organisation, reporter."""
    written = persons_value(ticket, FieldName.PAYING_PARTY)
    if isinstance(written, str) and written.strip():
        named = _named(written, catalogue)
        return (named, PartySource.PERSON) if named else (None, PartySource.UNLISTED)
    organisations = {spelling for name in ticket.organisations for spelling in _spellings(name)}
    by_organisation = [party for party in _all(catalogue) if organisations & _names(party, catalogue)]
    if by_organisation:
        return _only(by_organisation, PartySource.ORGANISATION)
    reporter = ticket.reporter
    if reporter is None:
        return None, PartySource.UNKNOWN
    subdomains = catalogue.evidence.subdomains_count
    by_reporter = [party for party in _all(catalogue) if _is_person_of(reporter, party, subdomains)]
    return _only(by_reporter, PartySource.REPORTER) if by_reporter else (None, PartySource.UNKNOWN)


def _only(parties: list[Party], source: PartySource) -> tuple[Party | None, PartySource]:
    return (parties[0], source) if len(parties) == 1 else (None, PartySource.AMBIGUOUS)


def _is_person_of(person: Person, party: Party, subdomains_count: bool) -> bool:
    if person.account in party.accounts:
        return True
    if person.email is None or person.email.count("@") != 1:
        return False
    return is_from(sender_of(person.email), party, subdomains_count)


def _all(catalogue: Catalogue) -> Iterator[Party]:
    for parties in parties_by_kind(catalogue).values():
        yield from parties


def _names(party: Party, catalogue: Catalogue) -> set[str]:
    codes = {code for code, known in catalogue.parties.municipalities.items() if known is party}
    names = {party.name, *party.aliases, *([party.organisation] if party.organisation else []), *codes}
    return {spelling for name in names for spelling in _spellings(name)}


def _spellings(name: str) -> set[str]:
    """How a name may be compared: without case, punctuation, a code in brackets, and the word Kommune.

    `Københavns Kommune` is København and `Aarhus Kommune` is Aarhus, so both readings of a final s are kept.
    """
    text = " ".join(re.sub(r"[^\w]+", " ", re.sub(r"\(\d+\)", " ", name.casefold())).split())
    if not text.endswith(" kommune"):
        return {text} - {""}
    short = text.removesuffix(" kommune")
    return {short, short.removesuffix("s")}
