"""A whole site read as Found, part by part, by whoever may: an administrator, or the adapter as far as it may."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from adapter.errors import NO_USE, ConfigurationError, Refused
from adapter.gateway.admin.fields import Fields
from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.admin.lists import Lists, issue_type_of
from adapter.gateway.admin.screens import Screens
from adapter.gateway.admin.webhooks import Webhooks
from adapter.gateway.admin.workflows import Workflows
from adapter.gateway.session import API, Unauthorised, Wire
from adapter.gateway.shapes import objects, part, text
from adapter.provision.found import Found, Project

T = TypeVar("T")
Tell = Callable[[str], None]
"""Told the name of each part before it is read."""


@dataclass
class SiteReader:
    """Reads a project of a site; a part that Jira refuses is left out and named, unless `whole` is asked for."""

    wire: Wire
    cloud: bool
    project_key: str
    _unread: dict[str, str] = field(default_factory=dict, init=False)

    def read(
        self,
        account: str,
        field_names: Collection[str],
        type_names: Collection[str] = (),
        *,
        whole: bool = False,
        tell: Tell = lambda _: None,
    ) -> Found:
        """The site as it is now.

        Args:
            account: the adapter's, as `agents.identity` gives it.
            field_names: which custom fields matter.
            type_names: of the issue types whose screens matter, as `IssueType.is_among` takes them.
            whole: whether a part that may not be read is an error (Refused), and who shares the screens is read, too.
            tell: told of each part before it is read.
        """
        self._unread.clear()

        def told(name: str, read: Callable[[], T]) -> T | None:
            tell(name)
            try:
                return read()
            except (Refused, Unauthorised) as refusal:  # v3 answers 401 where only a permission is lacking
                status = refusal.status if isinstance(refusal, Refused) else 401
                if whole:
                    mend = "; giv kontoen rettigheden" if status in {401, 403, 404} else ""
                    raise Refused(f"{name}: {refusal}{mend}", status) from None
                self._unread[name] = str(refusal) if status == NO_USE else f"Jira svarer {status}"
                return None

        tell("projekt")
        project = self.project()
        types = [t.id for t in project.types_among(type_names)]
        lists, keys = Lists(self.wire, self.cloud), ProjectKeys(self.wire)
        company = self.cloud and not project.is_team_managed
        screens = Screens(self.wire)
        return Found(
            is_cloud=self.cloud,
            project=project,
            account=account,
            roles=told("roller", lambda: lists.roles(project.key)),
            fields=told("felter", lambda: Fields(self.wire, self.cloud, keys).read(field_names, project.id)),
            screens=told("skærmbilleder", lambda: screens.read(project.id, types, with_others=whole))
            if company
            else None,
            statuses=told("statusser", lists.statuses),
            workflows=told("workflows", lambda: Workflows(self.wire, keys).read(project)) if company else None,
            webhooks=told("webhooks", Webhooks(self.wire, self.cloud).read),
            request_types=told("anmodningstyper", lambda: lists.request_types(project.key)),
            grants=told("rettigheder", lambda: lists.grants(project.key)),
            unread=dict(self._unread),
        )

    def project(self) -> Project:
        """The project; ConfigurationError where there is none of that key that the account may see."""
        try:
            found = self.wire.get(f"{API}/project/{{project}}", project=self.project_key)
        except Refused as refusal:
            if refusal.status not in {403, 404}:
                raise
            found = None
        if not isinstance(found, Mapping):
            raise ConfigurationError(
                f'projektet "{self.project_key}" findes ikke på sitet, eller kontoen må ikke se det; ret `projekt` i '
                "jira.yaml, eller giv kontoen adgang"
            )
        return Project(
            id=text(found.get("id")),
            key=text(found.get("key")),
            name=text(found.get("name")),
            is_team_managed=found.get("style") == "next-gen" or found.get("simplified") is True,
            issue_types=tuple(issue_type_of(t) for t in objects(found.get("issueTypes"))),
        )

    def holds(self, *permissions: str) -> frozenset[str]:
        """Which of some permissions the account has in the project or on the site."""
        asked = {"permissions": ",".join(permissions), "projectKey": self.project_key}
        answer = part(self.wire.get(f"{API}/mypermissions", asked), "permissions")
        return frozenset(name for name in permissions if part(answer, name, "havePermission") is True)
