"""Which steps an actor may take from where an issue stands, and taking them."""

from __future__ import annotations

from tests.sandbox.changes import OFF_SCREEN, apply, parse_changes, record
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import holds, is_agent, is_party, may
from tests.sandbox.records import History, Issue, Item, Json, Status, Transition, User
from tests.sandbox.world import Event, World


def available(world: World, by: User, issue: Issue, *, portal: bool = False) -> list[Transition]:
    """The steps that the actor may take now."""
    return [step for step in issue.project.transitions if _open(world, by, issue, step, portal)]


def _open(world: World, by: User, issue: Issue, step: Transition, portal: bool) -> bool:
    if issue.status.id not in step.sources or issue.status is step.target:
        return False
    if portal and not is_agent(by, issue.project):
        return step.portal and is_party(world, by, issue)
    if not may(by, "TRANSITION_ISSUES", issue.project):
        return False
    roles = issue.project.roles
    return not step.roles or any(name in roles and holds(by, roles[name]) for name in step.roles)


def transition(
    world: World,
    by: User,
    issue: Issue,
    transition_id: str,
    changes: Json | None = None,
    *,
    update: Json | None = None,
    portal: bool = False,
) -> History:
    """Takes a step, with fields of its screen; 400 where the step is not open to the actor."""
    with world.lock:
        step = next((t for t in available(world, by, issue, portal=portal) if t.id == transition_id), None)
        if step is None:
            illegal = "It seems that you have tried to perform an illegal workflow operation."
            raise JiraError(400, f"{illegal} {_what(issue, transition_id)}")
        wanted = parse_changes(world, issue, changes or {}, update, step.screen)
        foreign = [name for name in wanted if name not in step.screen]
        if foreign:
            raise JiraError(400, errors={name: OFF_SCREEN.format(name) for name in foreign})
        items = apply(world, issue, wanted)
        before, after = issue.status, step.target
        items += _resolve(world, issue, step)
        items.append(Item("status", "status", False, before.id, before.name, after.id, after.name))
        issue.status = after
        stand_in(world, issue, before)
        history = record(world, by, issue, items)
        assert history is not None
        world.tell(Event("jira:issue_updated", "issue_generic", issue, by, history))
        return history


def stand_in(world: World, issue: Issue, before: Status) -> None:
    """Notes since when the issue stands where it came to, and since when in that category."""
    issue.status_since = world.clock.now()
    if issue.status.category != before.category:
        issue.category_since = issue.status_since


def _what(issue: Issue, transition_id: str) -> str:
    return f"Transition id {transition_id} is not valid for this issue in status '{issue.status.name}'."


def _resolve(world: World, issue: Issue, step: Transition) -> list[Item]:
    """The usual post function: a resolution on the way into a done status, none on the way out."""
    old = issue.resolution
    new = "Done" if step.target.category == "done" else None
    if old == new:
        return []
    issue.resolution = new
    issue.resolved = world.clock.now() if new else None
    return [Item("resolution", "resolution", False, old and "10000", old, new and "10000", new)]
