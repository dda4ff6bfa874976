"""Which tickets there are: typed questions to Jira's search, answered by pages of ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, FieldName, IssueId, Process
from adapter.gateway.names import Names
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, moment, objects, part, text

PAGE = 500  # tickets a page; Jira may give fewer


@dataclass(frozen=True)
class Search:
    """Searches among the project's tickets, of the mapping's issue types where it names some.

    A moment goes to Jira as milliseconds: a date in JQL would be read in the account's time zone.
    """

    wire: Wire
    names: Names
    catalogue: Catalogue

    def changed_since(self, since: datetime) -> Iterator[tuple[IssueId, datetime | None]]:
        """Tickets that changed at or after a moment, each with when it last did if Jira says."""
        for issue in self._pages(f"updated >= {int(since.timestamp() * 1000)}", "updated"):
            yield IssueId(text(issue.get("id"))), moment(part(issue, "fields", "updated"))

    def open_tickets(self) -> Iterator[IssueId]:
        """Tickets in any status that the mapping does not count as closed."""
        return self._ids(self._open)

    def open_orders(self) -> Iterator[IssueId]:
        """Tickets of SF1475 in any status that the mapping does not count as closed (R16)."""
        rows = self.catalogue.services.categories.values()
        categories = [c.name for c in rows if c.process is Process.SF1475]
        return self._ids(f"{self._is(FieldName.CATEGORY, categories)} AND {self._open}") if categories else iter(())

    @property
    def _open(self) -> str:
        done = tuple(status for role in sorted(CLOSED) for status in self.names.by_role.get(role, ()))
        return f"status not in ({', '.join(done)})" if done else "statusCategory != Done"

    def setups(self) -> Iterator[IssueId]:
        """Tickets that order a setup of SF1475, or name a solution as those that once did, closed ones too (R16).

        Whoever pays now: a setup that KOMBIT paid is paid, whatever the ticket says afterwards.
        """
        rows = self.catalogue.services.categories.values()
        categories = [c.name for c in rows if c.process is Process.SF1475]
        if not categories:
            return iter(())
        category = self._is(FieldName.CATEGORY, categories)
        return self._ids(f"({category} OR {self._cf(FieldName.SOLUTION)} is not EMPTY)")

    def _is(self, field: FieldName, labels: list[str]) -> str:
        quoted = [_quoted(label) for label in dict.fromkeys(labels)]
        name = self._cf(field)
        return f"{name} = {quoted[0]}" if len(quoted) == 1 else f"{name} in ({', '.join(quoted)})"

    def _cf(self, field: FieldName) -> str:
        return f"cf[{self.names.fields[field].id.removeprefix('customfield_')}]"

    def _ids(self, condition: str) -> Iterator[IssueId]:
        return (IssueId(text(issue.get("id"))) for issue in self._pages(condition, "id"))

    def _pages(self, condition: str, field: str) -> Iterator[Json]:
        """Issues by pages, by token on Cloud and by number on Data Center, with one field; none comes twice."""
        types = self.names.issue_type_ids
        of_types = f" AND issuetype in ({', '.join(types)})" if types else ""
        jql = f'project = "{self.catalogue.jira.project}" AND {condition}{of_types} ORDER BY key ASC'
        cloud = self.catalogue.jira.deployment == "cloud"
        seen: set[str] = set()
        position: str | int | None = None if cloud else 0
        while True:
            asked: dict[str, str | int] = {"jql": jql, "fields": field, "maxResults": PAGE}
            if position is not None:
                asked["nextPageToken" if cloud else "startAt"] = position
            answer = self.wire.get(f"{API}/search/jql" if cloud else f"{API}/search", asked)
            page = objects(part(answer, "issues"))
            fresh = {text(i.get("id")): i for i in page if text(i.get("id")) and text(i.get("id")) not in seen}
            seen.update(fresh)
            yield from fresh.values()
            if cloud:
                position = text(part(answer, "nextPageToken")) or None
            else:
                total = part(answer, "total")
                position = int(position or 0) + len(page)
                position = position if isinstance(total, int) and position < total else None
            if position is None or not fresh:  # a page of nothing new would go round in circles
                return


def _quoted(label: str) -> str:
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'
