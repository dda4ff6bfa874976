"""Neither log nor error holds a token or a ticket's text, whatever Jira answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from adapter.catalogue.words import FieldName, IssueId, StatusRole
from adapter.errors import AdapterError
from adapter.gateway.gateway import Gateway
from adapter.rules.plan import MoveTo, SetFields, Setting, WriteStatusComment
from adapter.ticket.snapshot import Ticket
from tests.gateway.loopback import Answer
from tests.gateway.site import API, TOKEN, Site

SECRET = "Barnet 010203-1234 er anbragt"
ACTIONS: list[Callable[[Gateway, Ticket], object]] = [
    lambda gateway, ticket: gateway.read(ticket.id),
    lambda gateway, ticket: gateway.carry_out(ticket, SetFields((Setting(FieldName.PRICE, SECRET, "R1"),))),
    lambda gateway, ticket: gateway.carry_out(ticket, SetFields((Setting(FieldName.PAYER, SECRET, "R1"),))),
    lambda gateway, ticket: gateway.carry_out(ticket, MoveTo(StatusRole.WAITING_CUSTOMER, "R8", "offer")),
    lambda gateway, ticket: gateway.carry_out(ticket, MoveTo(StatusRole.APPROVED, "R8", "offer")),
    lambda gateway, ticket: gateway.carry_out(ticket, WriteStatusComment(SECRET, None)),
    lambda gateway, ticket: gateway.download(ticket.attachments[0], 10**6),
    lambda gateway, ticket: list(gateway.changed_since(ticket.updated)),
]
REFUSAL = {"errorMessages": [SECRET], "errors": {"summary": SECRET, "customfield_10100": SECRET, SECRET: SECRET}}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 429, 500, 503])
def test_nothing_that_jira_or_a_ticket_says_reaches_log_or_error(site: Site, status: int) -> None:
    site.issue["fields"] |= {"summary": SECRET, "description": SECRET}
    site.issue["fields"]["attachment"] = [
        {"id": "1", "filename": f"{SECRET}.eml", "size": 1, "content": f"{site.server.url}/{SECRET}.eml"}
        | {"created": "2026-11-23T10:12:33.000+0100"}
    ]
    said: list[str] = []
    with capture_logs() as logs:
        gateway = site.connect()
        ticket = gateway.read(IssueId("5001"))
        headers = {"RateLimit-Reason": "jira-burst-based", "X-Seraph-LoginReason": SECRET, "X-Any": SECRET}
        for method in ("GET", "PUT", "POST"):
            site.server.on(method, f"{API}/.*|/.*eml", Answer(REFUSAL, status, headers))
        for action in ACTIONS:
            with pytest.raises(AdapterError) as caught:
                action(gateway, ticket)
            said.append(str(caught.value))
    everything = "\n".join(said) + repr(logs)
    for secret in ("Barnet", "010203", "anbragt", TOKEN):
        assert secret not in everything
    assert f"{API}/issue/{{issue}}" in everything
    assert ("jira-burst-based" in everything) is (status == 429)
