"""Who the service desk's people are: the actors of its project role, groups included."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.doctor.finding import Code
from adapter.errors import Refused
from adapter.gateway.circle import TO_READ_GROUPS, Circle, Source, identity
from adapter.gateway.findings import Findings
from adapter.gateway.session import API
from adapter.gateway.shapes import objects, part, text

PLACE = ("roller", "servicedesk")


@dataclass
class Agents(Circle):
    """The service desk's people; where Jira does not show the role itself, all that was known stays."""

    project: str
    role_id: str
    keeps_missing = True  # the role itself names the group, so it is there whatever Jira says of it

    def meet(self, findings: Findings, role: str, own: str) -> None:
        """Reads the people at the start; a finding for what hides them, as no offer of theirs could count (R9).

        `own` is the adapter's identity, whose word is nobody's. OutOfReach where Jira does not answer.
        """
        try:
            hidden = self.refresh()
        except Refused as refusal:
            findings.stop(
                Code.AGENTS,
                f'adapterens konto må ikke læse projektrollen "{role}" (Jira svarer {refusal.status}), og så tæller '
                "ingen tilbud eller svar fra servicedesken",
                "gør kontoen til projektadministrator",
                *PLACE,
            )
            return
        for group in hidden:
            findings.stop(
                Code.AGENTS,
                f'medlemmerne af gruppen "{group.title}" i projektrollen "{role}" kan ikke læses, og så tæller ingen '
                "tilbud eller svar fra dem",
                f"{TO_READ_GROUPS[self.cloud]}, eller sæt medlemmerne direkte i rollen",
                *PLACE,
            )
        if not self._known - {own} and not hidden:
            findings.stop(
                Code.AGENTS,
                f'der er ingen medarbejdere i projektrollen "{role}", og så tæller ingen tilbud eller svar',
                "sæt servicedeskens medarbejdere i rollen, eller ret navnet",
                *PLACE,
            )

    def _listed(self) -> tuple[set[str], list[Source]]:
        people: set[str] = set()
        groups: list[Source] = []
        role = self.wire.get(f"{API}/project/{{project}}/role/{{role}}", project=self.project, role=self.role_id)
        for actor in objects(part(role, "actors")):
            if "group" in text(actor.get("type")):
                name = text(part(actor, "actorGroup", "name")) or text(actor.get("name"))
                group_id = text(part(actor, "actorGroup", "groupId")) if self.cloud else ""
                groups.append(Source("gruppe", name, group_id, text(actor.get("displayName")) or name))
            elif self.cloud:
                people.add(identity(part(actor, "actorUser"), self.cloud))
            else:
                people.add(text(actor.get("name")).casefold() or identity(part(actor, "actorUser"), self.cloud))
        return people, groups
