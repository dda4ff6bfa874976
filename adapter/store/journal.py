"""What the adapter did, so that it can be explained afterwards (R24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.store.facts import Fact, plain
from adapter.store.rows import Rows


@dataclass(frozen=True)
class Entry:
    """One thing that the adapter did on a ticket (R24)."""

    issue: IssueId
    key: IssueKey
    at: datetime
    action: str
    rules: tuple[str, ...]
    mapping_version: str
    facts: Mapping[str, Any]


class Journal(Rows):
    """The journal of all actions."""

    def record(  # noqa: PLR0913, PLR0917 - a line of the journal is that many things
        self,
        site: SiteName,
        issue: IssueId,
        key: IssueKey,
        at: datetime,
        action: str,
        rules: Sequence[str],
        mapping_version: str,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        """Writes down what was done: ids, codes, hashes, dates and amounts; a fact that could be text is withheld."""
        self._do(
            "INSERT INTO dubu.journal (site, issue, key, at, action, rules, mapping_version, facts) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (site, issue, key, at, action, list(rules), mapping_version, Jsonb(plain(facts or {}))),
        )

    def journal_of(self, site: SiteName, key_or_id: str) -> tuple[Entry, ...]:
        """All that was done on a ticket, oldest first, under every key it has had."""
        rows = self._rows(
            "SELECT issue, key, at, action, rules, mapping_version, facts FROM dubu.journal "
            "WHERE site = %s AND issue IN "
            "(SELECT %s UNION SELECT issue FROM dubu.journal WHERE site = %s AND key = %s) ORDER BY id",
            (site, key_or_id, site, key_or_id.upper()),
        )
        return tuple(
            Entry(IssueId(issue), IssueKey(key), at, action, tuple(rules), version, facts)
            for issue, key, at, action, rules, version, facts in rows
        )
