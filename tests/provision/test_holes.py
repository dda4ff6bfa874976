"""Where somebody takes the lock off, a look puts back what was started through the hole, and the doctor names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from adapter.catalogue.words import StatusRole
from adapter.doctor.finding import Code
from tests.loop.conftest import Desk
from tests.provision.routes import AGENT, CUSTOMER, PEOPLE, Place, press
from tests.provision.site import Set
from tests.sandbox.admin import Admin
from tests.sandbox.workflow_records import Workflow


@dataclass(frozen=True)
class Hole:
    """What an administrator does to the lock, and what the doctor then says."""

    open: Callable[[Place, Admin, Workflow], object]
    code: Code
    handle: str = AGENT  # who makes use of it
    channels: tuple[str, ...] = ("REST", "bulk")


HOLES = {
    "a step into work from anywhere": Hole(
        lambda place, admin, flow: admin.add_step(flow, "Bagdør", (), place.status(StatusRole.WORK)), Code.EARLY_START
    ),
    "a step into work on the portal": Hole(
        lambda place, admin, flow: admin.add_step(
            flow, "Bagdør", (place.status(StatusRole.NEW),), place.status(StatusRole.WORK), portal=True
        ),
        Code.EARLY_START,
        CUSTOMER,
        ("the portal",),
    ),
    "a step straight into production": Hole(
        lambda place, admin, flow: admin.add_step(
            flow, "Bagdør", (place.status(StatusRole.NEW),), place.status(StatusRole.PRODUCTION)
        ),
        Code.EARLY_START,
    ),
    "the approval unlocked": Hole(
        lambda place, admin, flow: admin.unlock_step(flow, place.catalogue.jira.steps.approve), Code.OPEN_APPROVAL
    ),
    "an agent in the adapter's role": Hole(
        lambda place, admin, _: admin.join(AGENT, place.catalogue.jira.roles.adapter), Code.ROLE_HOLDS_OTHERS
    ),
}


@contextmanager
def opened_by(hole: Hole, place: Place) -> Iterator[None]:
    """The lock with a hole in it, and whole again afterwards."""
    admin = place.site.as_admin()
    flow = admin.workflow_of(place.site.issue(place.order()).issue_type.name)
    steps = list(flow.transitions)
    assert hole.code not in place.ward.codes()
    hole.open(place, admin, flow)
    try:
        yield
    finally:
        flow.transitions = steps
        admin.leave(AGENT, place.catalogue.jira.roles.adapter)


@pytest.mark.parametrize("name", HOLES)
def test_a_start_through_a_hole_in_the_lock_is_put_back_and_the_hole_is_named(
    place: Place, desk: Desk, name: str
) -> None:
    """The same attempts that come to nothing where the lock is whole."""
    hole = HOLES[name]
    with opened_by(hole, place):
        for channel in hole.channels if place.site.world.cloud else hole.channels[:1]:
            key = place.order()
            desk.look(key)
            place.gate(key, "godkendt")
            press(place, hole.handle, key, channel)
            assert place.visited(key) & place.work, channel
            desk.look(key)
            assert place.site.status(key) not in place.beyond_the_gate
        assert hole.code in place.ward.codes()


@pytest.mark.parametrize("name", ["a step into work from anywhere", "the approval unlocked"])
def test_provisioning_closes_a_hole_again(provisioned: Place, name: str) -> None:
    hole = HOLES[name]
    with opened_by(hole, provisioned):
        Set(provisioned.site, provisioned.catalogue, provisioned.settings).provision()
        key = provisioned.order()
        provisioned.gate(key, "godkendt")
        press(provisioned, AGENT, key)
        assert not provisioned.visited(key) & provisioned.beyond_the_gate
        assert hole.code not in provisioned.ward.codes()


def test_without_the_second_lock_the_first_still_holds_and_the_doctor_names_it(provisioned: Place) -> None:
    start = Hole(
        lambda place, admin, flow: admin.unlock_step(flow, place.catalogue.jira.steps.start), Code.NO_SECOND_LOCK
    )
    with opened_by(start, provisioned):
        key = provisioned.order()
        for handle in PEOPLE:
            press(provisioned, handle, key)
        assert not provisioned.visited(key) & provisioned.beyond_the_gate
        assert start.code in provisioned.ward.codes()
