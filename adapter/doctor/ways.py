"""The steps of the process that people do not find in a workflow: no hole, but tickets get stuck."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.edit import editor_of
from adapter.provision.side_doors import is_ours


def way_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What `provision` would add for people, where workflows and roles were read."""
    found = seen.found
    if found is None or found.roles is None:
        return
    ours = [workflow for workflow in found.workflows or () if is_ours(workflow, catalogue)]
    editor = editor_of(catalogue, found, ours)
    for workflow in ours:
        for line in editor.lacking(workflow):
            yield Finding(
                Level.WARNING,
                Code.WAY,
                f'i workflowet "{workflow.name}" mangler: {line.removeprefix("+ ").removeprefix("~ ")}',
                "kør dubu-adapter provision, eller ret workflowet i hånden",
                catalogue.positions.of("jira.yaml", "overgange"),
            )
