"""Who follows an issue beside its reporter: request participants, who see and comment it, and watchers."""

from __future__ import annotations

from tests.sandbox.changes import apply, record
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, may, sees
from tests.sandbox.records import CustomField, History, Issue, Kind
from tests.sandbox.world import Event, World


def find_person(world: World, named: object, status: int = 400) -> User:
    """Somebody by accountId on Cloud and by name on Data Center; where there is nobody, the status says so."""
    found = next((u for u in world.users.values() if named == (u.account_id if world.cloud else u.handle)), None)
    if found is None:
        raise JiraError(status, f"The user {named} does not exist.")
    return found


def _field(world: World, issue: Issue) -> CustomField:
    field = world.field_of_kind(Kind.PARTICIPANTS)
    if field is None or field not in world.fields_in(issue.project, issue.issue_type):
        raise JiraError(400, "Request participants are not enabled in this project.")
    return field


def add_participants(world: World, by: User, issue: Issue, people: list[User]) -> None:
    """Adds participants; who takes part already, or reported the issue, stays what they are."""
    with world.lock:
        _require_manager(by, issue)
        before = world.participants_of(issue)
        added = [u for u in dict.fromkeys(people) if u not in before and u is not issue.reporter]
        _put(world, by, issue, [*before, *added])


def remove_participants(world: World, by: User, issue: Issue, people: list[User]) -> None:
    """Removes participants; 400 for somebody who does not take part."""
    with world.lock:
        _require_manager(by, issue)
        before = world.participants_of(issue)
        stranger = next((u for u in people if u not in before), None)
        if stranger is not None:
            raise JiraError(400, f"The user {stranger.display_name} is not a participant of this request.")
        _put(world, by, issue, [u for u in before if u not in people])


def _require_manager(by: User, issue: Issue) -> None:
    if not (by is issue.reporter or is_agent(by, issue.project)):
        raise JiraError(403, "You do not have permission to manage participants on this request.")


def _put(world: World, by: User, issue: Issue, people: list[User]) -> History | None:
    history = record(world, by, issue, apply(world, issue, {_field(world, issue).id: people or None}))
    if history is not None:
        world.tell(Event("jira:issue_updated", "issue_updated", issue, by, history))
    return history


def watch(world: World, by: User, issue: Issue, watcher: User) -> None:
    """Adds a watcher; neither the issue's time nor its changelog tells of it, as in Jira."""
    with world.lock:
        if watcher is not by:
            _require_watch_manager(by, issue)
        if not sees(world, watcher, issue):
            named = watcher.account_id if world.cloud else watcher.handle
            lacks = f'The user "{named}" does not have permission to view this issue.'
            raise JiraError(400, f"{lacks} This user will not be added to the watch list.")
        if watcher not in issue.watchers:
            issue.watchers.append(watcher)


def unwatch(world: World, by: User, issue: Issue, watcher: User) -> None:
    """Removes a watcher, if they are one."""
    with world.lock:
        if watcher is not by:
            _require_watch_manager(by, issue)
        if watcher in issue.watchers:
            issue.watchers.remove(watcher)


def _require_watch_manager(by: User, issue: Issue) -> None:
    if not may(by, "MANAGE_WATCHERS", issue.project):
        raise JiraError(403, f"User '{by.handle}' is not allowed to manage watchers of issue '{issue.key}'.")
