"""The webhook and what has come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.doctor.finding import Code, Level
from adapter.doctor.seen import Deliveries, Seen
from adapter.provision.found import Webhook
from tests.doctor.made import HOOK, NOW, codes, found, only, seen

MINUTE = timedelta(minutes=1)


def with_hooks(*hooks: Webhook, **more: object) -> Seen:
    return seen(found=found(webhooks=hooks), **more)


@pytest.mark.parametrize(
    ("hooks", "code", "level"),
    [
        ((), Code.WEBHOOK, Level.ERROR),
        ((replace(HOOK, name="CI", url="https://ci.example/hook", jql=""),), Code.WEBHOOK, Level.ERROR),
        ((replace(HOOK, url="https://a.example/webhooks/dubuu"),), Code.WEBHOOK_URL, Level.ERROR),
        ((replace(HOOK, is_enabled=False),), Code.WEBHOOK_OFF, Level.ERROR),
        ((replace(HOOK, events=HOOK.events - {"attachment_created"}),), Code.WEBHOOK_EVENTS, Level.WARNING),
        ((replace(HOOK, jql="project = ANDET"),), Code.WEBHOOK_JQL, Level.WARNING),
        ((replace(HOOK, leaves_body_out=True),), Code.WEBHOOK_BODY, Level.ERROR),
        ((replace(HOOK, is_signed=False),), Code.WEBHOOK_SECRET, Level.ERROR),
    ],
)
def test_each_thing_wrong_with_it_is_one_finding(hooks: tuple[Webhook, ...], code: Code, level: Level) -> None:
    finding = only(with_hooks(*hooks))
    assert (finding.code, finding.level) == (code, level)


def test_the_events_that_lack_are_named() -> None:
    finding = only(with_hooks(replace(HOOK, events=HOOK.events - {"attachment_created", "comment_deleted"})))
    assert "attachment_created, comment_deleted" in finding.what


def test_two_webhooks_may_share_the_events_between_them_and_one_that_is_off_does_not_count() -> None:
    some = frozenset({"jira:issue_updated"})
    one, other = replace(HOOK, events=HOOK.events - some), replace(HOOK, id="2", events=some)
    assert codes(with_hooks(one, other)) == []
    assert codes(with_hooks(one, replace(other, is_enabled=False))) == [Code.WEBHOOK_EVENTS]


def test_one_of_two_that_has_no_secret_is_named_alone() -> None:
    finding = only(with_hooks(HOOK, replace(HOOK, id="2", name="Den anden", is_signed=False)))
    assert (finding.code, finding.level) == (Code.WEBHOOK_SECRET, Level.ERROR)
    assert finding.what == 'webhooken "Den anden" har ingen hemmelighed'
    assert "DUBU_DUBU_WEBHOOK_SECRETS" in finding.next_step
    assert codes(with_hooks(replace(HOOK, is_signed=True))) == []


@pytest.mark.parametrize(
    "jql", ["", "project = DUBU", 'project="dubu"', "project in (ANDET, DUBU) ", "project = DUBU ORDER BY created"]
)
def test_a_filter_that_lets_the_project_through_is_right(jql: str) -> None:
    assert codes(with_hooks(replace(HOOK, jql=jql))) == []


@pytest.mark.parametrize("jql", ["project = DUBU AND status = Ny", "project in (ANDET)", "project != DUBU", "key > 1"])
def test_any_other_filter_is_told(jql: str) -> None:
    assert codes(with_hooks(replace(HOOK, jql=jql))) == [Code.WEBHOOK_JQL]


def test_a_given_address_is_the_only_right_one() -> None:
    exact = with_hooks(HOOK, webhook_url="https://b.example/webhooks/dubu")
    assert codes(exact) == [Code.WEBHOOK_URL]
    assert codes(with_hooks(HOOK, webhook_url=HOOK.url)) == []


def test_no_secret_in_the_address_of_the_settings_is_shown() -> None:
    finding = only(with_hooks(HOOK, webhook_url="https://u:hemmeligt@b.example/webhooks/dubu?secret=hemmeligt"))
    assert "https://b.example/webhooks/dubu" in finding.what
    assert "hemmeligt" not in str(finding)


def test_no_secret_in_an_address_is_shown() -> None:
    finding = only(with_hooks(replace(HOOK, url="https://u:hemmeligt@b.example:8443/dubu?token=hemmeligt#hemmeligt")))
    assert "https://b.example:8443/dubu" in finding.what
    assert "hemmeligt" not in str(finding)


def test_an_address_that_cannot_be_read_is_no_crash() -> None:
    assert codes(with_hooks(replace(HOOK, url="https://[dubu"))) == [Code.WEBHOOK_URL]


# Deliveries ---------------------------------------------------------------------------------------------------------


def test_none_ever_is_a_warning_that_says_how_to_try() -> None:
    finding = only(seen(deliveries=Deliveries()))
    assert (finding.code, finding.level) == (Code.DELIVERY, Level.WARNING)
    assert "ret noget på en sag" in finding.next_step


def test_one_that_was_turned_away_after_the_last_right_one_speaks_of_the_secret() -> None:
    finding = only(seen(deliveries=Deliveries(NOW - 9 * MINUTE, NOW - MINUTE)))
    assert finding.code is Code.WEBHOOK_SECRET
    assert "DUBU_DUBU_WEBHOOK_SECRETS" in finding.next_step
    assert "27-11-2026 kl. 12:51" in finding.what  # in the desk's time zone
    assert codes(seen(deliveries=Deliveries(None, NOW))) == [Code.WEBHOOK_SECRET]


def test_a_right_one_since_settles_it() -> None:
    assert codes(seen(deliveries=Deliveries(NOW, NOW - MINUTE))) == []


def test_a_change_that_no_delivery_told_of_is_a_warning_when_it_should_have_come() -> None:
    late = Deliveries(NOW - 16 * MINUTE)
    finding = only(seen(deliveries=late))
    assert finding.code is Code.DELIVERY
    assert "DUBU-1" in finding.what
    assert codes(seen(deliveries=Deliveries(NOW - 14 * MINUTE))) == []
    assert codes(seen(deliveries=late, changed=None)) == []
