"""The side doors of a site as findings, where its workflows, roles and permissions were read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.door import DoorKind, SideDoor
from adapter.provision.found import Found
from adapter.provision.side_doors import side_doors

OF_WORKFLOWS = frozenset(
    {
        Code.EARLY_START,
        Code.OPEN_APPROVAL,
        Code.AUTOMATIC_STEP,
        Code.NO_SECOND_LOCK,
        Code.NO_START,
        Code.OTHER_FIELD,
        Code.NO_WAY_BACK,
        Code.FOREIGN_TYPE,
        Code.MOVE_REMAPS,
        Code.UNMAPPED_STATUS,
    }
)
OF_ROLES = frozenset({Code.NO_ROLE, Code.ROLE_HOLDS_OTHERS, Code.ROLE_WITHOUT_ADAPTER})
DOORS = OF_WORKFLOWS | OF_ROLES | {Code.RISKY_RIGHT, Code.FOREIGN_REQUEST}
LEVELS = dict.fromkeys(
    (DoorKind.NO_SECOND_LOCK, DoorKind.FOREIGN_TYPE, DoorKind.MOVE_REMAPS, DoorKind.UNMAPPED_STATUS), Level.WARNING
) | {DoorKind.OTHER_FIELD: Level.NOTE}
"""How bad a door is; any that is not here is an error."""


def door_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Every side door that can be seen; what could not be read shows none."""
    if seen.found is None:
        return
    hidden = unjudged(catalogue, seen) | _harmless(seen.found)
    for door in side_doors(catalogue, seen.found):
        if door.kind is not DoorKind.RISKY_RIGHT and door.kind.value not in hidden:
            yield finding_of(catalogue, seen, door)
    yield from _risky_rights(catalogue, seen.found)


def _harmless(found: Found) -> frozenset[Code]:
    """What nobody can make use of: a ticket that nobody may move gets no new status by it."""
    nobody_moves = found.grants is not None and not any(g.permission == "MOVE_ISSUES" for g in found.grants)
    return frozenset({Code.MOVE_REMAPS}) if nobody_moves else frozenset()


def is_unjudged(catalogue: Catalogue, seen: Seen, code: str, place: str) -> bool:
    """Whether a side door of a kind, seen before on a ticket at a place or in a workflow, may be there unseen now."""
    return code in unjudged(catalogue, seen) and place not in _looked_at(seen).get(code, frozenset())


def _looked_at(seen: Seen) -> dict[str, frozenset[str]]:
    """The places at which tickets showed what they offer, by what would have been seen there."""
    of_adapter = frozenset(seen.place(one) for one in seen.offered or ())
    to_admin = () if seen.administrator.holds_role else seen.offered_to_admin or ()
    of_admin = frozenset(seen.place(one) for one in to_admin)
    return {Code.NO_WAY_BACK: of_adapter, Code.EARLY_START: of_admin, Code.OPEN_APPROVAL: of_admin}


def unjudged(catalogue: Catalogue, seen: Seen) -> frozenset[Code]:
    """The kinds of side doors that there may be although none was seen."""
    found = seen.found
    if found is None:
        return DOORS
    codes = OF_ROLES | OF_WORKFLOWS if found.roles is None else frozenset()
    if found.workflows is None:
        codes |= OF_WORKFLOWS
    if not found.named(catalogue.jira.fields[FieldName.APPROVAL].name):
        codes |= {Code.NO_SECOND_LOCK, Code.NO_START, Code.OTHER_FIELD}
    codes |= {Code.FOREIGN_REQUEST} if found.request_types is None else frozenset()
    return codes | ({Code.RISKY_RIGHT} if found.grants is None else frozenset())


def finding_of(catalogue: Catalogue, seen: Seen, door: SideDoor, seen_on: str = "", at: str = "") -> Finding:
    """A side door as a finding, with the ticket that it showed on and the place of that where it did."""
    return Finding(
        LEVELS.get(door.kind, Level.ERROR),
        Code(door.kind.value),
        door.what,
        _next_step(catalogue, door, is_cloud=seen.is_cloud),
        catalogue.positions.of("jira.yaml", *_AT.get(door.kind, ("statusser",))),
        at,
        seen_on,
    )


