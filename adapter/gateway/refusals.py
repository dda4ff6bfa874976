"""What Jira refused, in the mapping's names and with a next step; never in Jira's text, which can hold a ticket's."""

from __future__ import annotations

from adapter.errors import Gone, Refused
from adapter.gateway.names import Names
from adapter.gateway.session import Rejected
from adapter.ticket.snapshot import Ticket

NEXT_STEPS = {
    400: "; check the project's screens, field contexts and validators for this issue type",
    403: "; give the adapter's account the permission in the project",
    413: "; raise Jira's limit on the size of attachments",
}


def explained(refusal: Rejected, ticket: Ticket, names: Names, what: str) -> Refused | Gone:
    """The refusal of a write, saying which ticket, what was not done and what to do; Gone where the ticket is."""
    if refusal.status == 404:
        return Gone(f"{ticket.key} is not there any more, or the account may not see it")
    fields = f"; fields: {names.named(refusal.field_ids)}" if refusal.field_ids else ""
    step = NEXT_STEPS.get(refusal.status, "")
    return Rejected(f"{ticket.key}: {what}: {refusal}{fields}{step}", refusal.status, refusal.field_ids)
