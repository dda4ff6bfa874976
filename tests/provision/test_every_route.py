"""Nobody starts payable work without the payer's yes, by whatever route."""

from __future__ import annotations

import pytest

from adapter.catalogue.words import FieldName, StatusRole
from adapter.doctor.finding import Code
from tests.loop.conftest import Desk
from tests.provision.routes import AGENT, CUSTOMER, PEOPLE, ROUTES, Place, move_type, press
from tests.sandbox.bare import INCIDENT, REQUEST


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_starts_payable_work_before_the_adapter_has_looked(place: Place, route: str) -> None:
    key = place.order()
    ROUTES[route](place, key)
    for handle in PEOPLE:
        press(place, handle, key)
    assert not place.visited(key) & place.beyond_the_gate


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_starts_payable_work_while_the_adapter_looks_in_between(place: Place, desk: Desk, route: str) -> None:
    key = place.order()
    desk.look(key)
    ROUTES[route](place, key)
    for handle in PEOPLE:
        press(place, handle, key)
        desk.look(key)
    assert not place.visited(key) & place.beyond_the_gate


def test_a_ticket_that_is_made_with_an_open_gate_is_not_started(place: Place, desk: Desk) -> None:
    gate, category = (place.catalogue.jira.fields[name] for name in (FieldName.APPROVAL, FieldName.CATEGORY))
    given = {gate.name: gate.options["godkendt"], category.name: place.category("K10")}
    key = place.site.as_user(AGENT).create("Noget", fields=given, on_behalf_of=CUSTOMER)
    for _ in range(2):
        press(place, AGENT, key)
        desk.look(key)
    assert not place.visited(key) & place.beyond_the_gate


def test_with_the_payers_yes_the_start_works_and_stays(place: Place, desk: Desk) -> None:
    key = place.order()
    desk.settle(key)
    number = desk.offer(key)
    desk.settle(key)
    press(place, AGENT, key)
    assert not place.visited(key) & place.beyond_the_gate
    desk.yes(key, number)
    desk.settle(key)
    place.site.as_user(AGENT).move(key, place.status(StatusRole.WORK))
    desk.settle(key)
    assert place.site.status(key) == place.status(StatusRole.WORK)


def test_an_ordinary_ticket_is_started_after_the_first_look(place: Place, desk: Desk) -> None:
    key = place.order("uden_for_kataloget")
    desk.settle(key)
    place.site.as_user(AGENT).move(key, place.status(StatusRole.WORK))
    desk.settle(key)
    assert place.site.status(key) == place.status(StatusRole.WORK)


@pytest.mark.parametrize("handle", ["agent.bo", "admin", "automation"])
def test_that_a_ticket_is_outside_the_catalogue_is_for_the_desk_to_say(place: Place, desk: Desk, handle: str) -> None:
    """Whoever of the desk says so answers for it (R2); the ticket is closed again as soon as the word is taken back."""
    key = place.order()
    desk.settle(key)
    place.categorise(key, place.catalogue.services.outside_name, handle)
    desk.settle(key)
    press(place, handle, key, "REST")
    started = place.site.status(key) in place.work
    assert started == (handle == "agent.bo")
    place.categorise(key, place.category("K10"))
    desk.settle(key)
    assert place.site.status(key) not in place.beyond_the_gate


# What the lock does not hold (DESIGN.md, decision 31) ---------------------------------------------------------------


def test_a_ticket_that_arrives_at_work_from_another_project_is_put_back(provisioned: Place, clerk: Desk) -> None:
    site = provisioned.site
    key = site.as_user("admin").create("Noget", project="ITS", issue_type=REQUEST)
    site.as_user("admin").move(key, provisioned.status(StatusRole.WORK))
    key = site.as_user("admin").move_to_project(key, "DUBU")
    provisioned.categorise(key, provisioned.category("K10"))
    assert site.status(key) in provisioned.work
    clerk.look(key)
    assert site.status(key) not in provisioned.beyond_the_gate
    assert Code.RISKY_RIGHT in provisioned.ward.codes()


def test_a_ticket_that_arrives_at_work_from_a_foreign_type_is_put_back(provisioned: Place, clerk: Desk) -> None:
    site, work = provisioned.site, provisioned.status(StatusRole.WORK)
    key = site.as_user(AGENT).create("Noget", issue_type=INCIDENT)
    move_type(provisioned, AGENT, key, REQUEST, work)
    provisioned.categorise(key, provisioned.category("K10"))
    assert site.status(key) == work
    clerk.look(key)
    assert site.status(key) not in provisioned.beyond_the_gate
    assert Code.MOVE_REMAPS in provisioned.ward.codes()


def test_a_start_on_an_approval_that_no_longer_fits_is_put_back(place: Place, desk: Desk) -> None:
    key = place.order()
    desk.settle(key)
    number = desk.offer(key)
    desk.settle(key)
    desk.yes(key, number)
    desk.settle(key)
    payer = place.catalogue.jira.fields[FieldName.PAYER]
    place.site.as_user(AGENT).set(key, payer.name, payer.options["tredjepart"])
    place.site.as_user(AGENT).move(key, place.status(StatusRole.WORK))
    desk.look(key)
    assert place.site.status(key) not in place.beyond_the_gate
