"""Creating, editing and deleting issues, and the changelog that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.sandbox import fields as typed
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import require
from tests.sandbox.records import (
    AccountKind,
    CustomField,
    History,
    Issue,
    IssueType,
    Item,
    Json,
    Kept,
    Kind,
    Project,
    User,
)
from tests.sandbox.world import Event, World

PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
SYSTEM = ("summary", "description", "labels", "priority", "assignee", "reporter")
OFF_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


def create(world: World, by: User, given: Json, *, portal: bool = False) -> Issue:
    """A new issue; what it is given is not in its changelog, as in Jira."""
    with world.lock:
        project = _project(world, by, given, portal)
        issue_type = _issue_type(project, given)
        rest = {name: value for name, value in given.items() if name not in {"project", "issuetype"}}
        wanted = _parse_all(world, project, rest, {f.id for f in project.fields})
        if not wanted.get("summary"):
            raise JiraError(400, errors={"summary": "You must specify a summary of the issue."})
        now = world.clock.now()
        project.last_number += 1
        issue = Issue(
            id=world.new_id(),
            key=f"{project.key}-{project.last_number}",
            project=project,
            issue_type=issue_type,
            status=project.statuses[0],
            summary=wanted.pop("summary"),
            description=wanted.pop("description", None),
            creator=by,
            reporter=wanted.pop("reporter", by),
            created=now,
            updated=now,
            status_since=now,
        )
        for name, value in wanted.items():
            _put(issue, name, value)
        _share(world, issue, wanted)
        world.issues[issue.id] = issue
        world.tell(Event("jira:issue_created", "issue_created", issue, by))
        return issue


def _share(world: World, issue: Issue, wanted: Json) -> None:
    """A customer's request is shared with their organisation, as JSM does by default."""
    field = world.field_of_kind(Kind.ORGANIZATIONS)
    if field is None or field not in issue.project.fields or field.id in wanted or issue.reporter is None:
        return
    if issue.reporter.kind is AccountKind.CUSTOMER:
        issue.values[field.id] = world.organisations_of(issue.reporter) or None


def _project(world: World, by: User, given: Json, portal: bool) -> Project:
    named = given.get("project")
    key = str(named.get("key") or named.get("id")) if isinstance(named, dict) else ""
    project = next((p for p in world.projects.values() if key in {p.key, p.id}), None)
    if project is None:
        raise JiraError(400, errors={"project": "Specify a valid project ID or key"})
    if not portal:
        require(by, "CREATE_ISSUES", project)
    return project


def _issue_type(project: Project, given: Json) -> IssueType:
    named = given.get("issuetype")
    wanted = {str(v) for k, v in named.items() if k in {"id", "name"}} if isinstance(named, dict) else set()
    found = next((t for t in project.issue_types if wanted & {t.id, t.name}), None)
    if found is None:
        raise JiraError(400, errors={"issuetype": "Specify an issue type"})
    return found


def _parse_all(world: World, project: Project, given: Json, allowed: Iterable[str]) -> Json:
    """All values parsed, or one 400 that names each field that is wrong."""
    custom = {f.id: f for f in project.fields if f.id in set(allowed)}
    parsed: Json = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        try:
            if name in custom:
                parsed[name] = typed.parse(world, custom[name], value)
            elif name in SYSTEM:
                parsed[name] = _parse_system(world, name, value)
            else:
                wrong[name] = OFF_SCREEN.format(name)
        except typed.WrongValue as error:
            wrong[name] = str(error)
    if wrong:
        raise JiraError(400, errors=wrong)
    return parsed


def _parse_system(world: World, name: str, value: object) -> object:
    match name:
        case "summary":
            return _parse_summary(value)
        case "description":
            if value is not None and not isinstance(value, str):
                raise typed.WrongValue("Operation value must be a string")
            return value or None
        case "labels":
            return _parse_labels(value)
        case "priority":
            named = value.get("name") if isinstance(value, dict) else None
            if named not in PRIORITIES:
                raise typed.WrongValue(f"Priority name '{named}' is not valid")
            return named
        case _:
            return _parse_user(world, name, value)


def _parse_summary(value: object) -> str:
    if not isinstance(value, str):
        raise typed.WrongValue("Operation value must be a string")
    if not value.strip():
        raise typed.WrongValue("You must specify a summary of the issue.")
    if "\n" in value:
        raise typed.WrongValue("The summary is invalid because it contains newline characters.")
    if len(value) > 255:
        raise typed.WrongValue("Summary can't exceed 255 characters.")
    return value


def _parse_labels(value: object) -> list[str]:
    if not isinstance(value, list) or any(not isinstance(v, str) for v in value):
        raise typed.WrongValue("data was not an array")
    spaced = next((v for v in value if " " in v), None)
    if spaced:
        raise typed.WrongValue(f"The label '{spaced}' contains spaces which is invalid.")
    return sorted(set(value))


