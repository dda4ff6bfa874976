"""Actors on the sandbox do what their users may do over REST, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.actor import Actor
from tests.sandbox.client import Rest

OUTSIDERS = ("kunde.odense", "kombit.karen", "kombit.gerda", "3part", "fremmed")


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


Act = Callable[[Actor, str], object]
PORTAL: dict[str, Act] = {
    "comment": lambda a, key: a.comment(key, "tekst"),
    "attach": lambda a, key: a.attach(key, "a.eml", b"x"),
    "accept": lambda a, key: a.accept(key),
    "disagree": lambda a, key: a.disagree(key),
    "cancel": lambda a, key: a.cancel(key),
    "participants": lambda a, key: a.participants(key),
}
AGENTS: dict[str, Act] = {
    "set": lambda a, key: a.set(key, "Betalende part", "Aarhus"),
    "assign": lambda a, key: a.set(key, "assignee", "agent.bo"),
    "start": lambda a, key: a.move(key, "I gang"),
    "start by name": lambda a, key: a.take(key, "Start arbejde"),
    "note": lambda a, key: a.comment(key, "tekst", internal=True),
    "delete file": lambda a, key: a.delete_attachment(key, a.attach(key, "a.eml", b"x")),
    "delete comment": lambda a, key: a.delete_comment(key, a.comment(key, "tekst")),
    "edit comment": lambda a, key: a.edit_comment(key, a.comment(key, "tekst"), "andet"),
    "log work": lambda a, key: a.log_work(key, 1.5),
    "edit work": lambda a, key: a.edit_worklog(key, a.log_work(key, 1), 2),
    "delete work": lambda a, key: a.delete_worklog(key, a.log_work(key, 1)),
    "watch": lambda a, key: a.watch(key),
    "watchers": lambda a, key: a.watchers(key),
}


@pytest.mark.parametrize("act", PORTAL)
def test_the_reporter_does_on_the_portal_what_a_stranger_cannot(site: Sandbox, key: str, act: str) -> None:
    for handle in OUTSIDERS:
        outsider = site.as_user(handle)
        assert not outsider.sees(key)
        with pytest.raises(JiraError) as refused:
            PORTAL[act](outsider, key)
        assert refused.value.status == 404
    assert site.issue(key).history == []
    PORTAL[act](site.as_user("kunde.aarhus"), key)


@pytest.mark.parametrize("act", AGENTS)
def test_what_agents_do_is_refused_to_the_reporter_and_to_participants(site: Sandbox, key: str, act: str) -> None:
    site.as_user("agent.anna").add_participants(key, "kombit.gerda")
    for handle in ("kunde.aarhus", "kombit.gerda"):
        with pytest.raises(JiraError) as refused:
            AGENTS[act](site.as_user(handle), key)
        assert refused.value.status in {400, 403, 404}
    AGENTS[act](site.as_user("agent.anna"), key)


def test_only_admins_delete_and_only_those_at_home_in_both_projects_move(site: Sandbox, key: str) -> None:
    for handle in ("kunde.aarhus", "agent.anna"):
        with pytest.raises(JiraError):
            site.as_user(handle).delete(key)
        with pytest.raises(JiraError):
            site.as_user(handle).move_to_project(key, "ANDET")
    site.as_user("admin").delete(site.as_user("admin").move_to_project(key, "ANDET"))


def test_the_steps_an_actor_is_told_of_are_those_that_rest_shows(site: Sandbox, key: str) -> None:
    with Rest(site, "agent.anna") as rest:
        listed = rest.get(f"issue/{key}/transitions").json()["transitions"]
    assert site.as_user("agent.anna").steps(key) == {step["name"]: step["to"]["name"] for step in listed}
    with Rest(site, "kunde.aarhus") as rest:
        shown = rest.get(f"/rest/servicedeskapi/request/{key}/transition").json()["values"]
    assert list(site.as_user("kunde.aarhus").steps(key)) == [step["name"] for step in shown]
    with pytest.raises(JiraError, match="Start arbejde"):
        site.as_user("kunde.aarhus").take(key, "Start arbejde")


def test_a_file_that_a_person_deletes_and_adds_again_is_another_file_in_the_changelog(site: Sandbox, key: str) -> None:
    anna = site.as_user("agent.anna")
    site.clock.set(datetime(2026, 11, 2, 9, tzinfo=UTC))
    first = anna.attach(key, "tilbud.eml", b"x")
    site.clock.advance(timedelta(minutes=1))
    anna.delete_attachment(key, first)
    site.clock.advance(timedelta(minutes=1))
    second = anna.attach(key, "tilbud.eml", b"x")
    with Rest(site) as rest:
        issue = rest.get(f"issue/{key}?fields=attachment&expand=changelog").json()
    (held,) = issue["fields"]["attachment"]
    assert (held["id"], held["created"]) == (second, "2026-11-02T09:02:00.000+0000")
    assert second != first
    entries = sorted(issue["changelog"]["histories"], key=lambda entry: str(entry["created"]))
    ends = {"field": "Attachment", "fieldtype": "jira"} | ({"fieldId": "attachment"} if site.world.cloud else {})
    nothing = {"from": None, "fromString": None}
    gone = {"to": None, "toString": None}
    assert [entry["items"] for entry in entries] == [
        [{**ends, **nothing, "to": first, "toString": "tilbud.eml"}],
        [{**ends, "from": first, "fromString": "tilbud.eml", **gone}],
        [{**ends, **nothing, "to": second, "toString": "tilbud.eml"}],
    ]
    assert {entry["author"]["displayName"] for entry in entries} == {"Anna Agent"}


def test_whatever_people_do_tells_the_time_of_the_sites_clock(site: Sandbox, key: str) -> None:
    anna = site.as_user("agent.anna")
    acts: list[Callable[[], object]] = [
        lambda: anna.add_participants(key, "kombit.gerda"),
        lambda: site.as_user("kombit.gerda").accept(key),
        lambda: site.as_user("adapter").move(key, "Afventer Kunde"),
        lambda: anna.disagree(key),
        lambda: anna.remove_participants(key, "kombit.gerda"),
        lambda: anna.log_work(key, 1),
        lambda: anna.cancel(key),
    ]
    site.clock.set(datetime(2031, 1, 1, tzinfo=UTC))
    for act in acts:
        site.clock.advance(timedelta(days=1))
        act()
        assert site.issue(key).updated == site.issue(key).history[-1].created == site.clock.now()
    issue = site.issue(key)
    assert issue.resolved == issue.status_since == issue.category_since == site.clock.now()
