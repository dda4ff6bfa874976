"""Every way in which somebody could try to start work: what is done with a ticket first, and how to press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, CategoryId, FieldName, StatusRole
from adapter.settings import SiteSettings
from tests.doctor.site import Ward
from tests.sandbox import JiraError, Sandbox
from tests.sandbox.client import Rest
from tests.sandbox.issues import move
from tests.sandbox.workflow import workflow_of
from tests.sandbox.workflow_records import Transition

AGENT, CUSTOMER = "agent.anna", "kunde.aarhus"
PEOPLE = (AGENT, "agent.bo", CUSTOMER, "kombit.karen", "automation", "admin", "fremmed")
"""Agents alone and by their group, customers, automation, an administrator without the adapter's role, a stranger."""


@dataclass(frozen=True)
class Place:
    """A site whose workflow is locked, and its mapping."""

    site: Sandbox
    catalogue: Catalogue
    settings: SiteSettings
    mappings: Path

    @property
    def ward(self) -> Ward:
        """The doctor of it."""
        return Ward(self.site, self.catalogue, self.settings)

    @property
    def work(self) -> frozenset[str]:
        """The names of the statuses in which work goes on."""
        return frozenset(name for role in WORKING for name in self.catalogue.jira.statuses[role])

    @property
    def beyond_the_gate(self) -> frozenset[str]:
        """Those, and the one from which they are reached."""
        return self.work | {self.status(StatusRole.APPROVED)}

    def status(self, role: StatusRole) -> str:
        """A status by what it means."""
        return self.catalogue.jira.statuses[role][0]

    def category(self, row: str) -> str:
        """What a row of the catalogue is called on a ticket."""
        return self.catalogue.services.categories[CategoryId(row)].name

    def order(self, row: str = "K10", handle: str = CUSTOMER) -> str:
        """A customer's order of something in the catalogue, or of what is outside."""
        names = self.catalogue.jira.request_types
        return self.site.as_user(handle).create("Noget", request_type=next(n for n in names if names[n] == row))

    def gate(self, key: str, state: str, handle: str = AGENT) -> None:
        """Somebody writes in the gate's field."""
        field = self.catalogue.jira.fields[FieldName.APPROVAL]
        self.site.as_user(handle).set(key, field.name, field.options[state])

    def categorise(self, key: str, label: str, handle: str = AGENT) -> None:
        """Somebody chooses the category."""
        self.site.as_user(handle).set(key, self.catalogue.jira.fields[FieldName.CATEGORY].name, label)

    def visited(self, key: str) -> frozenset[str]:
        """Every status that a ticket ever was in, however short."""
        return frozenset(self.site.seconds_in(key))

    def steps_into(self, key: str) -> tuple[Transition, ...]:
        """All steps of the ticket's workflow that a start needs, offered or not, in their order."""
        wanted = [
            n
            for role in (StatusRole.APPROVED, StatusRole.WORK, StatusRole.PRODUCTION)
            for n in self.catalogue.jira.statuses[role]
        ]
        steps = workflow_of(self.site.issue(key)).steps
        return tuple(sorted((s for s in steps if s.target.name in wanted), key=lambda s: wanted.index(s.target.name)))


# What is done with the ticket first --------------------------------------------------------------------------------


def _walk(*roles: StatusRole) -> Callable[[Place, str], None]:
    def act(place: Place, key: str) -> None:
        for role in roles:
            place.site.as_user(AGENT).move(key, place.status(role))

    return act


def _after_kombits_transition(place: Place, key: str) -> None:
    _walk(StatusRole.WAITING_CUSTOMER)(place, key)
    place.site.as_user(AGENT).add_participants(key, "kombit.karen")
    place.site.as_user("kombit.karen").move(key, place.status(StatusRole.KOMBIT_ACCEPTED))


def _in_another_type(place: Place, key: str) -> None:
    move_type(place, AGENT, key, _other_type(place, key))


def _moved_to_another_type_and_back(place: Place, key: str) -> None:
    _in_another_type(place, key)
    _in_another_type(place, key)


