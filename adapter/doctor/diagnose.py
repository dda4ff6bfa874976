"""Everything that is amiss on a site, at once and always in the same order."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.notes import open_assumptions
from adapter.doctor.doors import door_findings
from adapter.doctor.fields import field_findings
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.front import front_findings
from adapter.doctor.on_tickets import ticket_doors, ticket_ways
from adapter.doctor.permissions import permission_findings
from adapter.doctor.project import project_findings
from adapter.doctor.seen import Front, Seen
from adapter.doctor.unread import HIDE_DOORS, unread_findings
from adapter.doctor.ways import way_findings
from adapter.doctor.webhook import webhook_findings

WORST_FIRST = tuple(Level)


def diagnosis(catalogue: Catalogue, seen: Seen) -> tuple[Finding, ...]:
    """All findings, the worst first, and among equals from the door inwards: site, project, fields, locks, webhook."""
    found = [
        *front_findings(catalogue, seen.front),
        *project_findings(catalogue, seen),
        *seen.resolved,
        *permission_findings(catalogue, seen),
        *field_findings(catalogue, seen),
        *door_findings(catalogue, seen),
        *ticket_doors(catalogue, seen),
        *way_findings(catalogue, seen),
        *ticket_ways(catalogue, seen),
        *webhook_findings(catalogue, seen),
        *unread_findings(catalogue, seen),
        *_assumptions(catalogue),
    ]
    return tuple(sorted(dict.fromkeys(_causes(found)), key=lambda finding: WORST_FIRST.index(finding.level)))


def doors_of(catalogue: Catalogue, seen: Seen) -> tuple[Finding, ...]:
    """The side doors alone, with notes of what could hide more of them: what is looked for every night."""
    hiding = (finding for finding in unread_findings(catalogue, seen, HIDE_DOORS) if finding.code is Code.UNREAD)
    return (*door_findings(catalogue, seen), *ticket_doors(catalogue, seen), *hiding)


def bars_all(catalogue: Catalogue, front: Front) -> bool:
    """Whether the site cannot be looked at for what the settings say: address, deployment or login."""
    is_open = front.server is not None and front.account is not None
    found = front_findings(catalogue, front)
    return not is_open or any(f.code is Code.DEPLOYMENT for f in found)


def is_amiss(findings: tuple[Finding, ...]) -> bool:
    """Whether anything is wrong, and not only worth knowing."""
    return any(finding.level is not Level.NOTE for finding in findings)


def _causes(found: list[Finding]) -> Iterator[Finding]:
    """The findings without those that only follow from another one, or say less of the same."""
    apart = {finding.place for finding in found if finding.code in {Code.CONTEXT, Code.SCREEN}}
    is_no_desk = any(finding.code is Code.NO_DESK for finding in found)
    under_way = {_quoted(finding) for finding in found if finding.code is Code.UNMAPPED_STATUS}
    for finding in found:
        is_told = (
            (finding.code is Code.OPTION and finding.place in apart)
            or (finding.code is Code.UNNAMED_STATUS and _quoted(finding) in under_way)
            or (finding.code is Code.REQUEST_TYPE and is_no_desk)
        )
        if not is_told:
            yield finding


def _quoted(finding: Finding) -> str:
    """The first name that stands in quotation marks."""
    return finding.what.partition('"')[2].partition('"')[0]


def _assumptions(catalogue: Catalogue) -> Iterator[Finding]:
    """What the catalogue leaves open, opening hours among it."""
    for assumption in open_assumptions(catalogue):
        yield Finding(
            Level.NOTE,
            Code.ASSUMPTION,
            f"{assumption.path} = {_short(assumption.value)} ({assumption.reason})",
            'få ejeren til at bekræfte det, og skriv bekræftet: "navn, dato" ved det',
            f"{assumption.file}:{assumption.line}:{assumption.column}",
        )


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:59].rstrip(', ')}…"
