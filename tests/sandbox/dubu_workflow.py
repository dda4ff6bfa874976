"""DUBU's workflow, made from what each status of a mapping means; a role that the mapping lacks has no steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapter.catalogue.words import StatusRole
from tests.sandbox.seed import EVERYBODY, SeedTransition

ADAPTER_ROLE = "DUBU-adapter"
UNNAMED_STATUS = "Til intern afklaring"
CATEGORIES = {  # of statuses, in Jira's sense
    StatusRole.NEW: "new",
    StatusRole.WAITING_CUSTOMER: "indeterminate",
    StatusRole.WAITING_THIRD_PARTY: "indeterminate",
    StatusRole.APPROVED: "indeterminate",
    StatusRole.WORK: "indeterminate",
    StatusRole.PRODUCTION: "indeterminate",
    StatusRole.KOMBIT_ACCEPTED: "indeterminate",
    StatusRole.DISAGREEMENT: "indeterminate",
    StatusRole.DONE: "done",
    StatusRole.CANCELLED: "done",
    StatusRole.OTHER: "indeterminate",
}
ACCEPT, DISAGREE, CANCEL = "KOMBIT accepterer", "Meld uenighed", "Annuller"  # open to everybody on the portal
WAYS_BACK = {  # the adapter's own steps, by where they lead
    StatusRole.NEW: "Læg tilbage til ny",
    StatusRole.WAITING_CUSTOMER: "Læg tilbage til kunde",
    StatusRole.WAITING_THIRD_PARTY: "Læg tilbage til 3. part",
    StatusRole.APPROVED: "Læg tilbage til godkendt",
    StatusRole.WORK: "Læg tilbage til arbejde",
}

Statuses = Mapping[StatusRole, tuple[str, ...]]


def statuses(named: Statuses) -> tuple[tuple[str, str], ...]:
    """All statuses with their categories; new tickets get the first."""
    found = [(name, CATEGORIES[role]) for role, names in named.items() for name in names]
    found.sort(key=lambda s: s[1] != "new")
    if UNNAMED_STATUS not in dict(found):
        found.append((UNNAMED_STATUS, "indeterminate"))
    return tuple(found)


def workflow(
    named: Statuses, agents: tuple[str, ...], screen: tuple[str, ...], *, locked: bool
) -> tuple[SeedTransition, ...]:
    """Everybody's steps and the adapter's ways back; unless it is locked, an agent starts work straight from Ny.

    Locked, work starts from Godkendt alone, and only the adapter leads there (jira-facts.md).
    """
    steps = (*_peoples(named, agents, screen, locked=locked), *_cancelling(named, agents))
    return (*steps, *_ways_back(named, steps))


def _peoples(
    named: Statuses, agents: tuple[str, ...], screen: tuple[str, ...], *, locked: bool
) -> list[SeedTransition]:
    """The steps that people take."""
    new, work, approved = named[StatusRole.NEW], named[StatusRole.WORK], named[StatusRole.APPROVED]
    customer, third = named[StatusRole.WAITING_CUSTOMER], named[StatusRole.WAITING_THIRD_PARTY]
    production, disagreement = _of(named, StatusRole.PRODUCTION), _of(named, StatusRole.DISAGREEMENT)
    done, cancelled = named[StatusRole.DONE], _of(named, StatusRole.CANCELLED)
    other = tuple(dict.fromkeys((*_of(named, StatusRole.OTHER), UNNAMED_STATUS)))
    before = (*new, *customer, *third, *other)
    approvers, startable = ((ADAPTER_ROLE,), approved) if locked else (agents, (*before, *approved))
    idle = (*new, *approved, *other, *disagreement)
    steps = [
        SeedTransition("Afvent kunde", (*idle, *third), customer[0], agents, screen=screen),
        SeedTransition("Afvent 3. part", (*idle, *customer), third[0], agents, screen=screen),
        SeedTransition("Godkend", before, approved[0], approvers),
        *(SeedTransition("Start arbejde", startable, name, agents) for name in work),
        *(SeedTransition("Afklar internt", tuple(s for s in before if s != name), name, agents) for name in other),
        SeedTransition("Løs", (*work, *new, *production), done[0], agents),
        SeedTransition("Genåbn", (*done, *cancelled), new[0], agents, portal=True),
        *(SeedTransition("Luk", (done[0],), name, agents) for name in done[1:2]),
    ]
    if not locked:
        steps.append(SeedTransition("Genoptag arbejde", (*done, *cancelled), work[0], agents))
    for name in production:
        steps.append(SeedTransition("Sæt i produktion", work, name, agents))
        steps.append(SeedTransition("Tilbage fra produktion", (name,), work[0], agents))
    for name in _of(named, StatusRole.KOMBIT_ACCEPTED):
        waiting = (*customer, *third, *new)
        steps.append(SeedTransition(ACCEPT, waiting, name, EVERYBODY, portal=True))
    for name in disagreement:
        open_ = tuple(s for s in _open(named) if s != name)
        steps.append(SeedTransition(DISAGREE, open_, name, EVERYBODY, portal=True))
        steps.append(SeedTransition("Begynd forfra", (name,), new[0], agents))
    return steps


def _cancelling(named: Statuses, agents: tuple[str, ...]) -> list[SeedTransition]:
    """From every open status to the cancelled one, if there is one."""
    to = _of(named, StatusRole.CANCELLED)[:1]
    return [SeedTransition(CANCEL, _open(named), name, agents, portal=True) for name in to]


def _ways_back(named: Statuses, steps: Iterable[SeedTransition]) -> list[SeedTransition]:
    """The adapter's way from wherever a ticket was taken too far, where no step that it may take leads already."""
    steps = tuple(steps)
    far = (
        StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT, StatusRole.PRODUCTION, StatusRole.APPROVED,
        StatusRole.WORK, StatusRole.DONE, StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY,
    )  # fmt: skip
    found = []
    for role, name in WAYS_BACK.items():
        target = named[role][0]
        led = {source for step in steps if step.target == target for source in step.sources}
        sources = [s for r in far for s in _of(named, r) if s != target and s not in led]
        if role in {StatusRole.APPROVED, StatusRole.WORK}:  # from there forward is people's to go
            forward = {StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY}
            sources = [s for s in sources if not any(s in named[r] for r in forward)]
        if sources:
            found.append(SeedTransition(name, tuple(sources), target, (ADAPTER_ROLE,)))
    return found


def _open(named: Statuses) -> tuple[str, ...]:
    closed = {StatusRole.DONE, StatusRole.CANCELLED}
    return tuple(dict.fromkeys((*(s for r, of in named.items() if r not in closed for s in of), UNNAMED_STATUS)))


def _of(named: Statuses, role: StatusRole) -> tuple[str, ...]:
    return named.get(role, ())
