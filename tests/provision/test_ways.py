"""The workflow has every step that the rules can want: held against the rules themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from adapter.catalogue.words import ApprovalState, CategoryId, Payer, Stage, StatusRole
from adapter.provision.ways import ADAPTER_MOVES, PEOPLES_WAYS
from adapter.rules.gate import Gate, wanted_move
from adapter.rules.payer import PayerDecision
from adapter.rules.readiness import unready_move
from adapter.rules.view import view_of
from adapter.ticket.snapshot import Status, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    NOW,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    catalogue,
    moved,
    offered,
    remembering,
)

ROBOTS = CategoryId("K7")
ROLES = [role for role in StatusRole if role is not StatusRole.OTHER]


def standing(ticket: Ticket, role: StatusRole, *, put_there_by_adapter: bool | None) -> Ticket:
    """A ticket in a status of a role, moved there by the adapter, by a person, or never moved."""
    name = catalogue().jira.statuses[role][0]
    before = "Ny" if name != "Ny" else "I gang"
    by = ADAPTER if put_there_by_adapter else AGENT
    history = () if put_there_by_adapter is None else (moved(before, name, NOW, by),)
    return replace(ticket, status=Status(ticket.status.id, name, role), history=history)


def wants() -> set[tuple[StatusRole, StatusRole]]:
    """From where to where the rules move tickets, over every state of the gate, payer, evidence and history."""
    found: set[tuple[StatusRole, StatusRole]] = set()
    memory = remembering(a1=an_offer(), a2=a_yes())
    robot = view_of(a_ticket(category=ROBOTS), catalogue(), memory, NOW).decided
    items = robot.items if robot is not None else ()
    assert {item.prerequisite.stage for item in items} >= {Stage.PRODUCTION}
    for begun in (a_ticket(category="K4"), offered(), answered()):
        view = view_of(begun, catalogue(), memory, at("2026-11-23 15:00"))
        payers: list[PayerDecision | None] = [None]
        payers += [replace(view.payer, payer=payer) for payer in Payer] if view.payer else []
        for role, state, payer, mover in product(ROLES, ApprovalState, payers, (True, False, None)):
            if payer is None and state not in {ApprovalState.UNRESOLVED, ApprovalState.NOT_REQUIRED}:
                continue  # without a row of the catalogue there is nothing to offer or approve
            ticket = standing(begun, role, put_there_by_adapter=mover)
            gate = Gate(state)
            for move in (
                wanted_move(ticket, catalogue(), gate, payer, view.evidence),
                unready_move(stepped(ticket, "I gang"), catalogue(), ROBOTS, gate, items, NOW),
                unready_move(stepped(ticket, "I produktion"), catalogue(), ROBOTS, gate, items, NOW),
            ):
                found |= {(role, move.role)} if move is not None else set()
    return found


def stepped(ticket: Ticket, before: str) -> Ticket:
    """The ticket as a person moved it there from a status."""
    return replace(ticket, history=(moved(before, ticket.status.name, NOW),))


def test_every_move_of_the_rules_is_a_way_that_provisioning_sees_to_and_no_other() -> None:
    ways = {(source, target) for target, sources in ADAPTER_MOVES.items() for source in sources}
    found = wants()
    assert found <= ways
    assert not {(source.value, target.value) for source, target in ways - found}


@pytest.mark.parametrize("role", [role for role in ROLES if role is not StatusRole.APPROVED])
def test_people_can_reach_every_status_but_godkendt(role: StatusRole) -> None:
    assert any(way.target is role for way in PEOPLES_WAYS)


def test_nobody_but_the_adapter_is_given_a_way_to_godkendt_and_work_starts_from_there_alone() -> None:
    assert all(way.target is not StatusRole.APPROVED for way in PEOPLES_WAYS)
    into_work = {source for way in PEOPLES_WAYS if way.target is StatusRole.WORK for source in way.sources}
    assert into_work == {StatusRole.APPROVED, StatusRole.PRODUCTION}
