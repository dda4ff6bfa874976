"""People who are brought onto a ticket (R14): as participants of the request, or as watchers of the issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.errors import Refused
from adapter.gateway.circle import organisation_named
from adapter.gateway.names import Names
from adapter.gateway.read import ISSUE
from adapter.gateway.refusals import explained
from adapter.gateway.session import DESK, Rejected, Wire
from adapter.gateway.shapes import objects, part, text
from adapter.rules.plan import AddPeople
from adapter.ticket.snapshot import Ticket

UNKNOWN = frozenset({400, 404})
"""What Jira answers where it does not know an account; 404 also where it does not know the ticket."""


@dataclass(frozen=True)
class Newcomers:
    """Adds people to tickets of one site; who is there already stays there, so that every call may be repeated."""

    wire: Wire
    names: Names
    catalogue: Catalogue
    cloud: bool

    def add(self, ticket: Ticket, action: AddPeople) -> None:
        """Adds all accounts that Jira knows, then Refused naming those that it does not and where they stand."""
        accounts = tuple(dict.fromkeys(action.accounts))
        try:
            if action.organisation is not None:
                self._share(ticket, action.organisation)
            if action.added_as == "overvågere":
                unknown = self._one_by_one(ticket, accounts, self._watch)
            else:
                unknown = self._take_part_all(ticket, accounts)
        except Rejected as refusal:  # a 404 that is left is the ticket's own
            raise explained(refusal, ticket, self.names, f"nobody was added as {action.added_as}") from None
        if unknown:
            raise Refused(
                f"{ticket.key}: Jira cannot add {', '.join(unknown)} as {action.added_as}: correct the accounts of "
                f"`projektejere` at {self.catalogue.positions.of('parter.yaml', 'projektejere')}",
                400,
            )

    def _share(self, ticket: Ticket, name: str) -> None:
        """Shares the request with all of an organisation, as its people must see what they are to answer (R18)."""
        organisation, field = organisation_named(self.wire, name), self.names.organisations_field
        if organisation is None or not organisation.isdigit() or field is None:
            raise Refused(
                f'{ticket.key}: the service desk has not one organisation "{name}" to share the ticket with: make it, '
                f"or correct the name at {self.catalogue.positions.of('parter.yaml', 'kombit')}",
                409,
            )
        now = part(self.wire.get(ISSUE, {"fields": field}, issue=ticket.id), "fields", field)
        shared = [text(o.get("id")) for o in objects(now)]
        if organisation not in shared:
            body = {"fields": {field: [int(i) for i in (*shared, organisation) if i.isdigit()]}}
            self.wire.put(ISSUE, body, issue=ticket.id)

    def _take_part_all(self, ticket: Ticket, accounts: tuple[str, ...]) -> tuple[str, ...]:
        """Adds all in one call; one by one where that fails, as one unknown account keeps out the others."""
        if not accounts:
            return ()
        try:
            self._take_part(ticket, *accounts)
        except Rejected as refusal:
            if refusal.status == 404:
                self._must_be_there(ticket)
                raise Refused(
                    f"{ticket.key} is no request of the service desk, and so it has no participants: give it a request "
                    "type, or write `tilføjes_som: overvågere` at "
                    f"{self.catalogue.positions.of('parter.yaml', 'projektejere', 'tilføjes_som')}",
                    409,
                ) from None
            if refusal.status != 400:
                raise
            return accounts if len(accounts) == 1 else self._one_by_one(ticket, accounts, self._take_part)
        return ()

    def _one_by_one(
        self, ticket: Ticket, accounts: tuple[str, ...], add: Callable[[Ticket, str], None]
    ) -> tuple[str, ...]:
        unknown: list[str] = []
        for account in accounts:
            try:
                add(ticket, account)
            except Rejected as refusal:
                if refusal.status not in UNKNOWN:
                    raise
                unknown.append(account)
        if unknown:
            self._must_be_there(ticket)
        return tuple(unknown)

    def _take_part(self, ticket: Ticket, *accounts: str) -> None:
        body = {"accountIds" if self.cloud else "usernames": list(accounts)}
        self.wire.post(f"{DESK}/request/{{issue}}/participant", body, _repeat, issue=ticket.id)

    def _watch(self, ticket: Ticket, account: str) -> None:
        self.wire.post(f"{ISSUE}/watchers", account, _repeat, issue=ticket.id)

    def _must_be_there(self, ticket: Ticket) -> None:
        self.wire.get(ISSUE, {"fields": "status"}, issue=ticket.id)


def _repeat() -> bool:
    return False  # done twice is done once
