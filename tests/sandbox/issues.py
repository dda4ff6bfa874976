"""Creating, editing and deleting issues, and the changelog that follows from it."""

from __future__ import annotations

from tests.sandbox.changes import OFF_SCREEN, SYSTEM, apply, item, parse_all, parse_changes, put, record
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import is_agent, require
from tests.sandbox.records import (
    AccountKind,
    History,
    Issue,
    IssueType,
    Item,
    Json,
    Kind,
    Project,
    User,
)
from tests.sandbox.workflow import stand_in
from tests.sandbox.world import Event, World

ON_FORM = ("summary", "description")


def create(world: World, by: User, given: Json, *, portal: bool = False) -> Issue:
    """A new issue; what it is given is not in its changelog, as in Jira."""
    with world.lock:
        project = _project(world, by, given, portal)
        issue_type = _issue_type(project, given)
        rest = {name: value for name, value in given.items() if name not in {"project", "issuetype"}}
        wanted = parse_all(world, project, rest, _on_screen(by, project, rest, portal=portal))
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
            category_since=now,
        )
        for name, value in wanted.items():
            put(issue, name, value)
        _share(world, issue, wanted)
        world.issues[issue.id] = issue
        world.tell(Event("jira:issue_created", "issue_created", issue, by, _first_values(world, issue)))
        return issue


def _on_screen(by: User, project: Project, given: Json, *, portal: bool) -> set[str]:
    """The custom fields that may be given: a customer gets the portal's form and no more."""
    if not portal or is_agent(by, project):
        return {f.id for f in project.fields}
    foreign = [name for name in given if name in SYSTEM and name not in ON_FORM]
    if foreign:
        raise JiraError(400, errors={name: OFF_SCREEN.format(name) for name in foreign})
    return {f.id for f in project.fields if f in project.form or f.kind is Kind.REQUEST_TYPE}


def _first_values(world: World, issue: Issue) -> History:
    """What Cloud's webhook tells of a new issue as changes; the issue's own changelog never holds them."""
    system = {name: getattr(issue, name) for name in ("assignee", "description", "priority", "reporter", "summary")}
    items = [
        item(world.fields.get(name), name, None, value) for name, value in (system | issue.values).items() if value
    ]
    items.append(Item("Status", "status", False, None, None, issue.status.id, issue.status.name))
    return History(world.new_id(), issue.creator, issue.created, tuple(items))


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


def delete(world: World, by: User, issue: Issue) -> None:
    """Removes an issue for good."""
    with world.lock:
        require(by, "DELETE_ISSUES", issue.project)
        del world.issues[issue.id]
        world.tell(Event("jira:issue_deleted", "issue_deleted", issue, by))


def move(world: World, by: User, issue: Issue, project: Project) -> None:
    """Moves an issue to another project: the key changes and the status is mapped, the id stays."""
    with world.lock:
        require(by, "MOVE_ISSUES", issue.project)
        require(by, "CREATE_ISSUES", project)
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
            stand_in(world, issue, before)
        world.tell(Event("jira:issue_updated", "issue_moved", issue, by, record(world, by, issue, items)))
