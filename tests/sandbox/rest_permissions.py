"""REST of permissions: one's own, somebody else's, and the scheme that grants them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox import user_shapes
from tests.sandbox.asking import body, page, require_cloud, who, words, world
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permission_keys import GLOBAL_KEYS, KEYS, Holder
from tests.sandbox.permissions import global_permissions, may, permissions, require, require_admin, visible
from tests.sandbox.records import Json, Project
from tests.sandbox.rest_site import visible_project
from tests.sandbox.site_records import Grant

routes = Blueprint("permissions", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


@routes.get("/mypermissions")
def mine() -> Json:
    """Which permissions the asker has, in a project, on an issue, or on the site."""
    site = world()
    asked = request.args
    project_key = asked.get("projectKey") or asked.get("projectId")
    issue_key = asked.get("issueKey") or asked.get("issueId")
    found = site.find_project(project_key) if project_key else None
    issue = visible(site, who(), issue_key) if issue_key else None
    wanted = words("permissions")
    if site.cloud and not wanted:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    _require_known(wanted)
    held = permissions(who(), issue.project if issue else found, issue)
    described = {
        key: {
            "id": str(number),
            "key": key,
            "name": name,
            "type": "GLOBAL" if key in GLOBAL_KEYS else "PROJECT",
            "description": name,
            "havePermission": key in held,
        }
        for number, (key, name) in enumerate(KEYS.items())
    }
    return {"permissions": {key: described[key] for key in wanted or KEYS}}


def _require_known(keys: list[str]) -> None:
    unknown = [key for key in keys if key not in KEYS]
    if unknown:
        raise JiraError(400, f"Unrecognized permission: {unknown[0]}")


@routes.post("/permissions/check")
def check() -> Json:
    """Which permissions somebody has; for others than oneself only admins may ask."""
    require_cloud()
    site = world()
    given = body("accountId", "globalPermissions", "projectPermissions")
    person = site.user_by_account(given.get("accountId") or who().account_id)
    if person is not who():
        require_admin(who(), "the permissions of others")
    if person is None:
        raise JiraError(400, "The account ID is not valid.")
    wanted = given.get("globalPermissions") or []
    asked = given.get("projectPermissions") or []
    _require_known([*wanted, *(key for one in asked for key in one["permissions"])])
    held = global_permissions(person)
    return {
        "globalPermissions": [key for key in wanted if key in held],
        "projectPermissions": [_granted(person, one, key) for one in asked for key in one["permissions"]],
    }


def _granted(person: User, asked: Json, key: str) -> Json:
    site = world()
    projects = [p for p in site.projects.values() if int(p.id) in (asked.get("projects") or ())]
    issues = [i for i in site.issues.values() if int(i.id) in (asked.get("issues") or ())]
    return {
        "permission": key,
        "projects": [int(p.id) for p in projects if may(person, key, p)],
        "issues": [int(i.id) for i in issues if may(person, key, i.project, i)],
    }


@routes.get("/project/<key>/permissionscheme")
def scheme(key: str) -> Json:
    """A project's permission scheme, with `expand=permissions` what it grants to whom."""
    found = visible_project(key)
    require(who(), "ADMINISTER_PROJECTS", found)
    held = found.permissions
    answer: Json = {"self": world().link("permissionscheme", str(held.id)), "id": held.id, "name": held.name}
    answer |= {"description": "", "expand": "permissions,user,group,projectRole,field,all"}
    if {"permissions", "all"} & set(words("expand")):
        answer["permissions"] = [_written(found, grant) for grant in held.grants]
    return answer


def _written(project: Project, grant: Grant) -> Json:
    holder: Json = {"type": grant.holder}
    if grant.parameter is not None:
        holder["parameter"] = grant.parameter
        if world().cloud:
            group = world().groups.get(grant.parameter) if grant.holder == Holder.GROUP else None
            holder["value"] = group.id if group else grant.parameter
    if grant.holder == Holder.ROLE:
        holder["expand"] = "projectRole"
    link = world().link("permissionscheme", str(project.permissions.id), "permission", str(grant.id))
    return {"self": link, "id": grant.id, "holder": holder, "permission": grant.permission}


@routes.get("/user/permission/search")
def who_may() -> list[Json]:
    """Who has all of some permissions in a project or on an issue."""
    asked = request.args
    keys = words("permissions")
    _require_known(keys)
    issue = visible(world(), who(), asked["issueKey"]) if "issueKey" in asked else None
    found = issue.project if issue else visible_project(asked.get("projectKey", ""))
    require(who(), "ADMINISTER_PROJECTS", found)
    text = asked.get("query", asked.get("username", "")).lower()
    people = [u for u in world().users.values() if asked.get("accountId") in {None, u.account_id}]
    people = [u for u in people if text in u.display_name.lower() or text in u.email.lower()]
    people = [u for u in people if all(may(u, key, found, issue) for key in keys)]
    start, size = page()
    return [user_shapes.user(world(), u, who()) for u in people[start : start + size]]
