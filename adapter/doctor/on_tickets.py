"""What tickets tell of workflows that Jira does not hand out: how they begin, and which steps they offer to whom.

On Data Center, and on Cloud without an administrator's login. Each issue type has tickets of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, StatusRole
from adapter.doctor.doors import finding_of
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.door import DoorKind, SideDoor
from adapter.provision.ways import ADAPTER_MOVES, PEOPLES_WAYS


def ticket_doors(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Every side door that shows on tickets, each once; none where the workflows themselves were read."""
    if seen.found is None or seen.found.workflows is not None:
        return
    doors = (
        *_ways_back(catalogue, seen),
        *_starts(catalogue, seen),
        *_begun(catalogue, seen),
        *_foreign(catalogue, seen),
    )
    yield from {finding.identity: finding for finding in reversed(doors)}.values()


def ticket_ways(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """The steps that people cannot do without and the administrator is not offered."""
    if seen.found is None or seen.found.workflows is not None:
        return
    by_role = _by_role(catalogue, seen)
    for way in (way for way in PEOPLES_WAYS if way.is_needed):
        sources = {status for role in way.sources for status in by_role[role]}
        targets = by_role[way.target]
        for one in seen.offered_to_admin or ():
            if one.status in sources and targets and not any(step.target in targets for step in one.steps):
                step = getattr(catalogue.jira.steps, way.step)
                yield Finding(
                    Level.WARNING,
                    Code.WAY,
                    f'fra "{seen.statuses[one.status]}" tilbydes folk ingen overgang til "{seen.statuses[targets[0]]}"',
                    f'tilføj overgangen "{step}", eller se, om sagens godkendelsesfelt med rette lukker for den',
                    catalogue.positions.of("jira.yaml", "overgange"),
                    seen.place(one),
                    f"set på {one.ticket}",
                )


def _ways_back(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What the adapter should be offered on tickets, and is not."""
    by_role = _by_role(catalogue, seen)
    for role, starts in ADAPTER_MOVES.items():
        targets, sources = by_role[role], {status for start in starts for status in by_role[start]}
        for one in seen.offered or ():
            if one.status not in sources or not targets or any(step.target in targets for step in one.steps):
                continue
            names = (seen.statuses[one.status],)
            door = SideDoor(DoorKind.NO_WAY_BACK, sources=names, target=seen.statuses[targets[0]])
            yield finding_of(catalogue, seen, door, f"set på {one.ticket}", seen.place(one))


def _starts(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What the administrator is offered on tickets, and should be the adapter's alone."""
    if seen.administrator.holds_role:
        return
    working, approved = _gate(catalogue, seen)
    for one in seen.offered_to_admin or ():
        for step in one.steps:
            is_start = step.target in working and one.status not in working | approved
            if not is_start and step.target not in approved:
                continue
            door = SideDoor(
                DoorKind.EARLY_START if is_start else DoorKind.OPEN_APPROVAL,
                transition=step.name,
                transition_id=step.id,
                sources=(seen.statuses.get(one.status, one.status),),
                target=seen.statuses.get(step.target, step.target),
            )
            yield finding_of(
                catalogue, seen, door, f"{seen.administrator.name} tilbydes den på {one.ticket}", seen.place(one)
            )


def _begun(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Tickets that were made where nobody may begin."""
    working, approved = _gate(catalogue, seen)
    for one in seen.begun:
        if one.status in working | approved:
            kind = DoorKind.EARLY_START if one.status in working else DoorKind.OPEN_APPROVAL
            door = SideDoor(kind, transition="Create", target=seen.statuses[one.status])
            yield finding_of(catalogue, seen, door, f"set på {one.ticket}", seen.place(one))


def _foreign(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Issue types of the project that the adapter leaves alone, and in which work can start."""
    working = {name for role in WORKING for name in catalogue.jira.statuses.get(role, ())}
    for issue_type, statuses in seen.foreign.items():
        for name in statuses:
            if name in working:
                yield finding_of(catalogue, seen, SideDoor(DoorKind.FOREIGN_TYPE, who=issue_type, target=name))


def _gate(catalogue: Catalogue, seen: Seen) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the statuses of work, and of Godkendt."""
    by_role = _by_role(catalogue, seen)
    return frozenset(s for role in WORKING for s in by_role[role]), frozenset(by_role[StatusRole.APPROVED])


def _by_role(catalogue: Catalogue, seen: Seen) -> dict[StatusRole, tuple[str, ...]]:
    ids = {name: status for status, name in seen.statuses.items()}
    return {
        role: tuple(ids[name] for name in catalogue.jira.statuses.get(role, ()) if name in ids) for role in StatusRole
    }
