"""REST of issues: create, read, edit, transition, delete, changelog, and the metadata of their screens."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox import issue_shapes, issues, shapes
from tests.sandbox.asking import body, page, who, words, world
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import AccountKind
from tests.sandbox.permissions import global_permissions, may, require, visible
from tests.sandbox.records import Issue, Json
from tests.sandbox.workflow import available, transition

routes = Blueprint("issue", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")
UPDATE_KEYS = ("fields", "update", "transition", "historyMetadata", "properties")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _issue(key: str) -> Issue:
    return visible(world(), who(), key)


@routes.post("/issue")
def create() -> tuple[Json, int]:
    """A new issue."""
    given = body(*UPDATE_KEYS)
    fields = dict(given.get("fields") or {})
    made = issues.create(world(), who(), fields)
    return {"id": made.id, "key": made.key, "self": world().link("issue", made.id)}, 201


@routes.get("/issue/<key>")
def read(key: str) -> Json:
    """An issue with what was asked for."""
    with world().lock:
        return issue_shapes.issue(world(), _issue(key), who(), words("fields"), words("expand"))


def _is_over_screens() -> bool:
    """Whether screens bind the asker no more when they say so: apps, and in them only admins."""
    if who().kind is not AccountKind.APP and "ADMINISTER" not in global_permissions(who()):
        raise JiraError(403, "The user does not have the necessary permission to override screen security.")
    return True


@routes.put("/issue/<key>")
def edit(key: str) -> tuple[str, int]:
    """Sets fields; keeping quiet about it needs to be an admin."""
    given = body(*UPDATE_KEYS)
    with world().lock:
        found = _issue(key)
        quiet = request.args.get("notifyUsers", "true").lower() == "false"
        if quiet and not may(who(), "ADMINISTER_PROJECTS", found.project):
            raise JiraError(
                403, "To discard the user notification either admin or project admin permissions are required."
            )
        if given.get("transition"):
            raise JiraError(400, "Transitions are not supported here: use /transitions.")
        over = request.args.get("overrideScreenSecurity", "false").lower() == "true" and _is_over_screens()
        issues.edit(world(), who(), found, given.get("fields") or {}, given.get("update"), over_screens=over)
    return "", 204


@routes.delete("/issue/<key>")
def delete(key: str) -> tuple[str, int]:
    """Removes an issue."""
    with world().lock:
        issues.delete(world(), who(), _issue(key))
    return "", 204


@routes.get("/issue/<key>/changelog")
def changelog(key: str) -> Json:
    """The whole changelog, oldest first, a page at a time; Data Center has no such address."""
    if not world().cloud:
        raise JiraError(404, f"null for uri: /rest/api/2/issue/{key}/changelog")
    with world().lock:
        found = _issue(key)
        start, size = page(100)
        shown = [issue_shapes.history(world(), entry, who()) for entry in found.history[start : start + size]]
        answer: Json = {"self": f"{world().link('issue', found.id, 'changelog')}?maxResults={size}&startAt={start}"}
        last = start + size >= len(found.history)
        answer |= {"maxResults": size, "startAt": start, "total": len(found.history), "isLast": last}
        return answer | {"values": shown}


@routes.get("/issue/<key>/transitions")
def transitions(key: str) -> Json:
    """The steps that the asker may take."""
    with world().lock:
        found = _issue(key)
        asked = request.args.get("transitionId")
        steps = [s for s in available(world(), who(), found) if asked in {None, s.id}]
        with_fields = "transitions.fields" in words("expand")
        written = [issue_shapes.transition(world(), found, step, with_fields=with_fields) for step in steps]
    return {"expand": "transitions", "transitions": written}


@routes.post("/issue/<key>/transitions")
def take(key: str) -> tuple[str, int]:
    """Takes a step."""
    given = body(*UPDATE_KEYS)
    step = given.get("transition")
    step_id = str(step.get("id")) if isinstance(step, dict) else ""
    if not step_id.isdigit():
        raise JiraError(400, "Missing 'transition' identifier")
    with world().lock:
        transition(world(), who(), _issue(key), step_id, given.get("fields"), update=given.get("update"))
    return "", 204


@routes.get("/issue/<key>/editmeta")
def edit_meta(key: str) -> Json:
    """The edit screen."""
    with world().lock:
        found = _issue(key)
        require(who(), "EDIT_ISSUES", found.project)
        return {"fields": shapes.screen(world(), found.project, found.issue_type, "edit")}


def _values(name: str, written: list[Json]) -> Json:
    """A page of metadata: Cloud names its list, Data Center calls it `values`."""
    start, size = page()
    shown = written[start : start + size]
    answer: Json = {"maxResults": size, "startAt": start, "total": len(written)}
    if world().cloud:
        return answer | {name: shown}
    return answer | {"isLast": start + size >= len(written), "values": shown}


@routes.get("/issue/createmeta/<key>/issuetypes")
def create_types(key: str) -> Json:
    """The issue types that the asker may create."""
    found = world().find_project(key)
    require(who(), "CREATE_ISSUES", found)
    return _values("issueTypes", [shapes.issue_type(world(), t) for t in found.issue_types])


@routes.get("/issue/createmeta/<key>/issuetypes/<type_id>")
def create_fields(key: str, type_id: str) -> Json:
    """The create screen of an issue type."""
    found = world().find_project(key)
    require(who(), "CREATE_ISSUES", found)
    type_ = next((t for t in found.issue_types if t.id == type_id), None)
    if type_ is None:
        raise JiraError(400, f"The issue type '{type_id}' does not exist in this project.")
    on_screen = shapes.screen(world(), found, type_, "create")
    return _values("fields", [{"fieldId": id_, **described} for id_, described in on_screen.items()])
