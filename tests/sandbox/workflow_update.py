"""Carries an update of workflows out: each is replaced whole, and issues leave the statuses that are gone."""

from __future__ import annotations

import uuid

from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.records import Json
from tests.sandbox.workflow import put_in
from tests.sandbox.workflow_check import check, mapped
from tests.sandbox.workflow_reading import read_placed, read_transition
from tests.sandbox.workflow_records import Status, Workflow
from tests.sandbox.workflow_shapes import CATEGORIES
from tests.sandbox.world import World

KEYS = {written: key for key, written in CATEGORIES.items()}


def update(world: World, by: User, payload: Json) -> list[Workflow]:
    """Replaces workflows; 409 where one has changed since it was read, 400 where something is wrong with them."""
    with world.lock:
        wrong = check(world, payload)
        if wrong:
            raise JiraError(400, *(w.message for w in wrong))
        for given in payload["workflows"]:
            flow = world.workflows[given["id"]]
            if given["version"] != {"id": flow.version_id, "versionNumber": flow.version}:
                raise JiraError(409, f"The workflow '{flow.name}' has been changed since it was read.")
        statuses = _statuses(world, payload)
        return [_replace(world, by, given, statuses) for given in payload["workflows"]]


def _statuses(world: World, payload: Json) -> dict[str, Status]:
    """The statuses by reference, made where they are new and changed where they are told of otherwise."""
    found: dict[str, Status] = {}
    for given in payload.get("statuses") or ():
        category = KEYS[given["statusCategory"]]
        status = world.statuses.get(str(given.get("id")))
        if status is None:
            status = make_status(world, given["name"], category, given.get("description") or "")
        status.name, status.category = given["name"], category
        status.description = given.get("description", status.description)
        found[given["statusReference"]] = status
    return found


def make_status(world: World, name: str, category: str, description: str = "", project_id: str | None = None) -> Status:
    """A new status; `category` as Jira's key."""
    status = Status(world.new_setup_id(), name, category, description, project_id)
    world.statuses[status.id] = status
    return status


def _replace(world: World, by: User, given: Json, statuses: dict[str, Status]) -> Workflow:
    flow = world.workflows[given["id"]]
    gone = {placed.status for placed in flow.statuses}
    flow.statuses = [read_placed(placed, statuses) for placed in given["statuses"]]
    flow.transitions = [read_transition(step, statuses) for step in given["transitions"]]
    flow.description = given.get("description", flow.description)
    flow.start_place = given.get("startPointLayout", flow.start_place)
    flow.loop_place = given.get("loopedTransitionContainerLayout", flow.loop_place)
    flow.version, flow.version_id = flow.version + 1, str(uuid.uuid4())
    flow.updated = world.clock.now()
    gone -= {placed.status for placed in flow.statuses}
    for issue in list(world.issues.values()):
        if issue.status in gone and issue.project.workflows.of(issue.issue_type.id) is flow:
            reference = mapped(given, issue.status.id, issue.project.id, issue.issue_type.id)
            put_in(world, by, issue, statuses[str(reference)])
    return flow
