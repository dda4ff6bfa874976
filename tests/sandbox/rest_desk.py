"""REST of the service desk: the portal as customers see it, request types, organisations, SLA."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from tests.sandbox import issues, parts
from tests.sandbox.asking import body, who, world
from tests.sandbox.clock import stamp
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import is_agent, may, sees, visible
from tests.sandbox.records import Comment, Issue, Json, Kind, Project, RequestType, User
from tests.sandbox.shapes import user_link
from tests.sandbox.workflow import available, transition

routes = Blueprint("desk", __name__, url_prefix="/rest/servicedeskapi")
FIRST_RESPONSE = timedelta(hours=3)


def _page(values: list[Json]) -> Json:
    start = max(0, request.args.get("start", 0, type=int))
    limit = min(max(1, request.args.get("limit", 50, type=int)), 100)
    shown = values[start : start + limit]
    last = start + limit >= len(values)
    links = {"self": request.url, "base": world().url, "context": ""}
    answer: Json = {"size": len(shown), "start": start, "limit": limit, "isLastPage": last}
    return answer | {"_links": links, "values": shown}


def _date(moment: datetime) -> Json:
    local = moment.astimezone(ZoneInfo(who().time_zone))
    return {
        "iso8601": f"{local:%Y-%m-%dT%H:%M:%S%z}",
        "jira": stamp(moment, who().time_zone),
        "friendly": f"{local:%d/%m/%y %H:%M}",
        "epochMillis": int(moment.timestamp() * 1000),
    }


def _user(person: User) -> Json:
    site = world()
    answer: Json = {"displayName": person.display_name, "active": person.active, "timeZone": person.time_zone}
    answer |= {"_links": {"jiraRest": user_link(site, person), "self": user_link(site, person), "avatarUrls": {}}}
    if person.email_visible or is_agent(who(), next(iter(site.projects.values()))):
        answer["emailAddress"] = person.email
    if site.cloud:
        return answer | {"accountId": person.account_id}
    return answer | {"name": person.handle, "key": person.account_id}


@routes.get("/info")
def info() -> Json:
    """The version of the service desk."""
    date = _date(datetime.fromisoformat("2026-11-01T00:00:00+00:00"))
    answer: Json = {"version": "5.12.0", "platformVersion": "1001.0.0", "buildDate": date, "buildChangeSet": "0"}
    return answer | {"isLicensedForUse": True, "_links": {"self": world().desk_link("info")}}


def _desk(desk_id: str) -> Project:
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
    return _page([_written_desk(p) for p in world().projects.values() if p.desk_id])


@routes.get("/servicedesk/<desk_id>")
def desk(desk_id: str) -> Json:
    """One service desk."""
    return _written_desk(_desk(desk_id))


@routes.get("/servicedesk/<desk_id>/requesttype")
def request_types(desk_id: str) -> Json:
    """A service desk's request types."""
    project = _desk(desk_id)
    return _page([_written_type(project, t) for t in project.request_types])


def _written_type(project: Project, found: RequestType) -> Json:
    return {
        "id": found.id,
        "name": found.name,
        "description": "",
        "helpText": "",
        "issueTypeId": found.issue_type.id,
        "serviceDeskId": project.desk_id,
        "portalId": project.desk_id,
        "groupIds": [],
        "_links": {"self": world().desk_link("servicedesk", str(project.desk_id), "requesttype", found.id)},
    }


@routes.get("/organization")
def organizations() -> Json:
    """Organisations; those of one account with `accountId`."""
    site = world()
    account = request.args.get("accountId")
    found = [o for o in site.organisations.values() if account is None or account in o.members]
    if who().kind.value == "customer":
        found = [o for o in found if who().account_id in o.members]
    return _page(
        [{"id": o.id, "name": o.name, "_links": {"self": site.desk_link("organization", o.id)}} for o in found]
    )


def _request(key: str) -> Issue:
    found = visible(world(), who(), key, portal=True)
    if found.project.desk_id is None:
        raise JiraError(404, "The issue is not a request of a service desk.")
    return found


def _written(issue: Issue) -> Json:
    site = world()
    request_type = site.request_type_of(issue)
    answer: Json = {
        "issueId": issue.id,
        "issueKey": issue.key,
        "summary": issue.summary,
        "serviceDeskId": issue.project.desk_id,
        "createdDate": _date(issue.created),
        "requestFieldValues": [
            {"fieldId": "summary", "label": "Opsummering", "value": issue.summary},
            {"fieldId": "description", "label": "Beskrivelse", "value": issue.description or ""},
        ],
        "currentStatus": {
            "status": issue.status.name,
            "statusCategory": issue.status.category.upper(),
            "statusDate": _date(issue.status_since),
        },
        "_links": {
            "jiraRest": site.link("issue", issue.id),
            "web": f"{site.url}/servicedesk/customer/portal/{issue.project.desk_id}/{issue.key}",
            "agent": f"{site.url}/browse/{issue.key}",
            "self": site.desk_link("request", issue.id),
        },
    }
    if issue.reporter:
        answer["reporter"] = _user(issue.reporter)
    return answer | ({"requestTypeId": request_type.id} if request_type else {})


