"""People, projects, statuses and fields as Jira writes them, on Cloud and on Data Center."""

from __future__ import annotations

from collections.abc import Iterable

from tests.sandbox import fields as typed
from tests.sandbox import user_shapes
from tests.sandbox.people_records import AccountKind, Role, User
from tests.sandbox.permissions import is_agent
from tests.sandbox.records import CustomField, IssueType, Json, Kind, Option, Project
from tests.sandbox.workflow_records import Status
from tests.sandbox.world import World

CATEGORIES = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}
SYSTEM_FIELDS = {  # id: name, type, items, on the create and edit screens
    "summary": ("Summary", "string", None, True),
    "description": ("Description", "string", None, True),
    "issuetype": ("Issue Type", "issuetype", None, False),
    "project": ("Project", "project", None, False),
    "status": ("Status", "status", None, False),
    "priority": ("Priority", "priority", None, True),
    "labels": ("Labels", "array", "string", True),
    "assignee": ("Assignee", "user", None, True),
    "reporter": ("Reporter", "user", None, True),
    "creator": ("Creator", "user", None, False),
    "created": ("Created", "datetime", None, False),
    "updated": ("Updated", "datetime", None, False),
    "resolution": ("Resolution", "resolution", None, False),
    "resolutiondate": ("Resolved", "datetime", None, False),
    "statuscategorychangedate": ("Status Category Changed", "datetime", None, False),
    "watches": ("Watchers", "watches", None, False),
    "attachment": ("Attachment", "array", "attachment", False),
    "comment": ("Comment", "comments-page", None, False),
    "worklog": ("Log Work", "array", "worklog", False),
    "timespent": ("Time Spent", "number", None, False),
    "timeestimate": ("Remaining Estimate", "number", None, False),
}


def status(world: World, found: Status) -> Json:
    """A status."""
    number, colour, name = CATEGORIES[found.category]
    return {
        "self": world.link("status", found.id),
        "description": "",
        "iconUrl": f"{world.url}/images/icons/statuses/generic.png",
        "name": found.name,
        "id": found.id,
        "statusCategory": {
            "self": world.link("statuscategory", str(number)),
            "id": number,
            "key": found.category,
            "colorName": colour,
            "name": name,
        },
    }


def issue_type(world: World, found: IssueType) -> Json:
    """An issue type."""
    return {
        "self": world.link("issuetype", found.id),
        "id": found.id,
        "description": "",
        "iconUrl": f"{world.url}/secure/viewavatar?avatarType=issuetype",
        "name": found.name,
        "subtask": found.subtask,
    }


def project(world: World, found: Project, *, whole: bool = False, viewer: User | None = None) -> Json:
    """A project, short as inside an issue, or whole."""
    answer: Json = {
        "self": world.link("project", found.id),
        "id": found.id,
        "key": found.key,
        "name": found.name,
        "projectTypeKey": "service_desk" if found.desk_id else "software",
        "avatarUrls": {size: f"{world.url}/secure/projectavatar?size={size[:2]}" for size in user_shapes.SIZES},
    }
    if not whole or viewer is None:
        return answer
    lead = next(u for u in world.users.values() if u.site_admin)
    answer |= {
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "description": "",
        "lead": user_shapes.user(world, lead, viewer),
        "components": [],
        "issueTypes": [issue_type(world, t) for t in found.issue_types],
        "assigneeType": "UNASSIGNED",
        "versions": [],
        "roles": roles(world, found),
    }
    if world.cloud:
        style = "next-gen" if found.team_managed else "classic"
        answer |= {"simplified": found.team_managed, "style": style, "isPrivate": True, "properties": {}}
    return answer


def roles(world: World, found: Project) -> dict[str, str]:
    """A project's roles with their addresses."""
    return {name: world.link("project", found.id, "role", r.id) for name, r in found.roles.items()}


