"""Creating, editing and deleting issues, and the changelog that follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.changes import OFF_SCREEN, SYSTEM, apply, item, parse_all, parse_changes, put, record
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import AccountKind, User
from tests.sandbox.permissions import is_agent, require
from tests.sandbox.records import History, Issue, IssueType, Item, Json, Kind, Project
from tests.sandbox.validators import validate
from tests.sandbox.workflow import stand_in
from tests.sandbox.workflow_records import Status
from tests.sandbox.world import Event, World

ON_FORM = ("summary", "description")


def create(world: World, by: User, given: Json, *, portal: bool = False) -> Issue:
    """A new issue; what it is given is not in its changelog, as in Jira."""
    with world.lock:
        project = _project(world, by, given, portal)
        issue_type = _issue_type(project, given)
        rest = {name: value for name, value in given.items() if name not in {"project", "issuetype"}}
        allowed = _creatable(world, by, project, issue_type, rest, portal=portal)
        wanted = parse_all(world, (project, issue_type), rest, allowed)
        if not wanted.get("summary"):
            raise JiraError(400, errors={"summary": "You must specify a summary of the issue."})
        initial = project.workflows.of(issue_type.id).initial
        now = world.clock.now()
        issue = Issue(
            id=world.new_id(),
            key=f"{project.key}-{project.last_number + 1}",
            project=project,
            issue_type=issue_type,
            status=initial.target,
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
        validate(world, by, issue, initial.validators, set(wanted), allowed)
        project.last_number += 1
        _share(world, issue, wanted)
        world.issues[issue.id] = issue
        world.tell(Event("jira:issue_created", "issue_created", issue, by, _first_values(world, issue)))
        return issue


def on_screen(world: World, project: Project, issue_type: IssueType, operation: str) -> set[str]:
    """The ids of the fields that the screen of an operation (create, edit, view) has for an issue type."""
    there = {f.id for f in world.fields_in(project, issue_type)}
    shown = project.screens.of(issue_type.id).of(operation).fields
    return {id_ for id_ in shown if id_ in there or id_ in SYSTEM}


def _creatable(
    world: World, by: User, project: Project, issue_type: IssueType, given: Json, *, portal: bool
) -> set[str]:
    """The fields that may be given: a customer gets the portal's form and no more."""
    request_type = {f.id for f in world.fields.values() if f.kind is Kind.REQUEST_TYPE}
    if not portal or is_agent(by, project):
        return on_screen(world, project, issue_type, "create") | (request_type if portal else set())
    foreign = [name for name in given if name in SYSTEM and name not in ON_FORM]
    if foreign:
        raise JiraError(400, errors={name: OFF_SCREEN.format(name) for name in foreign})
    return {f.id for f in project.form} | request_type | set(ON_FORM)


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
    if field is None or field.id in wanted or issue.reporter is None:
        return
    if field not in world.fields_in(issue.project, issue.issue_type):
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


def edit(
    world: World, by: User, issue: Issue, changes: Json, update: Json | None = None, *, over_screens: bool = False
) -> History | None:
    """Sets fields of the edit screen, or any; a change that changes nothing leaves no trace, as in Jira."""
    with world.lock:
        require(by, "EDIT_ISSUES", issue.project, issue)
        allowed = on_screen(world, issue.project, issue.issue_type, "edit")
        if over_screens or world.switches.put_ignores_screens:
            allowed = set(SYSTEM) | {f.id for f in world.fields_in(issue.project, issue.issue_type)}
        wanted = parse_changes(world, issue, changes, update, allowed)
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


def move(
    world: World,
    by: User,
    issue: Issue,
    project: Project,
    issue_type: IssueType | None = None,
    statuses: Mapping[str, Status] | None = None,
) -> None:
    """Moves an issue to another project or issue type: the id stays, and a status that is not there is mapped.

    `statuses` says where from the old statuses' ids; the rest go to where new issues start.
    """
    with world.lock:
        require(by, "MOVE_ISSUES", issue.project, issue)
        require(by, "CREATE_ISSUES", project)
        items = _moved(issue, project, issue_type or _same_type(issue, project))
        flow = project.workflows.of(issue.issue_type.id)
        before = issue.status
        if not flow.has(before):
            after = (statuses or {}).get(before.id, flow.initial.target)
            issue.status = after
            items.append(Item("status", "status", False, before.id, before.name, after.id, after.name))
            stand_in(world, issue, before)
        there = {f.id for f in world.fields_in(project, issue.issue_type)}
        issue.values = {id_: value for id_, value in issue.values.items() if id_ in there}
        world.tell(Event("jira:issue_updated", "issue_moved", issue, by, record(world, by, issue, items)))


def _same_type(issue: Issue, project: Project) -> IssueType:
    named = (t for t in project.issue_types if t.name == issue.issue_type.name)
    return next(named, project.issue_types[0])


def _moved(issue: Issue, project: Project, issue_type: IssueType) -> list[Item]:
    """Puts the issue where it goes, and tells what changed by that."""
    old_project, old_key, old_type = issue.project, issue.key, issue.issue_type
    issue.project, issue.issue_type = project, issue_type
    items = []
    if project is not old_project:
        project.last_number += 1
        issue.key = f"{project.key}-{project.last_number}"
        issue.old_keys.append(old_key)
        items.append(Item("project", "project", False, old_project.id, old_project.name, project.id, project.name))
        items.append(Item("Key", "", False, None, old_key, None, issue.key))
    if issue_type is not old_type:
        items.append(Item("issuetype", "issuetype", False, old_type.id, old_type.name, issue_type.id, issue_type.name))
    return items
