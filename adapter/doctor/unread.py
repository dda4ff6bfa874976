"""What was not looked at, with why and what to do about it: silence would be taken for health."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.ways import ADAPTER_MOVES

BY_HAND = {
    "roller": "hvem der er i projektets roller (Project settings → People)",
    "felter": "felternes kontekster (Settings → Work items → Custom fields)",
    "skærmbilleder": "om alle felter er på projektets skærmbilleder (Project settings → Screens)",
    "workflows": "at ingen overgang fører til arbejde uden om godkendelsen (Project settings → Workflows)",
    "webhooks": "webhookens URL, hændelser og filter (System → WebHooks)",
    "rettigheder": "hvem der må flytte sager og slette bilag (Project settings → Permissions)",
}
"""Parts as the reader names them, and what a person looks for where; names of statuses show without the others."""


HIDE_DOORS = frozenset({"roller", "workflows", "rettigheder", "felter"})
"""The parts in which side doors show."""


def unread_findings(catalogue: Catalogue, seen: Seen, parts: Collection[str] = BY_HAND) -> Iterator[Finding]:
    """One note for each part that was to be looked at and was not."""
    admin, found = seen.administrator, seen.found
    variable = admin.token_variable
    if admin.is_set and admin.refused:
        yield Finding(
            Level.WARNING,
            Code.ADMIN_LOGIN,
            f"Jira lukker ikke administratoren ind (svarer {admin.refused}), så der er set efter med adapterens konto",
            f"ret {variable} og brugeren til det",
        )
    for part, why in sorted((found.unread if found else {}).items()):
        if part not in parts:
            continue
        by_hand = f"se selv efter: {BY_HAND.get(part, part)}"
        mend = by_hand if admin.looked or not variable else f"sæt {variable}, eller {by_hand}"
        yield _note(part, why, mend)
    if seen.deliveries is None and "webhooks" in parts:
        yield _note(
            "leveringer fra webhooken",
            "databasen ikke kan læses",
            "sæt DATABASE_URL eller DUBU_DATA_DIR, som adapteren kører med",
        )
    if seen.held is None and found is not None and "webhooks" in parts:
        yield _note("adapterens rettigheder", "Jira fortæller dem ikke", "se efter i Project settings → Permissions")
    if found is not None and found.workflows is None:
        yield from _of_workflows(catalogue, seen)


def _of_workflows(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What tickets alone cannot show."""
    admin = seen.administrator
    if not seen.is_cloud:
        yield _note(
            "workflowets betingelser",
            "Data Center ikke udleverer dem",
            "gå trinene fra dubu-adapter provision efter i Jira; check ser kun, hvad der tilbydes på sager",
        )
    if not seen.is_cloud and not admin.looked:
        mend = f"sæt {admin.token_variable}, eller se selv efter: {BY_HAND['workflows']}"
        yield _note("overgange uden om godkendelsen", "kun en anden end adapteren tilbydes dem", mend)
    if admin.looked and admin.holds_role:
        what = f'{admin.name} er i projektrollen "{catalogue.jira.roles.adapter}"'
        yield _note("overgange uden om godkendelsen", what, "brug en administrator, der ikke er i rollen")
    if admin.looked and not admin.is_agent:
        what = f'{admin.name} ikke er i projektrollen "{catalogue.jira.roles.agent}"'
        mend = "brug en administrator, der også er i den, eller se selv efter, hvad servicedesken tilbydes"
        yield _note("overgange, der kun tilbydes servicedesken", what, mend)
    if empty := _without_ticket(catalogue, seen):
        names = ", ".join(f'"{name}"' for name in empty)
        yield _note(f"overgangene fra {names}", "ingen sag står dér", "kør check igen, når der gør")


def _without_ticket(catalogue: Catalogue, seen: Seen) -> tuple[str, ...]:
    """The statuses that the adapter moves tickets from, or that work starts from, and in which none is."""
    roles = sorted(frozenset().union(*ADAPTER_MOVES.values()) - WORKING) + sorted(WORKING)
    looked_at = {one.status for one in seen.offered or ()}
    there = {name: status for status, name in seen.statuses.items()}
    named = [name for role in roles for name in catalogue.jira.statuses.get(role, ()) if name in there]
    return tuple(name for name in named if there[name] not in looked_at)


def _note(part: str, why: str, next_step: str) -> Finding:
    return Finding(Level.NOTE, Code.UNREAD, f"ikke efterset: {part}, fordi {why}", next_step)