def role(world: World, found: Project, held: Role) -> Json:
    """A role with its actors."""
    actors: list[Json] = []
    for name in sorted(held.groups):
        group = world.groups[name]
        actor: Json = {
            "id": 10000 + len(actors),
            "displayName": name,
            "type": "atlassian-group-role-actor",
            "name": name,
        }
        actor["actorGroup"] = {"name": name, "displayName": name} | ({"groupId": group.id} if world.cloud else {})
        actors.append(actor)
    for account in sorted(held.users):
        who = world.user_by_account(account)
        if who is None:
            continue
        actor = {"id": 10000 + len(actors), "displayName": who.display_name, "type": "atlassian-user-role-actor"}
        actor |= {"actorUser": {"accountId": account}} if world.cloud else {"name": who.handle}
        actors.append(actor)
    return {
        "self": world.link("project", found.id, "role", held.id),
        "name": held.name,
        "id": int(held.id),
        "description": world.role_descriptions.get(held.id, ""),
        "actors": actors,
    }


def fields(world: World) -> list[Json]:
    """All fields of the site."""
    answer: list[Json] = []
    for id_, (name, type_, items, orderable) in SYSTEM_FIELDS.items():
        answer.append(
            _field(world, id_, name, orderable=orderable)
            | {"custom": False, "clauseNames": [id_], "schema": system_schema(id_, type_, items)}
        )
    for field in world.fields.values():
        names = [f"cf[{field.number}]", field.name]
        described = _field(world, field.id, field.name, orderable=True)
        answer.append(described | {"custom": True, "clauseNames": names, "schema": typed.schema(field)})
    return answer


def _field(world: World, id_: str, name: str, *, orderable: bool) -> Json:
    key = {"key": id_} if world.cloud else {}
    return {"id": id_, **key, "name": name, "orderable": orderable, "navigable": True, "searchable": True}


def system_schema(id_: str, type_: str, items: str | None) -> Json:
    """The schema of a system field."""
    return {"type": type_, "system": id_} | ({"items": items} if items else {})


def field_meta(world: World, found: CustomField, options: list[Option]) -> Json:
    """A custom field as the metadata of a screen shows it, its options included."""
    answer: Json = {
        "required": False,
        "schema": typed.schema(found),
        "name": found.name,
        "key": found.id,
        "hasDefaultValue": False,
        "operations": ["set"],
    }
    if found.kind is Kind.SELECT:
        answer["allowedValues"] = [typed.option(world, o) for o in options if not o.disabled]
    return answer


def system_meta(id_: str) -> Json:
    """A system field as the metadata of a screen shows it."""
    name, type_, items, _ = SYSTEM_FIELDS[id_]
    return {
        "required": id_ == "summary",
        "schema": system_schema(id_, type_, items),
        "name": name,
        "key": id_,
        "hasDefaultValue": False,
        "operations": ["add", "set", "remove"] if type_ == "array" else ["set"],
    }


def screen(world: World, found: Project, issue_type: IssueType, operation: str) -> dict[str, Json]:
    """The screen of an operation for an issue type, by field id."""
    return described(world, found, issue_type, found.screens.of(issue_type.id).of(operation).fields)


def described(world: World, found: Project, issue_type: IssueType, ids: Iterable[str]) -> dict[str, Json]:
    """The metadata of the fields that are there for an issue type, by id."""
    answer: dict[str, Json] = {}
    for id_ in ids:
        if id_ in SYSTEM_FIELDS:
            answer[id_] = system_meta(id_)
        elif id_ in world.fields and (context := world.fields[id_].context(found.id, issue_type.id)) is not None:
            answer[id_] = field_meta(world, world.fields[id_], context.options)
    return answer


def accounts_seen(world: World, found: Project) -> list[User]:
    """Who can be acted as on the pages, insiders first."""
    people = [u for u in world.users.values() if u.kind is not AccountKind.APP]
    return sorted(people, key=lambda u: not is_agent(u, found))
