"""Makes a world from a seed: gives everything its ids."""

from __future__ import annotations

from dataclasses import replace

from tests.sandbox import issues
from tests.sandbox.fields import OWN_TYPES, SEARCHERS
from tests.sandbox.people_records import AccountKind, Group, Organisation, User
from tests.sandbox.permissions import CUSTOMER_ROLE
from tests.sandbox.plant_project import made_up_id, plant_project, project_id
from tests.sandbox.records import Context, CustomField, Option
from tests.sandbox.seed import Seed, SeedTicket, SeedUser
from tests.sandbox.workflow import put_in
from tests.sandbox.world import World

__all__ = ["made_up_id", "plant"]


def plant(seed: Seed) -> World:
    """A world with nothing on it yet but what the seed says."""
    world = World(seed.deployment, replace(seed.switches))
    for number, person in enumerate(seed.users):
        user = _user(person, number, world.cloud)
        world.users[user.handle] = user
        for name in person.groups:
            world.groups.setdefault(name, Group(made_up_id(f"group {name}"), name))
    for number, name in enumerate(seed.organisations, 1):
        members = {world.users[u.handle].account_id for u in seed.users if u.organisation == name}
        world.organisations[str(number)] = Organisation(str(number), name, members)
    _fields(world, seed)
    names = dict.fromkeys(name for project in seed.projects for name in project.roles)
    world.roles = {str(10002 + i): name for i, name in enumerate((*names, CUSTOMER_ROLE))}
    for number, project in enumerate(seed.projects):
        world.projects[project.key] = plant_project(world, project, number)
    for ticket in seed.tickets:
        _ticket(world, ticket)
    return world


def _ticket(world: World, ticket: SeedTicket) -> None:
    by, project = world.users[ticket.by], world.projects[ticket.project]
    given = {"project": {"key": project.key}, "issuetype": {"name": ticket.issue_type}}
    issue = issues.create(world, by, given | {"summary": f"{ticket.issue_type} {ticket.status}"})
    flow = project.workflows.of(issue.issue_type.id)
    put_in(world, by, issue, next(p.status for p in flow.statuses if p.status.name == ticket.status))


def _fields(world: World, seed: Seed) -> None:
    """The custom fields, each with one context for the projects that list it."""
    option_id = 10200
    for number, seeded in enumerate(seed.fields, 10040):
        options = [Option(str(option_id + i), value) for i, value in enumerate(seeded.options)]
        option_id += len(options)
        where = {project_id(i) for i, project in enumerate(seed.projects) if seeded.name in project.fields}
        name = f"Default Configuration Scheme for {seeded.name}"
        context = Context(str(number + 100), name, set() if seeded.everywhere else where, set(), options)
        searcher = SEARCHERS.get(seeded.kind, "")
        field = CustomField(
            number, seeded.name, seeded.kind, [context], searcher=searcher and f"{OWN_TYPES}:{searcher}"
        )
        world.fields[field.id] = field


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
