"""What the newest tickets show: which fields may be edited, and which transitions are offered; no text of theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from adapter.doctor.seen import Begun, Offered, Step
from adapter.errors import Refused
from adapter.gateway.session import API, Unauthorised, Wire
from adapter.gateway.shapes import Json, moment, objects, part, text
from adapter.provision.found import IssueType


@dataclass(frozen=True)
class Tickets:
    """Asks about the newest tickets of a project, as one account sees them."""

    wire: Wire
    cloud: bool
    project: str

    def changed(self) -> tuple[str, datetime] | None:
        """The ticket that was changed last, and when."""
        newest = self._newest("", "updated")
        at = moment(part(newest, "fields", "updated"))
        return (text(part(newest, "key")), at) if at is not None else None

    def editable(self, types: Iterable[IssueType]) -> dict[str, frozenset[str]]:
        """The ids of the fields that can be edited, by name of issue type."""
        found: dict[str, frozenset[str]] = {}
        for issue_type in types:
            newest = self._newest(f"issuetype = {issue_type.id}", "created")
            if newest is None:
                continue
            try:
                fields = part(self.wire.get(f"{API}/issue/{{issue}}/editmeta", issue=text(newest.get("id"))), "fields")
            except (Refused, Unauthorised):
                continue
            if isinstance(fields, dict):
                found[issue_type.name] = frozenset(fields)
        return found

    def begun(self, types: Iterable[IssueType]) -> tuple[Begun, ...]:
        """The status in which the newest ticket of each issue type was made, by its history."""
        found = []
        for issue_type in types:
            newest = self._newest(f"issuetype = {issue_type.id}", "created")
            if newest is None:
                continue
            asked = {"fields": "status", "expand": "changelog"}
            try:
                answer = self.wire.get(f"{API}/issue/{{issue}}", asked, issue=text(newest.get("id")))
            except (Refused, Unauthorised):
                continue
            status = _first_status(answer) or text(part(answer, "fields", "status", "id"))
            found.append(Begun(status, text(newest.get("key")), issue_type.name))
        return tuple(found)

    def offered(self, statuses: Iterable[str], types: Collection[IssueType]) -> tuple[Offered, ...]:
        """The transitions that the account is offered on the newest ticket of each issue type in each status, by id."""
        found = []
        for status, issue_type in product(statuses, types):
            newest = self._newest(f"status = {status} AND issuetype = {issue_type.id}", "updated")
            if newest is None:
                continue
            try:
                answer = self.wire.get(f"{API}/issue/{{issue}}/transitions", issue=text(newest.get("id")))
            except (Refused, Unauthorised):
                continue
            steps = tuple(
                Step(text(t.get("id")), text(t.get("name")), text(part(t, "to", "id")))
                for t in objects(part(answer, "transitions"))
            )
            found.append(Offered(status, text(newest.get("key")), steps, issue_type.name))
        return tuple(found)

    def _newest(self, condition: str, order: str) -> Json | None:
        jql = f'project = "{self.project}"{" AND " if condition else ""}{condition} ORDER BY {order} DESC'
        search = "search/jql" if self.cloud else "search"
        try:
            answer = self.wire.get(f"{API}/{search}", {"jql": jql, "fields": "updated", "maxResults": 1})
        except (Refused, Unauthorised):
            return None
        return next(iter(objects(part(answer, "issues"))), None)


def _first_status(issue: object) -> str:
    """The id of the status before the first move in a history, in whichever order it comes; empty without a move."""
    moves = [
        (moment(entry.get("created")), text(item.get("from")))
        for entry in objects(part(issue, "changelog", "histories"))
        for item in objects(entry.get("items"))
        if item.get("field") == "status"
    ]
    known = [(at, status) for at, status in moves if at is not None]
    return min(known)[1] if known else ""
