"""What undermines the native lock of a site: every way in which work could start that is not through Godkendt (R10)."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, StatusRole
from adapter.provision.automatic import takes
from adapter.provision.conditions import is_reserved
from adapter.provision.document import Transition, leads, sources
from adapter.provision.door import DoorKind, SideDoor
from adapter.provision.found import Found, Grant, IssueType, Role, Workflow
from adapter.provision.gate_field import is_locked, other_fields, shut_out
from adapter.provision.meaning import begins, references
from adapter.provision.passable import is_passable
from adapter.provision.ways import ADAPTER_MOVES

RISKY = ("MOVE_ISSUES", "DELETE_ALL_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS")
"""Permissions by which evidence or a status is taken past the gate."""
EVERYBODYS = frozenset({"anyone", "applicationRole", "reporter", "assignee", "sd.customer.portal.only"})
"""Holders of permissions that people become without an administrator's doing."""


def side_doors(catalogue: Catalogue, found: Found) -> tuple[SideDoor, ...]:
    """Every hole that can be seen in what was read; a part that could not be read shows none."""
    role = found.role(catalogue.jira.roles.adapter)
    doors = list(_of_role(catalogue, found, role)) if found.roles is not None else []
    for workflow in found.workflows or ():
        if is_ours(workflow, catalogue):
            doors += _of_workflow(catalogue, found, workflow, role.id if role else "")
            doors += _of_moves(catalogue, workflow, found.workflows or ())
        doors += _of_foreign_types(catalogue, workflow)
    doors += foreign_requests(catalogue, found)
    for grant in found.grants or ():
        is_own = grant.holder == "projectRole" and role is not None and grant.parameter == role.id
        if (grant.permission in RISKY and not is_own) or _opens_the_role(grant, catalogue, found):
            who = f"{grant.holder} {grant.parameter}".strip()
            doors.append(SideDoor(DoorKind.RISKY_RIGHT, target=grant.permission, who=who))
    return tuple(dict.fromkeys(doors))


def foreign_requests(catalogue: Catalogue, found: Found) -> Iterator[SideDoor]:
    """The request types of the mapping whose tickets are none of the adapter's."""
    types = {issue_type.id: issue_type for issue_type in found.project.issue_types}
    for known in found.request_types or ():
        issue_type = types.get(known.type_id)
        if known.name in catalogue.jira.request_types and issue_type and not is_looked_at(issue_type, catalogue):
            yield SideDoor(DoorKind.FOREIGN_REQUEST, who=known.name, target=issue_type.name)


def _opens_the_role(grant: Grant, catalogue: Catalogue, found: Found) -> bool:
    """Whether the service desk, or everybody, may put themselves into the adapter's role."""
    agents = found.role(catalogue.jira.roles.agent)
    is_the_desks = agents is not None and (grant.holder, grant.parameter) == ("projectRole", agents.id)
    return grant.permission == "ADMINISTER_PROJECTS" and (is_the_desks or grant.holder in EVERYBODYS)


def is_ours(workflow: Workflow, catalogue: Catalogue) -> bool:
    """Whether a workflow is one of the issue types that the adapter looks at."""
    return any(is_looked_at(issue_type, catalogue) for issue_type in workflow.issue_types)


def is_looked_at(issue_type: IssueType, catalogue: Catalogue) -> bool:
    """Whether tickets of a type are the adapter's."""
    return issue_type.is_among(catalogue.jira.issue_types)


def early(transition: Transition, workflow: Workflow, catalogue: Catalogue) -> tuple[str, ...] | None:
    """The statuses from which a transition starts work too early; None where it does not, () where at creation."""
    working = references(workflow, catalogue, *sorted(WORKING))
    if transition.get("toStatusReference") not in working:
        return None
    if transition.get("type") == "INITIAL":
        return ()
    known = sources(transition)
    inside = [status.get("statusReference", "") for status in workflow.document.get("statuses") or []]
    legitimate = {*working, *references(workflow, catalogue, StatusRole.APPROVED)}
    return tuple(ref for ref in inside if (known is None or ref in known) and ref not in legitimate) or None


def _of_role(catalogue: Catalogue, found: Found, role: Role | None) -> Iterator[SideDoor]:
    name = catalogue.jira.roles.adapter
    if role is None:
        yield SideDoor(DoorKind.NO_ROLE, who=name)
        return
    for actor in role.others(found.account):
        yield SideDoor(DoorKind.ROLE_HOLDS_OTHERS, who=f"{actor.kind.value} {actor.name}")
    if not role.is_held_by(found.account):
        yield SideDoor(DoorKind.ROLE_WITHOUT_ADAPTER, who=name)