_AT: dict[DoorKind, tuple[str, ...]] = {
    DoorKind.NO_ROLE: ("roller", "adapter"),
    DoorKind.ROLE_HOLDS_OTHERS: ("roller", "adapter"),
    DoorKind.ROLE_WITHOUT_ADAPTER: ("roller", "adapter"),
    DoorKind.FOREIGN_TYPE: ("sagstyper",),
    DoorKind.FOREIGN_REQUEST: ("anmodningstyper",),
}
_BY_HAND: dict[DoorKind, str] = {
    DoorKind.EARLY_START: "fjern overgangen, eller forbehold den {role}",
    DoorKind.OPEN_APPROVAL: "fjern overgangen, eller forbehold den {role}",
    DoorKind.AUTOMATIC_STEP: "fjern udløseren eller godkendelsestrinnet, eller lad overgangen føre et andet sted hen",
    DoorKind.NO_SECOND_LOCK: "giv overgangen en betingelse på godkendelsesfeltet",
    DoorKind.NO_START: "tag betingelsen på et andet valg af godkendelsesfeltet af overgangen til arbejde",
    DoorKind.OTHER_FIELD: "er det et fra før, så tag betingelsen af overgangen; er den jeres egen, er intet at gøre",
    DoorKind.NO_WAY_BACK: "tilføj en overgang, der er forbeholdt {role} og ikke kræver mere",
    DoorKind.FOREIGN_TYPE: "føj sagstypen til sagstyper i jira.yaml, eller tag den ud af projektet",
    DoorKind.FOREIGN_REQUEST: "føj sagstypen til sagstyper i jira.yaml, eller giv anmodningstypen en af dem",
    DoorKind.MOVE_REMAPS: "tag Move Issues fra dem, der kan undvære rettigheden, eller giv workflowene ens statusser",
    DoorKind.UNMAPPED_STATUS: "skriv den under arbejde, hvis der arbejdes i den, ellers under andre",
    DoorKind.NO_ROLE: "opret {role} med adapterens konto alene",
    DoorKind.ROLE_HOLDS_OTHERS: "tag dem ud af {role}",
    DoorKind.ROLE_WITHOUT_ADAPTER: "sæt adapterens konto i {role}",
    DoorKind.RISKY_RIGHT: "tag den fra dem i projektets permission scheme, eller accepter, at de kan",
}
_PROVISIONED = frozenset(
    {
        DoorKind.EARLY_START,
        DoorKind.OPEN_APPROVAL,
        DoorKind.NO_SECOND_LOCK,
        DoorKind.NO_WAY_BACK,
    }
)  # by `provision`, on Cloud
_PROVISIONED_ANYWHERE = frozenset({DoorKind.NO_ROLE, DoorKind.ROLE_HOLDS_OTHERS, DoorKind.ROLE_WITHOUT_ADAPTER})


def _next_step(catalogue: Catalogue, door: SideDoor, *, is_cloud: bool) -> str:
    if door.kind is DoorKind.EARLY_START and not door.sources:
        return "lad nye sager begynde i en anden status: ret workflowets oprettelse"
    by_hand = _BY_HAND[door.kind].format(role=f'projektrollen "{catalogue.jira.roles.adapter}"')
    is_done = door.kind in _PROVISIONED_ANYWHERE or (is_cloud and door.kind in _PROVISIONED)
    return f"kør dubu-adapter provision, eller {by_hand}" if is_done else by_hand


def _risky_rights(catalogue: Catalogue, found: Found) -> Iterator[Finding]:
    """One finding a right, with all who have it."""
    doors = side_doors(catalogue, Found(found.is_cloud, found.project, found.account, found.roles, grants=found.grants))
    holders: dict[str, list[str]] = defaultdict(list)
    names = {f"projectRole {role.id}": f'rollen "{role.name}"' for role in found.roles or ()}
    for door in doors:
        if door.kind is DoorKind.RISKY_RIGHT:
            holders[door.target].append(names.get(door.who, door.who))
    for right, who in sorted(holders.items()):
        step = _next_step(catalogue, SideDoor(DoorKind.RISKY_RIGHT), is_cloud=found.is_cloud)
        yield Finding(
            Level.WARNING, Code.RISKY_RIGHT, f"rettigheden {right} er givet til {', '.join(sorted(who))}", step
        )
