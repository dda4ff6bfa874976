"""What was not looked at is said, with why and the next step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.doctor.finding import Code, Level
from adapter.doctor.seen import Administrator, Offered
from adapter.doctor.unread import BY_HAND
from tests.doctor.made import CATALOGUE, codes, found, only, seen, status_id, told

NOBODY = Administrator(token_variable="DUBU_DUBU_ADMIN_TOKEN")


@pytest.mark.parametrize("part", sorted(BY_HAND))
def test_each_part_that_was_refused_is_a_note_that_names_the_variable_and_the_place(part: str) -> None:
    everywhere = tuple(Offered(status_id(n), "DUBU-1", ()) for names in CATALOGUE.jira.statuses.values() for n in names)
    looked_at = seen(found=found(unread={part: "Jira svarer 403"}), administrator=NOBODY, offered=everywhere)
    finding = only(looked_at)
    assert (finding.code, finding.level) == (Code.UNREAD, Level.NOTE)
    assert finding.what == f"ikke efterset: {part}, fordi Jira svarer 403"
    assert finding.next_step == f"sæt DUBU_DUBU_ADMIN_TOKEN, eller se selv efter: {BY_HAND[part]}"


def test_an_administrator_who_may_not_see_it_is_not_told_to_log_in() -> None:
    assert "ADMIN_TOKEN" not in only(seen(found=found(unread={"webhooks": "Jira svarer 403"}))).next_step


def test_an_administrator_who_is_not_let_in_is_a_warning() -> None:
    finding = only(seen(administrator=replace(NOBODY, is_set=True, refused=401)))
    assert (finding.code, finding.level) == (Code.ADMIN_LOGIN, Level.WARNING)
    assert "DUBU_DUBU_ADMIN_TOKEN" in finding.next_step


def test_without_a_database_the_deliveries_are_not_known() -> None:
    finding = only(seen(deliveries=None))
    assert finding.code is Code.UNREAD
    assert "DATABASE_URL" in finding.next_step


def test_on_data_center_it_is_said_that_conditions_do_not_show() -> None:
    whats = [f.what for f in told(seen(is_cloud=False, found=found(is_cloud=False, workflows=None), offered=()))]
    assert any("workflowets betingelser" in what for what in whats)
    assert any('overgangene fra "' in what and '"Godkendt"' in what for what in whats)


def test_on_data_center_without_an_administrator_the_starts_of_others_are_not_known() -> None:
    looked_at = seen(is_cloud=False, found=found(is_cloud=False, workflows=None), offered=(), administrator=NOBODY)
    assert any("uden om godkendelsen" in f.what and "ADMIN_TOKEN" in f.next_step for f in told(looked_at))
    assert set(codes(looked_at)) == {Code.UNREAD}


@pytest.mark.parametrize("is_agent", [True, False])
def test_an_administrator_who_is_not_of_the_service_desk_does_not_see_what_only_it_is_offered(is_agent: bool) -> None:
    who = Administrator("Ada Admin", "DUBU_DUBU_ADMIN_TOKEN", is_set=True, is_agent=is_agent)
    findings = told(seen(is_cloud=False, found=found(is_cloud=False, workflows=None), administrator=who))
    assert any("kun tilbydes servicedesken" in finding.what for finding in findings) is not is_agent
