"""REST v3 of bulk changes (Cloud): many issues at once, by the same rules; each task is done when it is answered."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, request

from tests.sandbox import issues
from tests.sandbox.asking import body, require_cloud, who, world
from tests.sandbox.clock import stamp
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import global_permissions, visible
from tests.sandbox.records import Issue, IssueType, Json, Project
from tests.sandbox.workflow import available, transition, workflow_of
from tests.sandbox.workflow_records import Status

routes = Blueprint("bulk", __name__, url_prefix="/rest/api/3/bulk")
MOST = 1000  # issues a request
Act = Callable[[Issue], object]


@routes.before_request
def _bulk_changers_only() -> None:
    require_cloud()
    if "BULK_CHANGE" not in global_permissions(who()):
        raise JiraError(403, "You do not have the permission to make bulk changes.")


def _carry_out(work: list[tuple[str, Act]]) -> tuple[Json, int]:
    """Does something to each issue that the asker sees, and notes what became of it as a task."""
    if not work or len(work) > MOST:
        raise JiraError(400, f"Between 1 and {MOST} issues must be given.")
    now = stamp(world().clock.now())
    done: list[int] = []
    failed: dict[str, list[str]] = {}
    unseen = 0
    for key, act in work:
        try:
            issue = visible(world(), who(), key)
        except JiraError:
            unseen += 1
            continue
        try:
            act(issue)
        except JiraError as error:
            failed[issue.id] = [*error.messages, *error.errors.values()]
        else:
            done.append(int(issue.id))
    task: Json = {"taskId": world().new_id(), "status": "COMPLETE", "progressPercent": 100}
    task |= {"submittedBy": {"accountId": who().account_id}, "created": now, "started": now, "updated": now}
    task |= {"processedAccessibleIssues": done, "failedAccessibleIssues": failed}
    task |= {"invalidOrInaccessibleIssueCount": unseen, "totalIssueCount": len(work)}
    world().tasks[task["taskId"]] = task
    return {"taskId": task["taskId"]}, 201


@routes.get("/queue/<task_id>")
def progress(task_id: str) -> Json:
    """What became of a task."""
    if task_id not in world().tasks:
        raise JiraError(400, "The task associated with this taskId is not a bulk operation task")
    return world().tasks[task_id]


@routes.get("/issues/transition")
def transitions() -> Json:
    """The steps that all of some issues have in common, workflow by workflow."""
    with world().lock:
        keys = request.args.get("issueIdsOrKeys", "").split(",")
        found = [visible(world(), who(), key.strip()) for key in keys if key.strip()]
        values = []
        for flow in dict.fromkeys(workflow_of(issue) for issue in found):
            inside = [issue for issue in found if workflow_of(issue) is flow]
            open_ = [set(available(world(), who(), issue)) for issue in inside]
            common = [step for step in flow.steps if all(step in steps for steps in open_)]
            simple = [step for step in common if step.screen is None]
            values.append(
                {
                    "issues": [issue.key for issue in inside],
                    "isTransitionsFiltered": len(simple) < len(common),
                    "transitions": [
                        {
                            "transitionId": int(step.id),
                            "transitionName": step.name,
                            "to": {"statusId": int(step.target.id), "statusName": step.target.name},
                        }
                        for step in simple
                    ],
                }
            )
    return {"availableTransitions": values}


@routes.post("/issues/transition")
def take() -> tuple[Json, int]:
    """Takes steps with issues, each as its workflow lets the asker."""
    given = body("bulkTransitionInputs", "sendBulkNotification")
    work: list[tuple[str, Act]] = []
    with world().lock:
        for one in given["bulkTransitionInputs"]:
            work += [(key, _take(str(one["transitionId"]))) for key in one["selectedIssueIdsOrKeys"]]
        return _carry_out(work)


def _take(step_id: str) -> Act:
    return lambda issue: transition(world(), who(), issue, step_id)


@routes.post("/issues/move")
def move() -> tuple[Json, int]:
    """Moves issues to a project and an issue type; statuses that are not there are mapped."""
    given = body("targetToSourcesMapping", "sendBulkNotification")
    work: list[tuple[str, Act]] = []
    with world().lock:
        for target, sources in (given.get("targetToSourcesMapping") or {}).items():
            key, type_id, *_ = target.split(",")
            project = world().find_project(key)
            type_ = next((t for t in project.issue_types if t.id == type_id), None)
            if type_ is None:
                raise JiraError(400, "The target issue type is not valid.")
            statuses = _statuses(sources, project, type_)
            act = _move(project, type_, statuses, infer=bool(sources.get("inferStatusDefaults")))
            work += [(source, act) for source in sources["issueIdsOrKeys"]]
        return _carry_out(work)


def _statuses(sources: Json, project: Project, type_: IssueType) -> dict[str, Status]:
    """Where from each old status, by its id."""
    there = {placed.status.id: placed.status for placed in project.workflows.of(type_.id).statuses}
    found: dict[str, Status] = {}
    for one in sources.get("targetStatus") or ():
        for target, olds in one["statuses"].items():
            if target not in there:
                raise JiraError(400, "The target status is not in the target workflow.")
            found |= dict.fromkeys(olds, there[target])
    return found


def _move(project: Project, type_: IssueType, statuses: dict[str, Status], *, infer: bool) -> Act:
    def act(issue: Issue) -> None:
        has = project.workflows.of(type_.id).has(issue.status)
        if not (has or infer or issue.status.id in statuses):
            raise JiraError(400, "A status mapping is required.")
        issues.move(world(), who(), issue, project, type_, statuses)

    return act
