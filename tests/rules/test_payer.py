"""Who pays, from what the ticket says (R1, R3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.catalogue.words import CategoryId, FieldName, Payer
from adapter.rules.payer import PartySource, PayerDecision, PayerSource, decide_payer, is_from
from adapter.ticket.snapshot import Ticket
from tests.builders import ADAPTER, NOW, STRANGER, a_ticket, catalogue, changed, sender


def decided(ticket: Ticket, category: str) -> PayerDecision:
    return decide_payer(ticket, catalogue(), catalogue().services.categories[CategoryId(category)])


def test_a_row_with_one_payer_needs_nothing_from_the_ticket() -> None:
    found = decided(a_ticket(reporter=STRANGER), "K1")
    assert (found.payer, found.source) == (Payer.MUNICIPALITY, PayerSource.CATALOGUE)
    assert (found.party, found.party_source) == (None, PartySource.UNKNOWN)


@pytest.mark.parametrize(
    ("ticket", "payer", "party"),
    [
        (a_ticket(), Payer.MUNICIPALITY, "Ballerup"),
        (a_ticket(organisations=("Datafirma",), reporter=STRANGER), Payer.THIRD_PARTY, "Datafirma A/S"),
        (a_ticket(organisations=("Aarhus Kommune",), reporter=STRANGER), Payer.MUNICIPALITY, "Aarhus"),
        (a_ticket(organisations=("Københavns Kommune",), reporter=STRANGER), Payer.MUNICIPALITY, "København"),
        (a_ticket(fields={FieldName.PAYING_PARTY: "0751"}), Payer.MUNICIPALITY, "Aarhus"),
        (a_ticket(fields={FieldName.PAYING_PARTY: "ballerup kommune (0151)"}), Payer.MUNICIPALITY, "Ballerup"),
    ],
)
def test_where_a_row_allows_several_the_orderer_says_who_pays(ticket: Ticket, payer: Payer, party: str) -> None:
    found = decided(ticket, "K6")
    assert found.payer is payer
    assert found.source is PayerSource.ORDERER
    assert found.party is not None
    assert found.party.name.startswith(party)


def test_an_unknown_orderer_leaves_the_payer_to_be_clarified() -> None:
    for ticket in (
        a_ticket(reporter=STRANGER),
        a_ticket(reporter=None),
        a_ticket(reporter=replace(STRANGER, email="x")),
    ):
        found = decided(ticket, "K6")
        assert (found.payer, found.source, found.is_known) == (Payer.UNRESOLVED, PayerSource.UNKNOWN, False)


def test_kombit_as_orderer_is_no_payer_where_the_row_has_none() -> None:
    assert decided(a_ticket(organisations=("KOMBIT",)), "K6").payer is Payer.UNRESOLVED


def test_several_organisations_of_different_parties_are_not_guessed_between() -> None:
    found = decided(a_ticket(organisations=("Datafirma", "Ballerup Kommune")), "K6")
    assert (found.payer, found.party_source) == (Payer.UNRESOLVED, PartySource.AMBIGUOUS)


def test_a_persons_payer_stands_and_needs_a_party_of_its_kind() -> None:
    chosen = a_ticket(fields={FieldName.PAYER: "3. part"})
    found = decided(chosen, "K6")
    assert (found.payer, found.source, found.party) == (Payer.THIRD_PARTY, PayerSource.PERSON, None)


def test_the_adapters_own_payer_is_no_persons_choice() -> None:
    history = (changed(FieldName.PAYER, None, "3. part", NOW, ADAPTER),)
    assert (
        decided(a_ticket(fields={FieldName.PAYER: "3. part"}, field_history=history), "K6").payer is Payer.MUNICIPALITY
    )


def test_a_persons_afklares_is_an_answer() -> None:
    found = decided(a_ticket(fields={FieldName.PAYER: "Afklares"}), "K1")
    assert (found.payer, found.source) == (Payer.UNRESOLVED, PayerSource.PERSON)
    own = (changed(FieldName.PAYER, None, "Afklares", NOW, ADAPTER),)
    again = decided(a_ticket(fields={FieldName.PAYER: "Afklares"}, field_history=own), "K1")
    assert again.payer is Payer.MUNICIPALITY


def test_once_offered_the_adapters_own_payer_and_party_are_kept_whatever_they_are_called_now() -> None:
    own = {FieldName.PAYER: "Kommune", FieldName.PAYING_PARTY: "Ballerup gamle navn"}
    history = tuple(changed(field, None, value, NOW, ADAPTER) for field, value in own.items())
    ticket = a_ticket(fields=own, field_history=history, reporter=STRANGER)
    row = catalogue().services.categories[CategoryId("K6")]
    assert decide_payer(a_ticket(), catalogue(), row, keep=True) == decide_payer(a_ticket(), catalogue(), row)
    kept = decide_payer(ticket, catalogue(), row, keep=True)
    assert (kept.payer, kept.source, kept.party, kept.party_name) == (
        Payer.MUNICIPALITY,
        PayerSource.KEPT,
        None,
        "Ballerup gamle navn",
    )
    assert decide_payer(ticket, catalogue(), row).payer is Payer.UNRESOLVED


def test_kombit_chosen_by_a_person_is_the_party_itself() -> None:
    found = decided(a_ticket(fields={FieldName.PAYER: "KOMBIT"}), "K9")
    assert (found.payer, found.party_source, found.party) == (
        Payer.KOMBIT,
        PartySource.KOMBIT,
        catalogue().parties.kombit,
    )


def test_an_sf1475_setup_is_never_paid_by_whoever_orders_it() -> None:
    found = decided(a_ticket(), "K9")
    assert (found.payer, found.source) == (Payer.UNRESOLVED, PayerSource.SETUP_UNKNOWN)


def test_a_party_that_is_not_listed_is_said_to_be_so() -> None:
    found = decided(a_ticket(fields={FieldName.PAYING_PARTY: "Gotham"}), "K1")
    assert (found.party, found.party_source) == (None, PartySource.UNLISTED)


def test_a_reporter_is_known_by_account_where_the_address_is_hidden() -> None:
    known = catalogue()
    parties = known.parties
    aarhus = parties.municipalities["0751"].model_copy(update={"accounts": ("fremmed",)})
    with_account = replace(
        known, parties=parties.model_copy(update={"municipalities": {**parties.municipalities, "0751": aarhus}})
    )
    hidden = a_ticket(reporter=replace(STRANGER, email=None))
    found = decide_payer(hidden, with_account, known.services.categories[CategoryId("K1")])
    assert (found.party, found.party_source) == (aarhus, PartySource.REPORTER)


def test_a_subdomain_counts_only_by_setting_and_a_contact_always() -> None:
    ballerup = catalogue().parties.municipalities["0151"]
    mail = sender("a@post.ballerup.example")
    assert not is_from(mail, ballerup, subdomains_count=False)
    assert is_from(mail, ballerup, subdomains_count=True)
    assert not is_from(sender("a@evilballerup.example"), ballerup, subdomains_count=True)
    contact = ballerup.model_copy(update={"contacts": ("chef@privat.example",)})
    assert is_from(sender("chef@privat.example"), contact, subdomains_count=False)
