"""What a person chose stays chosen, whatever is written over it before it could be known (R2, R3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.catalogue.words import FieldName
from adapter.rules.choices import choice_of, persons_value
from adapter.rules.decide import decide
from adapter.rules.view import view_of
from adapter.ticket.snapshot import Person, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    AUTOMATION,
    CREATED,
    CUSTOMER,
    KOMBITS,
    LATER_SETUP,
    NOW,
    STRANGER,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    changed,
    remembering,
    row,
    settings_of,
    with_solution,
)

MINUTE = timedelta(minutes=1)
LATER = at("2026-11-24 15:00")
PARTY = FieldName.PAYING_PARTY


def of(field: FieldName, *values: tuple[Value, Person], first: Value = None) -> Ticket:
    """A ticket of K1 whose field held these values in turn, a minute each."""
    before = [first, *(value for value, _ in values)]
    history = tuple(
        changed(field, before[n], value, CREATED + MINUTE * (n + 1), by) for n, (value, by) in enumerate(values)
    )
    fields = {FieldName.CATEGORY: row("K1"), field: before[-1]}
    return a_ticket(fields=fields, field_history=history)


def written(ticket: Ticket, field: FieldName) -> Value:
    """What the field holds once the plan is carried out."""
    return settings_of(decide(ticket, with_solution(), LATER_SETUP, NOW)).get(field, ticket.fields[field])


def test_the_choice_is_what_a_person_set_last_with_who_and_when() -> None:
    found = choice_of(of(PARTY, ("Aarhus", AGENT), ("Odense", AGENT)), PARTY)
    assert found is not None
    assert (found.value, found.by, found.at) == ("Odense", AGENT, CREATED + 2 * MINUTE)


def test_what_was_set_when_the_ticket_was_made_is_its_makers_choice() -> None:
    for ticket in (of(PARTY, first="Aarhus"), of(PARTY, ("Ballerup", ADAPTER), first="Aarhus")):
        found = choice_of(ticket, PARTY)
        assert found is not None
        assert (found.value, found.by, found.at) == ("Aarhus", CUSTOMER, CREATED)


@pytest.mark.parametrize(
    "ticket",
    [
        of(PARTY),
        of(PARTY, ("Ballerup", ADAPTER)),
        of(PARTY, ("Ballerup", ADAPTER), ("Aarhus", AGENT), (None, AGENT)),
        of(PARTY, ("Aarhus", AGENT), (None, AGENT), ("Ballerup", ADAPTER)),
    ],
)
def test_what_nobody_set_or_somebody_emptied_is_no_choice(ticket: Ticket) -> None:
    assert persons_value(ticket, PARTY) is None


def test_a_value_that_the_field_may_not_hold_is_no_choice_though_the_changelog_names_it() -> None:
    ticket = of(PARTY, ("Aarhus", AGENT))
    assert persons_value(replace(ticket, fields={PARTY: None}), PARTY) is None


@pytest.mark.parametrize(
    ("field", "chosen", "adapters"),
    [
        (FieldName.CATEGORY, row("K7"), row("K1")),
        (FieldName.CATEGORY, "Ikke omfattet af kataloget", row("K1")),
        (FieldName.PAYER, "3. part", "Kommune"),
        (FieldName.PAYING_PARTY, "Aarhus Kommune", "Ballerup Kommune"),
        (FieldName.SUBTYPE, "Slettet dokument skal genskabes", None),
        (FieldName.SOLUTION, "Fagsystem Y", "Fagsystem X"),
    ],
)
def test_a_choice_that_the_adapter_wrote_over_before_it_could_know_is_put_back_and_stays(
    field: FieldName, chosen: Value, adapters: Value
) -> None:
    raced = of(field, (chosen, AGENT), (adapters, ADAPTER))
    assert persons_value(raced, field) == chosen
    if field is FieldName.SOLUTION:
        raced = replace(raced, fields={**raced.fields, FieldName.CATEGORY: row("K9")})
    if field is FieldName.SUBTYPE:
        raced = replace(raced, fields={**raced.fields, FieldName.CATEGORY: row("K3")})
    assert written(raced, field) == chosen
    put_back = of(field, (chosen, AGENT), (adapters, ADAPTER), (chosen, ADAPTER))
    assert written(put_back, field) == chosen


DESKS = [(FieldName.CATEGORY, row("K7")), (FieldName.PAYER, "3. part"), (FieldName.PAYING_PARTY, "Aarhus Kommune")]


@pytest.mark.parametrize("by", [CUSTOMER, KOMBITS, AUTOMATION, replace(AUTOMATION, is_agent=True)])
@pytest.mark.parametrize(("field", "value"), DESKS)
def test_who_pays_and_what_it_is_are_changed_by_the_service_desk_alone(
    field: FieldName, value: Value, by: Person
) -> None:
    """R2, R3: what a customer or an app writes later is put back, and undoes no choice."""
    first = row("K1") if field is FieldName.CATEGORY else None
    changed_by_another = of(field, (value, by), first=first)
    assert persons_value(changed_by_another, field) == first
    assert written(changed_by_another, field) != value
    chosen = of(field, (value, AGENT), ("Ballerup" if field is FieldName.PAYING_PARTY else "Kommune", by))
    assert persons_value(chosen, field) == value
    emptied = of(field, (value, AGENT), (None, by))
    assert written(emptied, field) == value


@pytest.mark.parametrize("by", [CUSTOMER, AUTOMATION])
@pytest.mark.parametrize(("field", "value"), DESKS)
def test_a_change_by_another_than_the_desk_undoes_nothing_that_was_offered_and_approved(
    field: FieldName, value: Value, by: Person
) -> None:
    """R12: it is put back, and the gate stays open."""
    stood = {FieldName.CATEGORY: row("K10"), FieldName.PAYER: "Kommune", FieldName.PAYING_PARTY: "Ballerup"}
    filled = [changed(name, None, held, CREATED + MINUTE, ADAPTER) for name, held in stood.items()]
    memory = remembering(a1=an_offer(), a2=a_yes())
    for moment in (CREATED + 2 * MINUTE, LATER):
        later = changed(field, stood[field], value, moment, by)
        fields, history = {**stood, field: value}, (*filled, later)
        ticket = answered(category=None, fields=fields, field_history=history, reporter=STRANGER)
        assert view_of(ticket, with_solution(), memory, LATER).gate.is_open
        assert settings_of(decide(ticket, with_solution(), memory, LATER))[field] == stood[field]


def test_an_app_is_no_person_whatever_it_chooses() -> None:
    """R2"""
    assert persons_value(of(FieldName.SUBTYPE, ("Andet", AUTOMATION)), FieldName.SUBTYPE) is None
    assert persons_value(of(FieldName.SOLUTION, ("Fagsystem X", CUSTOMER)), FieldName.SOLUTION) == "Fagsystem X"


def test_a_customers_way_out_of_the_catalogue_is_not_put_back() -> None:
    """R2: only the service desk may choose it."""
    outside = "Ikke omfattet af kataloget"
    ticket = of(FieldName.CATEGORY, (outside, CUSTOMER), ("Til afklaring", ADAPTER))
    assert written(ticket, FieldName.CATEGORY) != outside
