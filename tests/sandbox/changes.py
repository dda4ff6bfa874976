"""What a request wants changed on an issue: read, put on it, and written to its changelog."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.sandbox import fields as typed
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.records import CustomField, History, Issue, IssueType, Item, Json, Kept, Project
from tests.sandbox.world import World

PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
SYSTEM = ("summary", "description", "labels", "priority", "assignee", "reporter")
Place = tuple[Project, IssueType]
OFF_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


def parse_all(world: World, place: Place, given: Json, allowed: Iterable[str]) -> Json:
    """All values parsed, or one 400 that names each field that is wrong."""
    project, issue_type = place
    allowed = set(allowed)
    custom = {f.id: f for f in world.fields_in(project, issue_type) if f.id in allowed}
    parsed: Json = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        try:
            if name in custom:
                parsed[name] = typed.parse(world, custom[name], value, custom[name].context(project.id, issue_type.id))
            elif name in SYSTEM and name in allowed:
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


def parse_changes(world: World, issue: Issue, changes: Json, update: Json | None, allowed: Iterable[str]) -> Json:
    """`fields` and `update` of a request as parsed values; nothing is changed yet."""
    wanted: Json = dict(changes)
    for name, operations in (update or {}).items():
        if name in changes:
            raise JiraError(400, errors={name: f"Field '{name}' cannot be in both 'fields' and 'update'."})
        wanted[name] = _after(issue, name, operations)
    return parse_all(world, (issue.project, issue.issue_type), wanted, allowed)


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
        put(issue, name, value)
        items.append(item(world.fields.get(name), name, before, value))
    return items


def _get(issue: Issue, name: str) -> Kept | User:
    if name in SYSTEM:
        held: Kept | User = getattr(issue, name)
        return held
    return issue.values.get(name)


def put(issue: Issue, name: str, value: Kept) -> None:
    """Puts one parsed value on the issue."""
    if name in SYSTEM:
        setattr(issue, name, value)
    else:
        issue.values[name] = value


def item(field: CustomField | None, name: str, before: Kept | User, after: Kept | User) -> Item:
    """A field's change as the changelog writes it."""
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
