"""Every way around the approval is seen, and nothing else is called one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.catalogue.words import ApprovalState, StatusRole
from adapter.provision.conditions import any_of
from adapter.provision.document import Document, Transition
from adapter.provision.door import DoorKind, SideDoor
from adapter.provision.found import Actor, ActorKind, Found, Grant, IssueType, RequestType, Role, Status, Workflow
from adapter.provision.side_doors import side_doors
from tests.provision.made import (
    ADAPTER,
    CATALOGUE,
    PROJECT,
    ROLE,
    STATUSES,
    creation,
    lock,
    site,
    status_id,
    step,
    workflow,
)

LOCK = any_of([lock(), lock(ApprovalState.NOT_REQUIRED)])
LOCKED = step(31, "Start arbejde", "I gang", "Godkendt", conditions=LOCK)
OPEN = (
    "Ny",
    "Afventer Kunde",
    "Afventer 3.part",
    "Godkendt",
    "I gang",
    "I produktion",
    "KOMBIT-accept modtaget",
    "Uenighed",
)


def ways_back() -> list[Transition]:
    """All that the adapter needs, reserved for it."""
    targets = ("Ny", "Afventer Kunde", "Afventer 3.part", "Uenighed", "Godkendt")
    found = [step(100 + i, f"Til {t}", t, *(s for s in OPEN if s != t), only=ROLE) for i, t in enumerate(targets)]
    return [*found, step(110, "Til arbejde", "I gang", "I produktion", "Løst", "Lukket", only=ROLE)]


def doors(*steps: Transition, **more: object) -> tuple[SideDoor, ...]:
    return side_doors(CATALOGUE, site(workflow(creation("Ny"), LOCKED, *ways_back(), *steps), **more))


def kinds(found: tuple[SideDoor, ...]) -> set[DoorKind]:
    return {door.kind for door in found}


def test_a_locked_workflow_has_no_side_door() -> None:
    assert doors(step(41, "Sæt i produktion", "I produktion", "I gang"), step(42, "Løs", "Løst", "I gang", "Ny")) == ()


@pytest.mark.parametrize("source", ["Ny", "Afventer Kunde", "Uenighed", "Løst", "Annulleret"])
@pytest.mark.parametrize("target", ["I gang", "I produktion"])
def test_work_that_starts_from_elsewhere_than_godkendt_is_a_door(source: str, target: str) -> None:
    (door,) = doors(step(51, "Genvej", target, source))
    assert (door.kind, door.sources, door.target) == (DoorKind.EARLY_START, (source,), target)
    assert f'fra "{source}" til "{target}"' in str(door)


def test_a_global_transition_into_work_is_a_door_from_every_other_status() -> None:
    found = doors(step(51, "I gang", "I gang"))
    assert kinds(found) == {DoorKind.EARLY_START, DoorKind.NO_SECOND_LOCK}
    early = next(door for door in found if door.kind is DoorKind.EARLY_START)
    assert "Godkendt" not in early.sources
    assert {"Ny", "Løst", "Annulleret"} < set(early.sources)


def test_a_link_from_nowhere_is_a_link_from_anywhere() -> None:
    found = doors({**step(51, "Genvej", "I gang", "Godkendt"), "links": [{"toPort": 1}]})
    assert DoorKind.EARLY_START in kinds(found)


def test_tickets_that_are_created_in_work_are_a_door() -> None:
    found = side_doors(CATALOGUE, site(workflow(creation("I gang"), LOCKED, *ways_back())))
    assert [(door.kind, door.sources) for door in found] == [(DoorKind.EARLY_START, ())]


def test_a_start_that_is_reserved_for_the_adapter_is_no_door() -> None:
    assert doors(step(51, "Genvej", "I gang", "Ny", only=ROLE)) == ()


def test_a_way_into_godkendt_that_others_may_take_is_a_door() -> None:
    assert kinds(doors(step(51, "Godkend selv", "Godkendt", "Ny"))) == {DoorKind.OPEN_APPROVAL}
    assert kinds(doors(step(51, "Godkend selv", "Godkendt", "Ny", only="10200"))) == {DoorKind.OPEN_APPROVAL}


def test_a_start_that_does_not_ask_the_field_is_named() -> None:
    (door,) = doors(step(51, "Begynd", "I gang", "Godkendt"))
    assert (door.kind, door.transition) == (DoorKind.NO_SECOND_LOCK, "Begynd")


def test_each_missing_way_back_is_named_by_its_statuses() -> None:
    steps = [s for s in ways_back() if s["name"] != "Til Ny"]
    found = side_doors(CATALOGUE, site(workflow(creation("Ny"), LOCKED, *steps)))
    assert kinds(found) == {DoorKind.NO_WAY_BACK}
    assert {door.sources for door in found} >= {("I gang",), ("I produktion",), ("Godkendt",), ("Uenighed",)}
    assert {door.target for door in found} == {"Ny"}


def test_a_role_that_holds_others_is_a_door_by_person_and_by_group() -> None:
    actors = (
        Actor(ActorKind.USER, ADAPTER, "A"),
        Actor(ActorKind.USER, "712020:bo", "Bo Berg"),
        Actor(ActorKind.GROUP, "g", "jira-users"),
    )
    found = doors(roles=(Role(ROLE, "DUBU-adapter", actors),))
    assert kinds(found) == {DoorKind.ROLE_HOLDS_OTHERS}
    assert {door.who for door in found} == {"bruger Bo Berg", "gruppe jira-users"}


def test_without_the_role_nothing_is_reserved() -> None:
    assert {DoorKind.NO_ROLE, DoorKind.OPEN_APPROVAL} <= kinds(doors(roles=()))


def test_a_role_without_the_adapter_locks_the_adapter_out() -> None:
    found = kinds(doors(roles=(Role(ROLE, "DUBU-adapter"),)))
    assert found == {DoorKind.ROLE_WITHOUT_ADAPTER, DoorKind.NO_WAY_BACK}


def test_an_issue_type_that_the_adapter_leaves_alone_is_a_door() -> None:
    types = (IssueType("1", "Serviceanmodning"), IssueType("2", "Opgave"))
    jira = CATALOGUE.jira.model_copy(update={"issue_types": ("Serviceanmodning",)})
    other = replace(workflow(creation("Ny"), step(9, "Start", "I gang", "Ny"), name="Andet"), issue_types=types[1:])
    found = side_doors(replace(CATALOGUE, jira=jira), site(workflow(creation("Ny"), LOCKED, *ways_back()), other))
    assert [(door.kind, door.who, door.target) for door in found] == [
        (DoorKind.FOREIGN_TYPE, "Opgave", "I gang"),
        (DoorKind.FOREIGN_TYPE, "Opgave", "I produktion"),
    ]


def test_a_type_with_other_statuses_is_a_door_because_who_moves_a_ticket_chooses_its_new_status() -> None:
    other = workflow(creation("Ny"), names=("Ny", "Pending"), name="Andet")
    found = side_doors(CATALOGUE, site(workflow(creation("Ny"), LOCKED, *ways_back()), other))
    moved = [door for door in found if door.kind is DoorKind.MOVE_REMAPS]
    assert [(door.who, door.sources, door.target) for door in moved] == [("Andet", ("Pending",), "I gang")]


def test_types_whose_statuses_are_the_same_are_none_whatever_their_workflows_call_them_by() -> None:
    """A status's reference is its own workflow's alone: two may share a status under two, or two under one."""
    ours = workflow(creation("Ny"), LOCKED, *ways_back())
    new = next(iter(ours.statuses.values()))
    assert DoorKind.MOVE_REMAPS not in kinds(side_doors(CATALOGUE, site(ours, referring("ref-1", new))))
    pending = referring(new.id, Status("77", "Pending", "IN_PROGRESS"))
    assert DoorKind.MOVE_REMAPS in kinds(side_doors(CATALOGUE, site(ours, pending)))


def referring(reference: str, status: Status) -> Workflow:
    """A workflow of one status by some reference."""
    other = workflow(names=(), name="Andet")
    document: Document = {**other.document, "statuses": [{"statusReference": reference}]}
    return replace(other, document=document, statuses={reference: status})


def test_rights_that_carry_evidence_or_status_past_the_gate_are_named_unless_the_adapters() -> None:
    grants = (
        Grant("MOVE_ISSUES", "projectRole", "10002"),
        Grant("DELETE_ALL_ATTACHMENTS", "projectRole", ROLE),
        Grant("BROWSE_PROJECTS", "anyone", ""),
    )
    (door,) = doors(grants=grants)
    assert (door.kind, door.who, door.target) == (DoorKind.RISKY_RIGHT, "projectRole 10002", "MOVE_ISSUES")


@pytest.mark.parametrize(("category", "is_told"), [("TODO", True), ("IN_PROGRESS", True), ("", True), ("DONE", False)])
def test_a_status_that_the_mapping_does_not_name_is_told_unless_it_ends_the_ticket(
    category: str, is_told: bool
) -> None:
    made = workflow(creation("Ny"), LOCKED, *ways_back(), names=(*STATUSES, "Udvikling"))
    status = Status(status_id("Udvikling"), "Udvikling", category)
    found = side_doors(CATALOGUE, site(replace(made, statuses={**made.statuses, status.id: status})))
    assert (DoorKind.UNMAPPED_STATUS in kinds(found)) is is_told


AGENTS = Role("10002", CATALOGUE.jira.roles.agent)


@pytest.mark.parametrize(
    ("grant", "is_told"),
    [
        (Grant("ADMINISTER_PROJECTS", "projectRole", AGENTS.id), True),
        (Grant("ADMINISTER_PROJECTS", "applicationRole", ""), True),
        (Grant("ADMINISTER_PROJECTS", "projectRole", "10003"), False),
        (Grant("ADMINISTER_PROJECTS", "projectRole", ROLE), False),
        (Grant("BROWSE_PROJECTS", "projectRole", AGENTS.id), False),
    ],
)
def test_an_agent_who_may_administer_the_project_may_join_the_adapters_role(grant: Grant, is_told: bool) -> None:
    own = Role(ROLE, CATALOGUE.jira.roles.adapter, (Actor(ActorKind.USER, ADAPTER, "A"),))
    assert bool(doors(roles=(own, AGENTS), grants=(grant,))) is is_told


def test_a_way_back_that_may_be_denied_to_somebody_is_none() -> None:
    steps = ways_back()
    (rule,) = (steps[0]["conditions"] or {})["conditions"]
    rule["parameters"] = {**rule["parameters"], "denyUserCustomFields": "customfield_1"}
    found = side_doors(CATALOGUE, site(workflow(creation("Ny"), LOCKED, *steps)))
    assert kinds(found) == {DoorKind.NO_WAY_BACK}


def test_a_request_type_whose_tickets_the_adapter_leaves_alone_is_a_door() -> None:
    """Nobody would fill them in, price them or hold them back."""
    types = (IssueType("1", "Serviceanmodning"), IssueType("2", "Hændelse"), IssueType("3", "Del", is_subtask=True))
    jira = CATALOGUE.jira.model_copy(update={"issue_types": ("Serviceanmodning",)})
    given = {"Genopret data": "2", "Robotter": "1", "Deres egen": "2", "Hjælp til IdP": "", "Slet arkiveret data": "77"}
    asked = tuple(RequestType(name, type_id) for name, type_id in given.items())
    found = site(project=replace(PROJECT, issue_types=types), request_types=asked)
    told = [door for door in side_doors(replace(CATALOGUE, jira=jira), found) if door.kind is DoorKind.FOREIGN_REQUEST]
    assert [(door.who, door.target) for door in told] == [("Genopret data", "Hændelse")]


def test_what_could_not_be_read_shows_no_doors() -> None:
    assert side_doors(CATALOGUE, Found(is_cloud=False, project=PROJECT, account=ADAPTER)) == ()


def test_every_kind_is_told_in_a_sentence() -> None:
    for kind in DoorKind:
        told = str(SideDoor(kind, "Arbejdsgang", "Start", "11", ("Ny",), "I gang", "Bo"))
        assert "{" not in told
        assert len(told) > 30
    assert StatusRole.WORK in CATALOGUE.jira.statuses
