"""Where people do not find a step of the process, tickets get stuck: that is told, too."""

from __future__ import annotations

import pytest

from adapter.doctor.finding import Code, Level
from adapter.provision.document import PORTAL, Transition
from adapter.provision.found import Found
from tests.doctor.made import CATALOGUE, codes, flow, found, only, seen
from tests.provision.made import creation, workflow

STEPS = CATALOGUE.jira.steps


def of(steps: list[Transition], **more: object) -> Found:
    return found(workflows=(workflow(*steps),), **more)


def provisioned() -> list[Transition]:
    return flow().document["transitions"]


@pytest.mark.parametrize("name", [STEPS.kombit, STEPS.disagree])
def test_a_step_that_people_need_and_do_not_find_is_told(name: str) -> None:
    finding = only(seen(found=of([s for s in provisioned() if s["name"] != name])))
    assert (finding.code, finding.level) == (Code.WAY, Level.WARNING)
    assert f'i workflowet "Arbejdsgang" mangler: overgang "{name}" fra ' in finding.what
    assert "dubu-adapter provision" in finding.next_step


def test_without_any_start_nothing_can_be_started_and_that_is_an_error() -> None:
    ill = seen(found=of([s for s in provisioned() if s["name"] != STEPS.start]))
    assert set(codes(ill)) == {Code.NO_START, Code.WAY}


def test_a_step_of_kombit_that_is_not_on_the_portal_is_told() -> None:
    hidden: list[Transition] = [{**s, "properties": {}} if s["name"] == STEPS.kombit else s for s in provisioned()]
    finding = only(seen(found=of(hidden)))
    assert (finding.code, "vises på kundeportalen" in finding.what) == (Code.WAY, True)
    assert PORTAL not in finding.what


def test_tickets_that_begin_elsewhere_than_in_new_are_told() -> None:
    finding = only(seen(found=of([creation("Løst"), *(s for s in provisioned() if s["type"] != "INITIAL")])))
    assert (finding.code, 'nye sager begynder i "Ny" (før "Løst")' in finding.what) == (Code.WAY, True)


def test_without_the_roles_no_step_is_said_to_lack() -> None:
    steps = [s for s in provisioned() if s["name"] != STEPS.kombit]
    assert Code.WAY not in codes(seen(found=of(steps, roles=None)))