ROUTES: Mapping[str, Callable[[Place, str], None]] = {
    "at once": lambda _, __: None,
    "the gate's field edited to Godkendt": lambda place, key: place.gate(key, "godkendt"),
    "the gate's field edited to Ikke påkrævet": lambda place, key: place.gate(key, "ikke_påkrævet"),
    "the gate's field edited by automation": lambda place, key: place.gate(key, "godkendt", "automation"),
    "while the customer is waited for": _walk(StatusRole.WAITING_CUSTOMER),
    "while the third party is waited for": _walk(StatusRole.WAITING_THIRD_PARTY),
    "after KOMBIT's transition": _after_kombits_transition,
    "in disagreement": _walk(StatusRole.DISAGREEMENT),
    "closed": _walk(StatusRole.DONE),
    "closed and reopened": _walk(StatusRole.DONE, StatusRole.NEW),
    "cancelled": _walk(StatusRole.CANCELLED),
    "cancelled and reopened": _walk(StatusRole.CANCELLED, StatusRole.NEW),
    "in another issue type": _in_another_type,
    "moved to another issue type and back": _moved_to_another_type_and_back,
    "the category edited by automation": lambda place, key: place.categorise(
        key, place.catalogue.services.outside_name, "automation"
    ),
}


# How somebody presses on -------------------------------------------------------------------------------------------

Press = Callable[[Place, str, str, Transition], None]
"""Somebody, by handle, wants a step for a ticket; whatever Jira says to it."""


def _say(place: Place, handle: str, method: str, path: str, body: object) -> None:
    with Rest(place.site, handle) as rest:
        assert rest.request(method, path, json=body).status_code < 500


def _by_rest(place: Place, handle: str, key: str, step: Transition) -> None:
    _say(place, handle, "POST", f"issue/{key}/transitions", {"transition": {"id": step.id}})


def _by_rest_with_fields(place: Place, handle: str, key: str, step: Transition) -> None:
    gate = place.catalogue.jira.fields[FieldName.APPROVAL]
    given = {place.site.world.field_named(gate.name).id: {"value": gate.options["godkendt"]}}
    _say(place, handle, "POST", f"issue/{key}/transitions", {"transition": {"id": step.id}, "fields": given})


def _as_an_edit(place: Place, handle: str, key: str, step: Transition) -> None:
    _say(place, handle, "PUT", f"issue/{key}", {"fields": {"status": {"id": step.target.id}}})


def _on_the_portal(place: Place, handle: str, key: str, step: Transition) -> None:
    _say(place, handle, "POST", f"/rest/servicedeskapi/request/{key}/transition", {"id": step.id})


def _in_bulk(place: Place, handle: str, key: str, step: Transition) -> None:
    given = {"selectedIssueIdsOrKeys": [key], "transitionId": step.id}
    body = {"bulkTransitionInputs": [given], "sendBulkNotification": False}
    _say(place, handle, "POST", "/rest/api/3/bulk/issues/transition", body)


def _by_moving(place: Place, handle: str, key: str, step: Transition) -> None:
    """To another type and back, wishing for the step's status on the way."""
    begun = place.site.issue(key).issue_type.name
    for name in (_other_type(place, key), begun):
        with suppress(JiraError):
            move_type(place, handle, key, name, step.target.name)


PRESSES: Mapping[str, Press] = {
    "REST": _by_rest,
    "REST with fields": _by_rest_with_fields,
    "an edit": _as_an_edit,
    "the portal": _on_the_portal,
    "bulk": _in_bulk,
    "moves": _by_moving,
}


def press(place: Place, handle: str, key: str, *channels: str) -> None:
    """Somebody tries every step that a start needs, offered or not, by the channels named or by each."""
    for step in place.steps_into(key):
        for channel in channels or PRESSES:
            PRESSES[channel](place, handle, key, step)


def move_type(place: Place, handle: str, key: str, issue_type: str, wish: str = "") -> None:
    """Jira's “Move” within the project: the mover wishes for a status wherever Jira lets them choose."""
    world, issue = place.site.world, place.site.issue(key)
    target = next(t for t in issue.project.issue_types if t.name == issue_type)
    there = {placed.status.name: placed.status for placed in issue.project.workflows.of(target.id).statuses}
    chosen = {issue.status.id: there[wish]} if wish in there else {}
    move(world, place.site.user(handle), issue, issue.project, target, chosen)


def _other_type(place: Place, key: str) -> str:
    """Another of the adapter's own issue types."""
    issue, ours = place.site.issue(key), place.catalogue.jira.issue_types
    return next(t.name for t in issue.project.issue_types if t is not issue.issue_type and (not ours or t.name in ours))
