"""The adapter's own comments: always internal, written once, and taken back where Jira shows them to customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapter.errors import Refused
from adapter.gateway.names import Names
from adapter.gateway.people import account_of
from adapter.gateway.read import ISSUE, is_public
from adapter.gateway.refusals import explained
from adapter.gateway.session import Rejected, Wire
from adapter.gateway.shapes import Json, part, text
from adapter.rules.plan import WriteNotice, WriteStatusComment
from adapter.ticket.marks import begins_with
from adapter.ticket.snapshot import Ticket

INTERNAL: Json = {"key": "sd.public.comment", "value": {"internal": True}}
"""What keeps a comment from the customer; said at every write, as Jira's default is public."""


@dataclass(frozen=True)
class Commenter:
    """Writes the adapter's comments on tickets of one site."""

    wire: Wire
    names: Names
    cloud: bool

    def write_status(self, ticket: Ticket, action: WriteStatusComment) -> None:
        """Writes the status comment over the existing one, or anew where there is none (any more)."""
        try:
            if action.existing is not None and self._rewritten(ticket, action.existing, action.body):
                return
            wanted = _letters(action.body)
            self._posted(ticket, action.body, lambda body: _letters(body) == wanted)
        except Rejected as refusal:
            raise explained(refusal, ticket, self.names, "the status comment was not written") from None

    def write_notice(self, ticket: Ticket, action: WriteNotice) -> None:
        """Writes a comment of its own, unless the ticket holds one by the adapter that begins with the mark."""
        if any(c.author.is_adapter and begins_with(c.body, action.mark) for c in ticket.comments):
            return
        try:
            self._posted(ticket, action.body, lambda body: begins_with(body, action.mark))
        except Rejected as refusal:
            raise explained(refusal, ticket, self.names, "the notice was not written") from None

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

    def _posted(self, ticket: Ticket, body: str, is_it: Callable[[str], bool]) -> None:
        answer = self.wire.post(
            f"{ISSUE}/comment",
            {"body": body, "properties": [INTERNAL]},
            lambda: self._is_there(ticket, is_it),
            issue=ticket.id,
        )
        self._take_back_if_public(ticket, answer)

    def _is_there(self, ticket: Ticket, is_it: Callable[[str], bool]) -> bool:
        comments = self.wire.pages(f"{ISSUE}/comment", ("comments",), {"expand": "properties"}, issue=ticket.id)
        for comment in comments:
            if account_of(comment.get("author"), self.cloud) == self.names.account and is_it(text(comment.get("body"))):
                self._take_back_if_public(ticket, comment)
                return True
        return False

    def _take_back_if_public(self, ticket: Ticket, comment: object) -> None:
        """Deletes our comment if Jira shows it to customers in spite of the mark."""
        if isinstance(comment, Mapping) and is_public(comment) is True:
            self.wire.delete(f"{ISSUE}/comment/{{comment}}", issue=ticket.id, comment=text(part(comment, "id")))
            raise Refused(
                f"{ticket.key}: Jira made the adapter's internal comment public; it was deleted again. Is the project "
                "a service project, and the adapter's account one of its agents?",
                409,
            )


def _letters(body: str) -> str:
    """What Jira Cloud keeps of a text: it gives marks, spaces and line breaks back as it writes them itself."""
    return "".join(filter(str.isalnum, body))
