"""KOMBIT's people are those the mapping says, known in time, and never the supplier's own (R18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapter.catalogue.words import IssueId, StatusRole
from adapter.errors import ConfigurationError, OutOfReach
from adapter.gateway.gateway import Gateway
from adapter.ticket.snapshot import Person
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Json, Site

ISSUE = IssueId("5001")
USERS = r"/rest/servicedeskapi/organization/\d+/user"
ORGANISATIONS = "/rest/servicedeskapi/organization"
GROUP = f"{API}/group/member"


def _with(site: Site, **party: object) -> Site:
    """The site with another `kombit` in parter.yaml."""
    kombit = site.catalogue.parties.kombit.model_copy(update=party)
    parties = site.catalogue.parties.model_copy(update={"kombit": kombit})
    site.catalogue = replace(site.catalogue, parties=parties)
    return site


def _accepted(site: Site, *by: Json) -> None:
    """Takes the ticket to where KOMBIT's acceptance lands, by each of these people in turn."""
    target = {"to": site.status(StatusRole.KOMBIT_ACCEPTED), "toString": "KOMBIT-accept modtaget"}
    item = {"field": "status", "fieldId": "status", "fieldtype": "jira", "from": site.status(StatusRole.NEW)}
    site.with_history(*(site.entry(i, who, item | {"fromString": "Ny"} | target) for i, who in enumerate(by)))


def _actors(gateway: Gateway) -> list[Person]:
    return [change.by for change in gateway.read(ISSUE).history]


def _is_kombit(gateway: Gateway) -> list[bool]:
    return [person.is_kombit for person in _actors(gateway)]


def test_a_member_of_kombits_organisation_is_kombits_and_a_customer_is_not(site: Site) -> None:
    _accepted(site, site.kombit, site.customer)
    assert _is_kombit(site.connect()) == [True, False]


def test_the_organisation_is_the_one_that_the_mapping_names(site: Site) -> None:
    site.organisations = {"KOMBIT": [site.customer], "KOMBIT's folk": [site.user("anden", "A"), site.kombit]}
    _accepted(site, site.kombit, site.customer)
    assert _is_kombit(_with(site, organisation="KOMBIT's folk").connect()) == [True, False]


@pytest.mark.parametrize("written", ["accountId", "name", "key", "KEY"])
def test_an_account_of_the_mapping_is_kombits(make_site: Callable[..., Site], written: str) -> None:
    site = make_site("cloud" if written == "accountId" else "datacenter")
    account = site.customer[written if written in site.customer else written.lower()]
    site.server.on("GET", f"{API}/user", Answer(site.customer))
    _accepted(site, site.customer)
    assert _is_kombit(_with(site, accounts=(account.upper() if written.isupper() else account,)).connect()) == [True]


def test_a_member_of_a_group_of_the_mapping_is_kombits(site: Site) -> None:
    site.server.on("GET", GROUP, lambda asked: Answer({"values": [site.customer], "total": 1, "asked": asked.query}))
    _accepted(site, site.customer)
    assert _is_kombit(_with(site, groups=("dubu-kombit",)).connect()) == [True]
    assert {a.query["groupname"] for a in site.server.calls("GET", GROUP)} <= {"dubu-kombit"}


def test_an_agent_the_adapter_and_an_app_are_never_kombits(cloud: Site) -> None:
    app = cloud.user("robot", "Automation", "app")
    cloud.organisations["KOMBIT"] = [cloud.agent, cloud.adapter, app, cloud.kombit]
    _accepted(cloud, cloud.agent, cloud.adapter, app, cloud.kombit)
    assert _is_kombit(cloud.connect()) == [False, False, False, True]


def test_nobody_is_kombits_for_having_no_account(site: Site) -> None:
    site.organisations["KOMBIT"] = [{}, {"displayName": "?"}]
    _accepted(site, {})
    assert _is_kombit(site.connect()) == [False]


# the findings ---------------------------------------------------------------------------------------------------------


def _finding(site: Site) -> str:
    with pytest.raises(ConfigurationError) as caught:
        site.connect()
    return str(caught.value)


