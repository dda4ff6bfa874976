"""What a person does in Jira's own pages, in their order and with the site's own names: all that no API does.

On Data Center that is options, screens, statuses, request types and the workflow. Of statuses and request types the
site tells which it has; of the rest it does not, and `check` sees it.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, FieldName, FieldType, StatusRole
from adapter.provision.document import PORTAL
from adapter.provision.found import Found
from adapter.provision.gate_field import OPENING
from adapter.provision.obstacles import types_of
from adapter.provision.steps import ByHand
from adapter.provision.wanted import Wanted
from adapter.provision.ways import ADAPTER_MOVES, PEOPLES_WAYS


def by_hand(wanted: Wanted, found: Found) -> tuple[ByHand, ...]:
    """The steps for a person; none on Cloud, where all that the mapping needs has an API."""
    if found.is_cloud:
        return ()
    return (
        *_options(wanted),
        *_screens(wanted, found),
        *_statuses(wanted, found),
        *_request_types(wanted, found),
        *_workflow(wanted, found),
    )


def _options(wanted: Wanted) -> Iterator[ByHand]:
    for field in wanted.fields:
        if field.type is FieldType.SELECT and field.labels:
            labels = ", ".join(field.labels)
            text = f'Administration → Issues → Custom fields → "{field.name}" → Configure: valgene {labels}'
            yield ByHand(text, field.place)


def _screens(wanted: Wanted, found: Found) -> Iterator[ByHand]:
    names = ", ".join(field.name for field in wanted.fields)
    text = f"Project settings → Screens i {found.project.key}: sæt felterne {names} på alle skærmbilleder"
    yield ByHand(text, wanted.at("felter"))


def _statuses(wanted: Wanted, found: Found) -> Iterator[ByHand]:
    for status in wanted.statuses:
        if found.statuses is None or found.status(status.name) is None:
            text = f'Administration → Issues → Statuses: opret "{status.name}" ({status.category})'
            yield ByHand(text, status.place, is_unseen=found.statuses is None)


def _request_types(wanted: Wanted, found: Found) -> Iterator[ByHand]:
    for name, place in wanted.request_types:
        if not found.has_request_type(name):
            text = f'Project settings → Request types i {found.project.key}: opret "{name}", og læg den i en gruppe'
            yield ByHand(text, place, is_unseen=found.request_types is None)


def _workflow(wanted: Wanted, found: Found) -> Iterator[ByHand]:
    catalogue, role = wanted.catalogue, wanted.role
    types = ", ".join(t.name for t in types_of(wanted, found))
    project, place = found.project.key, wanted.at("statusser")
    steps = catalogue.jira.steps
    approved, working = _names(catalogue, StatusRole.APPROVED), _names(catalogue, *sorted(WORKING))
    yield ByHand(f"Project settings → Workflows i {project}: rediger workflowet for {types}", place)
    yield ByHand(f"overgangen Create fører til {_names(catalogue, StatusRole.NEW)}", place)
    for way in PEOPLES_WAYS:
        target = _names(catalogue, way.target)
        if target:
            starts = _names(catalogue, *sorted(way.sources))
            shown = f"; egenskaben {PORTAL} = true, så den ses på kundeportalen" if way.on_portal else ""
            name = getattr(steps, way.step)
            yield ByHand(f'overgangen "{name}" (eller en anden) fører fra {starts} til {target}{shown}', place)
    field = catalogue.jira.fields[FieldName.APPROVAL]
    values = " eller ".join(f'"{field.options[state]}"' for state in OPENING)
    yield ByHand(
        f'hver overgang fra {approved} til {working} har betingelsen Value Field: "{field.name}" = {values}', place
    )
    yield ByHand(
        f"ingen anden overgang, heller ingen global, fører til {working} fra andre statusser end {approved} og "
        f'{working}; de, der gør, får betingelsen User Is In Project Role "{role}"',
        place,
    )
    yield ByHand(f'hver overgang til {approved} har betingelsen User Is In Project Role "{role}"', place)
    yield ByHand(
        "ingen af de overgange, der er forbeholdt rollen, har en udløser (Triggers) eller hører til JSM's "
        "godkendelsestrin (Approvals): Jira tager dem måske uden at spørge betingelserne; og ingen status, som "
        "adapteren flytter sager ud af, har sådan et trin",
        place,
    )
    for target_role, sources in ADAPTER_MOVES.items():
        target, starts = _names(catalogue, target_role), _names(catalogue, *sorted(sources))
        if target and starts:
            first = catalogue.jira.statuses[target_role][0]
            name = steps.approve if target_role is StatusRole.APPROVED else f"{steps.put_back}: {first}"
            text = f'overgangen "{name}" fører fra {starts} til {target}, uden andre betingelser end rollen "{role}"'
            yield ByHand(text, place)
    yield ByHand("udgiv workflowet, og kør dubu-adapter check", place)


def _names(catalogue: Catalogue, *roles: StatusRole) -> str:
    names = [name for role in roles for name in catalogue.jira.statuses.get(role, ())]
    return " / ".join(f'"{name}"' for name in names)
