"""REST v3 of workflows and statuses (Cloud): read, checked and updated whole."""

from __future__ import annotations

from flask import Blueprint, request

from tests.sandbox import workflow_shapes as shapes
from tests.sandbox.asking import body, page, require_cloud, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Json
from tests.sandbox.workflow_check import check
from tests.sandbox.workflow_records import Workflow
from tests.sandbox.workflow_update import KEYS, make_status, update

routes = Blueprint("workflows", __name__, url_prefix="/rest/api/3")
UPDATE_KEYS = ("statuses", "workflows")


@routes.before_request
def _admins_only() -> None:
    """As described: 401 also for whoever lacks the permission."""
    require_cloud()
    require_admin(who(), "workflows", 401)


@routes.post("/workflows")
def read() -> Json:
    """Whole workflows by id, by name, or by project and issue type."""
    given = body("projectAndIssueTypes", "workflowIds", "workflowNames")
    with world().lock:
        pairs = [_of_pair(p["projectId"], p["issueTypeId"]) for p in given.get("projectAndIssueTypes") or ()]
        ids, names = given.get("workflowIds") or (), given.get("workflowNames") or ()
        found = [w for w in world().workflows.values() if w.id in ids or w.name in names or w in pairs]
        return shapes.documents(found)


def _of_pair(project_id: str, issue_type_id: str) -> Workflow:
    project = next((p for p in world().projects.values() if p.id == project_id), None)
    if project is None or all(t.id != issue_type_id for t in project.issue_types):
        raise JiraError(400, "The project or issue type does not exist.")
    return project.workflows.of(issue_type_id)


@routes.get("/workflows/search")
def search() -> Json:
    """All workflows, a page at a time."""
    text, active = request.args.get("queryString", "").lower(), request.args.get("isActive")
    with world().lock:
        used = {flow for p in world().projects.values() for flow in p.workflows.all()}
        found = [w for w in world().workflows.values() if text in w.name.lower()]
        found = [w for w in found if active is None or (w in used) is (active == "true")]
        start, size = page(50, 200)
        shown = shapes.documents(found[start : start + size])
    last = start + size >= len(found)
    answer: Json = {"startAt": start, "maxResults": size, "total": len(found), "isLast": last}
    return answer | {"values": shown["workflows"], "statuses": shown["statuses"]}


@routes.get("/workflows/capabilities")
def capabilities() -> Json:
    """The rules that a workflow may hold, by its id or by project and issue type."""
    asked = request.args
    with world().lock:
        flow = world().workflows.get(asked.get("workflowId", ""))
        if flow is None and "projectId" in asked and "issueTypeId" in asked:
            flow = _of_pair(asked["projectId"], asked["issueTypeId"])
        if flow is None:
            raise JiraError(400, "Either a workflow ID, or a project ID and an issue type ID is required.")
        return shapes.capabilities(world(), flow.project_id)


@routes.post("/workflows/update/validation")
def validate() -> Json:
    """What is wrong with an update; nothing is done."""
    given = body("payload", "validationOptions")
    levels = (given.get("validationOptions") or {}).get("levels") or ["WARNING", "ERROR"]
    with world().lock:
        wrong = check(world(), given["payload"])
    return {"errors": [w.written() for w in wrong if "ERROR" in levels]}


@routes.post("/workflows/update")
def replace() -> Json:
    """Replaces workflows, and makes or changes the statuses they refer to."""
    given = body(*UPDATE_KEYS)
    with world().lock:
        return shapes.documents(update(world(), who(), given)) | {"taskId": None}


@routes.get("/statuses/search")
def statuses() -> Json:
    """Statuses by name, category or project, a page at a time."""
    asked = request.args
    text, category, project = asked.get("searchString", "").lower(), asked.get("statusCategory"), asked.get("projectId")
    with world().lock:
        found = [shapes.status(s) for s in world().statuses.values() if s.project_id == project]
    found = [s for s in found if text in s["name"].lower() and category in {None, s["statusCategory"]}]
    start, size = page(200, 200)
    last = start + size >= len(found)
    answer: Json = {"self": request.url, "startAt": start, "maxResults": size, "total": len(found), "isLast": last}
    return answer | {"values": found[start : start + size]}


@routes.post("/statuses")
def make_statuses() -> list[Json]:
    """New statuses; all of them or none."""
    given = body("scope", "statuses")
    project_id = (given["scope"].get("project") or {}).get("id")
    names = [s["name"].strip() for s in given["statuses"]]
    with world().lock:
        taken = {s.name.lower() for s in world().statuses.values() if s.project_id == project_id}
        lower = [name.lower() for name in names]
        if not all(names) or len(set(lower)) < len(lower) or taken & set(lower):
            raise JiraError(400, "You must use a unique status name.")
        made = [
            make_status(world(), name, KEYS[s["statusCategory"]], s.get("description", ""), project_id)
            for name, s in zip(names, given["statuses"], strict=True)
        ]
        return [shapes.status(status) for status in made]
