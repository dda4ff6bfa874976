"""When a ticket went to work, and whether the gate was open then (R10, R16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.catalogue.words import ApprovalState, FieldName
from adapter.rules.starts import starts_of, work_began
from adapter.ticket.snapshot import FieldChange, Person, StatusChange, Ticket
from tests.builders import ADAPTER, AGENT, CREATED, a_ticket, catalogue, changed, moved

MAPPING = catalogue()


def step(minutes: float, before: str, to: str, by: Person = AGENT) -> StatusChange:
    return moved(before, to, CREATED + timedelta(minutes=minutes), by)


def shown(minutes: float, state: ApprovalState, by: Person = ADAPTER) -> FieldChange:
    label = MAPPING.label(FieldName.APPROVAL, state)
    return changed(FieldName.APPROVAL, None, label, CREATED + timedelta(minutes=minutes), by)


BY_HAND = (step(1, "Afventer Kunde", "Godkendt"), step(2, "Godkendt", "I gang"))
"""Both steps by an agent, who has attached the approval and does not wait for the adapter."""
PUT_BACK = (*BY_HAND, step(60, "I gang", "Ny", ADAPTER))


def began(history: tuple[StatusChange, ...], *states: FieldChange, seconds: int = 0) -> bool:
    ticket = a_ticket(history=history, field_history=states, seconds_spent=seconds)
    return work_began(ticket, MAPPING) is not None


@pytest.mark.parametrize("minutes", [0.5, 1.5, 3])
def test_an_agents_own_start_through_an_open_gate_is_work_that_began(minutes: float) -> None:
    """R12, R16: the ticket showed the gate open before the start or while it lasted, though it closed again at once."""
    assert began(PUT_BACK, shown(minutes, ApprovalState.APPROVED), shown(61, ApprovalState.CAP_REACHED))
    assert not began(PUT_BACK)


def test_a_gate_that_only_a_person_calls_open_is_not() -> None:
    assert not began(PUT_BACK, shown(0.5, ApprovalState.APPROVED, AGENT))


def test_a_start_after_the_gate_closed_again_is_early() -> None:
    """R10, R12."""
    assert not began(PUT_BACK, shown(0.2, ApprovalState.APPROVED), shown(0.5, ApprovalState.LAPSED))


def test_a_start_on_which_hours_are_logged_is_no_oversight() -> None:
    """R16: what was worked on is paid for."""
    assert began(PUT_BACK, seconds=900)
    assert not began((), seconds=900)


def test_a_ticket_that_people_took_through_godkendt_to_done_was_worked_on_where_the_gate_was_open() -> None:
    done = (step(1, "Afventer Kunde", "Godkendt"), step(2, "Godkendt", "Løst"))
    assert began(done, shown(1.5, ApprovalState.APPROVED))
    assert not began(done)


def test_an_approval_opens_the_gate_before_the_adapter_has_told_of_it_and_not_against_what_it_told_since() -> None:
    """R10: who starts with the approval on the ticket is accused of nothing."""

    def allowed(ticket: Ticket, minutes: float) -> bool:
        (start,) = starts_of(ticket, MAPPING, CREATED + timedelta(minutes=minutes))
        return start.was_allowed

    ticket = a_ticket(history=PUT_BACK)
    assert allowed(ticket, 0.5)
    assert not allowed(ticket, 61)
    assert not allowed(replace(ticket, field_history=(shown(0.7, ApprovalState.LAPSED),)), 0.5)


def test_from_work_on_to_production_is_no_second_start() -> None:
    history = (*BY_HAND, step(3, "I gang", "I produktion"))
    assert [start.change for start in starts_of(a_ticket(history=history), MAPPING)] == [history[1]]
