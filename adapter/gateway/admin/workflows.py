"""Reading workflows whole, with their statuses, who else uses them, and which rules may stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from adapter.errors import NO_USE, Refused
from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.admin.lists import V3, status_of
from adapter.gateway.session import MOST_PAGES, Wire, endless
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.document import Document
from adapter.provision.found import IssueType, Project, Workflow


@dataclass(frozen=True)
class Workflows:
    """Reads the workflows of a company-managed project on Cloud."""

    wire: Wire
    keys: ProjectKeys

    def read(self, project: Project) -> tuple[Workflow, ...]:
        """The workflows of all issue types of the project, each once."""
        used = self._names(project)
        found = self._documents({"workflowNames": sorted(used)}) if used else []
        missing = used.keys() - {text(document.get("name")) for document, _ in found}
        if missing:
            raise Refused(f"workflowet {', '.join(sorted(missing))} udleveres ikke; giv adgang til det", 404)
        return tuple(self._workflow(project, *one, used[text(one[0].get("name"))]) for one in found)

    def again(self, project: Project, workflow: Workflow) -> Workflow:
        """One workflow as it stands now."""
        read = self._documents({"workflowIds": [workflow.id]})
        if len(read) != 1 or text(read[0][0].get("id")) != workflow.id:
            raise Refused(f'workflowet "{workflow.name}" udleveres ikke mere; kør igen', NO_USE)
        return self._workflow(project, *read[0], workflow.issue_types)

    def _names(self, project: Project) -> dict[str, tuple[IssueType, ...]]:
        """The issue types of the project by the name of their workflow."""
        answer = self.wire.get(f"{V3}/workflowscheme/project", {"projectId": project.id})
        scheme = next((part(v, "workflowScheme") for v in objects(part(answer, "values"))), None)
        mapped = part(scheme, "issueTypeMappings")
        own: Mapping[str, object] = mapped if isinstance(mapped, Mapping) else {}
        found: dict[str, list[IssueType]] = defaultdict(list)
        for issue_type in project.issue_types:
            found[text(own.get(issue_type.id)) or text(part(scheme, "defaultWorkflow"))].append(issue_type)
        if lost := found.pop("", None):
            names = ", ".join(t.name for t in lost)
            raise Refused(f"projektets workflow-skema siger ikke, hvilket workflow {names} har; se efter i det", NO_USE)
        return {name: tuple(types) for name, types in found.items()}

    def _documents(self, asked: Json) -> list[tuple[Json, list[Json]]]:
        answer = self.wire.post(f"{V3}/workflows", asked, lambda: False)  # a POST that reads: repeated freely
        statuses = objects(part(answer, "statuses"))
        return [(document, statuses) for document in objects(part(answer, "workflows"))]

    def _workflow(
        self, project: Project, document: Json, statuses: list[Json], types: tuple[IssueType, ...]
    ) -> Workflow:
        if not is_understood(document):
            raise Refused(f'workflowet "{text(document.get("name"))}" udleveres i en form, der ikke kendes', NO_USE)
        workflow_id = text(document.get("id"))
        known = cast("Document", document)
        by_reference = {text(s.get("statusReference")): status_of(s) for s in statuses}
        inside = {s.get("statusReference", "") for s in known.get("statuses") or []}
        if lost := inside - by_reference.keys():
            raise Refused(f'workflowet "{known.get("name")}" har statusser, som Jira ikke navngiver: {lost}', NO_USE)
        return Workflow(
            document=known,
            statuses={ref: status for ref, status in by_reference.items() if ref in inside},
            issue_types=types,
            other_projects=tuple(self._projects(workflow_id, project)),
            rule_keys=self._rule_keys(workflow_id),
        )

    def _projects(self, workflow_id: str, own: Project) -> Iterable[str]:
        """The keys of the other projects that use a workflow."""
        path, token = f"{V3}/workflow/{{workflow}}/projectUsages", ""
        for _ in range(MOST_PAGES):
            params = {"nextPageToken": token} if token else None
            answer = self.wire.get(path, params, workflow=workflow_id)
            for usage in objects(part(answer, "projects", "values")):
                if (project_id := text(usage.get("id"))) != own.id:
                    yield self.keys.of(project_id)
            token = text(part(answer, "projects", "nextPageToken"))
            if not token:
                return
        raise endless(path)

    def _rule_keys(self, workflow_id: str) -> frozenset[str]:
        answer = self.wire.get(f"{V3}/workflows/capabilities", {"workflowId": workflow_id})
        return frozenset(text(rule.get("ruleKey")) for rule in objects(part(answer, "systemRules")))


def is_understood(document: Json) -> bool:
    """Whether a workflow has the shape that its types promise, as far as anything here looks at it."""
    transitions, statuses = document.get("transitions"), document.get("statuses")
    return (
        bool(text(document.get("id")) and text(document.get("name")))
        and isinstance(part(document, "version"), Mapping)
        and _all(statuses, _is_placed)
        and _all(transitions, _is_transition)
    )


def _is_placed(status: Json) -> bool:
    layout, approval = status.get("layout"), status.get("approvalConfiguration")
    return (
        isinstance(status.get("statusReference"), str)
        and (layout is None or (isinstance(layout, Mapping) and all(_is_spot(layout.get(axis)) for axis in "xy")))
        and (approval is None or isinstance(approval, Mapping))
    )


def _is_spot(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and abs(value) < 10**9)  # which no NaN is


def _is_transition(step: Json) -> bool:
    return (
        isinstance(step.get("id"), str)
        and len(text(step.get("id"))) < 20
        and isinstance(step.get("name"), str)
        and step.get("type") in {"INITIAL", "GLOBAL", "DIRECTED"}
        and isinstance(step.get("toStatusReference"), str)
        and _all(step.get("links") or [], lambda link: isinstance(link.get("fromStatusReference"), str | None))
        and _all(step.get("validators") or [], _is_rule)
        and _all(step.get("triggers") or [], _is_rule)
        and _is_tree(step.get("conditions"), 20)
        and isinstance(step.get("properties") or {}, Mapping)
    )


def _is_rule(rule: Json) -> bool:
    parameters = rule.get("parameters")
    texts = isinstance(parameters, Mapping) and all(isinstance(v, str | None) for v in parameters.values())
    return isinstance(rule.get("ruleKey"), str) and (parameters is None or texts)


def _is_tree(tree: object, depth: int) -> bool:
    if tree is None or tree == {}:
        return True
    return (
        depth > 0
        and isinstance(tree, Mapping)
        and tree.get("operation") in {None, "ALL", "ANY"}
        and _all(tree.get("conditions") or [], _is_rule)
        and _all(tree.get("conditionGroups") or [], lambda group: _is_tree(group, depth - 1))
    )


def _all(value: object, holds: Callable[[Json], bool]) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) and holds(one) for one in value)
