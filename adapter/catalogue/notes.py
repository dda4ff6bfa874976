"""What an admin should know of a mapping that is in order: what it leaves undone, and what is still assumed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from adapter.catalogue.model import Assumption, Catalogue
from adapter.catalogue.words import StatusRole


def open_assumptions(catalogue: Catalogue) -> tuple[Assumption, ...]:
    """The assumptions that the owner has not confirmed yet."""
    return tuple(assumption for assumption in catalogue.assumptions if not assumption.confirmed)


def notes(catalogue: Catalogue) -> Iterator[str]:
    """What can't happen with this mapping, though nothing in it is wrong."""
    if (urlsplit(catalogue.jira.url).hostname or "").endswith(".example"):
        yield f"adressen {catalogue.jira.url} i jira.yaml er et eksempel: ret den, eller sæt DUBU_…_JIRA_URL i miljøet"
    parties = catalogue.parties
    silent = [party for party in parties.municipalities.values() if not (party.domains or party.contacts)]
    if silent:
        yield f"{len(silent)} kommuner uden domæner og kontakter i parter.yaml: deres mails kan ikke godkende"
    for key, party in parties.third_parties.items():
        if not (party.domains or party.contacts):
            yield f"tredjeparten {key} har hverken domæner eller kontakter: dens mails kan ikke godkende"
    if not parties.third_parties:
        yield "ingen tredjeparter i parter.yaml: kun kommuner og KOMBIT kan betale"
    if not catalogue.jira.request_types:
        yield "ingen anmodningstyper i jira.yaml: kategorien findes kun ud fra sagens ord og personers valg"
    yield from _process_notes(catalogue)


def _process_notes(catalogue: Catalogue) -> Iterator[str]:
    """What of offers, setups and disagreement can't happen."""
    if not catalogue.solutions.solutions:
        yield "ingen løsninger i register.yaml: SF1475-bestillinger (K9) venter, til en administrator tilføjer dem"
    owners = catalogue.parties.owners
    for side, owner in (("leverandør", owners.supplier), ("kombit", owners.kombit)):
        if not owner.accounts:
            yield f"projektejeren for {side} i parter.yaml har ingen konti: ved uenighed tilføjes ingen derfra (R14)"
    for role, why in _WITHOUT.items():
        if not catalogue.jira.statuses.get(role):
            yield f"ingen status for {role} i jira.yaml: {why}"


_WITHOUT = {
    StatusRole.PRODUCTION: "der kan ikke holdes igen før produktion (R21, R22)",
    StatusRole.KOMBIT_ACCEPTED: "KOMBIT kan kun svare ved mail (R18)",
    StatusRole.DISAGREEMENT: "uenighed kan kun meldes i feltet eller med en kommando (R14)",
    StatusRole.CANCELLED: "en annulleret sag kan ikke kendes fra en afsluttet (R16)",
}
