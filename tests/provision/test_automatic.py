"""Steps that Jira takes by itself are never trusted with the gate, and a person's approval step is not broken (R10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapter.provision.document import Approval, Document, Rule, Transition
from adapter.provision.door import DoorKind, SideDoor
from adapter.provision.edit import editor_of
from adapter.provision.found import Workflow
from adapter.provision.obstacles import obstacles_of
from adapter.provision.plan import plan_of
from adapter.provision.side_doors import side_doors
from adapter.provision.wanted import wanted_of
from tests.provision.made import CATALOGUE, ROLE, STATUSES, creation, site, status_id, step, workflow
from tests.provision.test_side_doors import LOCKED, ways_back

TRIGGER: Rule = {"ruleKey": "system:development-triggers", "parameters": {"enabledTriggers": "commit-created-trigger"}}
WANTED = wanted_of(CATALOGUE, None)
OWN = "Waiting for approval"


def on_commit(made: Transition) -> Transition:
    return {**made, "triggers": [TRIGGER]}


def automatic(flow: Workflow) -> list[SideDoor]:
    return [door for door in side_doors(CATALOGUE, site(flow)) if door.kind is DoorKind.AUTOMATIC_STEP]


def asking(status: str, *steps: Transition, active: bool = True) -> Workflow:
    """A workflow in which a status has JSM's approval step, answered by the transitions 61 and 71."""
    made = workflow(creation("Ny"), *steps, names=(*STATUSES, OWN))
    approval: Approval = {
        "active": "true" if active else "false",
        "transitionApproved": "61",
        "transitionRejected": "71",
    }
    placed = made.document["statuses"]
    for one in placed:
        if one["statusReference"] == status_id(status):
            one["approvalConfiguration"] = approval
    document: Document = {**made.document, "statuses": placed}
    return replace(made, document=document)


@pytest.mark.parametrize(("target", "source"), [("I gang", "Ny"), ("I produktion", "Løst"), ("Godkendt", "Ny")])
def test_a_trigger_past_the_gate_is_a_door_even_on_a_step_that_is_reserved(target: str, source: str) -> None:
    flow = workflow(creation("Ny"), LOCKED, *ways_back(), on_commit(step(51, "Ved commit", target, source, only=ROLE)))
    (door,) = automatic(flow)
    assert (door.transition, door.target, door.who) == ("Ved commit", target, "en udløser (trigger)")


def test_a_trigger_behind_the_gate_is_none() -> None:
    behind = on_commit(step(51, "Ved commit", "I gang", "Godkendt")), on_commit(step(52, "Flet", "Løst", "I gang"))
    assert automatic(workflow(creation("Ny"), LOCKED, *ways_back(), *behind)) == []


def test_provisioning_keeps_the_trigger_and_tells_of_it() -> None:
    flow = workflow(creation("Ny"), on_commit(step(51, "Ved commit", "I gang", "Ny")))
    (draft,) = [editor_of(CATALOGUE, site(flow), (flow,)).edited(flow)]
    assert [s["triggers"] for s in draft.steps if s["name"] == "Ved commit"] == [[TRIGGER]]
    plan = plan_of(WANTED, site(flow))
    assert plan.obstacles == ()
    assert [note for note in plan.notes if '"Ved commit" (51)' in note and "trigger" in note]


@pytest.mark.parametrize("name", [CATALOGUE.jira.steps.approve, CATALOGUE.jira.steps.disagree])
def test_a_step_that_jira_takes_gets_no_more_starts(name: str) -> None:
    target = "Godkendt" if name == CATALOGUE.jira.steps.approve else "Uenighed"
    only = ROLE if target == "Godkendt" else None
    flow = workflow(creation("Ny"), on_commit(step(51, name, target, "Ny", only=only)))
    draft = editor_of(CATALOGUE, site(flow), (flow,)).edited(flow)
    (kept,) = [s for s in draft.steps if s.get("triggers")]
    assert [link["fromStatusReference"] for link in kept["links"]] == [status_id("Ny")]
    assert len([s for s in draft.steps if s["toStatusReference"] == status_id(target)]) > 1


@pytest.mark.parametrize("status", ["Afventer Kunde", "Ny", "Godkendt", "I gang", "Løst", "Annulleret"])
def test_an_approval_step_in_a_status_that_the_adapter_moves_tickets_from_stands_in_the_way(status: str) -> None:
    flow = asking(status, step(61, "Approve", "Lukket", status), step(71, "Decline", "Uenighed", status))
    (obstacle,) = obstacles_of(WANTED, site(flow))[-1:]
    assert f'statussen "{status}"' in obstacle.text
    assert "godkendelsestrin" in obstacle.text
    off = asking(status, step(61, "Approve", "Lukket", status), active=False)
    assert obstacles_of(WANTED, site(off)) == obstacles_of(WANTED, site(workflow(creation("Ny"))))


@pytest.mark.parametrize("target", ["I gang", "Godkendt"])
@pytest.mark.parametrize("answer", [61, 71])
def test_an_approval_step_that_leads_past_the_gate_stands_in_the_way_and_is_a_door(target: str, answer: int) -> None:
    """Approvers decline, too."""
    flow = asking(OWN, step(answer, "Svar", target, OWN, only=ROLE), step(132 - answer, "Andet", "Annulleret", OWN))
    (obstacle,) = obstacles_of(WANTED, site(flow))[-1:]
    assert f'"Svar" ({answer}) i workflowet "Arbejdsgang" fører til "{target}"' in obstacle.text
    assert [(door.transition, door.who) for door in automatic(flow)] == [("Svar", f'godkendelsestrinnet i "{OWN}"')]


@pytest.mark.parametrize(
    "told",
    [
        {"active": True, "transitionApproved": 61},
        {"transitionApproved": "61"},
        {"active": "ja", "transitionApproved": "61"},
    ],
)
def test_an_approval_step_in_another_shape_is_taken_to_be_on(told: Any) -> None:  # noqa: ANN401 -- hostile
    flow = asking(OWN, step(61, "Svar", "I gang", OWN, only=ROLE))
    for one in flow.document["statuses"]:
        if one["statusReference"] == status_id(OWN):
            one["approvalConfiguration"] = told
    assert [door.transition for door in automatic(flow)] == ["Svar"]


def test_an_approval_step_of_their_own_keeps_its_two_exits() -> None:
    flow = asking(OWN, step(61, "Approve", "Ny", OWN), step(71, "Decline", "Annulleret", OWN))
    found = site(flow)
    assert obstacles_of(WANTED, found) == obstacles_of(WANTED, site(workflow(creation("Ny"))))
    draft = editor_of(CATALOGUE, found, (flow,)).edited(flow)
    exits = [s for s in draft.steps if status_id(OWN) in {link["fromStatusReference"] for link in s["links"]}]
    assert [s["id"] for s in exits] == ["61", "71"]
    assert exits == [s for s in flow.document["transitions"] if s["id"] in {"61", "71"}]
    assert draft.workflow.document["statuses"] == flow.document["statuses"]
    assert automatic(draft.workflow) == []
