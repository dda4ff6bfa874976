"""REST of workflow schemes (Cloud): which project and issue type has which workflow."""

from __future__ import annotations

from flask import Blueprint, request

from tests.sandbox.asking import body, require_cloud, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Json, Project
from tests.sandbox.workflow_records import Workflow, WorkflowScheme

routes = Blueprint("schemes", __name__, url_prefix="/rest/api/3")


@routes.before_request
def _admins_only() -> None:
    require_cloud()
    require_admin(who(), "workflow scheme associations")


def _written(found: WorkflowScheme) -> Json:
    return {
        "id": int(found.id),
        "name": found.name,
        "description": found.description,
        "defaultWorkflow": found.default.name,
        "issueTypeMappings": {type_id: flow.name for type_id, flow in found.by_type.items()},
        "draft": False,
        "self": f"{world().url}/rest/api/3/workflowscheme/{found.id}",
    }


def _scheme(scheme_id: str) -> WorkflowScheme:
    found = world().workflow_schemes.get(scheme_id)
    if found is None:
        raise JiraError(404, "The workflow scheme was not found.")
    return found


def _users(found: WorkflowScheme) -> list[Project]:
    return [p for p in world().projects.values() if p.workflows is found]


@routes.get("/workflowscheme/project")
def of_projects() -> Json:
    """The schemes of some projects; team-managed ones and those that are not there are passed over."""
    asked = set(request.args.getlist("projectId"))
    if not asked:
        raise JiraError(400, errors={"projectId": "The ID of a project has to be provided."})
    with world().lock:
        found = [p for p in world().projects.values() if p.id in asked and not p.team_managed]
        schemes = dict.fromkeys(p.workflows for p in found)
        values = [
            {"projectIds": [p.id for p in found if p.workflows is s], "workflowScheme": _written(s)} for s in schemes
        ]
    return {"values": values}


@routes.get("/workflowscheme/<scheme_id>")
def one(scheme_id: str) -> Json:
    """A scheme."""
    return _written(_scheme(scheme_id))


@routes.post("/workflowscheme")
def make() -> tuple[Json, int]:
    """A new scheme."""
    given = body()
    with world().lock:
        if any(s.name == given.get("name") for s in world().workflow_schemes.values()):
            raise JiraError(400, "The name is used by another workflow scheme.")
        made = WorkflowScheme(world().new_setup_id(), str(given["name"]), _named(given.get("defaultWorkflow", "")))
        _fill(made, given)
        world().workflow_schemes[made.id] = made
        return _written(made), 201


@routes.put("/workflowscheme/<scheme_id>")
def change(scheme_id: str) -> Json:
    """Changes a scheme; one that a project uses only becomes a draft, and stays what it was."""
    given = body()
    with world().lock:
        found = _scheme(scheme_id)
        if _users(found):
            if not given.get("updateDraftIfNeeded"):
                raise JiraError(400, "The workflow scheme is active and can't be changed without a draft.")
            return _written(found) | {"draft": True}
        _fill(found, given)
        return _written(found)


def _fill(scheme: WorkflowScheme, given: Json) -> None:
    if "defaultWorkflow" in given:
        scheme.default = _named(given["defaultWorkflow"])
    if "issueTypeMappings" in given:
        scheme.by_type = {type_id: _named(name) for type_id, name in given["issueTypeMappings"].items()}
    scheme.name = given.get("name", scheme.name)
    scheme.description = given.get("description", scheme.description)


def _named(name: str) -> Workflow:
    found = next((w for w in world().workflows.values() if w.name == name), None)
    if found is None:
        raise JiraError(400, f"The workflow '{name}' does not exist.")
    return found


@routes.put("/workflowscheme/project")
def assign() -> tuple[str, int]:
    """Gives a project another scheme, as long as it has no issues."""
    given = body("projectId", "workflowSchemeId")
    with world().lock:
        scheme = _scheme(str(given.get("workflowSchemeId")))
        project = next((p for p in world().projects.values() if p.id == given["projectId"]), None)
        if project is None:
            raise JiraError(404, "The project was not found.")
        if project.team_managed:
            raise JiraError(400, "Only classic projects can have workflow schemes assigned.")
        if any(issue.project is project for issue in world().issues.values()):
            raise JiraError(400, "A workflow scheme can't be assigned to a project that has issues.")
        project.workflows = scheme
    return "", 204


@routes.get("/workflow/<workflow_id>/projectUsages")
def projects(workflow_id: str) -> Json:
    """The projects that have a workflow."""
    with world().lock:
        flow = _by_id(workflow_id)
        used = [
            {"id": p.id} for p in world().projects.values() if flow in {p.workflows.of(t.id) for t in p.issue_types}
        ]
    return {"workflowId": flow.id, "projects": {"values": used}}


@routes.get("/workflow/<workflow_id>/project/<project_id>/issueTypeUsages")
def issue_types(workflow_id: str, project_id: str) -> Json:
    """The issue types of a project that have a workflow."""
    with world().lock:
        flow, project = _by_id(workflow_id), world().find_project(project_id)
        used = [{"id": t.id} for t in project.issue_types if project.workflows.of(t.id) is flow]
    return {"workflowId": flow.id, "projectId": project.id, "issueTypes": {"values": used}}


@routes.get("/workflow/<workflow_id>/workflowSchemes")
def schemes(workflow_id: str) -> Json:
    """The schemes that have a workflow."""
    with world().lock:
        flow = _by_id(workflow_id)
        used = [{"id": s.id} for s in world().workflow_schemes.values() if flow in s.all()]
    return {"workflowId": flow.id, "workflowSchemes": {"values": used}}


def _by_id(workflow_id: str) -> Workflow:
    found = world().workflows.get(workflow_id)
    if found is None:
        raise JiraError(404, "The workflow does not exist.")
    return found