def test_an_organisation_that_is_only_guessed_may_be_missing_with_a_warning(site: Site) -> None:
    site.organisations = {}
    (warning,) = site.connect().warnings
    assert warning.startswith(site.catalogue.positions.of("parter.yaml", "kombit", "navn"))
    assert 'organisation med navnet "KOMBIT"' in warning


def test_an_organisation_that_the_mapping_names_must_be_there(site: Site) -> None:
    at = site.catalogue.positions.of("parter.yaml", "kombit", "organisation")
    assert _finding(_with(site, organisation="Kombitten")).startswith(
        f'{at}: der er ikke én organisation med navnet "K'
    )


@pytest.mark.parametrize("status", [403, 404])
def test_an_organisation_that_may_not_be_read_is_a_warning_or_a_finding_as_it_is_named(site: Site, status: int) -> None:
    site.server.on("GET", USERS, Answer({}, status))
    (warning,) = site.connect().warnings
    assert f"Jira svarer {status}" in warning
    assert f"Jira svarer {status}" in _finding(_with(site, organisation="KOMBIT"))


def test_two_organisations_of_one_name_are_nobodys(site: Site) -> None:
    twice = [{"id": "71", "name": "KOMBIT"}, {"id": "72", "name": "KOMBIT"}]
    site.server.on("GET", ORGANISATIONS, Answer({"values": twice, "isLastPage": True}))
    _accepted(site, site.kombit)
    gateway = site.connect()
    assert "ikke én organisation" in gateway.warnings[0]
    assert _is_kombit(gateway) == [False]


@pytest.mark.parametrize(("status", "said"), [(404, "ikke én gruppe"), (403, "Jira svarer 403")])
def test_a_group_that_is_missing_or_hidden_is_a_finding_with_its_line(site: Site, status: int, said: str) -> None:
    site.server.on("GET", GROUP, Answer({}, status))
    message = _finding(_with(site, groups=("dubu-kombit",)))
    assert message.startswith(site.catalogue.positions.of("parter.yaml", "kombit", "grupper", "0"))
    assert said in message


def test_an_account_that_the_site_lacks_is_a_finding_with_its_line(site: Site) -> None:
    message = _finding(_with(site, accounts=("ukendt",)))
    assert message.startswith(site.catalogue.positions.of("parter.yaml", "kombit", "konti", "0"))
    assert '"ukendt" findes ikke på sitet' in message


def test_an_outage_while_kombits_people_are_read_is_an_outage(site: Site) -> None:
    site.server.on("GET", ORGANISATIONS, Answer({}, 502))
    with pytest.raises(OutOfReach):
        site.connect()


# in time --------------------------------------------------------------------------------------------------------------


def test_reading_a_ticket_stays_one_get(site: Site) -> None:
    _accepted(site, site.kombit, site.agent)
    gateway = site.connect()
    gateway.read(ISSUE)
    site.server.asked.clear()
    gateway.read(ISSUE)
    assert len(site.server.asked) == 1


def _readings(site: Site) -> int:
    return len(site.server.calls("GET", USERS))


def test_somebody_added_to_kombit_today_is_known_at_the_first_acceptance(site: Site) -> None:
    gateway = site.connect()
    new = site.user("ny", "Nina Ny")
    site.organisations["KOMBIT"].append(new)
    _accepted(site, new)
    assert _is_kombit(gateway) == [True]


def test_a_stranger_costs_one_reading_for_each_move(site: Site) -> None:
    gateway = site.connect()
    one = len(site.organisations["KOMBIT"])  # pages
    _accepted(site, site.customer)
    for _ in range(3):
        assert _is_kombit(gateway) == [False]
        site.waits.append(61)
    assert _readings(site) == one
    _accepted(site, site.customer, site.customer)
    for _ in range(3):
        gateway.read(ISSUE)
    assert _readings(site) == 2 * one


