"""Somebody at work on the site, for tests and stories: each act goes through the code behind the REST calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.sandbox import followers, issues, parts, worklogs
from tests.sandbox.changes import SYSTEM
from tests.sandbox.dubu_workflow import ACCEPT, CANCEL, DISAGREE
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, sees, visible
from tests.sandbox.records import CustomField, Issue, IssueType, Json, Kind, Project
from tests.sandbox.workflow import available, transition
from tests.sandbox.workflow_records import Transition
from tests.sandbox.world import World


class Actor:
    """A user; customers act on the portal. What Jira would refuse raises JiraError here too."""

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    def create(
        self,
        summary: str,
        description: str | None = None,
        *,
        request_type: str | None = None,
        project: str | None = None,
        issue_type: str | None = None,
        fields: dict[str, Any] | None = None,
        on_behalf_of: str | None = None,
    ) -> str:
        """A new ticket's key; `fields` by name, with options as their texts."""
        found = self.world.projects[project] if project else next(iter(self.world.projects.values()))
        chosen = next((t for t in found.request_types if t.name == request_type), None)
        if request_type is not None and chosen is None:
            raise KeyError(f"no request type {request_type!r}; there are {[t.name for t in found.request_types]}")
        usual = chosen.issue_type if chosen else found.issue_types[0]
        type_ = next((t for t in found.issue_types if t.name == issue_type), usual)
        given: Json = {"project": {"key": found.key}, "issuetype": {"id": type_.id}, "summary": summary}
        given |= self._fields(found, type_, fields or {})
        if description is not None:
            given["description"] = description
        field = self.world.field_of_kind(Kind.REQUEST_TYPE)
        if chosen and field:
            given[field.id] = chosen.id
        if on_behalf_of:
            given["reporter"] = self._person(on_behalf_of)
        return issues.create(self.world, self.user, given, portal=found.desk_id is not None).key

    def _fields(self, project: Project, issue_type: IssueType, fields: dict[str, Any]) -> Json:
        return {f.id: self._value(f, value) for f, value in self._known(project, issue_type, fields)} | {
            name: value for name, value in fields.items() if name in SYSTEM
        }

    def _known(self, project: Project, issue_type: IssueType, fields: dict[str, Any]) -> list[tuple[CustomField, Any]]:
        shown = issues.on_screen(self.world, project, issue_type, "edit")
        there = sorted(self.world.fields_in(project, issue_type), key=lambda f: f.id in shown)
        by_name = {f.name: f for f in there}  # of namesakes the one on the screen
        unknown = [name for name in fields if name not in by_name and name not in SYSTEM]
        if unknown:
            raise KeyError(f"no field {unknown[0]!r} in {project.key}; there are {sorted(by_name)}")
        return [(by_name[name], value) for name, value in fields.items() if name in by_name]

    def _value(self, field: CustomField, value: object) -> object:
        match value:
            case str() if field.kind is Kind.SELECT:
                return {"value": value}
            case datetime():
                return value.isoformat(timespec="milliseconds")
            case date():
                return value.isoformat()
            case list() if field.kind is Kind.PARTICIPANTS:
                return [self._person(handle) for handle in value]
            case list() if field.kind is Kind.ORGANIZATIONS:
                return [int(o.id) for o in self.world.organisations.values() if o.name in value]
            case _:
                return value

    def _person(self, handle: str) -> Json:
        user = self.world.users[handle]
        return {"accountId": user.account_id} if self.world.cloud else {"name": user.handle}

    def _issue(self, key: str) -> Issue:
        return visible(self.world, self.user, key, portal=True)

    def _on_portal(self, issue: Issue) -> bool:
        return not is_agent(self.user, issue.project)

    def edit(self, key: str, fields: dict[str, Any]) -> None:
        """Sets fields by name; None empties one."""
        with self.world.lock:
            issue = self._issue(key)
            issues.edit(self.world, self.user, issue, self._fields(issue.project, issue.issue_type, fields))

    def set(self, key: str, field: str, value: object) -> None:
        """Sets one field by name, `assignee` and `reporter` to a handle; None empties it."""
        person = field in {"assignee", "reporter"} and isinstance(value, str)
        self.edit(key, {field: self._person(str(value)) if person else value})

    def sees(self, key: str) -> bool:
        """Whether the ticket can be seen at all, at work or on the portal."""
        return sees(self.world, self.user, self.world.find_issue(key), portal=True)

    def steps(self, key: str) -> dict[str, str]:
        """The steps that are open now: each one's name, and the status it leads to."""
        with self.world.lock:
            return {step.name: step.target.name for step in self._open(self._issue(key))}

    def _open(self, issue: Issue) -> list[Transition]:
        return available(self.world, self.user, issue, portal=self._on_portal(issue))

    def take(self, key: str, step: str, fields: dict[str, Any] | None = None) -> None:
        """Takes a step by its name; JiraError 400 where it is not open to this actor."""
        self._take(key, step, lambda s: s.name == step, fields)

    def move(self, key: str, status: str, fields: dict[str, Any] | None = None) -> None:
        """Takes the step that leads to a status; JiraError 400 where there is none for this actor."""
        self._take(key, status, lambda s: s.target.name == status, fields)

    def _take(self, key: str, wanted: str, fits: Callable[[Transition], bool], fields: dict[str, Any] | None) -> None:
        with self.world.lock:
            issue = self._issue(key)
            step = next(filter(fits, self._open(issue)), None)
            if step is None:
                way = f"{key} from {issue.status.name} to {wanted}"
                raise JiraError(400, f"{self.user.handle} can't move {way}; open are {self.steps(key)}")
            changes = self._fields(issue.project, issue.issue_type, fields or {})
            transition(self.world, self.user, issue, step.id, changes, portal=self._on_portal(issue))

    def accept(self, key: str) -> None:
        """Presses KOMBIT's button, whoever this is."""
        self.take(key, ACCEPT)

    def disagree(self, key: str) -> None:
        """Reports a disagreement."""
        self.take(key, DISAGREE)

    def cancel(self, key: str) -> None:
        """Cancels the ticket."""
        self.take(key, CANCEL)

    def comment(self, key: str, text: str, *, internal: bool = False) -> str:
        """Adds a comment and tells its id."""
        with self.world.lock:
            issue = self._issue(key)
            properties = {parts.PUBLIC: {"internal": True}} if internal else {}
            return parts.comment(self.world, self.user, issue, text, properties, portal=self._on_portal(issue)).id

    def edit_comment(self, key: str, comment_id: str, text: str) -> None:
        """Changes a comment's text."""
        with self.world.lock:
            issue = self._issue(key)
            parts.edit_comment(self.world, self.user, issue, parts.find_comment(self.user, issue, comment_id), text)

    def delete_comment(self, key: str, comment_id: str) -> None:
        """Removes a comment."""
        with self.world.lock:
            issue = self._issue(key)
            parts.delete_comment(self.world, self.user, issue, parts.find_comment(self.user, issue, comment_id))

    def attach(
        self, key: str, filename: str, data: bytes, mime_type: str | None = None, *, silently: bool = False
    ) -> str:
        """Adds a file and tells its id; `silently`: no issue_updated, as from some mail handlers."""
        with self.world.lock:
            issue = self._issue(key)
            portal = self._on_portal(issue)
            made = parts.attach(
                self.world, self.user, issue, filename, data, mime_type, portal=portal, silently=silently
            )
            return made.id

    def delete_attachment(self, key: str, attachment_id: str) -> None:
        """Removes a file."""
        with self.world.lock:
            issue = self._issue(key)
            _, made = parts.find_attachment(self.world, attachment_id)
            parts.delete_attachment(self.world, self.user, issue, made)

    def log_work(self, key: str, hours: float | Decimal, started: datetime | None = None, text: str = "") -> str:
        """Logs time and tells the worklog's id."""
        with self.world.lock:
            issue = self._issue(key)
            return worklogs.log_work(self.world, self.user, issue, round(hours * 3600), started, text).id

    def edit_worklog(
        self, key: str, worklog_id: str, hours: float | Decimal | None = None, started: datetime | None = None
    ) -> None:
        """Changes a worklog; what is None stays."""
        with self.world.lock:
            issue = self._issue(key)
            found = worklogs.find_worklog(issue, worklog_id)
            seconds = None if hours is None else round(hours * 3600)
            worklogs.edit_worklog(self.world, self.user, issue, found, seconds, started)

    def delete_worklog(self, key: str, worklog_id: str) -> None:
        """Removes a worklog."""
        with self.world.lock:
            issue = self._issue(key)
            worklogs.delete_worklog(self.world, self.user, issue, worklogs.find_worklog(issue, worklog_id))

    def participants(self, key: str) -> list[str]:
        """Who takes part in a request beside its reporter, by handle."""
        with self.world.lock:
            return [u.handle for u in self.world.participants_of(self._issue(key))]

    def add_participants(self, key: str, *handles: str) -> None:
        """Adds participants, as an agent or as the reporter."""
        with self.world.lock:
            people = [self.world.users[handle] for handle in handles]
            followers.add_participants(self.world, self.user, self._issue(key), people)

    def remove_participants(self, key: str, *handles: str) -> None:
        """Removes participants."""
        with self.world.lock:
            people = [self.world.users[handle] for handle in handles]
            followers.remove_participants(self.world, self.user, self._issue(key), people)

    def watchers(self, key: str) -> list[str]:
        """Who watches a ticket, by handle; for those who work on the project."""
        with self.world.lock:
            return [u.handle for u in visible(self.world, self.user, key).watchers]

    def watch(self, key: str, handle: str | None = None) -> None:
        """Adds a watcher: oneself unless another is named."""
        with self.world.lock:
            watcher = self.world.users[handle or self.user.handle]
            followers.watch(self.world, self.user, visible(self.world, self.user, key), watcher)

    def unwatch(self, key: str, handle: str | None = None) -> None:
        """Removes a watcher."""
        with self.world.lock:
            watcher = self.world.users[handle or self.user.handle]
            followers.unwatch(self.world, self.user, visible(self.world, self.user, key), watcher)

    def delete(self, key: str) -> None:
        """Removes a ticket."""
        with self.world.lock:
            issues.delete(self.world, self.user, self._issue(key))

    def move_to_project(self, key: str, project: str) -> str:
        """Moves a ticket to another project and tells its new key."""
        with self.world.lock:
            issue = self._issue(key)
            issues.move(self.world, self.user, issue, self.world.projects[project])
            return issue.key
