"""Which steps an actor may take from where an issue stands, and taking them."""

from __future__ import annotations

from dataclasses import replace

from tests.sandbox.changes import OFF_SCREEN, apply, parse_changes, record
from tests.sandbox.conditions import hold
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, is_party, may, on_portal
from tests.sandbox.records import History, Issue, Item, Json
from tests.sandbox.rule_kinds import CHANGE_ASSIGNEE, RESTRICT_ALL, TRANSITION_SCREEN
from tests.sandbox.validators import validate
from tests.sandbox.workflow_records import Status, Transition, Workflow
from tests.sandbox.world import Event, World


def workflow_of(issue: Issue) -> Workflow:
    """The workflow that an issue is in."""
    return issue.project.workflows.of(issue.issue_type.id)


def available(world: World, by: User, issue: Issue, *, portal: bool = False) -> list[Transition]:
    """The steps that the actor may take now."""
    return [step for step in workflow_of(issue).steps if _open(world, by, issue, step, portal)]


def _open(world: World, by: User, issue: Issue, step: Transition, portal: bool) -> bool:
    if not step.leaves(issue.status):
        return False
    if portal and not is_agent(by, issue.project):
        hidden = any(rule.key == RESTRICT_ALL for rule in step.conditions.every())
        if hidden or not (is_shown(world, step) and on_portal("TRANSITION_ISSUES", issue.project)):
            return False
        if not is_party(world, by, issue):
            return False
    elif not may(by, "TRANSITION_ISSUES", issue.project, issue):
        return False
    return hold(world, by, issue, step.conditions)


def is_shown(world: World, step: Transition) -> bool:
    """Whether customers see a step on the portal."""
    return step.properties.get(world.switches.portal_property, "").lower() == "true"


def screen_of(world: World, step: Transition) -> tuple[str, ...]:
    """The ids of the fields on a step's screen."""
    if step.screen is None or step.screen.key != TRANSITION_SCREEN:
        return ()
    found = world.screens.get(int(step.screen.parameters["screenId"]))
    return tuple(found.fields) if found else ()


def transition(
    world: World,
    by: User,
    issue: Issue,
    transition_id: str,
    changes: Json | None = None,
    *,
    update: Json | None = None,
    portal: bool = False,
) -> History | None:
    """Takes a step, with fields of its screen; 400 where the step is not open to the actor, or a validator says no."""
    with world.lock:
        step = next((t for t in available(world, by, issue, portal=portal) if t.id == transition_id), None)
        if step is None:
            illegal = "It seems that you have tried to perform an illegal workflow operation."
            raise JiraError(400, f"{illegal} {_what(issue, transition_id)}")
        screen = set(screen_of(world, step))
        wanted = parse_changes(world, issue, changes or {}, update, screen)
        foreign = [name for name in wanted if name not in screen]
        if foreign:
            raise JiraError(400, errors={name: OFF_SCREEN.format(name) for name in foreign})
        draft = replace(issue, values=dict(issue.values))
        changed = {item.field_id for item in apply(world, draft, wanted)}
        validate(world, by, draft, step.validators, changed, screen)
        items = apply(world, issue, wanted)
        items += [*_resolve(world, issue, step), *_assign(world, by, issue, step), *_stand(world, issue, step.target)]
        history = record(world, by, issue, items)
        world.tell(Event("jira:issue_updated", "issue_generic", issue, by, history))
        return history


def _what(issue: Issue, transition_id: str) -> str:
    return f"Transition id {transition_id} is not valid for this issue in status '{issue.status.name}'."


def _stand(world: World, issue: Issue, after: Status) -> list[Item]:
    before = issue.status
    if before is after:
        return []
    issue.status = after
    stand_in(world, issue, before)
    return [Item("status", "status", False, before.id, before.name, after.id, after.name)]


def stand_in(world: World, issue: Issue, before: Status) -> None:
    """Notes since when the issue stands where it came to, and since when in that category."""
    issue.status_since = world.clock.now()
    if issue.status.category != before.category:
        issue.category_since = issue.status_since


def put_in(world: World, by: User, issue: Issue, status: Status) -> None:
    """Puts an issue in a status without a step, as a changed workflow or a move does."""
    items = _stand(world, issue, status)
    if items:
        world.tell(Event("jira:issue_updated", "issue_generic", issue, by, record(world, by, issue, items)))


def _resolve(world: World, issue: Issue, step: Transition) -> list[Item]:
    """The usual post function: a resolution on the way into a done status, none on the way out."""
    old = issue.resolution
    new = "Done" if step.target.category == "done" else None
    if old == new:
        return []
    issue.resolution = new
    issue.resolved = world.clock.now() if new else None
    return [Item("resolution", "resolution", False, old and "10000", old, new and "10000", new)]


def _assign(world: World, by: User, issue: Issue, step: Transition) -> list[Item]:
    """The post function that assigns; the others are kept, and do nothing here."""
    rule = next((rule for rule in step.actions if rule.key == CHANGE_ASSIGNEE), None)
    if rule is None:
        return []
    match rule.parameters["type"]:
        case "to-current-user":
            return apply(world, issue, {"assignee": by})
        case "to-unassigned":
            return apply(world, issue, {"assignee": None})
        case "to-selected-user":
            return apply(world, issue, {"assignee": world.user_by_account(rule.parameters.get("accountId", ""))})
        case _:
            return []
