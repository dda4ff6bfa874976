"""REST of project roles: those of the site, and who is in them in a project."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox import shapes
from tests.sandbox.asking import body, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import Group, Role
from tests.sandbox.permissions import may, require, require_admin
from tests.sandbox.records import Json, Project
from tests.sandbox.rest_site import visible_project

routes = Blueprint("roles", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _written(role_id: str) -> Json:
    """A role without actors, who are the projects' own."""
    described = world().role_descriptions.get(role_id, "")
    link = world().link("role", role_id)
    return {"self": link, "id": int(role_id), "name": world().roles[role_id], "description": described, "actors": []}


@routes.get("/role")
def site_roles() -> list[Json]:
    """The roles that every project has."""
    require_admin(who(), "project roles")
    return [_written(role_id) for role_id in world().roles]


@routes.post("/role")
def make() -> Json:
    """A new role, empty in every project."""
    require_admin(who(), "project roles")
    given = body("name", "description")
    name = str(given.get("name") or "")
    if not name or name != name.strip():
        raise JiraError(400, "The name cannot be empty or start or end with whitespace.")
    with world().lock:
        if name.lower() in {n.lower() for n in world().roles.values()}:
            raise JiraError(409, f"A project role with name '{name}' already exists.")
        return _written(world().add_role(name, given.get("description") or ""))


@routes.get("/project/<key>/role")
def roles(key: str) -> dict[str, str]:
    """A project's roles."""
    return shapes.roles(world(), visible_project(key))


@routes.get("/project/<key>/role/<role_id>")
def role(key: str, role_id: str) -> Json:
    """A role with its actors."""
    found = visible_project(key)
    return shapes.role(world(), found, _role(found, role_id))


def _role(project: Project, role_id: str) -> Role:
    found = next((r for r in project.roles.values() if r.id == role_id), None)
    if found is None:
        raise JiraError(404, f"Can not retrieve a role with id {role_id}.")
    return found


def _administered(key: str, role_id: str) -> tuple[Project, Role]:
    found = visible_project(key)
    if not may(who(), "ADMINISTER_PROJECTS", found):
        require(who(), "ADMINISTER_PROJECTS", found)
    return found, _role(found, role_id)


@routes.post("/project/<key>/role/<role_id>")
def add(key: str, role_id: str) -> Json:
    """Adds users (accountIds; names on Data Center) and groups to a role."""
    found, held = _administered(key, role_id)
    given = body("user", "group", "groupId")
    with world().lock:
        users = {_account(name) for name in given.get("user") or ()}
        groups = {_group(name).name for name in (*(given.get("group") or ()), *(given.get("groupId") or ()))}
        if (users | groups) & (held.users | held.groups):
            raise JiraError(400, "Some of the actors are in the project role already.")
        held.users |= users
        held.groups |= groups
        return shapes.role(world(), found, held)


@routes.delete("/project/<key>/role/<role_id>")
def remove(key: str, role_id: str) -> tuple[str, int]:
    """Takes a user or a group out of a role."""
    _, held = _administered(key, role_id)
    asked = request.args
    with world().lock:
        users = {_account(asked["user"])} if "user" in asked else set()
        groups = {_group(asked[name]).name for name in ("group", "groupId") if name in asked}
        if not (users | groups) <= (held.users | held.groups):
            raise JiraError(404, "The actor is not in the project role.")
        held.users -= users
        held.groups -= groups
    return "", 204


def _account(named: str) -> str:
    site = world()
    found = next((u for u in site.users.values() if named == (u.account_id if site.cloud else u.handle)), None)
    if found is None:
        raise JiraError(400, f"The user '{named}' does not exist.")
    return found.account_id


def _group(named: str) -> Group:
    found = next((g for g in world().groups.values() if named in {g.id, g.name}), None)
    if found is None:
        raise JiraError(400, f"The group '{named}' does not exist.")
    return found
