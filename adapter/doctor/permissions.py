"""The permissions that the adapter's calls need, each with what for, and those that it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen


@dataclass(frozen=True)
class Needed:
    """A permission by key and by the name that admins see; what one that is not vital is for is tried at the start."""

    key: str
    name: str
    purpose: str
    is_vital: bool = True
    is_global: bool = False


NEEDED = (
    Needed("BROWSE_PROJECTS", "Browse Projects", "læse sager, bilag, kommentarer og registreret tid"),
    Needed("EDIT_ISSUES", "Edit Issues", "udfylde felter og dele sagen med KOMBIT (R1, R18)"),
    Needed("TRANSITION_ISSUES", "Transition Issues", "flytte sagen (R8, R10)"),
    Needed("ADD_COMMENTS", "Add Comments", "skrive statuskommentaren og varsler"),
    Needed("EDIT_OWN_COMMENTS", "Edit Own Comments", "holde statuskommentaren ajour"),
    Needed("CREATE_ATTACHMENTS", "Create Attachments", "vedhæfte sendte tilbud og KOMBITs accept (R8, R18)"),
    Needed(
        "SERVICEDESK_AGENT", "Service Project Agent", "skrive internt, tilføje deltagere og se anmodningstyper (R14)"
    ),
    Needed(
        "ADMINISTER_PROJECTS", "Administer Projects", "se, hvem der er i servicedeskens projektrolle (R9)",
        is_vital=False,
    ),
    Needed(
        "USER_PICKER", "Browse users and groups", "se, hvem der er i grupper, og om en konto findes",
        is_vital=False, is_global=True,
    ),
)  # fmt: skip
WATCHING = Needed("MANAGE_WATCHERS", "Manage Watcher List", "gøre projektejerne til overvågere (R14)")


def needed(catalogue: Catalogue) -> tuple[Needed, ...]:
    """What the adapter needs with this mapping."""
    watches = catalogue.parties.owners.added_as == "overvågere"
    return (*NEEDED, WATCHING) if watches else NEEDED


def permission_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Each permission that is needed and lacks, and those that Jira tells nothing of."""
    if seen.held is None:
        return
    for permission in needed(catalogue):
        if permission.key in seen.held:
            continue
        where = "under Global permissions" if permission.is_global else f"i projektet {catalogue.jira.project}"
        ours = f'projektrollen "{catalogue.jira.roles.adapter}"'
        whom = "en gruppe, som kontoen er i" if permission.is_global else ours
        if permission.key in seen.unknown:
            what = f'ikke efterset: rettigheden "{permission.name}", fordi Jira ikke kender {permission.key}'
            yield Finding(Level.NOTE, Code.UNREAD, what, f"se selv efter, at adapterens konto har den {where}")
            continue
        yield Finding(
            Level.ERROR if permission.is_vital else Level.WARNING,
            Code.PERMISSION,
            f'adapterens konto mangler rettigheden "{permission.name}" ({permission.key}) til at {permission.purpose}',
            f"giv den {where} til {whom}",
        )