def _parse_user(world: World, name: str, value: object) -> User | None:
    if value is None:
        return None
    key = "accountId" if world.cloud else "name"
    wanted = value.get(key) if isinstance(value, dict) else None
    found = next((u for u in world.users.values() if wanted == (u.account_id if world.cloud else u.handle)), None)
    if found is None:
        raise typed.WrongValue(f"Specify a valid {name}: the user '{wanted}' does not exist.")
    return found


def edit(world: World, by: User, issue: Issue, changes: Json, update: Json | None = None) -> History | None:
    """Sets fields; a change that changes nothing leaves no trace, as in Jira."""
    with world.lock:
        require(by, "EDIT_ISSUES", issue.project)
        wanted = parse_changes(world, issue, changes, update, {f.id for f in issue.project.fields})
        history = record(world, by, issue, apply(world, issue, wanted))
        if history is not None:
            assigned = [i.field for i in history.items] == ["assignee"]
            kind = "issue_assigned" if assigned else "issue_updated"
            world.tell(Event("jira:issue_updated", kind, issue, by, history))
        return history


def parse_changes(world: World, issue: Issue, changes: Json, update: Json | None, allowed: Iterable[str]) -> Json:
    """`fields` and `update` of a request as parsed values; nothing is changed yet."""
    wanted: Json = dict(changes)
    for name, operations in (update or {}).items():
        if name in changes:
            raise JiraError(400, errors={name: f"Field '{name}' cannot be in both 'fields' and 'update'."})
        wanted[name] = _after(issue, name, operations)
    return _parse_all(world, issue.project, wanted, allowed)


def _after(issue: Issue, name: str, operations: object) -> object:
    value: Any = list(issue.labels) if name == "labels" else None
    for operation in operations if isinstance(operations, list) else [None]:
        match operation:
            case {"set": wanted}:
                value = wanted
            case {"add": wanted} if name == "labels":
                value = [*value, wanted]
            case {"remove": wanted} if name == "labels":
                value = [v for v in value if v != wanted]
            case _:
                raise JiraError(400, errors={name: f"Operation not supported on field '{name}'."})
    return value


def apply(world: World, issue: Issue, wanted: Json) -> list[Item]:
    """Puts parsed values on the issue and tells what changed."""
    items: list[Item] = []
    for name, value in wanted.items():
        before = _get(issue, name)
        if before == value:
            continue
        _put(issue, name, value)
        items.append(_item(world.fields.get(name), name, before, value))
    return items


def _get(issue: Issue, name: str) -> Kept | User:
    if name in SYSTEM:
        held: Kept | User = getattr(issue, name)
        return held
    return issue.values.get(name)


def _put(issue: Issue, name: str, value: Kept) -> None:
    if name in SYSTEM:
        setattr(issue, name, value)
    else:
        issue.values[name] = value


def _item(field: CustomField | None, name: str, before: Kept | User, after: Kept | User) -> Item:
    if field is not None:
        assert not isinstance(before, User)
        assert not isinstance(after, User)
        return Item(field.name, field.id, True, *typed.said(before), *typed.said(after))
    return Item(name, name, False, *_said(before), *_said(after))


def _said(value: object) -> tuple[str | None, str | None]:
    """A system field's value as the changelog's id and text."""
    match value:
        case User():
            return value.account_id, value.display_name
        case list():
            return None, " ".join(value)
        case None:
            return None, None
        case _:
            return None, str(value)


def record(world: World, by: User, issue: Issue, items: list[Item]) -> History | None:
    """Writes changed fields to the changelog; None where nothing changed."""
    if not items:
        return None
    now = world.clock.now()
    history = History(world.new_id(), by, now, tuple(items))
    issue.history.append(history)
    issue.updated = now
    return history


def delete(world: World, by: User, issue: Issue) -> None:
    """Removes an issue for good."""
    with world.lock:
        require(by, "DELETE_ISSUES", issue.project)
        del world.issues[issue.id]
        world.tell(Event("jira:issue_deleted", "issue_deleted", issue, by))


def move(world: World, by: User, issue: Issue, project: Project) -> None:
    """Moves an issue to another project: the key changes and the status is mapped, the id stays."""
    with world.lock:
        old_project, old_key, old_status = issue.project, issue.key, issue.status
        project.last_number += 1
        issue.project, issue.key = project, f"{project.key}-{project.last_number}"
        issue.old_keys.append(old_key)
        issue.issue_type = project.issue_types[0]
        issue.status = next((s for s in project.statuses if s is old_status), project.statuses[0])
        items = [
            Item("project", "project", False, old_project.id, old_project.name, project.id, project.name),
            Item("Key", "", False, None, old_key, None, issue.key),
        ]
        if issue.status is not old_status:
            before, after = old_status, issue.status
            items.append(Item("status", "status", False, before.id, before.name, after.id, after.name))
            issue.status_since = world.clock.now()
        world.tell(Event("jira:issue_updated", "issue_moved", issue, by, record(world, by, issue, items)))
