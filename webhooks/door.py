"""The door: which ticket to look at comes in here, is stored, and answered; nothing else happens."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from typing import Protocol

import structlog
from flask import Blueprint, Request, Response, jsonify, request

from adapter import metrics
from adapter.catalogue.words import IssueId, SiteName
from adapter.errors import OutOfReach
from adapter.metrics import DeliveryOutcome
from webhooks.body import LIMIT, NotJson, TooLarge, Unfinished, read_body, read_json
from webhooks.deadline import Deadline
from webhooks.locate import NoTicket, locate
from webhooks.signature import SECRET, SIGNATURE, is_genuine

_RETRY_AFTER = 30.0  # seconds, where the queue does not say
_log = structlog.get_logger()


class Inbox(Protocol):
    """Where the door puts what it was told."""

    def put(self, site: SiteName, issue: IssueId) -> None:
        """Stores durably, within seconds, that a ticket is to be looked at; OutOfReach if that cannot be done."""

    def turned_away(self, site: SiteName) -> None:
        """Notes that a delivery was not signed as it should be; OutOfReach if that cannot be done."""


class Refusal(Exception):
    """A request that is not let in, and what it is told."""

    def __init__(
        self, outcome: DeliveryOutcome, status: int, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.outcome, self.status, self.message, self.headers = outcome, status, message, headers or {}


def door(inbox: Inbox, secrets: Mapping[SiteName, tuple[str, ...]], deadline: Deadline) -> Blueprint:
    """The route that Jira's webhooks and Automation's web requests are sent to."""
    room = Blueprint("door", __name__)

    @room.post("/webhooks/<site>")
    def receive(site: str) -> Response:
        began = time.monotonic()
        known = SiteName(site) if site in secrets else None
        delivery = delivery_of(request)
        try:
            issue = admit(request, secrets.get(SiteName(site)))
            try:
                deadline(lambda: inbox.put(SiteName(site), issue))
            except OutOfReach as error:
                raise _unavailable(error) from None
            answer, outcome = jsonify(stored=True), DeliveryOutcome.ACCEPTED
            answer.status_code = 202
        except Refusal as refusal:
            if known is not None and refusal.outcome is DeliveryOutcome.UNSIGNED:
                with suppress(OutOfReach):
                    deadline(lambda: inbox.turned_away(SiteName(site)))
            answer, outcome = jsonify(error=refusal.outcome.value, message=refusal.message), refusal.outcome
            answer.status_code = refusal.status
            answer.headers.update(refusal.headers)
        metrics.delivered(known, outcome)
        _log.info(
            "delivery",
            site=known,
            status=answer.status_code,
            outcome=outcome.value,
            delivery=delivery if outcome is DeliveryOutcome.ACCEPTED else None,  # else it is anybody's text
            ms=round((time.monotonic() - began) * 1000, 1),
        )
        return answer

    return room


def admit(request: Request, secrets: tuple[str, ...] | None) -> IssueId:
    """The ticket a request speaks of, once it is known to be genuine; Refusal says what was wrong with it."""
    try:
        raw = read_body(request, LIMIT if secrets else 0)
    except TooLarge:
        if secrets:
            raise Refusal(DeliveryOutcome.TOO_LARGE, 413, f"at most {LIMIT} bytes are taken") from None
        raw = b""
    except Unfinished:  # Jira sends again what is answered with 408
        raise Refusal(DeliveryOutcome.UNFINISHED, 408, "the body ended early", {"Connection": "close"}) from None
    if not secrets:
        raise Refusal(DeliveryOutcome.UNKNOWN_SITE, 404, "no such site")
    if not is_genuine(raw, request.headers.get(SIGNATURE), request.headers.get(SECRET), secrets):
        raise Refusal(
            DeliveryOutcome.UNSIGNED,
            401,
            "sign the body (X-Hub-Signature: sha256=…) or send the site's secret (X-Webhook-Secret)",
            {"WWW-Authenticate": 'Webhook realm="webhooks"'},
        )
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Refusal(DeliveryOutcome.ENCODED, 415, "send the body as plain JSON, without Content-Encoding")
    try:
        found = locate(read_json(raw))
    except NotJson as error:
        raise Refusal(DeliveryOutcome.NO_TICKET, 400, f"the body is {error}") from None
    if isinstance(found, NoTicket):
        raise Refusal(DeliveryOutcome.NO_TICKET, 400, found.value)
    return found


def delivery_of(request: Request) -> str | None:
    """The delivery's identifier, the same on Jira's retries, with nothing in it that could spoil a log line."""
    stated = request.headers.get("X-Atlassian-Webhook-Identifier", "")
    return re.sub(r"[^A-Za-z0-9._-]", "", stated)[:64] or None


def _unavailable(error: OutOfReach) -> Refusal:
    wait = error.retry_after if error.retry_after is not None else _RETRY_AFTER
    return Refusal(
        DeliveryOutcome.UNAVAILABLE,
        503,
        "cannot be stored now: send it again",
        {"Retry-After": str(max(1, ceil(wait)))},
    )
