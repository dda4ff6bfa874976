"""Side doors as findings, from workflows where they were read and from tickets where they were not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.doctor.doors import DOORS, OF_ROLES, OF_WORKFLOWS, unjudged
from adapter.doctor.finding import Code, Level
from adapter.doctor.seen import Administrator, Offered, Seen, Step
from adapter.provision.document import Transition
from adapter.provision.found import Actor, ActorKind, Found, Grant, Role
from tests.doctor.made import CATALOGUE, ROLE_ID, codes, flow, found, only, seen, status_id, step, told
from tests.provision.made import ADAPTER, creation, workflow

SEATED = Administrator("Ada Admin", "DUBU_DUBU_ADMIN_TOKEN", is_set=True)
RIGHTS = (
    Grant("MOVE_ISSUES", "projectRole", "10002"),
    Grant("MOVE_ISSUES", "group", "jira-users"),
    Grant("BROWSE_PROJECTS", "anyone", ""),
)


def with_steps(*steps: Transition, **more: object) -> Found:
    return found(workflows=(flow(*steps),), **more)


@pytest.mark.parametrize(
    ("steps", "code", "level"),
    [
        ((step(51, "Genvej", "I gang", "Ny"),), Code.EARLY_START, Level.ERROR),
        ((step(51, "Godkend selv", "Godkendt", "Ny"),), Code.OPEN_APPROVAL, Level.ERROR),
        ((step(51, "Begynd", "I gang", "Godkendt"),), Code.NO_SECOND_LOCK, Level.WARNING),
    ],
)
def test_a_hole_is_a_finding_with_its_reason_and_who_closes_it(
    steps: tuple[Transition, ...], code: Code, level: Level
) -> None:
    finding = only(seen(found=with_steps(*steps)))
    assert (finding.code, finding.level) == (code, level)
    assert steps[0]["name"] in finding.what
    assert "dubu-adapter provision" in finding.next_step


def test_on_data_center_a_person_closes_it_unless_it_is_a_matter_of_the_role() -> None:
    finding = only(seen(is_cloud=False, found=with_steps(step(51, "Genvej", "I gang", "Ny"), is_cloud=False)))
    assert "provision" not in finding.next_step
    assert 'projektrollen "DUBU-adapter"' in finding.next_step
    actors = (Actor(ActorKind.USER, ADAPTER, "A"), Actor(ActorKind.USER, "bo", "Bo Berg"))
    other = only(seen(is_cloud=False, found=found(is_cloud=False, roles=(Role(ROLE_ID, "DUBU-adapter", actors),))))
    assert (other.code, "provision" in other.next_step) == (Code.ROLE_HOLDS_OTHERS, True)


def test_tickets_that_begin_in_work_need_another_beginning() -> None:
    steps = [s for s in flow().document["transitions"] if s["type"] != "INITIAL"]
    finding = only(seen(found=found(workflows=(workflow(creation("I gang"), *steps),))))
    assert "begynde i en anden status" in finding.next_step


def test_a_right_is_told_once_with_all_who_have_it_by_name() -> None:
    roles = (*(found().roles or ()), Role("10002", "Administrators"))
    finding = only(seen(found=found(grants=RIGHTS, roles=roles)))
    assert (finding.code, finding.level) == (Code.RISKY_RIGHT, Level.WARNING)
    assert 'MOVE_ISSUES er givet til group jira-users, rollen "Administrators"' in finding.what


def test_without_the_roles_no_transition_is_called_open() -> None:
    hidden = seen(found=found(roles=None, unread={"roller": "Jira svarer 403"}))
    assert set(codes(hidden)) == {Code.UNREAD}
    assert unjudged(CATALOGUE, hidden) >= OF_ROLES | OF_WORKFLOWS


def test_without_the_gates_field_no_start_is_said_to_lack_the_second_lock() -> None:
    hidden = seen(found=found(fields=None, unread={"felter": "Jira svarer 403"}))
    assert codes(hidden) == [Code.UNREAD]
    assert unjudged(CATALOGUE, hidden) == {Code.NO_SECOND_LOCK, Code.NO_START, Code.OTHER_FIELD}


def test_what_was_read_whole_leaves_nothing_unjudged() -> None:
    assert unjudged(CATALOGUE, seen()) == frozenset()
    assert unjudged(CATALOGUE, seen(found=None)) == DOORS
    assert unjudged(CATALOGUE, seen(found=found(grants=None))) == {Code.RISKY_RIGHT}


# From tickets ------------------------------------------------------------------------------------------------------


def offered(at: str, *targets: str) -> Offered:
    steps = tuple(Step(str(i), f"Til {target}", status_id(target)) for i, target in enumerate(targets, 11))
    return Offered(status_id(at), f"DUBU-{len(at)}", steps)


def on_tickets(adapters: tuple[Offered, ...] = (), admins: tuple[Offered, ...] | None = None, **more: object) -> Seen:
    return seen(
        is_cloud=False,
        found=found(is_cloud=False, workflows=None),
        offered=adapters,
        offered_to_admin=admins,
        **more,
    )


def besides_notes(looked_at: Seen) -> list[Code]:
    return [finding.code for finding in told(looked_at) if finding.level is not Level.NOTE]


def test_a_way_that_a_ticket_does_not_offer_the_adapter_is_missing() -> None:
    every = ("Ny", "Afventer Kunde", "Afventer 3.part", "Uenighed", "Godkendt")
    assert besides_notes(on_tickets((offered("I gang", *every),))) == []
    lacking = on_tickets((offered("I gang", *(name for name in every if name != "Uenighed")),))
    assert besides_notes(lacking) == [Code.NO_WAY_BACK]
    finding = next(f for f in told(lacking) if f.code is Code.NO_WAY_BACK)
    assert 'fra "I gang" til "Uenighed" (set på DUBU-6)' in finding.told


def test_a_start_that_a_ticket_offers_an_administrator_is_a_door() -> None:
    open_ = on_tickets(admins=(offered("Ny", "I gang", "Afventer Kunde"),), administrator=SEATED)
    assert besides_notes(open_) == [Code.EARLY_START]
    finding = next(f for f in told(open_) if f.code is Code.EARLY_START)
    assert "Ada Admin tilbydes den på DUBU-2" in finding.told
    assert '""' not in finding.what


def test_so_is_an_approval_but_not_the_start_from_godkendt_or_within_work() -> None:
    for source in ("Ny", "I gang", "I produktion"):
        open_ = on_tickets(admins=(offered(source, "Godkendt"),), administrator=SEATED)
        assert besides_notes(open_) == [Code.OPEN_APPROVAL]
    fine = (offered("Godkendt", "I gang"), offered("I gang", "I produktion"), offered("I produktion", "I gang"))
    assert besides_notes(on_tickets(admins=fine, administrator=SEATED)) == []


def test_an_administrator_in_the_adapters_role_proves_nothing_and_that_is_said() -> None:
    inside = replace(SEATED, holds_role=True)
    looked_at = on_tickets(admins=(offered("Ny", "I gang"),), administrator=inside)
    assert besides_notes(looked_at) == []
    assert any("Ada Admin er i projektrollen" in finding.what for finding in told(looked_at))
