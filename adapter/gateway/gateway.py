"""The one door to Jira: read a ticket, carry out an action, find what changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import assert_never

import structlog

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import AttachmentId, IssueId, IssueKey
from adapter.errors import ConfigurationError
from adapter.gateway.agents import Agents
from adapter.gateway.attachments import Downloads
from adapter.gateway.comments import Commenter
from adapter.gateway.findings import Findings
from adapter.gateway.guard import MEDIA, Origin, configured_origin
from adapter.gateway.kombit import Kombit
from adapter.gateway.login import adapters, myself, variable
from adapter.gateway.meet import meet
from adapter.gateway.names import Names
from adapter.gateway.newcomers import Newcomers
from adapter.gateway.read import Reader
from adapter.gateway.retry import Patience
from adapter.gateway.search import Search
from adapter.gateway.session import JiraSession, OnRequest, Wire, log_in
from adapter.gateway.uploads import Uploads
from adapter.gateway.worklogs import worklogs
from adapter.gateway.write import Writer
from adapter.rules.plan import AddPeople, MoveTo, SetFields, WriteNotice, WriteStatusComment
from adapter.settings import SiteSettings
from adapter.ticket.snapshot import Attachment, Ticket, Worklog

log = structlog.get_logger()


class Gateway:
    """One Jira site, logged in, with all names resolved; `connect` makes it."""

    def __init__(
        self,
        wire: Wire,
        catalogue: Catalogue,
        names: Names,
        people: tuple[Agents, Kombit],
        downloads: Downloads,
        warnings: tuple[str, ...],
    ) -> None:
        cloud = catalogue.jira.deployment == "cloud"
        self.warnings = warnings
        self.account = names.account
        self._wire = wire
        self._agents, self._kombit = people
        self._downloads = downloads
        self._reader = Reader(wire, names, cloud)
        self._writer = Writer(wire, names, catalogue)
        self._commenter = Commenter(wire, names, cloud)
        self._newcomers = Newcomers(wire, names, catalogue, cloud)
        self._uploads = Uploads(wire, names, cloud)
        self._search = Search(wire, names, catalogue)

    @classmethod
    def connect(
        cls,
        settings: SiteSettings,
        catalogue: Catalogue,
        *,
        patience: Patience | None = None,
        on_request: OnRequest | None = None,
        ca_bundle: str | None = None,
        media: Origin = MEDIA,
    ) -> Gateway:
        """The site, logged in and with its names resolved; `ca_bundle` is a file of certificates to trust.

        ConfigurationError with every finding at once, each naming the mapping line or variable to mend;
        OutOfReach where Jira does not answer.
        """
        patience = patience or Patience()
        cloud = catalogue.jira.deployment == "cloud"
        url = (settings.url or catalogue.jira.url).rstrip("/")
        origin = configured_origin(url, variable(settings, "JIRA_URL"))
        login = adapters(settings, cloud)
        session = JiraSession(origin, patience, on_request)
        media_session = JiraSession(media, patience, on_request)
        if ca_bundle:
            if not Path(ca_bundle).exists():
                raise ConfigurationError(f"The CA bundle {ca_bundle} is not there: point it at a file of certificates")
            session.verify = media_session.verify = ca_bundle
        wire = Wire(log_in(url, session, login.user, login.token, cloud=cloud), session)
        me = myself(wire, login, url, cloud)
        findings = Findings(catalogue.positions)
        names, agents, kombit = meet(wire, catalogue, me, findings, patience)
        findings.settle()
        downloads = Downloads(wire, origin, patience, cloud, media, media_session, patience.clock)
        gateway = cls(wire, catalogue, names, (agents, kombit), downloads, findings.warnings)
        log.info("connected to jira", site=settings.site, fields=len(names.fields), warnings=len(gateway.warnings))
        return gateway

    def read(self, issue: IssueId | IssueKey) -> Ticket:
        """The ticket as Jira has it now, by one GET in the ordinary case; raises Gone, OutOfReach or Refused."""
        return self._reader.read(issue, self._agents.known(), self._kombit)

    def download(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of an attachment; Refused beyond `limit` bytes or where it leads off the site, Gone if deleted."""
        return self._downloads.download(attachment, limit)

    def carry_out(
        self, ticket: Ticket, action: SetFields | MoveTo | WriteStatusComment | WriteNotice | AddPeople
    ) -> None:
        """Does one action of a plan; a POST that may have arrived is looked for before it is repeated."""
        match action:
            case SetFields():
                self._writer.set_fields(ticket, action)
            case MoveTo():
                self._writer.move(ticket, action)
            case WriteStatusComment():
                self._commenter.write_status(ticket, action)
            case WriteNotice():
                self._commenter.write_notice(ticket, action)
            case AddPeople():
                self._newcomers.add(ticket, action)
            case _:
                assert_never(action)

    def attach(self, ticket: Ticket, filename: str, data: bytes) -> AttachmentId | None:
        """Attaches a file and tells its id; None where the ticket as read holds one of that name by the adapter.

        Where the answer is lost, the file is looked for before it is sent again.
        """
        return self._uploads.attach(ticket, filename, data)

    def worklogs(self, issue: IssueId) -> tuple[Worklog, ...]:
        """All work that was logged on a ticket, oldest first; Gone where Jira does not show it (R19, R23).

        Jira answers as for a missing ticket where time tracking is switched off, too.
        """
        return worklogs(self._wire, issue)

    def changed_since(self, since: datetime) -> Iterator[tuple[IssueId, datetime | None]]:
        """The project's tickets that changed at or after a moment, each with when it last did if Jira says."""
        return self._search.changed_since(since)

    def open_tickets(self) -> Iterator[IssueId]:
        """The ids of the project's tickets in any status that the mapping does not count as closed."""
        return self._search.open_tickets()

    def open_orders(self) -> Iterator[IssueId]:
        """The tickets that order a setup of a solution and are not closed (R16)."""
        return self._search.open_orders()

    def setups(self) -> Iterator[IssueId]:
        """The tickets that order a setup of a solution, or once did, closed ones too (R16)."""
        return self._search.setups()
