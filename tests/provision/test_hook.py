"""One webhook of many is the adapter's, and what somebody made wider than needed stays so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.provision.found import Webhook
from adapter.provision.hook import covers
from adapter.provision.steps import WriteWebhook
from adapter.provision.wanted import EVENTS
from tests.provision.made import PROJECT
from tests.provision.test_plan import HOOK, plan, whole

OURS = Webhook("1", "hook", HOOK, EVENTS, "project = DUBU", True)
SOME = frozenset({"jira:issue_updated", "comment_created"})


def writes(*hooks: Webhook) -> list[WriteWebhook]:
    return [s for s in plan(replace(whole(), webhooks=hooks)).steps if isinstance(s, WriteWebhook)]


@pytest.mark.parametrize(
    "jql",
    [
        "",
        " ",
        "ORDER BY created",
        "project = DUBU",
        'project="dubu"',
        "'project' = DUBU",
        "project = 10000",
        'project = "DUBU servicedesk"',
        "project in (ANDET, DUBU) ",
        'PROJECT IN("DUBU",ANDET) order by created DESC',
        "project = ANDET OR project = DUBU",
        "project = DUBU or assignee in (membersOf(x), y) AND priority = High",
    ],
)
def test_a_filter_that_lets_the_whole_project_through_covers_it(jql: str) -> None:
    assert covers(jql, PROJECT)


@pytest.mark.parametrize(
    "jql",
    [
        "project = DUBU AND status = Ny",
        "project in (ANDET)",
        "project not in (DUBU)",
        "project != DUBU",
        "not project = DUBU",
        "key > 1",
        "project = ANDET OR project = DUBU AND status = Ny",
        "(project = ANDET OR project = DUBU) AND status = Ny",
        "status = Ny AND (priority = High OR project = DUBU)",
        'summary ~ "x or project = DUBU"',
        'summary ~ "x \\" or project = DUBU"',
        "summary ~ 'project = DUBU",
        "project in (f(DUBU))",
        'issuetype = Fejl "or" project = DUBU',
        "project = DUBU2",
        "project = ANDET or",
    ],
)
def test_any_other_does_not_as_far_as_can_be_told(jql: str) -> None:
    assert not covers(jql, PROJECT)


@pytest.mark.parametrize(
    "theirs", [{"url": f"{HOOK}/"}, {"jql": "project in (ANDET, DUBU)"}, {"jql": ""}, {"name": "deres"}]
)
def test_a_webhook_that_leads_here_and_tells_of_all_is_kept_as_somebody_wrote_it(theirs: dict[str, str]) -> None:
    hook = replace(OURS, **theirs)  # type: ignore[arg-type]  # whatever a case exchanges
    assert writes(hook) == []
    (step,) = writes(replace(hook, is_enabled=False, events=EVENTS | {"user_created"}))
    assert step.changes == ("tændes",)
    assert step.webhook == replace(hook, events=EVENTS | {"user_created"})


def test_a_filter_that_leaves_tickets_out_is_replaced_and_told() -> None:
    (step,) = writes(replace(OURS, jql="project = DUBU AND status = Ny"))
    assert step.changes == ("JQL project = DUBU (før project = DUBU AND status = Ny)",)
    assert step.webhook == OURS


def test_webhooks_that_share_the_events_between_them_and_one_that_is_off_are_left_alone() -> None:
    one, other = replace(OURS, events=EVENTS - SOME), replace(OURS, id="2", events=SOME)
    off = replace(OURS, id="3", is_enabled=False, is_signed=False, leaves_body_out=True, jql="project = X")
    assert writes(off, one, other) == []
    (step,) = writes(off, replace(other, events=SOME - {"comment_created"}), one)
    assert step.webhook == replace(one, events=one.events | {"comment_created"})


def test_of_several_that_are_off_one_is_switched_on_with_all_that_lacks() -> None:
    one, other = (
        replace(OURS, id=n, is_enabled=False, is_signed=False, events=e) for n, e in (("1", SOME), ("2", EVENTS))
    )
    (step,) = writes(one, other)
    assert step.webhook == replace(other, is_enabled=True)
    assert step.changes == ("tændes", "med hemmelighed")


def test_each_that_is_on_is_signed() -> None:
    one, other = replace(OURS, is_signed=False), replace(OURS, id="2", is_signed=False, leaves_body_out=True)
    assert [(step.webhook.id, step.changes) for step in writes(one, other)] == [
        ("1", ("med hemmelighed",)),
        ("2", ("med indhold", "med hemmelighed")),
    ]


@pytest.mark.parametrize(
    "jql", ["(project = DUBU)", "((project = DUBU OR project = ITS))", "(project = ITS) OR (project = DUBU)"]
)
def test_parentheses_around_a_filter_change_nothing(jql: str) -> None:
    assert writes(replace(OURS, jql=jql)) == []


@pytest.mark.parametrize("jql", ["(project = DUBU) AND (status = Ny)", "(project = DUBU", "NOT (project = DUBU)", "()"])
def test_parentheses_around_a_part_are_none_around_the_whole(jql: str) -> None:
    assert len(writes(replace(OURS, jql=jql))) == 1


def test_a_webhook_to_another_address_is_not_ours() -> None:
    (step,) = writes(replace(OURS, url=f"{HOOK}2"))
    assert (step.webhook.id, step.webhook.url) == ("", HOOK)
