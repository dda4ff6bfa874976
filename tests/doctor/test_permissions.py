"""The permissions that the adapter needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.doctor.finding import Code, Level
from adapter.doctor.permissions import NEEDED, WATCHING, Needed, needed, permission_findings
from tests.doctor.made import CATALOGUE, only, seen

ALL = frozenset(permission.key for permission in NEEDED)


@pytest.mark.parametrize("permission", NEEDED, ids=lambda p: p.key)
def test_one_that_lacks_is_named_with_what_it_is_for(permission: Needed) -> None:
    finding = only(seen(held=ALL - {permission.key}))
    assert finding.code is Code.PERMISSION
    assert finding.level is (Level.ERROR if permission.is_vital else Level.WARNING)
    assert permission.name in finding.what
    assert permission.purpose in finding.what


def test_one_that_jira_does_not_know_is_left_to_a_person() -> None:
    finding = only(seen(held=ALL - {"SERVICEDESK_AGENT"}, unknown=frozenset({"SERVICEDESK_AGENT"})))
    assert (finding.code, finding.level) == (Code.UNREAD, Level.NOTE)


def test_watchers_need_one_more_and_participants_do_not() -> None:
    owners = CATALOGUE.parties.owners.model_copy(update={"added_as": "overvågere"})
    watching = replace(CATALOGUE, parties=CATALOGUE.parties.model_copy(update={"owners": owners}))
    assert WATCHING not in needed(CATALOGUE)
    (finding,) = permission_findings(watching, seen(held=ALL))
    assert WATCHING.name in finding.what


def test_what_jira_does_not_tell_of_permissions_is_said() -> None:
    finding = only(seen(held=None))
    assert finding.code is Code.UNREAD
    assert "rettigheder" in finding.what
