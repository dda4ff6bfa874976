"""Who pays, from what the ticket says (R1, R3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.catalogue.words import CategoryId, FieldName, Payer
from adapter.rules.commands import Asks, Command
from adapter.rules.payer import PartySource, PayerDecision, PayerSource, decide_payer, is_from
from adapter.rules.setup import SetupDecision, SetupTurn
from adapter.ticket.snapshot import Ticket, Value
from tests.builders import ADAPTER, AGENT, NOW, STRANGER, a_ticket, catalogue, changed, sender


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


# Setups


def of_setup(
    turn: SetupTurn, says: str | None = None, ticket: Ticket | None = None, *, keep: bool = False
) -> PayerDecision:
    """Who pays a setup of this turn; with `says`, by a person's command at NOW."""
    word = Command(Asks.SETUP, "", says, AGENT, NOW, "det er aftalt", "1") if says else None
    row = catalogue().services.categories[CategoryId("K9")]
    return decide_payer(ticket or a_ticket(), catalogue(), row, setup=SetupDecision(turn), command=word, keep=keep)


@pytest.mark.parametrize(
    ("turn", "payer", "source", "party"),
    [
        (SetupTurn.FIRST, Payer.KOMBIT, PayerSource.SETUP_FIRST, "KOMBIT"),
        (SetupTurn.HELD, Payer.KOMBIT, PayerSource.SETUP_FIRST, "KOMBIT"),
        (SetupTurn.LATER, Payer.MUNICIPALITY, PayerSource.SETUP_LATER, "Ballerup"),
        (SetupTurn.UNKNOWN, Payer.UNRESOLVED, PayerSource.SETUP_UNKNOWN, None),
    ],
)
def test_kombit_pays_the_first_setup_and_whoever_orders_the_later_ones(
    turn: SetupTurn, payer: Payer, source: PayerSource, party: str | None
) -> None:
    """R16."""
    found = of_setup(turn)
    assert (found.payer, found.source, found.needs_reason) == (payer, source, False)
    assert party in str(found.party_name) if party else found.party_name is None


@pytest.mark.parametrize("turn", SetupTurn)
def test_a_persons_reason_says_who_pays_whosever_turn_it_is(turn: SetupTurn) -> None:
    """R16."""
    for says, payer in (("kombit", Payer.KOMBIT), ("betaler", Payer.MUNICIPALITY)):
        found = of_setup(turn, says)
        assert (found.payer, found.source) == (payer, PayerSource.SETUP_PERSON)


def test_a_later_setup_is_never_kombits_by_ordering_it() -> None:
    """R16: KOMBIT may order for somebody else, and then a person says who that is."""
    assert of_setup(SetupTurn.LATER, ticket=a_ticket(organisations=("KOMBIT",))).payer is Payer.UNRESOLVED
    assert of_setup(SetupTurn.LATER, "betaler", a_ticket(organisations=("KOMBIT",))).payer is Payer.UNRESOLVED


def test_kombit_in_the_field_needs_the_right_or_a_reason() -> None:
    """R16: KOMBIT pays one setup for each solution, and whoever says otherwise says why."""
    chosen = a_ticket(fields={FieldName.PAYER: "KOMBIT"})
    for turn, says, needs_reason in (
        (SetupTurn.FIRST, None, False),
        (SetupTurn.HELD, None, False),
        (SetupTurn.LATER, None, True),
        (SetupTurn.LATER, "kombit", False),
        (SetupTurn.UNKNOWN, None, True),
    ):
        found = of_setup(turn, says, chosen)
        source = PayerSource.SETUP_PERSON if says else PayerSource.PERSON
        assert (found.payer, found.source, found.needs_reason) == (Payer.KOMBIT, source, needs_reason)


@pytest.mark.parametrize(
    ("turn", "kept", "payer"),
    [
        (SetupTurn.FIRST, "Kommune", Payer.MUNICIPALITY),  # the right came free: it is no longer this ticket's
        (SetupTurn.LATER, "KOMBIT", Payer.MUNICIPALITY),  # the right was lost
        (SetupTurn.HELD, "KOMBIT", Payer.KOMBIT),
        (SetupTurn.UNKNOWN, "Kommune", Payer.MUNICIPALITY),
    ],
)
def test_what_a_setup_was_offered_under_stays_but_kombit_never_without_the_right(
    turn: SetupTurn, kept: str, payer: Payer
) -> None:
    """R12, R16."""
    history = (changed(FieldName.PAYER, None, kept, NOW, ADAPTER),)
    ticket = a_ticket(fields={FieldName.PAYER: kept}, field_history=history)
    assert of_setup(turn, ticket=ticket, keep=True).payer is payer


