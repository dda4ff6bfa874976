"""The admins' page: how each site is doing, and which tickets wait for a person."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from flask import Blueprint, Request, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from adapter.catalogue.model import Assumption
from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.errors import OutOfReach
from webhooks.deadline import Deadline

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_log = structlog.get_logger()


@dataclass(frozen=True)
class SetAside:
    """A ticket that failed for good, until a person or a new event takes it up again; `reason` is a code."""

    issue: IssueId
    key: IssueKey | None
    reason: str
    since: datetime
    attempts: int


@dataclass(frozen=True)
class Standing:
    """Something amiss with the site's own settings, as the nightly round found it."""

    code: str
    level: str
    what: str
    next_step: str
    since: datetime

    @property
    def is_amiss(self) -> bool:
        """Whether it is wrong, and not only worth knowing."""
        return self.level != "oplysning"


@dataclass(frozen=True)
class SiteView:
    """How one site is doing; None where nothing is known yet."""

    site: SiteName
    mapping_version: str | None
    last_contact: datetime | None
    last_sweep: datetime | None
    waiting: int
    scheduled: int
    running: int
    set_aside: Sequence[SetAside] = ()
    assumptions: Sequence[Assumption] = ()
    mapping_problems: Sequence[str] = ()
    findings: Sequence[Standing] = ()
    last_night: date | None = None  # of the last round for ways around the approval
    last_delivery: datetime | None = None
    is_braked: bool = False  # too many tickets changed within the hour: only gates are closed
    is_silent: bool = False  # Jira has not answered for longer than it should


class AdminView(Protocol):
    """What the page shows and the one thing it does; OutOfReach where the database is away."""

    def sites(self) -> Sequence[SiteView]: ...

    def retry(self, site: SiteName, issue: IssueId) -> bool:
        """Takes a ticket up again; False if it is not set aside."""


REASONS = {
    "Refused": "Jira afviser ændringen",
    "CannotMove": "Sagen kan ikke flyttes: overgangen findes ikke, eller adapteren må ikke bruge den",
    "Gone": "Sagen findes ikke længere, eller adapteren må ikke se den",
    "OutOfReach": "Jira svarer ikke",
    "EvidenceUnreachable": "En vedhæftet mail kan ikke hentes fra Jira",
    "ConfigurationError": "Opsætningen passer ikke til Jira",
}
"""What a reason's code means to an admin; a number after it is Jira's status."""


def admin(view: AdminView, token: str, deadline: Deadline) -> Blueprint:
    """The page and its one button, for those who know the token."""
    room = Blueprint("admin", __name__)
    room.before_request(lambda: None if is_admin(request, token) else _ask_for_token())
    room.add_app_template_filter(_moment, "moment")
    room.add_app_template_filter(reason, "reason")

    @room.get("/")
    def page() -> Response:
        nonce = secrets.token_urlsafe(16)
        try:
            sites, status = deadline(view.sites), 200
        except OutOfReach:
            sites, status = None, 503
        answer = make_response(
            render_template(
                "admin.html",
                sites=sites,
                nonce=nonce,
                now=datetime.now(_COPENHAGEN),
                notice=_NOTICES.get(request.args.get("besked", "")),
                seal=lambda site, issue: seal(token, site, issue),
            ),
            status,
        )
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        return answer

    @room.post("/<site>/igen")
    def again(site: str) -> AnyResponse:
        issue = request.form.get("sag", "")
        shown = request.form.get("segl", "").encode("utf-8", "replace")
        right = hmac.compare_digest(shown, seal(token, site, issue).encode())
        if not (right and comes_from_here(request)):
            abort(403)
        try:
            notice = "igen" if deadline(lambda: view.retry(SiteName(site), IssueId(issue))) else "ukendt"
        except OutOfReach:
            notice = "senere"
        _log.info("taken up again", site=site, issue=issue, outcome=notice)
        return redirect(url_for("admin.page", besked=notice), 303)

    return room


_NOTICES = {
    "igen": ("god", "Sagen er lagt i køen igen."),
    "ukendt": ("note", "Sagen er ikke længere sat til side."),
    "senere": ("fejl", "Databasen svarer ikke. Prøv igen om lidt."),
}


def is_admin(asked: Request, token: str) -> bool:
    """True if the token stands as Bearer, or as the password of HTTP Basic with any user name."""
    shown = asked.authorization
    if shown is None:
        return False
    if shown.type == "bearer":
        given = (shown.token or "").encode("latin-1", "replace")  # WSGI's way to hand over a header's bytes
    else:
        given = (shown.password or "").encode("utf-8", "replace")
    return hmac.compare_digest(given, token.encode("utf-8", "surrogateescape"))


def comes_from_here(asked: Request) -> bool:
    """False if a browser says that another site's page sent the form (CSRF)."""
    fetch = asked.headers.get("Sec-Fetch-Site")
    if fetch is not None:
        return fetch == "same-origin"
    origin = asked.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == asked.host


def seal(token: str, site: str, issue: str) -> str:
    """The proof that a form came from our own page: nobody without the token can make it."""
    return hmac.digest(
        token.encode("utf-8", "surrogateescape"), f"igen\n{site}\n{issue}".encode("utf-8", "replace"), "sha256"
    ).hex()


def _ask_for_token() -> Response:
    answer = make_response("DUBU_ADMIN_TOKEN mangler eller er forkert: angiv den som adgangskode.\n", 401)
    answer.content_type = "text/plain; charset=utf-8"
    answer.headers["WWW-Authenticate"] = 'Basic realm="DUBU-adapter", charset="UTF-8"'
    return answer


def reason(code: str) -> str:
    """A set-aside ticket's reason in words, with the code beside it for whoever searches the log."""
    return f"{REASONS.get(code.split('-', 1)[0], 'Uventet fejl i adapteren')} ({code})"


def _moment(at: datetime | None) -> str:
    return at.astimezone(_COPENHAGEN).strftime("%d.%m.%Y kl. %H:%M") if at else "aldrig"
