"""People are brought onto a ticket as the mapping says; one unknown account keeps no other out (R14)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from adapter.catalogue.words import IssueId
from adapter.errors import Gone, OutOfReach, Refused
from adapter.rules.plan import AddPeople
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Site

ISSUE = IssueId("5001")
DESK = "/rest/servicedeskapi/request/5001/participant"
WATCH = f"{API}/issue/5001/watchers"
ADDED: list[Literal["deltagere", "overvågere"]] = ["deltagere", "overvågere"]


class People:
    """Who is on the one ticket; only `known` accounts can be."""

    def __init__(self, site: Site, *known: str) -> None:
        self.known = known
        self.added: list[str] = []
        self.key = "accountIds" if site.cloud else "usernames"
        site.server.on("POST", DESK, self.participants)
        site.server.on("POST", WATCH, self.watcher)

    def participants(self, asked: Asked) -> Answer:
        (key,) = asked.json
        assert key == self.key
        return self._add(asked.json[key], 400)

    def watcher(self, asked: Asked) -> Answer:
        assert isinstance(asked.json, str)
        return self._add([asked.json], 404)

    def _add(self, accounts: list[str], unknown: int) -> Answer:
        if not set(accounts) <= set(self.known):
            return Answer({"errorMessages": ["hemmelig"]}, unknown)
        self.added += accounts
        return Answer(status=204)


@pytest.mark.parametrize("added_as", ADDED)
def test_all_owners_are_added(site: Site, added_as: Literal["deltagere", "overvågere"]) -> None:
    people = People(site, "ejer-1", "ejer-2")
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), AddPeople(("ejer-1", "ejer-2", "ejer-1"), added_as))
    assert people.added == ["ejer-1", "ejer-2"]
    assert len(site.server.calls("POST")) == (1 if added_as == "deltagere" else 2)


@pytest.mark.parametrize("added_as", ADDED)
def test_an_unknown_account_is_named_with_its_place_and_the_others_are_added(
    site: Site, added_as: Literal["deltagere", "overvågere"]
) -> None:
    people = People(site, "ejer-1", "ejer-3")
    gateway = site.connect()
    with pytest.raises(Refused) as caught:
        gateway.carry_out(gateway.read(ISSUE), AddPeople(("ejer-1", "ejer-2", "ejer-3"), added_as))
    message = str(caught.value)
    assert people.added == ["ejer-1", "ejer-3"]
    assert site.catalogue.positions.of("parter.yaml", "projektejere") in message
    assert "ejer-2" in message
    assert "ejer-1" not in message
    assert "hemmelig" not in message


def test_an_unknown_account_alone_is_asked_about_once(site: Site) -> None:
    People(site)
    gateway = site.connect()
    with pytest.raises(Refused, match="ejer-1"):
        gateway.carry_out(gateway.read(ISSUE), AddPeople(("ejer-1",), "deltagere"))
    assert len(site.server.calls("POST")) == 1


@pytest.mark.parametrize("added_as", ADDED)
def test_adding_is_repeated_after_a_lost_answer_as_it_does_no_harm(
    site: Site, added_as: Literal["deltagere", "overvågere"]
) -> None:
    people = People(site, "ejer-1")
    gateway = site.connect()
    site.server.first("POST", f"{DESK}|{WATCH}", [Answer(dropped=True), Answer({}, 503)])
    gateway.carry_out(gateway.read(ISSUE), AddPeople(("ejer-1",), added_as))
    assert people.added == ["ejer-1"]


@pytest.mark.parametrize("added_as", ADDED)
def test_nobody_can_be_added_to_a_ticket_that_vanished(
    site: Site, added_as: Literal["deltagere", "overvågere"]
) -> None:
    gateway = site.connect()
    ticket = replace(gateway.read(ISSUE), id=IssueId("404"))
    with pytest.raises(Gone):
        gateway.carry_out(ticket, AddPeople(("ejer-1",), added_as))


def test_a_ticket_that_is_no_request_says_how_people_can_be_added_all_the_same(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", DESK, Answer({"errorMessage": "hemmelig"}, 404))
    with pytest.raises(Refused, match="overvågere") as caught:
        gateway.carry_out(ticket, AddPeople(("ejer-1",), "deltagere"))
    assert site.catalogue.positions.of("parter.yaml", "projektejere", "tilføjes_som") in str(caught.value)


@pytest.mark.parametrize("added_as", ADDED)
def test_a_lacking_permission_is_told_as_such(site: Site, added_as: Literal["deltagere", "overvågere"]) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", f"{DESK}|{WATCH}", Answer({"errorMessages": ["hemmelig"]}, 403))
    with pytest.raises(Refused, match="permission"):
        gateway.carry_out(ticket, AddPeople(("ejer-1", "ejer-2"), added_as))


@pytest.mark.parametrize("added_as", ADDED)
def test_an_outage_is_tried_again_later(site: Site, added_as: Literal["deltagere", "overvågere"]) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", f"{DESK}|{WATCH}", Answer({}, 503))
    with pytest.raises(OutOfReach):
        gateway.carry_out(ticket, AddPeople(("ejer-1",), added_as))


@pytest.mark.parametrize("added_as", ADDED)
def test_nobody_to_add_is_no_call(site: Site, added_as: Literal["deltagere", "overvågere"]) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.asked.clear()
    gateway.carry_out(ticket, AddPeople((), added_as))
    assert site.server.asked == []