def in_field(label: str, minutes: int) -> Ticket:
    """A ticket of which an agent set the payer so long after NOW."""
    when = NOW + timedelta(minutes=minutes)
    history = (changed(FieldName.PAYER, "Afklares", label, when),)
    return a_ticket(fields={FieldName.PAYER: label}, field_history=history)


@pytest.mark.parametrize(
    ("label", "says", "payer"), [("KOMBIT", "betaler", Payer.MUNICIPALITY), ("Kommune", "kombit", Payer.KOMBIT)]
)
def test_of_field_and_command_the_newest_word_says_who_pays(label: str, says: str, payer: Payer) -> None:
    """R16: both are a person's choice, and the one that lost is not in force."""
    by_command = of_setup(SetupTurn.HELD, says, in_field(label, -1))
    assert (by_command.payer, by_command.source) == (payer, PayerSource.SETUP_PERSON)
    assert by_command.choice is not None
    assert by_command.choice.command is not None
    by_field = of_setup(SetupTurn.HELD, says, in_field(label, 1))
    assert (by_field.payer, by_field.source) == (Payer(label.casefold()), PayerSource.PERSON)
    assert by_field.choice is not None
    assert by_field.choice.command is None


@pytest.mark.parametrize(
    ("label", "says", "payer"), [("KOMBIT", "betaler", "Kommune"), ("Kommune", "kombit", "KOMBIT")]
)
def test_a_command_that_overruled_the_field_stands_once_the_field_says_so(label: str, says: str, payer: str) -> None:
    """R16: what the adapter wrote by it makes no older choice a newer one, or the two would alternate for ever."""
    chosen = in_field(label, -1)
    written = changed(FieldName.PAYER, label, payer, NOW + timedelta(minutes=1), ADAPTER)
    obeyed = replace(chosen, fields={FieldName.PAYER: payer}, field_history=(*chosen.field_history, written))
    found = of_setup(SetupTurn.HELD, says, obeyed)
    assert (found.payer, found.source) == (Payer(payer.casefold()), PayerSource.SETUP_PERSON)


def test_a_reason_written_before_the_field_was_set_to_kombit_is_one() -> None:
    """R16."""
    assert not of_setup(SetupTurn.LATER, "kombit", in_field("KOMBIT", 1)).needs_reason
    assert of_setup(SetupTurn.LATER, "betaler", in_field("KOMBIT", 1)).needs_reason


def by_adapter(payer: str, party: str) -> Ticket:
    """A ticket that was offered to a party that the adapter found."""
    fields: dict[FieldName, Value] = {FieldName.PAYER: payer, FieldName.PAYING_PARTY: party}
    history = tuple(changed(field, None, value, NOW, ADAPTER) for field, value in fields.items())
    return a_ticket(fields=fields, field_history=history)


def test_another_payers_party_is_never_kept() -> None:
    """R20: the approver must be the one who pays, so payer and party never come apart."""
    kombit, ballerup = catalogue().parties.kombit, catalogue().parties.municipalities["0151"]
    offered = by_adapter("Kommune", ballerup.name)
    assert of_setup(SetupTurn.LATER, "kombit", offered, keep=True).party is kombit
    change = changed(FieldName.PAYER, "Kommune", "KOMBIT", NOW + timedelta(minutes=1))
    chosen = replace(
        offered,
        fields={**offered.fields, FieldName.PAYER: "KOMBIT"},
        field_history=(*offered.field_history, change),
    )
    assert of_setup(SetupTurn.HELD, ticket=chosen, keep=True).party is kombit
    lost = of_setup(SetupTurn.LATER, ticket=by_adapter("KOMBIT", kombit.name), keep=True)
    assert (lost.payer, lost.party, lost.party_name) == (Payer.MUNICIPALITY, ballerup, ballerup.name)


def test_a_party_that_a_person_wrote_counts_only_for_a_payer_of_its_kind() -> None:
    """R20."""
    written = a_ticket(fields={FieldName.PAYER: "KOMBIT", FieldName.PAYING_PARTY: "Ballerup"})
    assert of_setup(SetupTurn.HELD, ticket=written, keep=True).party is catalogue().parties.kombit
    other = a_ticket(fields={FieldName.PAYER: "3. part", FieldName.PAYING_PARTY: "Ballerup"})
    assert of_setup(SetupTurn.LATER, ticket=other, keep=True).party is None
