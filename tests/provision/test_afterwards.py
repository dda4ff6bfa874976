"""What no API does is told with the site's own names, and only where the steps leave it open."""

from __future__ import annotations

from adapter.provision.afterwards import afterwards
from adapter.provision.steps import CreateRequestType, CreateRole, CreateStatus, JoinRole, LeaveRole, WriteWebhook
from tests.doctor.made import HOOK
from tests.provision.made import ADAPTER, site

SECRETS = "DUBU_TEST_WEBHOOK_SECRETS"


def test_whoever_joins_the_adapter_to_its_role_is_told_that_it_must_read_the_desks() -> None:
    """R9: without the right the adapter does not see who the desk is."""
    (line,) = afterwards((CreateRole("Robotten", ""), JoinRole("Robotten", ADAPTER, "")), SECRETS)
    assert "Administer Projects" in line
    assert '"Robotten"' in line
    assert "dubu-adapter check" in line


def test_the_secret_is_named_by_the_sites_own_variable() -> None:
    (line,) = afterwards((WriteWebhook(HOOK),), SECRETS)
    assert HOOK.name in line
    assert f"fra {SECRETS};" in line


def test_request_types_that_no_customer_sees_yet_are_told_at_once() -> None:
    (line,) = afterwards((CreateRequestType("A", "1", "Sag", ""), CreateRequestType("B", "1", "Sag", "")), SECRETS)
    assert line.endswith("A, B")


def test_what_is_done_with_its_step_is_not_told() -> None:
    (somebody,) = (site().roles or ())[0].actors
    done = (CreateStatus("Ny", "TODO", ""), CreateRole("Robotten", ""), LeaveRole("Robotten", somebody, ""))
    assert list(afterwards(done, SECRETS)) == []