def _of_workflow(catalogue: Catalogue, found: Found, workflow: Workflow, role_id: str) -> Iterator[SideDoor]:
    approved = references(workflow, catalogue, StatusRole.APPROVED)

    for transition in workflow.document.get("transitions") or []:
        at_creation = transition.get("type") == "INITIAL"
        is_closed = not at_creation and is_reserved(transition, role_id)
        starts = early(transition, workflow, catalogue)
        if starts is not None and not is_closed:
            yield _door(DoorKind.EARLY_START, workflow, transition, starts)
        if transition.get("toStatusReference") in approved and not is_closed:
            yield _door(DoorKind.OPEN_APPROVAL, workflow, transition)
        is_start = begins(transition, workflow, catalogue) and not is_closed
        if is_start and not is_locked(catalogue, found, transition.get("conditions")):
            yield _door(DoorKind.NO_SECOND_LOCK, workflow, transition)
    yield from automatic(workflow, catalogue)
    yield from unstartable(catalogue, found, workflow)
    yield from asking_others(catalogue, found, workflow)
    yield from unmapped(workflow, catalogue)
    for source, target in lacking_ways(catalogue, found, workflow):
        names = (workflow.status_name(source),)
        yield SideDoor(DoorKind.NO_WAY_BACK, workflow.name, sources=names, target=workflow.status_name(target))


def automatic(workflow: Workflow, catalogue: Catalogue) -> Iterator[SideDoor]:
    """The steps into Godkendt, or into work past it, that Jira takes by itself: being reserved may not hold them."""
    approved = references(workflow, catalogue, StatusRole.APPROVED)
    for transition in workflow.document.get("transitions") or []:
        is_past = transition.get("toStatusReference") in approved or early(transition, workflow, catalogue)
        if is_past and (who := takes(transition, workflow)):
            yield _door(DoorKind.AUTOMATIC_STEP, workflow, transition, who=who)


def _door(
    kind: DoorKind, workflow: Workflow, transition: Transition, starts: tuple[str, ...] = (), who: str = ""
) -> SideDoor:
    return SideDoor(
        kind,
        workflow.name,
        transition.get("name", ""),
        transition.get("id", ""),
        tuple(workflow.status_name(ref) for ref in starts),
        workflow.status_name(transition.get("toStatusReference", "")),
        who,
    )


def unstartable(catalogue: Catalogue, found: Found, workflow: Workflow) -> Iterator[SideDoor]:
    """What may start and cannot, because a start asks for another value of the gate's field: a lock too many."""
    role = found.role(catalogue.jira.roles.adapter)
    for label in shut_out(catalogue, found, workflow, role.id if role else ""):
        yield SideDoor(DoorKind.NO_START, workflow.name, target=label)


def asking_others(catalogue: Catalogue, found: Found, workflow: Workflow) -> Iterator[SideDoor]:
    """The starts that ask another field, too: nobody can take them any more if the gate's has been exchanged."""
    for transition in workflow.document.get("transitions") or []:
        if begins(transition, workflow, catalogue):
            for field_id in other_fields(catalogue, found, transition.get("conditions")):
                yield _door(DoorKind.OTHER_FIELD, workflow, transition, who=field_id)


def unmapped(workflow: Workflow, catalogue: Catalogue) -> Iterator[SideDoor]:
    """The statuses in which work may go on, by what Jira says of them, and that the mapping gives no meaning."""
    named = {name for names in catalogue.jira.statuses.values() for name in names}
    for placed in workflow.document.get("statuses") or []:
        status = workflow.statuses.get(placed.get("statusReference", ""))
        if status is not None and status.category != "DONE" and status.name not in named:
            yield SideDoor(DoorKind.UNMAPPED_STATUS, workflow.name, target=status.name)


def lacking_ways(catalogue: Catalogue, found: Found, workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Pairs of statuses between which the rules may move a ticket, and no transition is surely open to the adapter."""
    held = frozenset(role.id for role in found.roles or () if role.is_held_by(found.account))
    steps = workflow.document.get("transitions") or []
    usable = [t for t in steps if is_passable(t, held)]
    for role, starts in ADAPTER_MOVES.items():
        targets = references(workflow, catalogue, role)
        for source in references(workflow, catalogue, *sorted(starts)):
            if targets and not any(leads(t, source, target) for t in usable for target in targets):
                yield source, targets[0]


def _of_moves(catalogue: Catalogue, workflow: Workflow, others: tuple[Workflow, ...]) -> Iterator[SideDoor]:
    """Moving a ticket to another issue type asks for a new status where the old one is not there, and for no rights."""
    working = references(workflow, catalogue, StatusRole.WORK)
    there = {status.id for status in workflow.statuses.values()}  # a reference is its own workflow's alone
    for other in others:
        missing = tuple(s.name for s in other.statuses.values() if s.id not in there)
        if working and missing:
            target = workflow.status_name(working[0])
            yield SideDoor(DoorKind.MOVE_REMAPS, workflow.name, sources=missing, target=target, who=other.name)


def _of_foreign_types(catalogue: Catalogue, workflow: Workflow) -> Iterator[SideDoor]:
    working = references(workflow, catalogue, *sorted(WORKING))
    for issue_type in workflow.issue_types:
        if not is_looked_at(issue_type, catalogue):
            for ref in working:
                yield SideDoor(
                    DoorKind.FOREIGN_TYPE, workflow.name, who=issue_type.name, target=workflow.status_name(ref)
                )
