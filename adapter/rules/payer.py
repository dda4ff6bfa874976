"""Who pays, and which party that is: from what the ticket says, never guessed (R1, R3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from adapter.catalogue.addresses import normal_domain
from adapter.catalogue.model import Catalogue, Category, Party
from adapter.catalogue.words import FieldName, Payer, Process
from adapter.rules.choices import changes_of, persons_value
from adapter.rules.commands import Command
from adapter.rules.setup import SetupDecision, SetupTurn
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
    SETUP_UNKNOWN = "betaler_sf1475"  # whether the solution was set up before is not known (R16)
    SETUP_FIRST = "betaler_sf1475_første"
    SETUP_LATER = "betaler_sf1475_senere"
    SETUP_PERSON = "betaler_sf1475_person"  # a person's command, with a reason


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
    needs_reason: bool = False  # a person chose KOMBIT where the right is another ticket's, and has not said why (R16)

    @property
    def party_name(self) -> str | None:
        """What the ticket shows as the paying party."""
        return self.kept_name or (self.party.name if self.party else None)

    @property
    def is_known(self) -> bool:
        return self.payer is not Payer.UNRESOLVED


def decide_payer(
    ticket: Ticket,
    catalogue: Catalogue,
    category: Category,
    *,
    setup: SetupDecision | None = None,
    override: Command | None = None,
    keep: bool = False,
) -> PayerDecision:
    """Says who pays: a person's choice, else the row's only payer, else the kind of party that orders (R3).

    A setup (`setup`) is KOMBIT's the first time and the orderer's afterwards, unless a person says otherwise with a
    reason (`override`; R16). With `keep`, what the adapter filled in itself stands where it would now say otherwise:
    the ticket has been offered to that payer (R12); but not KOMBIT, once the right is another ticket's or the solution
    is one that the register does not have.
    """
    chosen: tuple[Payer | None, PayerSource] | None = _chosen_payer(ticket, catalogue)
    if setup is None and category.process is Process.SF1475:
        setup = SetupDecision(SetupTurn.UNKNOWN)
    turn = setup.turn if setup is not None else None
    if chosen is None and setup is not None:
        chosen = _by_setup(setup, override)
    derived = _derive(catalogue, category, chosen, _orderer(ticket, catalogue))
    by_person = derived.source in {PayerSource.PERSON, PayerSource.SETUP_PERSON}
    if derived.source is PayerSource.PERSON and derived.payer is Payer.KOMBIT and setup is not None:
        allowed = turn in {SetupTurn.FIRST, SetupTurn.HELD} or (override is not None and override.says == Payer.KOMBIT)
        derived = replace(derived, needs_reason=not allowed)
    if not keep:
        return derived
    kept = catalogue.meaning(FieldName.PAYER, ticket.fields.get(FieldName.PAYER))
    lost = kept == Payer.KOMBIT and (
        turn is SetupTurn.LATER or (turn is SetupTurn.UNKNOWN and _is_another_solution(ticket))
    )
    if kept not in {None, Payer.UNRESOLVED, derived.payer} and not by_person and not lost:
        derived = _derive(catalogue, category, (Payer(kept), PayerSource.KEPT), (derived.party, derived.party_source))
    name = ticket.fields.get(FieldName.PAYING_PARTY)
    if isinstance(name, str) and name.strip() not in {"", derived.party_name}:
        return replace(derived, party=_named(name, catalogue), party_source=PartySource.KEPT, kept_name=name)
    return derived


def _is_another_solution(ticket: Ticket) -> bool:
    """Whether a person has named another solution since the payer was filled in; an edited register names none."""
    filled = max((change.at for change in changes_of(ticket, FieldName.PAYER)), default=ticket.created)
    return any(c.at > filled and not c.by.is_adapter for c in changes_of(ticket, FieldName.SOLUTION))


def _by_setup(setup: SetupDecision, override: Command | None) -> tuple[Payer | None, PayerSource]:
    """Who pays a setup (R16); None is whoever orders."""
    if override is not None:
        return (Payer.KOMBIT if override.says == Payer.KOMBIT else None), PayerSource.SETUP_PERSON
    return {
        SetupTurn.FIRST: (Payer.KOMBIT, PayerSource.SETUP_FIRST),
        SetupTurn.HELD: (Payer.KOMBIT, PayerSource.SETUP_FIRST),
        SetupTurn.LATER: (None, PayerSource.SETUP_LATER),
        SetupTurn.UNKNOWN: (Payer.UNRESOLVED, PayerSource.SETUP_UNKNOWN),
    }[setup.turn]


def _derive(
    catalogue: Catalogue,
    category: Category,
    chosen: tuple[Payer | None, PayerSource] | None,
    orderer: tuple[Party | None, PartySource],
) -> PayerDecision:
    kinds = parties_by_kind(catalogue)
    party, source = orderer
    kind = next((k for k, parties in kinds.items() if party in parties), None)
    if chosen is not None and chosen[0] is not None:
        payer, why = chosen[0], chosen[1]
    elif chosen is None and len(category.payers) == 1:
        payer, why = Payer(category.payers[0]), PayerSource.CATALOGUE
    elif kind is not None and kind in category.payers and (chosen is None or kind is not Payer.KOMBIT):
        payer, why = kind, chosen[1] if chosen else PayerSource.ORDERER
    else:
        payer, why = Payer.UNRESOLVED, PayerSource.UNKNOWN
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
    if len(by_organisation) > 1:  # KOMBIT may only have been let in to answer (R18)
        by_organisation = [party for party in by_organisation if party is not catalogue.parties.kombit]
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
    if person.is_one_of(party.accounts):
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
