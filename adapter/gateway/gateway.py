"""The one door to Jira: read a ticket, carry out an action, find what changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import assert_never

import structlog

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, AttachmentId, IssueId, IssueKey
from adapter.errors import ConfigurationError, Refused
from adapter.gateway.agents import Agents, identity
from adapter.gateway.attachments import Downloads
from adapter.gateway.comments import Commenter
from adapter.gateway.findings import Findings
from adapter.gateway.guard import MEDIA, Origin, configured_origin
from adapter.gateway.names import Names
from adapter.gateway.newcomers import Newcomers
from adapter.gateway.people import account_of
from adapter.gateway.read import Reader
from adapter.gateway.resolve import Resolution
from adapter.gateway.retry import Patience
from adapter.gateway.session import API, Elsewhere, JiraSession, OnRequest, Unauthorised, Wire, log_in
from adapter.gateway.shapes import Json, moment, objects, part, text
from adapter.gateway.uploads import Uploads
from adapter.gateway.write import Writer
from adapter.rules.plan import AddPeople, MoveTo, SetFields, WriteNotice, WriteStatusComment
from adapter.settings import SiteSettings
from adapter.ticket.snapshot import Attachment, Ticket

log = structlog.get_logger()

PAGE = 500  # tickets a page; Jira may give fewer


class Gateway:
    """One Jira site, logged in, with all names resolved; `connect` makes it."""

    def __init__(self, wire: Wire, catalogue: Catalogue, names: Names, agents: Agents, downloads: Downloads) -> None:
        cloud = catalogue.jira.deployment == "cloud"
        self.warnings = names.warnings
        self.account = names.account
        self._wire = wire
        self._catalogue = catalogue
        self._names = names
        self._agents = agents
        self._downloads = downloads
        self._reader = Reader(wire, names, cloud)
        self._writer = Writer(wire, names, catalogue)
        self._commenter = Commenter(wire, names, cloud)
        self._newcomers = Newcomers(wire, names, catalogue, cloud)
        self._uploads = Uploads(wire, names, cloud)

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
        origin = configured_origin(url, _variable(settings, "URL"))
        user, token = _credentials(settings, cloud)
        session = JiraSession(origin, patience, on_request)
        media_session = JiraSession(media, patience, on_request)
        if ca_bundle:
            if not Path(ca_bundle).exists():
                raise ConfigurationError(f"The CA bundle {ca_bundle} is not there: point it at a file of certificates")
            session.verify = media_session.verify = ca_bundle
        wire = Wire(log_in(url, session, user, token, cloud=cloud), session)
        me = _myself(wire, settings, url, cloud)
        findings = Findings(catalogue.positions)
        names = Resolution(wire, catalogue, findings).names(account_of(me, cloud))
        agents = Agents(wire, catalogue.jira.project, names.agent_role_id, cloud, patience.clock)
        if names.agent_role_id:
            agents.meet(findings, catalogue.jira.roles.agent, identity(me, cloud))
        findings.settle()
        downloads = Downloads(wire, origin, patience, cloud, media, media_session, patience.clock)
        gateway = cls(wire, catalogue, names, agents, downloads)
        log.info("connected to jira", site=settings.site, fields=len(names.fields), warnings=len(gateway.warnings))
        return gateway

    def read(self, issue: IssueId | IssueKey) -> Ticket:
        """The ticket as Jira has it now, by one GET in the ordinary case; raises Gone, OutOfReach or Refused."""
        return self._reader.read(issue, self._agents.known())

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
                self.write_notice(ticket, action)
            case AddPeople():
                self.add_people(ticket, action)
            case _:
                assert_never(action)

    def write_notice(self, ticket: Ticket, action: WriteNotice) -> None:
        """Writes an internal comment of its own, unless one by the adapter that begins with its mark is there."""
        self._commenter.write_notice(ticket, action)

    def add_people(self, ticket: Ticket, action: AddPeople) -> None:
        """Brings people onto the ticket; Refused naming accounts that Jira does not know once the others are added."""
        self._newcomers.add(ticket, action)

    def attach(self, ticket: Ticket, filename: str, data: bytes) -> AttachmentId | None:
        """Attaches a file and tells its id; None where the ticket as read holds one of that name by the adapter.

        Where the answer is lost, the file is looked for before it is sent again.
        """
        return self._uploads.attach(ticket, filename, data)

    def changed_since(self, since: datetime) -> Iterator[tuple[IssueId, datetime | None]]:
        """The project's tickets that changed at or after a moment, each with when it last did if Jira says.

        The moment goes to Jira as milliseconds: a date in JQL would be read in the account's time zone.
        """
        for issue in self._search(f"updated >= {int(since.timestamp() * 1000)}", "updated"):
            yield IssueId(text(issue.get("id"))), moment(part(issue, "fields", "updated"))

    def open_tickets(self) -> Iterator[IssueId]:
        """The ids of the project's tickets in any status that the mapping does not count as closed."""
        done = tuple(status for role in sorted(CLOSED) for status in self._names.by_role.get(role, ()))
        condition = f"status not in ({', '.join(done)})" if done else "statusCategory != Done"
        yield from (IssueId(text(issue.get("id"))) for issue in self._search(condition, "id"))

    def _search(self, condition: str, field: str) -> Iterator[Json]:
        """Issues by pages, by token on Cloud and by number on Data Center, with one field; none comes twice."""
        types = self._names.issue_type_ids
        of_types = f" AND issuetype in ({', '.join(types)})" if types else ""
        jql = f'project = "{self._catalogue.jira.project}" AND {condition}{of_types} ORDER BY key ASC'
        cloud = self._catalogue.jira.deployment == "cloud"
        seen: set[str] = set()
        position: str | int | None = None if cloud else 0
        while True:
            asked: dict[str, str | int] = {"jql": jql, "fields": field, "maxResults": PAGE}
            if position is not None:
                asked["nextPageToken" if cloud else "startAt"] = position
            answer = self._wire.get(f"{API}/search/jql" if cloud else f"{API}/search", asked)
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


