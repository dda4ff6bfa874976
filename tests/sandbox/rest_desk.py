"""REST of the service desk: its request types with their forms, and the customers' organisations."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, request

from tests.sandbox import issues
from tests.sandbox.asking import body, who, world
from tests.sandbox.desk_shapes import date, page, person
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import Organisation
from tests.sandbox.permissions import is_agent, require
from tests.sandbox.records import Json, Option, Project, RequestType
from tests.sandbox.shapes import field_meta, system_meta

routes = Blueprint("desk", __name__, url_prefix="/rest/servicedeskapi")


@routes.get("/info")
def info() -> Json:
    """The version of the service desk."""
    built = date(datetime.fromisoformat("2026-11-01T00:00:00+00:00"))
    answer: Json = {"version": "5.12.0", "platformVersion": "1001.0.0", "buildDate": built, "buildChangeSet": "0"}
    return answer | {"isLicensedForUse": True, "_links": {"self": world().desk_link("info")}}


def find_desk(desk_id: str) -> Project:
    for project in world().projects.values():
        if desk_id in {project.desk_id, project.key}:
            return project
    raise JiraError(404, "The service desk does not exist or you do not have permission to see it.")


def _written_desk(project: Project) -> Json:
    return {
        "id": project.desk_id,
        "projectId": project.id,
        "projectName": project.name,
        "projectKey": project.key,
        "_links": {"self": world().desk_link("servicedesk", str(project.desk_id))},
    }


@routes.get("/servicedesk")
def desks() -> Json:
    """The service desks."""
    return page([_written_desk(p) for p in world().projects.values() if p.desk_id])


@routes.get("/servicedesk/<desk_id>")
def desk(desk_id: str) -> Json:
    """One service desk."""
    return _written_desk(find_desk(desk_id))


@routes.get("/servicedesk/<desk_id>/requesttype")
def request_types(desk_id: str) -> Json:
    """A service desk's request types."""
    project = find_desk(desk_id)
    return page([_written_type(project, t) for t in project.request_types])


@routes.get("/servicedesk/<desk_id>/requesttype/<type_id>")
def request_type(desk_id: str, type_id: str) -> Json:
    """A request type."""
    project = find_desk(desk_id)
    return _written_type(project, _type(project, type_id))


@routes.post("/servicedesk/<desk_id>/requesttype")
def make_request_type(desk_id: str) -> Json:
    """A new request type, which an admin has to group before the portal shows it."""
    project = find_desk(desk_id)
    require(who(), "ADMINISTER_PROJECTS", project)
    given = body("name", "description", "helpText", "issueTypeId")
    name = str(given.get("name") or "").strip()
    issue_type = next((t for t in project.issue_types if t.id == given.get("issueTypeId")), None)
    if not name or project.team_managed:
        raise JiraError(400, "The request type can't be created: it has no name, or the project is team-managed.")
    if issue_type is None:
        raise JiraError(404, "The issue type does not exist.")
    with world().lock:
        if any(t.name == name for t in project.request_types):
            raise JiraError(400, "A request type with this name exists already.")
        key = re.sub(r"\W+", "-", name.lower())
        described = (given.get("description") or "", given.get("helpText") or "")
        made = RequestType(world().new_setup_id(), name, issue_type, key, *described, ())
        project.request_types.append(made)
        return _written_type(project, made)


def _type(project: Project, type_id: str) -> RequestType:
    found = next((t for t in project.request_types if t.id == type_id), None)
    if found is None:
        raise JiraError(404, "The request type does not exist.")
    return found


def _written_type(project: Project, found: RequestType) -> Json:
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "helpText": found.help,
        "issueTypeId": found.issue_type.id,
        "serviceDeskId": project.desk_id,
        "portalId": project.desk_id,
        "groupIds": list(found.groups),
        "_links": {"self": world().desk_link("servicedesk", str(project.desk_id), "requesttype", found.id)},
    }


@routes.get("/servicedesk/<desk_id>/requesttype/<type_id>/field")
def form(desk_id: str, type_id: str) -> Json:
    """The fields of a request type's form on the portal."""
    project = find_desk(desk_id)
    found = _type(project, type_id)
    behalf = is_agent(who(), project)
    listed = [_written_field(name, system_meta(name), []) for name in issues.ON_FORM]
    for field in project.form:
        context = field.context(project.id, found.issue_type.id)
        if context is not None:
            listed.append(_written_field(field.id, field_meta(world(), field, context.options), context.options))
    return {"requestTypeFields": listed, "canRaiseOnBehalfOf": behalf, "canAddRequestParticipants": behalf}


def _written_field(id_: str, meta: Json, options: list[Option]) -> Json:
    valid = [{"value": o.id, "label": o.value, "children": []} for o in options]
    written = {"fieldId": id_, "name": meta["name"], "description": "", "required": meta["required"], "visible": True}
    return written | {"defaultValues": [], "presetValues": [], "validValues": valid, "jiraSchema": meta["schema"]}


@routes.get("/organization")
def organizations() -> Json:
    """Organisations; on Cloud those of one account with `accountId`, which only agents may ask for."""
    site = world()
    found = list(site.organisations.values())
    account = request.args.get("accountId") if site.cloud else None  # Data Center knows no such parameter
    if account is not None:
        _require_agent()
        if site.user_by_account(account) is None:
            raise JiraError(404, f"The user {account} does not exist.")
        found = [o for o in found if account in o.members]
    if not _is_agent():
        found = [o for o in found if who().account_id in o.members]
    return page([_written_organisation(o) for o in found])


@routes.get("/organization/<organisation_id>")
def organization(organisation_id: str) -> Json:
    """One organisation."""
    return _written_organisation(_organisation(organisation_id))


@routes.get("/organization/<organisation_id>/user")
def members(organisation_id: str) -> Json:
    """An organisation's customers by accountId, for agents and admins."""
    _require_agent()
    found = _organisation(organisation_id)
    people = [u for account in sorted(found.members) if (u := world().user_by_account(account)) is not None]
    return page([person(u) for u in people])


def _organisation(organisation_id: str) -> Organisation:
    found = world().organisations.get(organisation_id)
    if found is None or not (_is_agent() or who().account_id in found.members):
        raise JiraError(404, f"The organization with ID '{organisation_id}' does not exist.")
    return found


def _written_organisation(found: Organisation) -> Json:
    return {"id": found.id, "name": found.name, "_links": {"self": world().desk_link("organization", found.id)}}


def _is_agent() -> bool:
    return any(p.desk_id is not None and is_agent(who(), p) for p in world().projects.values())


def _require_agent() -> None:
    if not _is_agent():
        raise JiraError(403, "You must be an agent or an administrator of a service desk to do this.")
