"""Who pays, and which party that is: from what the ticket says, never guessed (R1, R3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from adapter.catalogue.addresses import normal_domain
from adapter.catalogue.model import Catalogue, Category, Party
from adapter.catalogue.words import FieldName, Payer, Process
from adapter.rules.choices import changes_of, is_of_desk, persons_value, standing_value, value_at
from adapter.rules.commands import Command
from adapter.rules.payer_choice import PayerChoice, payer_choice
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
    needs_reason: bool = False  # a person chose KOMBIT where the right is not this ticket's, and has not said why (R16)
    choice: PayerChoice | None = None  # what a person has said of who pays, where that stands

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
    command: Command | None = None,
    keep: bool = False,
) -> PayerDecision:
    """Says who pays: a person's choice, else the row's only payer, else the kind of party that orders (R3).

    A setup (`setup`) is KOMBIT's the first time and the orderer's afterwards, unless a person says otherwise with a
    reason (`command`; R16). With `keep`, what the adapter filled in itself stands where it would now say otherwise:
    the ticket has been offered to that payer (R12); but not KOMBIT, once the right is another ticket's or the solution
    is one that the register does not have.
    """
    choice = payer_choice(ticket, catalogue, command)
    if setup is None and category.process is Process.SF1475:
        setup = SetupDecision(SetupTurn.UNKNOWN)
    has_right = setup is None or setup.turn in {SetupTurn.FIRST, SetupTurn.HELD}
    orderer = _orderer(ticket, catalogue)
    decided = _derive(catalogue, category, _said(choice, setup), orderer)
    kept = catalogue.meaning(FieldName.PAYER, standing_value(ticket, FieldName.PAYER))
    lost = kept == Payer.KOMBIT and not has_right and _is_not_kombits(ticket, setup)
    if keep and choice is None and not lost and kept not in {None, Payer.UNRESOLVED, decided.payer}:
        decided = _derive(catalogue, category, (Payer(kept), PayerSource.KEPT), orderer)
    by_field = choice is not None and choice.command is None and decided.payer is Payer.KOMBIT
    decided = replace(decided, choice=choice, needs_reason=by_field and not has_right)
    name = _written_for(decided.payer, ticket, catalogue) if keep else None
    if name is not None and name.strip() != decided.party_name:
        return replace(decided, party=_named(name, catalogue), party_source=PartySource.KEPT, kept_name=name)
    return decided


def _is_not_kombits(ticket: Ticket, setup: SetupDecision | None) -> bool:
    """Whether the right is another ticket's, or a person has named another solution since the payer was filled in.

    An edited register names none.
    """
    filled = max((change.at for change in changes_of(ticket, FieldName.PAYER)), default=ticket.created)
    named = (c for c in changes_of(ticket, FieldName.SOLUTION) if c.at > filled and not c.by.is_adapter)
    return (setup is not None and setup.turn is SetupTurn.LATER) or any(named)


def _said(choice: PayerChoice | None, setup: SetupDecision | None) -> tuple[Payer | None, PayerSource] | None:
    """Who pays by a person's word or by whose setup it is (R16), None being whoever orders; None for neither."""
    if choice is not None:
        return choice.payer, PayerSource.PERSON if choice.is_in_field else PayerSource.SETUP_PERSON
    if setup is None:
        return None
    return {
        SetupTurn.FIRST: (Payer.KOMBIT, PayerSource.SETUP_FIRST),
        SetupTurn.HELD: (Payer.KOMBIT, PayerSource.SETUP_FIRST),
        SetupTurn.LATER: (None, PayerSource.SETUP_LATER),
        SetupTurn.UNKNOWN: (Payer.UNRESOLVED, PayerSource.SETUP_UNKNOWN),
    }[setup.turn]


def _written_for(payer: Payer, ticket: Ticket, catalogue: Catalogue) -> str | None:
    """The party that the adapter wrote down while this payer stood on the ticket: another payer's is not theirs (R20).

    A party that a person wrote is read anew, and counts only where it is of the payer's kind.
    """
    name, changes = standing_value(ticket, FieldName.PAYING_PARTY), changes_of(ticket, FieldName.PAYING_PARTY)
    changes = tuple(change for change in changes if is_of_desk(change.by))
    if not isinstance(name, str) or not name.strip() or not changes or not changes[-1].by.is_adapter:
        return None
    then = catalogue.meaning(FieldName.PAYER, value_at(ticket, FieldName.PAYER, changes[-1].at))
    return name if then == payer else None


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
    by_reporter = [party for party in _all(catalogue) if is_person_of(reporter, party, subdomains)]
    return _only(by_reporter, PartySource.REPORTER) if by_reporter else (None, PartySource.UNKNOWN)


def _only(parties: list[Party], source: PartySource) -> tuple[Party | None, PartySource]:
    return (parties[0], source) if len(parties) == 1 else (None, PartySource.AMBIGUOUS)


def is_person_of(person: Person, party: Party, subdomains_count: bool) -> bool:
    """Whether somebody is one of a party's people: by account, or by an address that is not hidden."""
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
