"""What mails were read as, which of them once counted, and which ticket an approval belongs to (R11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import psycopg
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from adapter.catalogue.words import AttachmentId, Digest, IssueId, IssueKey, SiteName
from adapter.database import connected
from adapter.store.rows import Rows
from adapter.ticket.evidence import EVIDENCE, MailFacts, UnreadFile


class EvidenceStore(Rows):
    """Evidence by attachment, and claims of approvals by digest."""

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
