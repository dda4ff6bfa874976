"""From a Plan's actions to Jira: fields in one PUT, a transition by its target."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.errors import OutOfReach, Refused
from adapter.gateway.fields import json_of
from adapter.gateway.names import Names
from adapter.gateway.read import ISSUE
from adapter.gateway.refusals import explained
from adapter.gateway.session import Rejected, Wire
from adapter.gateway.shapes import part, text
from adapter.rules.plan import MoveTo, SetFields
from adapter.ticket.snapshot import Ticket


@dataclass(frozen=True)
class Writer:
    """Writes to tickets of one site."""

    wire: Wire
    names: Names
    catalogue: Catalogue

    def set_fields(self, ticket: Ticket, action: SetFields) -> None:
        """Sets all fields in one PUT; Refused before anything is written if one of them cannot be."""
        body = {
            self.names.fields[s.field].id: json_of(self.names.fields[s.field], s.value, ticket.issue_type)
            for s in action.settings
        }
        try:
            self.wire.put(ISSUE, {"fields": body}, issue=ticket.id)
        except Rejected as refusal:
            raise explained(refusal, ticket, self.names, "its fields could not be set") from None

    def move(self, ticket: Ticket, action: MoveTo) -> None:
        """Makes the transition whose target is a status of the role; Refused naming what the workflow lacks."""
        targets = self.names.by_role.get(action.role, ())
        found = next((m for target in targets for m in ticket.moves if m.to_status_id == target), None)
        if found is None:
            wanted = " / ".join(self.catalogue.jira.statuses.get(action.role, ())) or action.role.value
            raise Refused(
                f'{ticket.key}: the workflow has no transition from "{ticket.status.name}" to "{wanted}" that the '
                "adapter's account may make: add one, or give the account the role that its condition asks for",
                409,
            )

        def arrived() -> bool:
            now = self.wire.get(ISSUE, {"fields": "status"}, issue=ticket.id)
            status = text(part(now, "fields", "status", "id"))
            if status not in {found.to_status_id, ticket.status.id}:
                raise OutOfReach(f"{ticket.key} was moved by somebody else meanwhile; it is looked at again")
            return status == found.to_status_id

        try:
            body = {"transition": {"id": found.transition_id}}
            self.wire.post(f"{ISSUE}/transitions", body, arrived, issue=ticket.id)
        except Rejected as refusal:
            raise explained(refusal, ticket, self.names, "the transition was not made") from None