def _variable(settings: SiteSettings, suffix: str) -> str:
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in settings.site).upper()
    return f"DUBU_{name}_JIRA_{suffix}"


def _credentials(settings: SiteSettings, cloud: bool) -> tuple[str | None, str]:
    """User and token on Cloud, the token alone on Data Center."""
    if settings.token is None:
        kind = "an API token of the adapter's account" if cloud else "a personal access token of the adapter's account"
        raise ConfigurationError(f"{_variable(settings, 'TOKEN')} is not set: set it to {kind}")
    if cloud and settings.user is None:
        raise ConfigurationError(
            f"{_variable(settings, 'USER')} is not set: on Jira Cloud (`udgave: cloud` in jira.yaml) set it to the "
            "mail address of the adapter's account"
        )
    if not (settings.token.isascii() and settings.token.isprintable()):
        raise ConfigurationError(
            f"{_variable(settings, 'TOKEN')} holds a line break or another character that no token has: set it anew"
        )
    return (settings.user if cloud else None), settings.token


def _myself(wire: Wire, settings: SiteSettings, url: str, cloud: bool) -> object:
    """The user behind the token; ConfigurationError saying what to mend where Jira does not know it."""
    try:
        me: object = wire.jira.myself()
    except (Unauthorised, Elsewhere, Refused) as error:
        names = " and ".join(_variable(settings, suffix) for suffix in (("USER", "TOKEN") if cloud else ("TOKEN",)))
        raise ConfigurationError(
            f"Jira at {url} does not let the adapter in ({error}): check {names}, the address and `udgave` in jira.yaml"
        ) from None
    if not account_of(me, cloud):
        raise ConfigurationError(f"Jira at {url} does not tell the adapter's own account: check `udgave` in jira.yaml")
    return me
