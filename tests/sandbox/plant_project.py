"""Plants a project: its roles, issue types, workflows, screens and permissions."""

from __future__ import annotations

import hashlib
import re

from tests.sandbox.people_records import AccountKind, Group, Role
from tests.sandbox.permissions import CUSTOMER_ROLE, default_grants
from tests.sandbox.records import IssueType, Project, RequestType
from tests.sandbox.rule_kinds import RESTRICT, TRANSITION_SCREEN
from tests.sandbox.seed import SeedProject, SeedTransition
from tests.sandbox.shapes import SYSTEM_FIELDS
from tests.sandbox.site_records import PermissionScheme, Screen, ScreenScheme, Tab, TypeScreens
from tests.sandbox.workflow_records import (
    Conditions,
    Link,
    Placed,
    Rule,
    Status,
    Transition,
    Way,
    Workflow,
    WorkflowScheme,
)
from tests.sandbox.world import World

Statuses = tuple[tuple[str, str], ...]


def made_up_id(name: str) -> str:
    """An id as Atlassian writes them, always the same for a name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def project_id(number: int) -> str:
    """The id of the project that is planted as this one, from 0."""
    return str(10000 + number)


def plant_project(world: World, seeded: SeedProject, number: int) -> Project:
    """A project; what it shares with others, by name, is planted once."""
    issue_types = [_issue_type(world, name, 10010 + 10 * number + i) for i, name in enumerate(seeded.issue_types)]
    by_name = {t.name: t for t in issue_types}
    request_types = [
        RequestType(
            str(100 * number + i),
            name,
            by_name[seeded.types_of_requests.get(name, issue_types[0].name)],
            re.sub(r"\W+", "-", name.lower()),
        )
        for i, name in enumerate(seeded.request_types, 1)
    ]
    roles = {name: _role(world, role_id, name, seeded) for role_id, name in world.roles.items()}
    granted = default_grants(roles.values(), seeded.agent_role)
    revoked = {(key, roles[name].id) for key, name in seeded.revoked}
    granted = [g for g in granted if (g.permission, g.parameter) not in revoked]
    scheme = PermissionScheme(10000 + number, f"{seeded.key}: permissions", granted)
    return Project(
        id=project_id(number),
        key=seeded.key,
        name=seeded.name,
        desk_id=str(number + 1) if seeded.desk else None,
        roles=roles,
        issue_types=issue_types,
        request_types=request_types,
        workflows=_workflows(world, seeded, number, by_name),
        screens=_screens(world, seeded),
        permissions=scheme,
        form=[world.field_named(name) for name in seeded.form if name in seeded.fields],
        team_managed=seeded.team_managed,
    )


def _issue_type(world: World, name: str, number: int) -> IssueType:
    found = next((t for t in world.issue_types.values() if t.name == name), None)
    if found is None:
        found = world.issue_types[str(number)] = IssueType(str(number), name)
    return found


def _role(world: World, role_id: str, name: str, seeded: SeedProject) -> Role:
    """A role; the customers' holds all who are a desk's customers, by their account or their organisation."""
    actors = seeded.roles.get(name, ())
    groups = {a.removeprefix("group:") for a in actors if a.startswith("group:")}
    users = {world.users[a].account_id for a in actors if not a.startswith("group:")}
    if name == CUSTOMER_ROLE and seeded.desk:
        people = world.users.values()
        users |= {u.account_id for u in people if u.kind is AccountKind.CUSTOMER or world.organisations_of(u)}
    for group in groups:
        world.groups.setdefault(group, Group(made_up_id(f"group {group}"), group))
    return Role(role_id, name, users, groups)


def _workflows(world: World, seeded: SeedProject, number: int, types: dict[str, IssueType]) -> WorkflowScheme:
    owner = project_id(number) if seeded.team_managed else None
    name = seeded.workflow or f"{seeded.key}: Jira Service Management default workflow"
    default = _workflow(world, name, seeded.statuses, seeded.transitions, owner)
    by_type = {
        types[type_name].id: _workflow(world, flow.name, flow.statuses, flow.transitions, owner)
        for flow in seeded.workflows
        for type_name in flow.issue_types
    }
    scheme = WorkflowScheme(str(10100 + number), f"{seeded.key}: workflow scheme", default, by_type)
    world.workflow_schemes[scheme.id] = scheme
    return scheme


def _workflow(
    world: World, name: str, statuses: Statuses, steps: tuple[SeedTransition, ...], owner: str | None
) -> Workflow:
    found = next((w for w in world.workflows.values() if w.name == name), None)
    if found is not None:
        return found
    by_name = {status.name: status for status in world.statuses.values()}
    for status_name, category in statuses:
        if status_name not in by_name:
            status = Status(str(10000 + len(world.statuses)), status_name, category, project_id=owner)
            by_name[status_name] = world.statuses[status.id] = status
    placed = [Placed(by_name[n], {"x": 140.0 * i, "y": 0.0}) for i, (n, _) in enumerate(statuses)]
    transitions = [Transition("1", "Create", Way.INITIAL, placed[0].status)]
    transitions += [_transition(world, step, str(11 + 10 * i), by_name) for i, step in enumerate(steps)]
    made = Workflow(
        made_up_id(f"workflow {name}"), name, placed, transitions, made_up_id(f"version 1 of {name}"),
        project_id=owner, created=world.clock.now(), start_place={"x": -100.0, "y": 0.0},
    )  # fmt: skip
    world.workflows[made.id] = made
    return made


def _transition(world: World, step: SeedTransition, id_: str, statuses: dict[str, Status]) -> Transition:
    """A step whose roles are a condition, whose screen is one of the site, and that a property shows on the portal."""
    rules = list(step.conditions)
    if step.roles:
        names = {*step.roles, CUSTOMER_ROLE} if step.portal else set(step.roles)
        roles = [role_id for role_id, name in world.roles.items() if name in names]
        rules.append(Rule(RESTRICT, {"roleIds": ",".join(roles)}, made_up_id(f"rule of {step.name}")))
    properties = dict(step.properties)
    if step.portal:
        properties[world.switches.portal_property] = "true"
    target = statuses[step.target]
    return Transition(
        id=id_,
        name=step.name,
        way=Way.DIRECTED if step.sources else Way.GLOBAL,
        target=target,
        links=tuple(Link(statuses[name].id) for name in step.sources if statuses[name] is not target),
        conditions=Conditions("ALL", tuple(rules)),
        validators=step.validators,
        actions=step.actions,
        screen=_step_screen(world, step),
        properties=properties,
    )


def _step_screen(world: World, step: SeedTransition) -> Rule | None:
    if not step.screen:
        return None
    found = _screen(world, f"{step.name} Screen", [world.field_named(name).id for name in step.screen])
    return Rule(TRANSITION_SCREEN, {"screenId": str(found.id)}, made_up_id(f"screen of {step.name}"))


def _screen(world: World, name: str, fields: list[str]) -> Screen:
    found = Screen(int(world.new_setup_id()), name, [Tab(int(world.new_setup_id()), "Field Tab", fields)])
    world.screens[found.id] = found
    return found


def _screens(world: World, seeded: SeedProject) -> TypeScreens:
    """One screen for all operations and issue types, as a new project has it."""
    system = [id_ for id_, described in SYSTEM_FIELDS.items() if described[3]]
    screen = _screen(
        world,
        f"{seeded.key}: Jira Service Management Screen",
        [*system, *(world.field_named(name).id for name in seeded.fields)],
    )
    scheme = ScreenScheme(int(world.new_setup_id()), f"{seeded.key}: screen scheme", screen)
    world.screen_schemes[scheme.id] = scheme
    found = TypeScreens(world.new_setup_id(), f"{seeded.key}: issue type screen scheme", scheme)
    world.type_screens[found.id] = found
    return found
