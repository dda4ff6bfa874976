"""A whole sandbox site in order, which a test takes one thing away from, and what the doctor then says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName, SiteName
from adapter.doctor.diagnose import diagnosis
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Deliveries, Seen
from adapter.gateway.examine.examiner import Examiner
from adapter.gateway.retry import Patience
from adapter.provision.wanted import EVENTS
from adapter.settings import SiteSettings
from tests.provision.site import HOOK, SECRET, mapping
from tests.sandbox import Sandbox, seed_from
from tests.sandbox.admin import Admin
from tests.sandbox.records import Json

DESK, ADMINS, APPS = "Service Desk Team", "Administrators", "atlassian-addons-project-access"
RISKY = ("MOVE_ISSUES", "DELETE_ALL_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS")
OTHERS = ("annulleret: [Annulleret]", "annulleret: [Annulleret]\n  andre: [Til intern afklaring]")
"""The mapping says of every status of the site what it means."""


@dataclass
class Ward:
    """A running site, its mapping, and the doctor."""

    site: Sandbox
    catalogue: Catalogue
    settings: SiteSettings

    @property
    def admin(self) -> Admin:
        return self.site.as_admin()

    def field(self, name: FieldName) -> str:
        """What a field is called."""
        return self.catalogue.jira.fields[name].name

    def look(self, deliveries: Deliveries | None = None, *, ahead: timedelta = timedelta()) -> Seen:
        """What is seen now, by a machine whose clock may be ahead."""
        now = datetime.now(UTC)
        patience = Patience(sleep=lambda _: None, now=lambda: datetime.now(UTC) + ahead)
        examiner = Examiner(self.settings, self.catalogue, patience=patience)
        return examiner.whole(deliveries or Deliveries(now))

    def told(self, looked_at: Seen | None = None) -> list[Finding]:
        """What is said of it, apart from what is assumed."""
        findings = diagnosis(self.catalogue, looked_at or self.look())
        return [finding for finding in findings if finding.code is not Code.ASSUMPTION]

    def codes(self, looked_at: Seen | None = None) -> set[Code]:
        """The kinds of what is said of it."""
        return {finding.code for finding in self.told(looked_at)}

    def amiss(self, looked_at: Seen | None = None) -> set[Code]:
        """The kinds of what is wrong, and not only worth knowing."""
        return {finding.code for finding in self.told(looked_at) if finding.level is not Level.NOTE}

    def as_adapter_alone(self) -> Ward:
        """The same without an administrator."""
        return replace(self, settings=replace(self.settings, admin_user=None, admin_token=None))


@contextmanager
def opened(folder: Path, deployment: str = "cloud", *, validate: bool = False) -> Iterator[Ward]:
    """A site in order: locked twice over, its webhook set, and nobody with a right that goes past the gate."""
    catalogue = mapping(folder, ("udgave: cloud", f"udgave: {deployment}"), OTHERS)
    with Sandbox.start(seed_from(catalogue, deployment=deployment, locked=True), validate=validate) as site:
        user, token = site.login("adapter")
        admin, admins_token = site.login("admin")
        settings = SiteSettings(SiteName("dubu"), site.url, user, token, (SECRET,), admin, admins_token, HOOK)
        ward = Ward(site, catalogue, settings)
        ward.admin.change(ward.admin.workflow_of(), lambda document: _lock(ward, document))
        for role in (DESK, ADMINS, APPS):
            for right in RISKY:
                ward.admin.revoke(right, role)
        site.user("adapter").time_zone = catalogue.calendar.timezone
        site.tell(HOOK, SECRET, *sorted(EVENTS), project="DUBU")
        for issue_type in site.world.projects["DUBU"].issue_types:
            site.as_user("agent.anna").create("Noget", issue_type=issue_type.name)
        yield ward


def _lock(ward: Ward, document: Json) -> None:
    """The second lock on the start of work."""
    wanted = ward.catalogue.jira.fields[FieldName.APPROVAL]
    field = ward.site.world.field_named(wanted.name)
    opening = {wanted.options[state] for state in (ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED)}
    rules = [
        {
            "ruleKey": "system:check-field-value",
            "parameters": {
                "fieldId": field.id,
                "fieldValue": f'["{option.id}"]',
                "comparator": "=",
                "comparisonType": "OPTIONID",
            },
        }
        for option in field.options
        if option.value in opening
    ]
    for step in document["transitions"]:
        if step["name"] == "Start arbejde":
            group = {"operation": "ANY", "conditions": rules, "conditionGroups": []}
            step["conditions"]["conditionGroups"].append(group)
