"""The project itself: whether it is one that the adapter can work in."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen


def project_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Whether it is a service desk, and one whose workflows can be locked."""
    found = seen.found
    if found is None:
        return
    place = catalogue.positions.of("jira.yaml", "projekt")
    if found.request_types is None and "anmodningstyper" not in found.unread:
        yield Finding(
            Level.ERROR,
            Code.NO_DESK,
            f'projektet "{found.project.key}" er ikke et servicedesk-projekt',
            "skriv nøglen på et projekt i Jira Service Management",
            place,
        )
    if found.project.is_team_managed:
        yield Finding(
            Level.ERROR,
            Code.TEAM_MANAGED,
            f'projektet "{found.project.key}" er team-managed',
            "opret et company-managed projekt, flyt sagerne dertil, og skriv dets nøgle",
            place,
        )
