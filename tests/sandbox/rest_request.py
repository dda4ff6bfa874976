"""REST of the portal: requests as customers see them, their steps, comments and SLA."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, request

from tests.sandbox import followers, issues, parts
from tests.sandbox.asking import body, who, world
from tests.sandbox.desk_shapes import date, page, person
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, may, sees, visible
from tests.sandbox.records import Comment, Issue, Json, Kind, Project, RequestType
from tests.sandbox.rest_desk import find_desk
from tests.sandbox.workflow import available, transition

routes = Blueprint("request", __name__, url_prefix="/rest/servicedeskapi")
FIRST_RESPONSE = timedelta(hours=3)


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
        "createdDate": date(issue.created),
        "requestFieldValues": [
            {"fieldId": "summary", "label": "Opsummering", "value": issue.summary},
            {"fieldId": "description", "label": "Beskrivelse", "value": issue.description or ""},
        ],
        "currentStatus": {
            "status": issue.status.name,
            "statusCategory": issue.status.category.upper(),
            "statusDate": date(issue.status_since),
        },
        "_links": {
            "jiraRest": site.link("issue", issue.id),
            "web": f"{site.url}/servicedesk/customer/portal/{issue.project.desk_id}/{issue.key}",
            "agent": f"{site.url}/browse/{issue.key}",
            "self": site.desk_link("request", issue.id),
        },
    }
    if issue.reporter:
        answer["reporter"] = person(issue.reporter)
    return answer | ({"requestTypeId": request_type.id} if request_type else {})


@routes.get("/request")
def requests() -> Json:
    """The requests that the asker may see on the portal."""
    with world().lock:
        found = [i for i in world().issues.values() if i.project.desk_id and sees(world(), who(), i, portal=True)]
        return page([_written(issue) for issue in reversed(found)])


@routes.post("/request")
def raise_request() -> tuple[Json, int]:
    """A new request, as a customer on the portal, or by an agent on a customer's behalf."""
    given = body()
    project = find_desk(str(given.get("serviceDeskId")))
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
    if type_field and type_field in site.fields_in(project, chosen.issue_type):
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
        return page([{"id": step.id, "name": step.name} for step in steps])


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
        "author": person(made.author),
        "created": date(made.created),
        "_links": {"self": world().desk_link("request", issue.id, "comment", made.id)},
    }


@routes.get("/request/<key>/comment")
def comments(key: str) -> Json:
    """The comments of a request; customers see the public ones."""
    with world().lock:
        found = _request(key)
        seen = parts.comments_for(who(), found, portal=not is_agent(who(), found.project))
        return page([_comment(found, made) for made in seen])


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


@routes.get("/request/<key>/participant")
def participants(key: str) -> Json:
    """Who takes part in a request."""
    with world().lock:
        return page([person(u) for u in world().participants_of(_request(key))])


@routes.post("/request/<key>/participant")
def add_participants(key: str) -> Json:
    """Adds participants by `accountIds`, or on Data Center by `usernames`."""
    with world().lock:
        found = _request(key)
        followers.add_participants(world(), who(), found, _named())
        return page([person(u) for u in world().participants_of(found)])


@routes.delete("/request/<key>/participant")
def remove_participants(key: str) -> Json:
    """Removes participants, named as they are added."""
    with world().lock:
        found = _request(key)
        followers.remove_participants(world(), who(), found, _named())
        return page([person(u) for u in world().participants_of(found)])


def _named() -> list[User]:
    named = body("accountIds", "usernames").get("accountIds" if world().cloud else "usernames")
    if not isinstance(named, list) or not named:
        raise JiraError(400, "At least one participant must be given.")
    return [followers.find_person(world(), name) for name in named]


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
            "startTime": date(found.created),
            "breachTime": date(ends),
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
            answer["completedCycles"] = [cycle | {"stopTime": date(stop)}]
        else:
            answer["ongoingCycle"] = cycle | {"paused": False, "withinCalendarHours": True}
        return page([answer])


def _duration(length: timedelta) -> Json:
    minutes = int(length.total_seconds() // 60)
    return {"millis": int(length.total_seconds() * 1000), "friendly": f"{minutes // 60}t {minutes % 60}m"}
