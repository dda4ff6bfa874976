"""From a Plan's actions to Jira: fields in one PUT, a transition by its target, one internal comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.errors import Gone, OutOfReach, Refused
from adapter.gateway.fields import json_of
from adapter.gateway.names import Names
from adapter.gateway.people import account_of
from adapter.gateway.read import ISSUE, is_public
from adapter.gateway.session import Rejected, Wire
from adapter.gateway.shapes import Json, part, text
from adapter.rules.plan import MoveTo, SetFields, WriteStatusComment
from adapter.ticket.snapshot import Ticket

INTERNAL: Json = {"key": "sd.public.comment", "value": {"internal": True}}
"""What keeps a comment from the customer; said at every write, as Jira's default is public."""

NEXT_STEPS = {
    400: "; check the project's screens, field contexts and validators for this issue type",
    403: "; give the adapter's account the permission in the project",
}


@dataclass(frozen=True)
class Writer:
    """Writes to tickets of one site."""

    wire: Wire
    names: Names
    catalogue: Catalogue
    cloud: bool

    def set_fields(self, ticket: Ticket, action: SetFields) -> None:
        """Sets all fields in one PUT; Refused before anything is written if one of them cannot be."""
        body = {
            self.names.fields[s.field].id: json_of(self.names.fields[s.field], s.value, ticket.issue_type)
            for s in action.settings
        }
        try:
            self.wire.put(ISSUE, {"fields": body}, issue=ticket.id)
        except Rejected as refusal:
            raise self._explained(refusal, ticket, "its fields could not be set") from None

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
            raise self._explained(refusal, ticket, "the transition was not made") from None

    def write_comment(self, ticket: Ticket, action: WriteStatusComment) -> None:
        """Writes the status comment over the existing one, or anew where there is none (any more); always internal."""
        try:
            if action.existing is not None and self._rewritten(ticket, action.existing, action.body):
                return
            self._posted(ticket, action.body)
        except Rejected as refusal:
            raise self._explained(refusal, ticket, "the status comment was not written") from None

    def _rewritten(self, ticket: Ticket, comment: str, body: str) -> bool:
        try:
            answer = self.wire.put(
                f"{ISSUE}/comment/{{comment}}",
                {"body": body, "properties": [INTERNAL]},
                issue=ticket.id,
                comment=comment,
            )
        except Rejected as refusal:
            if refusal.status == 404:
                return False  # somebody deleted it; if it is the ticket that is gone, the POST will say so
            raise
        self._take_back_if_public(ticket, answer)
        return True

    def _posted(self, ticket: Ticket, body: str) -> None:
        answer = self.wire.post(
            f"{ISSUE}/comment",
            {"body": body, "properties": [INTERNAL]},
            lambda: self._has_comment(ticket, body),
            issue=ticket.id,
        )
        self._take_back_if_public(ticket, answer)

    def _has_comment(self, ticket: Ticket, body: str) -> bool:
        comments = self.wire.pages(f"{ISSUE}/comment", ("comments",), {"expand": "properties"}, issue=ticket.id)
        for comment in comments:
            ours = account_of(comment.get("author"), self.cloud) == self.names.account
            if ours and _letters(text(comment.get("body"))) == _letters(body):
                self._take_back_if_public(ticket, comment)
                return True
        return False

    def _take_back_if_public(self, ticket: Ticket, comment: object) -> None:
        """Deletes our comment if Jira shows it to customers in spite of the mark."""
        if isinstance(comment, Mapping) and is_public(comment) is True:
            self.wire.delete(f"{ISSUE}/comment/{{comment}}", issue=ticket.id, comment=text(comment.get("id")))
            raise Refused(
                f"{ticket.key}: Jira made the adapter's internal comment public; it was deleted again. Is the project "
                "a service project, and the adapter's account one of its agents?",
                409,
            )

    def _explained(self, refusal: Rejected, ticket: Ticket, what: str) -> Refused | Gone:
        """The refusal with the mapping's names of fields instead of Jira's text, which can hold the ticket's."""
        if refusal.status == 404:
            return Gone(f"{ticket.key} is not there any more, or the account may not see it")
        fields = f"; fields: {self.names.named(refusal.field_ids)}" if refusal.field_ids else ""
        step = NEXT_STEPS.get(refusal.status, "")
        return Rejected(f"{ticket.key}: {what}: {refusal}{fields}{step}", refusal.status, refusal.field_ids)


def _letters(body: str) -> str:
    """What Jira Cloud keeps of a text: it gives marks, spaces and line breaks back as it writes them itself."""
    return "".join(filter(str.isalnum, body))
