"""DUBU's workflow on the sandbox: KOMBIT's step, disagreement, production, and the adapter's ways back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.catalogue.words import OPTIONAL_ROLES, StatusRole
from tests.sandbox import JiraError, Sandbox, seed_from
from tests.sandbox.client import Rest
from tests.sandbox.dubu import Plan, sow
from tests.sandbox.site import load

MAPPINGS = Path(__file__).resolve().parents[1] / "mappings"
ACCEPTED, DISAGREED, LIVE = "KOMBIT-accept modtaget", "Uenighed", "I produktion"
BACK = ("Ny", "Afventer Kunde", "Afventer 3.part", "Godkendt", "I gang")


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


@pytest.mark.parametrize("waiting", ["Ny", "Afventer Kunde", "Afventer 3.part"])
@pytest.mark.parametrize("handle", ["kunde.aarhus", "kombit.karen", "kombit.kim", "agent.anna"])
def test_whoever_sees_a_waiting_ticket_can_press_kombits_button(
    site: Sandbox, key: str, waiting: str, handle: str
) -> None:
    anna = site.as_user("agent.anna")
    anna.edit(key, {"Organizations": ["Aarhus Kommune", "KOMBIT"]})
    if waiting != "Ny":
        anna.move(key, waiting)
    site.as_user(handle).move(key, ACCEPTED)
    assert site.status(key) == ACCEPTED
    assert site.issue(key).history[-1].author is site.user(handle)


def test_kombits_button_is_on_the_portal_and_not_there_once_work_goes_on(site: Sandbox, key: str) -> None:
    url = f"/rest/servicedeskapi/request/{key}/transition"
    with Rest(site, "kunde.aarhus") as rest:
        assert "KOMBIT accepterer" in {step["name"] for step in rest.get(url).json()["values"]}
        site.as_user("agent.anna").move(key, "I gang")
        assert {step["name"] for step in rest.get(url).json()["values"]} == {"Meld uenighed", "Annuller"}
    with Rest(site, "kunde.odense") as rest:
        assert rest.get(url).status_code == 404


@pytest.mark.parametrize("status", ["Ny", "Afventer Kunde", "Godkendt", "I gang", LIVE, ACCEPTED])
def test_disagreement_can_be_reported_and_a_ticket_cancelled_from_every_open_status(
    site: Sandbox, key: str, status: str
) -> None:
    to(site, key, status)
    customer = site.as_user("kunde.aarhus")
    customer.move(key, DISAGREED)
    with pytest.raises(JiraError, match="can't move"):
        customer.move(key, "Afventer Kunde")
    site.as_user("agent.anna").move(key, "Afventer Kunde")
    to(site, key, status)
    customer.move(key, "Annulleret")
    assert site.status(key) == "Annulleret"


@pytest.mark.parametrize("status", ["Ny", "Afventer Kunde", "Afventer 3.part"])
def test_agents_lead_out_of_disagreement_but_not_into_work(site: Sandbox, key: str, status: str) -> None:
    anna = site.as_user("agent.anna")
    anna.move(key, DISAGREED)
    for forbidden in ("I gang", "Godkendt"):
        with pytest.raises(JiraError, match="can't move"):
            anna.move(key, forbidden)
    anna.move(key, status)


def test_agents_take_into_production_from_work_alone_and_back(site: Sandbox, key: str) -> None:
    anna = site.as_user("agent.anna")
    with pytest.raises(JiraError, match="can't move"):
        anna.move(key, LIVE)
    for status in ("I gang", LIVE, "I gang", LIVE, "Løst"):
        anna.move(key, status)
    assert site.issue(key).status.category == "done"


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("far", ["Godkendt", "I gang", LIVE, ACCEPTED, DISAGREED, "Løst", "Lukket"])
def test_the_adapter_alone_has_a_way_back_from_wherever_a_ticket_was_taken_too_far(far: str, *, locked: bool) -> None:
    with Sandbox.start(sow(Plan(), locked=locked)) as site, Rest(site) as rest:
        key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
        for status in BACK:
            if status == far:
                continue
            to(site, key, far)
            steps = rest.get(f"issue/{key}/transitions").json()["transitions"]
            targets = [step["to"]["name"] for step in steps]
            assert targets.count(status) == 1, f"{far} to {status}"
            site.as_user("adapter").move(key, status)


def test_agents_leave_kombits_answer_to_the_adapter(site: Sandbox, key: str) -> None:
    site.as_user("kunde.aarhus").move(key, ACCEPTED)
    with Rest(site, "agent.anna") as rest:
        steps = rest.get(f"issue/{key}/transitions").json()["transitions"]
    assert {step["to"]["name"] for step in steps} == {DISAGREED, "Annulleret"}


def test_a_locked_site_has_no_side_door_into_work() -> None:
    with Sandbox.start(sow(Plan(), locked=True)) as site:
        into_work: set[str] = set()
        adapters = site.world.projects["DUBU"].roles["DUBU-adapter"].id
        for step in site.world.projects["DUBU"].transitions:
            roles = {role for rule in step.conditions.every() for role in rule.listed("roleIds")}
            if step.target.name == "I gang" and adapters not in roles:
                into_work |= {site.world.statuses[source].name for source in step.sources}
        assert into_work == {"Godkendt", LIVE}


def test_optional_roles_may_be_absent() -> None:
    statuses = {role: names for role, names in Plan().statuses.items() if role not in OPTIONAL_ROLES}
    with Sandbox.start(sow(replace(Plan(), statuses=statuses))) as site:
        key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
        with pytest.raises(JiraError, match=r"open are \{\}"):
            site.as_user("kunde.aarhus").move(key, "Annulleret")
        for status in ("Afventer Kunde", "Godkendt", "I gang", "Løst", "Lukket"):
            site.as_user("agent.anna").move(key, status)


def test_the_shipped_mapping_has_all_of_it() -> None:
    catalogue = load(MAPPINGS, "dubu")
    with Sandbox.start(seed_from(catalogue)) as site:
        key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
        for role in (StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT, StatusRole.CANCELLED):
            (name,) = catalogue.jira.statuses[role]
            site.as_user("kunde.aarhus").move(key, name)
            if role is not StatusRole.CANCELLED:
                site.as_user("adapter").move(key, "Ny")


WORKING = ("Godkendt", "I gang")
WAYS = {
    "I gang": WORKING,
    ACCEPTED: ("Ny", ACCEPTED),
    LIVE: (*WORKING, LIVE),
    "Løst": (*WORKING, "Løst"),
    "Lukket": (*WORKING, "Løst", "Lukket"),
}


def to(site: Sandbox, key: str, status: str) -> None:
    """Brings a ticket to a status by the adapter's hand, which is an agent's too."""
    for step in WAYS.get(status, (status,)):
        if site.status(key) != step:
            site.as_user("adapter").move(key, step)