def test_a_stranger_whose_move_the_adapter_has_answered_costs_none(site: Site) -> None:
    """R18: also after a restart, since it is the changelog that tells."""
    _accepted(site, site.customer, site.adapter)
    answer = site.issue["changelog"]["histories"][1]["items"][0]
    answer |= {"to": site.status(StatusRole.WAITING_CUSTOMER), "toString": "Afventer Kunde"}
    gateway = site.connect()
    assert _is_kombit(gateway) == [False, False]
    assert _readings(site) == 0


def test_a_stranger_who_is_added_afterwards_is_known_within_ten_minutes(site: Site) -> None:
    gateway = site.connect()
    _accepted(site, site.customer)
    assert _is_kombit(gateway) == [False]
    site.organisations["KOMBIT"].append(site.customer)
    site.waits.append(601)
    assert _is_kombit(gateway) == [True]


def test_an_outage_never_makes_kombits_new_colleague_a_stranger(site: Site) -> None:
    gateway = site.connect()
    _accepted(site, site.customer)
    site.server.first("GET", USERS, [Answer({}, 503)] * 20)
    with pytest.raises(OutOfReach):
        gateway.read(ISSUE)
    site.organisations["KOMBIT"].append(site.customer)
    site.server.on("GET", USERS, site.organisation_users)
    assert _is_kombit(gateway) == [True]


def test_who_leaves_kombit_is_forgotten_within_ten_minutes(site: Site) -> None:
    gateway = site.connect()
    _accepted(site, site.kombit)
    assert _is_kombit(gateway) == [True]
    site.organisations["KOMBIT"].clear()
    site.waits.append(601)
    assert _is_kombit(gateway) == [False]


@pytest.mark.parametrize("failure", [Answer({}, 503), Answer({}, 403)])
def test_what_was_known_stays_where_it_cannot_be_read_again(site: Site, failure: Answer) -> None:
    gateway = site.connect()
    _accepted(site, site.kombit)
    gateway.read(ISSUE)
    site.server.on("GET", USERS, failure)
    site.waits.append(601)
    assert _is_kombit(gateway) == [True]
    assert _is_kombit(gateway) == [True]


def test_who_has_left_kombit_a_moment_ago_accepts_nothing(site: Site) -> None:
    """R18: what opens a gate is remembered for good."""
    gateway = site.connect()
    site.organisations["KOMBIT"].clear()
    _accepted(site, site.kombit)
    assert _is_kombit(gateway) == [False]


def test_an_acceptance_waits_while_jira_cannot_tell_whether_its_maker_is_kombits_still(site: Site) -> None:
    gateway = site.connect()
    _accepted(site, site.kombit)
    site.server.on("GET", USERS, Answer({}, 503))
    with pytest.raises(OutOfReach):
        gateway.read(ISSUE)


def test_an_organisation_that_may_not_be_read_any_more_keeps_its_members_for_a_day(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", USERS, Answer({}, 403))
    _accepted(site, site.kombit)
    for hours, is_known in ((1, True), (22, True), (2, False)):
        site.waits.append(hours * 3600)
        assert _is_kombit(gateway) == [is_known]


def test_a_group_that_is_deleted_has_nobody_any_more(site: Site) -> None:
    site.server.on("GET", GROUP, Answer({"values": [site.customer], "total": 1}))
    gateway = _with(site, groups=("dubu-kombit",)).connect()
    _accepted(site, site.customer)
    assert _is_kombit(gateway) == [True]
    site.server.on("GET", GROUP, Answer({}, 404))
    site.waits.append(601)
    assert _is_kombit(gateway) == [False]


def test_an_organisation_that_is_deleted_has_nobody_any_more(site: Site) -> None:
    gateway = site.connect()
    _accepted(site, site.kombit)
    site.organisations.clear()
    site.waits.append(601)
    assert _is_kombit(gateway) == [False]


@pytest.mark.parametrize("answer", [None, [], {"values": "x"}, {"values": [None, {"accountId": 5}]}, b"5"])
def test_an_answer_of_any_shape_makes_nobody_kombits(site: Site, answer: Any) -> None:  # noqa: ANN401 -- JSON
    def odd(_: Asked) -> Answer:
        return Answer(answer)

    site.server.on("GET", USERS, odd)
    _accepted(site, site.kombit)
    assert _is_kombit(site.connect()) == [False]
