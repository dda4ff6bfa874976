"""What the adapter remembers beside what Jira can tell: evidence read, approvals claimed, what it did, what failed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from adapter.catalogue.words import AttachmentId, Digest, IssueId, IssueKey, SiteName
from adapter.database import Pool, connected
from adapter.store.facts import Fact, plain
from adapter.ticket.evidence import EVIDENCE, MailFacts, Trouble, UnreadFile

SETTLE = timedelta(seconds=2)
"""How long after a write the webhooks that it causes are expected, where the writer does not say."""

BRAKED = timedelta(minutes=15)
"""How long the brake is shown after it last held a look back; such a look comes again after ten minutes."""


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


@dataclass(frozen=True)
class SetAside:
    """A ticket that failed too often; the next look that succeeds, or a person, takes it up again."""

    issue: IssueId
    key: IssueKey | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class SiteState:
    """Where a site stands; `swept_to` is the start of the last sweep that came to its end, `swept_mapping` what it
    was made with, and `mapping_version` what the worker took up last.
    """

    sweep_started: datetime | None = None
    sweep_finished: datetime | None = None
    swept_to: datetime | None = None
    swept_mapping: str | None = None
    last_contact: datetime | None = None
    mapping_version: str | None = None
    braked_at: datetime | None = None

    def is_braked(self, now: datetime) -> bool:
        """Whether a look was held back by the brake not long ago; each look held back says so anew."""
        return self.braked_at is not None and now - self.braked_at < BRAKED


class Store:
    """The memory of all sites, in PostgreSQL; every method raises OutOfReach where that does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    # Evidence ------------------------------------------------------------------------------------------------------

    def evidence_of(
        self, site: SiteName, issue: IssueId, attachments: Collection[AttachmentId], reading_version: str | None
    ) -> dict[AttachmentId, MailFacts | UnreadFile]:
        """What these attachments were read as, by this reading or (None) by any; left out what cannot be understood."""
        del issue  # an attachment's id is the site's own, and survives the ticket's move
        rows = self._rows(
            "SELECT attachment, facts FROM dubu.evidence "
            "WHERE site = %s AND attachment = ANY(%s) AND (%s::text IS NULL OR reading_version = %s)",
            (site, list(attachments), reading_version, reading_version),
        )
        found: dict[AttachmentId, MailFacts | UnreadFile] = {}
        for attachment, facts in rows:
            try:
                found[AttachmentId(attachment)] = EVIDENCE.validate_python(facts, strict=False)
            except ValidationError:
                continue  # written by another version of the adapter: it is read again
        return found

    def remember_evidence(
        self,
        site: SiteName,
        issue: IssueId,
        attachment: AttachmentId,
        reading_version: str,
        evidence: MailFacts | UnreadFile,
    ) -> None:
        """Keeps what an attachment was read as, in place of what was kept before."""
        self._do(
            "INSERT INTO dubu.evidence (site, issue, attachment, reading_version, facts) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (site, attachment) DO UPDATE SET "
            "issue = EXCLUDED.issue, reading_version = EXCLUDED.reading_version, facts = EXCLUDED.facts",
            (site, issue, attachment, reading_version, Jsonb(EVIDENCE.dump_python(evidence, mode="json"))),
        )

    def accept(self, site: SiteName, issue: IssueId, accepted: Mapping[AttachmentId, str]) -> None:
        """Notes which attachments count as what on a ticket (a role's code, such as `offer`), in place of before."""
        with connected(self._pool) as connection:
            connection.cursor().executemany(
                "INSERT INTO dubu.accepted (site, issue, attachment, role) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (site, attachment) DO UPDATE SET issue = EXCLUDED.issue, role = EXCLUDED.role",
                [(site, issue, attachment, role) for attachment, role in sorted(accepted.items())],
            )

    def accepted(self, site: SiteName, issue: IssueId) -> dict[AttachmentId, str]:
        """The attachments that once counted on a ticket, and as what."""
        rows = self._rows("SELECT attachment, role FROM dubu.accepted WHERE site = %s AND issue = %s", (site, issue))
        return {AttachmentId(attachment): role for attachment, role in rows}

    def forget_accepted(self, site: SiteName, issue: IssueId, attachments: Collection[AttachmentId]) -> None:
        """Forgets that these attachments counted on a ticket."""
        self._do(
            "DELETE FROM dubu.accepted WHERE site = %s AND issue = %s AND attachment = ANY(%s)",
            (site, issue, list(attachments)),
        )

    # Claims of approvals (R11) -------------------------------------------------------------------------------------

    def claim(self, site: SiteName, issue: IssueId, key: IssueKey, digests: Collection[Digest]) -> bool:
        """Ties an approval's digests to a ticket, all or none; False where another ticket holds one of them."""
        wanted = sorted(set(digests))  # in one order everywhere, so that two who want the same wait, not deadlock
        with connected(self._pool) as connection, connection.transaction() as claiming:
            connection.cursor().executemany(
                "INSERT INTO dubu.claim (site, digest, issue, key) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (site, digest) DO UPDATE SET key = EXCLUDED.key WHERE claim.issue = EXCLUDED.issue",
                [(site, digest, issue, key) for digest in wanted],
            )
            taken = connection.execute(
                "SELECT 1 FROM dubu.claim WHERE site = %s AND digest = ANY(%s) AND issue <> %s LIMIT 1",
                (site, wanted, issue),
            ).fetchone()
            if taken:
                raise psycopg.Rollback(claiming)
        return taken is None

    def claimed_elsewhere(self, site: SiteName, issue: IssueId, digests: Collection[Digest]) -> dict[Digest, IssueKey]:
        """Which of these digests other tickets rest on, and which tickets."""
        rows = self._rows(
            "SELECT digest, key FROM dubu.claim WHERE site = %s AND digest = ANY(%s) AND issue <> %s",
            (site, list(digests), issue),
        )
        return {Digest(digest): IssueKey(key) for digest, key in rows}

    def claimed_by(self, site: SiteName, issue: IssueId) -> frozenset[Digest]:
        """The digests that a ticket holds."""
        rows = self._rows("SELECT digest FROM dubu.claim WHERE site = %s AND issue = %s", (site, issue))
        return frozenset(Digest(digest) for (digest,) in rows)

    def release(self, site: SiteName, issue: IssueId, digests: Collection[Digest] | None = None) -> None:
        """Lets go of these digests, or of all that the ticket holds."""
        self._do(
            "DELETE FROM dubu.claim WHERE site = %s AND issue = %s AND (%s::text[] IS NULL OR digest = ANY(%s))",
            (site, issue, *[None if digests is None else list(digests)] * 2),
        )

    # Journal (R24) -------------------------------------------------------------------------------------------------

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

    # Trouble -------------------------------------------------------------------------------------------------------

    def trouble_of(self, site: SiteName, issue: IssueId) -> Trouble | None:
        """What keeps failing on a ticket."""
        rows = self._rows(
            "SELECT kind, attempts, since FROM dubu.trouble WHERE site = %s AND issue = %s", (site, issue)
        )
        return next((Trouble(kind=kind, attempts=attempts, since=since) for kind, attempts, since in rows), None)

    def count_trouble(self, site: SiteName, issue: IssueId, kind: str, at: datetime) -> Trouble:
        """Counts one more failure; another kind of failure starts its own count."""
        ((attempts, since),) = self._rows(
            "INSERT INTO dubu.trouble AS known (site, issue, kind, attempts, since) VALUES (%s, %s, %s, 1, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET kind = EXCLUDED.kind, "
            "attempts = CASE WHEN known.kind = EXCLUDED.kind THEN known.attempts + 1 ELSE 1 END, "
            "since = CASE WHEN known.kind = EXCLUDED.kind THEN known.since ELSE EXCLUDED.since END "
            "RETURNING attempts, since",
            (site, issue, kind, at),
        )
        return Trouble(kind=kind, attempts=attempts, since=since)

    def clear_trouble(self, site: SiteName, issue: IssueId) -> None:
        """Forgets what failed, and takes the ticket up where it was set aside: a look has succeeded."""
        self.take_up(site, issue)

    def set_aside(self, site: SiteName, issue: IssueId, key: IssueKey | None, reason: str, at: datetime) -> None:
        """Puts a ticket where people see that it fails for ever; a known key is kept where none is given."""
        self._do(
            "INSERT INTO dubu.set_aside AS known (site, issue, key, reason, at) VALUES (%s, %s, COALESCE(%s, "
            "(SELECT key FROM dubu.journal WHERE site = %s AND issue = %s ORDER BY id DESC LIMIT 1)), %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET key = COALESCE(EXCLUDED.key, known.key), "
            "reason = EXCLUDED.reason, at = EXCLUDED.at",
            (site, issue, key, site, issue, reason, at),
        )

    def set_aside_list(self, site: SiteName) -> tuple[SetAside, ...]:
        """The tickets set aside, oldest first."""
        with connected(self._pool) as connection, connection.cursor(row_factory=class_row(SetAside)) as cursor:
            cursor.execute(
                "SELECT issue, key, reason, at FROM dubu.set_aside WHERE site = %s ORDER BY at, issue", (site,)
            )
            return tuple(cursor.fetchall())

    def take_up(self, site: SiteName, issue: IssueId) -> bool:
        """Takes a ticket back among the living, its failures forgotten; False where it was not set aside."""
        rows = self._rows(
            "WITH calm AS (DELETE FROM dubu.trouble WHERE site = %s AND issue = %s) "
            "DELETE FROM dubu.set_aside WHERE site = %s AND issue = %s RETURNING 1",
            (site, issue, site, issue),
        )
        return bool(rows)

    # Own writes ----------------------------------------------------------------------------------------------------

    def wrote(self, site: SiteName, issue: IssueId, at: datetime, settles_at: datetime | None = None) -> None:
        """Notes that the adapter wrote on a ticket, and until when its own webhooks may come of it."""
        self._do(
            "INSERT INTO dubu.written (site, issue, at, settles_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET at = GREATEST(written.at, EXCLUDED.at), "
            "settles_at = GREATEST(written.settles_at, EXCLUDED.settles_at)",
            (site, issue, at, settles_at or at + SETTLE),
        )

    def settles_at(self, site: SiteName, issue: IssueId) -> datetime | None:
        """Until when a webhook may well be the adapter's own echo; None where it has not written."""
        rows = self._rows("SELECT settles_at FROM dubu.written WHERE site = %s AND issue = %s", (site, issue))
        return next((moment for (moment,) in rows), None)

    def tickets_written_since(self, site: SiteName, at: datetime) -> int:
        """How many tickets the adapter has written on from then on: what the brake counts."""
        ((count,),) = self._rows("SELECT count(*) FROM dubu.written WHERE site = %s AND at >= %s", (site, at))
        return int(count)

    # What has been looked at ---------------------------------------------------------------------------------------

    def saw(self, site: SiteName, issue: IssueId, updated: datetime) -> None:
        """Notes that a ticket, as it was updated then, is as it should be."""
        self._do(
            "INSERT INTO dubu.seen (site, issue, updated) VALUES (%s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET updated = EXCLUDED.updated",
            (site, issue, updated),
        )

    def unseen(self, site: SiteName, tickets: Mapping[IssueId, datetime | None]) -> tuple[IssueId, ...]:
        """Those of the tickets that changed since they were last seen; one with no time of change always counts."""
        rows = self._rows(
            "SELECT issue, updated FROM dubu.seen WHERE site = %s AND issue = ANY(%s)", (site, list(tickets))
        )
        seen = {IssueId(issue): updated for issue, updated in rows}
        return tuple(issue for issue, updated in tickets.items() if updated is None or seen.get(issue) != updated)

    @contextmanager
    def holding(self, site: SiteName, issue: IssueId) -> Iterator[bool]:
        """Keeps every other process off a ticket; False where another one is at it."""
        with connected(self._pool) as connection:
            row = connection.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", (f"{site}:{issue}",)
            ).fetchone()
            yield bool(row and row[0])

    # Sites ---------------------------------------------------------------------------------------------------------

    def site_state(self, site: SiteName) -> SiteState:
        """Where the site stands; all None for one never seen."""
        with connected(self._pool) as connection, connection.cursor(row_factory=class_row(SiteState)) as cursor:
            cursor.execute(
                "SELECT sweep_started, sweep_finished, swept_to, swept_mapping, last_contact, mapping_version, "
                "braked_at FROM dubu.site WHERE site = %s",
                (site,),
            )
            return cursor.fetchone() or SiteState()

    def claim_sweep(self, site: SiteName, at: datetime, every: timedelta) -> bool:
        """Whether a sweep is due; True is said to one asker only, until the period has passed again."""
        return bool(
            self._rows(
                "INSERT INTO dubu.site AS known (site, sweep_claimed) VALUES (%s, %s) ON CONFLICT (site) DO UPDATE "
                "SET sweep_claimed = EXCLUDED.sweep_claimed "
                "WHERE known.sweep_claimed IS NULL OR known.sweep_claimed <= EXCLUDED.sweep_claimed - %s::interval "
                "RETURNING 1",
                (site, at, every),
            )
        )

    def sweep_started(self, site: SiteName, at: datetime) -> None:
        """Notes that a sweep is on its way."""
        self._site(site, "sweep_started", at)

    def sweep_finished(self, site: SiteName, at: datetime, swept_to: datetime, mapping_version: str) -> None:
        """Notes that a sweep came to its end, from when on the next one has to look, and the mapping it was for."""
        self._site(site, "sweep_finished", at)
        self._site(site, "swept_mapping", mapping_version)
        self._site(site, "swept_to", swept_to)

    def in_contact(self, site: SiteName, at: datetime) -> None:
        """Notes that Jira answered."""
        self._site(site, "last_contact", at)

    def uses_mapping(self, site: SiteName, version: str) -> None:
        """Notes the mapping that the site is worked with."""
        self._site(site, "mapping_version", version)

    def braked(self, site: SiteName, at: datetime) -> None:
        """Notes that the brake held a look back: too many tickets changed within the hour."""
        self._site(site, "braked_at", at)

    def _site(self, site: SiteName, column: str, value: datetime | str) -> None:
        self._do(
            psycopg.sql.SQL(
                "INSERT INTO dubu.site (site, {column}) VALUES (%s, %s) "
                "ON CONFLICT (site) DO UPDATE SET {column} = EXCLUDED.{column}"
            ).format(column=psycopg.sql.Identifier(column)),
            (site, value),
        )

    def _do(self, sql: psycopg.sql.Composed | str, values: Sequence[Any]) -> None:
        with connected(self._pool) as connection:
            connection.execute(sql, values)

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connected(self._pool) as connection:
            return connection.execute(sql, values).fetchall()
