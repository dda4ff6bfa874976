"""Files of the adapter's own on a ticket: each name once."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.words import AttachmentId
from adapter.errors import OutOfReach, Refused
from adapter.gateway.names import Names
from adapter.gateway.people import account_of
from adapter.gateway.read import ISSUE
from adapter.gateway.refusals import explained
from adapter.gateway.session import Rejected, Wire
from adapter.gateway.shapes import objects, part, text
from adapter.ticket.snapshot import Ticket


@dataclass(frozen=True)
class Uploads:
    """Attaches files to tickets of one site."""

    wire: Wire
    names: Names
    cloud: bool

    def attach(self, ticket: Ticket, filename: str, data: bytes) -> AttachmentId | None:
        """Attaches a file and tells its id; None where the ticket as read holds one of that name by the adapter."""
        if any(a.author.is_adapter and a.filename == filename for a in ticket.attachments):
            return None
        if not filename.isprintable() or not filename.strip() or set(filename) & set('/\\"'):
            raise Refused(f"{ticket.key}: the file's name holds characters that Jira does not keep; not attached", 400)
        try:
            path = f"{ISSUE}/attachments"
            answer = self.wire.post_file(
                path, filename, data, lambda: bool(self._found(ticket, filename)), issue=ticket.id
            )
            made = next((text(f.get("id")) for f in objects(answer)), "") or self._found(ticket, filename)
        except Rejected as refusal:
            raise explained(refusal, ticket, self.names, "the file was not attached") from None
        if not made:
            raise OutOfReach(
                f"{ticket.key}: Jira does not tell the file that was attached; the ticket is looked at again"
            )
        return AttachmentId(made)

    def _found(self, ticket: Ticket, filename: str) -> str:
        """The id of the adapter's file of a name, as Jira has it now; empty where there is none."""
        files = part(self.wire.get(ISSUE, {"fields": "attachment"}, issue=ticket.id), "fields", "attachment")
        ours = (f for f in objects(files) if account_of(f.get("author"), self.cloud) == self.names.account)
        return next((text(f.get("id")) for f in ours if text(f.get("filename")) == filename), "")
