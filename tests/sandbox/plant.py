"""Makes a world from a seed: gives everything its ids."""

from __future__ import annotations

import hashlib
import re

from tests.sandbox.records import (
    AccountKind,
    CustomField,
    Group,
    IssueType,
    Option,
    Organisation,
    Project,
    RequestType,
    Role,
    Status,
    Transition,
    User,
)
from tests.sandbox.seed import Seed, SeedProject, SeedTransition, SeedUser
from tests.sandbox.world import World


def plant(seed: Seed) -> World:
    """A world with nothing on it yet but what the seed says."""
    world = World(seed.deployment)
    for number, person in enumerate(seed.users):
        user = _user(person, number, world.cloud)
        world.users[user.handle] = user
        for name in person.groups:
            world.groups.setdefault(name, Group(made_up_id(f"group {name}"), name))
    for number, name in enumerate(seed.organisations, 1):
        members = {world.users[u.handle].account_id for u in seed.users if u.organisation == name}
        world.organisations[str(number)] = Organisation(str(number), name, members)
    option_id = 10200
    for number, seeded in enumerate(seed.fields, 10040):
        options = []
        for value in seeded.options:
            options.append(Option(str(option_id), value))
            option_id += 1
        field = CustomField(number, seeded.name, seeded.kind, options)
        world.fields[field.id] = field
    for number, project in enumerate(seed.projects):
        world.projects[project.key] = _project(world, project, number)
    return world


def made_up_id(name: str) -> str:
    """An id as Atlassian writes them, always the same for a name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _user(person: SeedUser, number: int, cloud: bool) -> User:
    made_up = f"712020:{made_up_id(person.handle)}" if cloud else f"JIRAUSER{10100 + number}"
    if cloud and person.kind is AccountKind.CUSTOMER:
        made_up = f"qm:{made_up_id('site')}:{made_up_id(person.handle)}"
    return User(
        handle=person.handle,
        account_id=person.account_id or made_up,
        display_name=person.name,
        email=person.email,
        token=person.token,
        kind=person.kind,
        email_visible=person.email_visible,
        time_zone=person.time_zone,
        groups=frozenset(person.groups),
        site_admin=person.site_admin,
    )


def _project(world: World, seeded: SeedProject, number: int) -> Project:
    by_name = {status.name: status for status in world.statuses.values()}
    for name, category in seeded.statuses:
        if name not in by_name:
            by_name[name] = Status(str(10000 + len(world.statuses)), name, category)
            world.statuses[by_name[name].id] = by_name[name]
    issue_types = [IssueType(str(10010 + 10 * number + i), name) for i, name in enumerate(seeded.issue_types)]
    request_types = [
        RequestType(str(100 * number + i), name, issue_types[0], re.sub(r"\W+", "-", name.lower()))
        for i, name in enumerate(seeded.request_types, 1)
    ]
    roles = {name: _role(world, name, actors, i) for i, (name, actors) in enumerate(seeded.roles.items())}
    return Project(
        id=str(10000 + number),
        key=seeded.key,
        name=seeded.name,
        desk_id=str(number + 1) if seeded.desk else None,
        agent_role=seeded.agent_role,
        roles=roles,
        issue_types=issue_types,
        request_types=request_types,
        statuses=[by_name[name] for name, _ in seeded.statuses],
        transitions=[_transition(world, t, str(11 + 10 * i), by_name) for i, t in enumerate(seeded.transitions)],
        fields=[world.field_named(name) for name in seeded.fields],
        form=[world.field_named(name) for name in seeded.form if name in seeded.fields],
    )


def _role(world: World, name: str, actors: tuple[str, ...], number: int) -> Role:
    groups = {a.removeprefix("group:") for a in actors if a.startswith("group:")}
    users = {world.users[a].account_id for a in actors if not a.startswith("group:")}
    for group in groups:
        world.groups.setdefault(group, Group(made_up_id(f"group {group}"), group))
    return Role(str(10002 + number), name, users, groups)


def _transition(world: World, step: SeedTransition, id_: str, statuses: dict[str, Status]) -> Transition:
    return Transition(
        id=id_,
        name=step.name,
        sources=frozenset(statuses[name].id for name in step.sources),
        target=statuses[step.target],
        roles=frozenset(step.roles),
        portal=step.portal,
        screen=tuple(world.field_named(name).id for name in step.screen),
    )
