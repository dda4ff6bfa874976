"""What is said of a site: nothing of one in order, everything at once of any other, and always in the same order."""

from __future__ import annotations

import pytest

from adapter.catalogue.notes import open_assumptions
from adapter.doctor.diagnose import diagnosis, is_amiss
from adapter.doctor.doors import DOORS
from adapter.doctor.finding import WHY, Code, Finding, Level
from adapter.doctor.seen import Account
from adapter.provision.door import DoorKind
from tests.doctor.made import CATALOGUE, codes, found, front, seen, told


def test_of_a_site_in_order_only_what_is_assumed_is_said() -> None:
    findings = diagnosis(CATALOGUE, seen())
    assert {finding.code for finding in findings} == {Code.ASSUMPTION}
    assert len(findings) == len(open_assumptions(CATALOGUE))
    assert not is_amiss(findings)


def test_the_opening_hours_are_among_what_is_assumed_with_their_line() -> None:
    (hours,) = [f for f in diagnosis(CATALOGUE, seen()) if f.what.startswith("åbningstider ")]
    assert "kalender.yaml:" in hours.place
    assert hours.level is Level.NOTE


def test_everything_is_said_at_once_the_worst_first() -> None:
    ill = seen(
        front=front(account=Account("a", "America/New_York")),
        held=frozenset(),
        found=found(webhooks=(), request_types=None, roles=()),
    )
    levels = [finding.level for finding in told(ill)]
    assert levels == sorted(levels, key=list(Level).index)
    assert {Code.PERMISSION, Code.WEBHOOK, Code.NO_DESK, Code.NO_ROLE, Code.TIME_ZONE} <= set(codes(ill))
    assert diagnosis(CATALOGUE, ill) == diagnosis(CATALOGUE, ill)


def test_the_same_thing_is_said_once() -> None:
    twice = Finding(Level.ERROR, Code.FIELD, "feltet mangler", "opret det", "jira.yaml:1:1")
    assert codes(seen(resolved=(twice, twice))) == [Code.FIELD]


@pytest.mark.parametrize("code", list(Code))
def test_every_kind_of_finding_has_a_reason(code: Code) -> None:
    assert len(WHY[code]) > 20


def test_every_side_door_is_a_kind_of_finding() -> None:
    assert {kind.value for kind in DoorKind} == {code.value for code in DOORS}


def test_a_finding_is_a_line_with_its_place_and_what_to_do() -> None:
    told_of = Finding(Level.ERROR, Code.FIELD, "feltet mangler", "opret det", "jira.yaml:3:1")
    assert str(told_of) == "jira.yaml:3:1: feltet mangler; opret det"
    assert str(Finding(Level.NOTE, Code.CLOCK, "uret går forkert", "stil det")) == "uret går forkert; stil det"