@routes.get("/request")
def requests() -> Json:
    """The requests that the asker may see on the portal."""
    with world().lock:
        found = [i for i in world().issues.values() if i.project.desk_id and sees(world(), who(), i, portal=True)]
        return _page([_written(issue) for issue in reversed(found)])


@routes.post("/request")
def raise_request() -> tuple[Json, int]:
    """A new request, as a customer on the portal, or by an agent on a customer's behalf."""
    given = body()
    project = _desk(str(given.get("serviceDeskId")))
    wanted = str(given.get("requestTypeId"))
    chosen = next((t for t in project.request_types if t.id == wanted), None)
    if chosen is None:
        raise JiraError(400, "The request type does not exist.")
    with world().lock:
        made = issues.create(world(), who(), _fields(project, chosen, given), portal=True)
        return _written(made), 201


def _fields(project: Project, chosen: RequestType, given: Json) -> Json:
    """The request as fields of an issue."""
    site = world()
    fields: Json = dict(given.get("requestFieldValues") or {})
    fields |= {"project": {"key": project.key}, "issuetype": {"id": chosen.issue_type.id}}
    type_field = site.field_of_kind(Kind.REQUEST_TYPE)
    if type_field and type_field in project.fields:
        fields[type_field.id] = chosen.id
    behalf = given.get("raiseOnBehalfOf")
    if behalf is not None:
        if not is_agent(who(), project):
            raise JiraError(403, "You do not have permission to raise requests on behalf of others.")
        fields["reporter"] = {"accountId" if site.cloud else "name": behalf}
    return fields


@routes.get("/request/<key>")
def one(key: str) -> Json:
    """One request."""
    with world().lock:
        return _written(_request(key))


@routes.get("/request/<key>/transition")
def transitions(key: str) -> Json:
    """The steps that a customer may take."""
    with world().lock:
        steps = available(world(), who(), _request(key), portal=True)
        return _page([{"id": step.id, "name": step.name} for step in steps])


@routes.post("/request/<key>/transition")
def take(key: str) -> tuple[str, int]:
    """Takes a step as a customer, with a comment if there is one."""
    given = body("id", "additionalComment")
    with world().lock:
        found = _request(key)
        transition(world(), who(), found, str(given.get("id")), portal=True)
        text = (given.get("additionalComment") or {}).get("body")
        if text:
            parts.comment(world(), who(), found, text, portal=True)
    return "", 204


def _comment(issue: Issue, made: Comment) -> Json:
    return {
        "id": made.id,
        "body": made.body,
        "public": not made.internal,
        "author": _user(made.author),
        "created": _date(made.created),
        "_links": {"self": world().desk_link("request", issue.id, "comment", made.id)},
    }


@routes.get("/request/<key>/comment")
def comments(key: str) -> Json:
    """The comments of a request; customers see the public ones."""
    with world().lock:
        found = _request(key)
        seen = parts.comments_for(who(), found, portal=not is_agent(who(), found.project))
        return _page([_comment(found, made) for made in seen])


@routes.post("/request/<key>/comment")
def add_comment(key: str) -> tuple[Json, int]:
    """A new comment; `public` must be said."""
    given = body("body", "public")
    internal = given.get("public") is False
    properties = {parts.PUBLIC: {"internal": internal}} if internal else {}
    with world().lock:
        found = _request(key)
        made = parts.comment(world(), who(), found, given.get("body"), properties, portal=True)
        return _comment(found, made), 201


@routes.get("/request/<key>/sla")
def sla(key: str) -> Json:
    """A request's SLA: time to first response, for agents, read only."""
    with world().lock:
        found = _request(key)
        if not may(who(), "SERVICEDESK_AGENT", found.project):
            raise JiraError(403, "Only agents see SLA information.")
        agents: Callable[[Comment], bool] = lambda c: not c.internal and is_agent(c.author, found.project)  # noqa: E731 # one line
        first = next((c for c in found.comments if agents(c)), None)
        ends = found.created + FIRST_RESPONSE
        stop = first.created if first else world().clock.now()
        cycle: dict[str, Any] = {
            "startTime": _date(found.created),
            "breachTime": _date(ends),
            "breached": stop > ends,
            "goalDuration": _duration(FIRST_RESPONSE),
            "elapsedTime": _duration(stop - found.created),
            "remainingTime": _duration(ends - stop),
        }
        answer: Json = {
            "id": "1",
            "name": "Tid til første svar",
            "completedCycles": [],
            "_links": {"self": request.base_url},
        }
        if first:
            answer["completedCycles"] = [cycle | {"stopTime": _date(stop)}]
        else:
            answer["ongoingCycle"] = cycle | {"paused": False, "withinCalendarHours": True}
        return _page([answer])


def _duration(length: timedelta) -> Json:
    minutes = int(length.total_seconds() // 60)
    return {"millis": int(length.total_seconds() * 1000), "friendly": f"{minutes // 60}t {minutes % 60}m"}
