"""A site in order as the doctor sees it, from which a test takes one thing away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapter.doctor.diagnose import diagnosis
from adapter.doctor.finding import Code, Finding
from adapter.doctor.permissions import NEEDED
from adapter.doctor.seen import Account, Administrator, Deliveries, Front, Seen, Server
from adapter.provision.document import Transition
from adapter.provision.found import Context, CustomField, Found, Screen, Webhook, Workflow
from adapter.provision.plan import edits_of
from adapter.provision.wanted import EVENTS, wanted_of
from tests.provision.made import (
    ADAPTER,
    CATALOGUE,
    PROJECT,
    ROLE,
    creation,
    gate_field,
    site,
    status_id,
    step,
    workflow,
)
from tests.provision.test_side_doors import LOCKED, ways_back

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
URL = "https://firma.atlassian.net"
HOOK = Webhook("1", "DUBU-adapter DUBU", "https://a.example/webhooks/dubu", EVENTS, "project = DUBU", True)
WANTED = wanted_of(CATALOGUE, None).fields
FIELD_IDS = {field.name: f"customfield_{20000 + i}" for i, field in enumerate(WANTED)} | {
    gate_field().name: gate_field().id
}
ROLE_ID = ROLE


def front(**more: object) -> Front:
    """A Cloud site that lets the adapter in."""
    found = Front(
        URL,
        "DUBU_DUBU_JIRA_USER",
        "DUBU_DUBU_JIRA_TOKEN",
        Server("Cloud", URL, NOW, NOW),
        Account(ADAPTER, CATALOGUE.calendar.timezone),
    )
    return replace(found, **more)  # type: ignore[arg-type]  # whatever parts a test exchanges


def server(**more: object) -> Server:
    """What it says of itself."""
    return replace(Server("Cloud", URL, NOW, NOW), **more)  # type: ignore[arg-type]  # the same


def fields() -> tuple[CustomField, ...]:
    """All fields of the mapping, in the project."""
    where = Context("7", "DUBU", False, frozenset({PROJECT.id}))
    others = tuple(
        CustomField(FIELD_IDS[field.name], field.name, field.kind, (where,))
        for field in WANTED
        if field.name != gate_field().name
    )
    return (*others, gate_field())


def flow(*steps: Transition) -> Workflow:
    """A workflow as provisioning leaves it, with some more steps."""
    before = workflow(creation("Ny"), LOCKED, *ways_back())
    (draft,) = edits_of(wanted_of(CATALOGUE, None), site(before))
    return workflow(*draft.steps, *steps)


def found(**more: object) -> Found:
    """The site itself, locked."""
    everything = frozenset(FIELD_IDS.values())
    whole = site(
        flow(),
        fields=fields(),
        screens=(Screen("1", "Sagsbilledet", "1", everything),),
        webhooks=(HOOK,),
        grants=(),
    )
    return replace(whole, **more)  # type: ignore[arg-type]  # the same


def seen(**more: object) -> Seen:
    """All of it, looked at by an administrator."""
    whole = Seen(
        site="dubu",
        is_cloud=True,
        front=front(),
        field_ids=FIELD_IDS,
        statuses={status_id(n): n for names in CATALOGUE.jira.statuses.values() for n in names},
        held=frozenset(permission.key for permission in NEEDED),
        changed=("DUBU-1", NOW),
        found=found(),
        administrator=Administrator("Ada Admin", "DUBU_DUBU_ADMIN_TOKEN", is_set=True),
        deliveries=Deliveries(NOW - timedelta(minutes=1)),
        secrets_variable="DUBU_DUBU_WEBHOOK_SECRETS",
    )
    return replace(whole, **more)  # type: ignore[arg-type]  # the same


def told(looked_at: Seen) -> list[Finding]:
    """What is said of it, apart from what is assumed."""
    return [finding for finding in diagnosis(CATALOGUE, looked_at) if finding.code is not Code.ASSUMPTION]


def codes(looked_at: Seen) -> list[Code]:
    """The kinds of what is said of it."""
    return [finding.code for finding in told(looked_at)]


def only(looked_at: Seen) -> Finding:
    """The one thing that is said of it."""
    (finding,) = told(looked_at)
    return finding


__all__ = ["CATALOGUE", "FIELD_IDS", "HOOK", "NOW", "PROJECT", "ROLE_ID", "URL", "codes", "flow", "found", "front",
           "only", "seen", "server", "status_id", "step", "told"]  # fmt: skip
