"""REST of the site itself: server, people, statuses, projects, groups."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox import shapes, user_shapes
from tests.sandbox.asking import page, who, world
from tests.sandbox.clock import stamp
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import may, permissions
from tests.sandbox.records import Json, Project

routes = Blueprint("site", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


@routes.get("/serverInfo")
def server_info() -> Json:
    """What kind of Jira this is; open to all."""
    site = world()
    answer: Json = {"baseUrl": site.url, "serverTitle": "DUBU", "serverTime": stamp(site.clock.now())}
    if site.cloud:
        return answer | {
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100287,
            "buildDate": "2026-11-01T00:00:00.000+0000",
            "scmInfo": "0000000000000000000000000000000000000000",
        }
    return answer | {
        "version": site.switches.data_center_version,
        "versionNumbers": [int(number) for number in site.switches.data_center_version.split(".")],
        "deploymentType": "Server",
        "buildNumber": 10030002,
        "buildDate": "2026-01-01T00:00:00.000+0000",
        "scmInfo": "0000000000000000000000000000000000000000",
    }


@routes.get("/myself")
def myself() -> Json:
    """Who is asking."""
    me = who()
    groups = [{"name": name, "self": f"{world().link('group')}?groupname={name}"} for name in sorted(me.groups)]
    sizes = {"groups": {"size": len(groups), "items": []}, "applicationRoles": {"size": 1, "items": []}}
    locale = {"locale": "da_DK", "expand": "groups,applicationRoles"}
    return user_shapes.user(world(), me, me) | locale | sizes


@routes.get("/user")
def user() -> Json:
    """Somebody, by accountId on Cloud, by name or key on Data Center."""
    site = world()
    asked = request.args
    for person in site.users.values():
        if site.cloud and person.account_id == asked.get("accountId"):
            return user_shapes.user(site, person, who())
        if not site.cloud and (person.handle == asked.get("username") or person.account_id == asked.get("key")):
            return user_shapes.user(site, person, who())
    raise JiraError(404, "Specified user does not exist or you do not have required permissions")


@routes.get("/status")
def statuses() -> list[Json]:
    """All statuses."""
    return [shapes.status(world(), status) for status in world().statuses.values()]


def visible_project(id_or_key: str) -> Project:
    """The project, if the asker may browse it; 404 otherwise."""
    found = world().find_project(id_or_key)
    if not may(who(), "BROWSE_PROJECTS", found):
        raise JiraError(404, f"No project could be found with key '{id_or_key}'.")
    return found


@routes.get("/project/<key>")
def project(key: str) -> Json:
    """A project."""
    return shapes.project(world(), visible_project(key), whole=True, viewer=who())


@routes.get("/project/<key>/statuses")
def project_statuses(key: str) -> list[Json]:
    """A project's statuses, by issue type."""
    found = visible_project(key)
    answer = []
    for type_ in found.issue_types:
        short = {
            "self": world().link("issuetype", type_.id),
            "id": type_.id,
            "name": type_.name,
            "subtask": type_.subtask,
        }
        placed = found.workflows.of(type_.id).statuses
        answer.append(short | {"statuses": [shapes.status(world(), p.status) for p in placed]})
    return answer


@routes.get("/group/member")
def members() -> Json:
    """A group's members."""
    site = world()
    if "USER_PICKER" not in permissions(who(), None):
        raise JiraError(403, "You do not have the permission to see the specified group.")
    asked = request.args
    group = next(
        (g for g in site.groups.values() if asked.get("groupId") == g.id or asked.get("groupname") == g.name), None
    )
    if group is None:
        raise JiraError(404, f"The group named '{asked.get('groupname')}' does not exist.")
    start, size = page()
    people: list[User] = [u for u in site.users.values() if group.name in u.groups]
    shown = [user_shapes.user(site, u, who()) for u in people[start : start + size]]
    answer: Json = {"self": f"{site.link('group', 'member')}?groupname={group.name}", "startAt": start}
    return answer | {"maxResults": size, "total": len(people), "isLast": start + size >= len(people), "values": shown}
