"""Which ticket a payload speaks of: its id and nothing else, whoever sent it and whatever it looks like.

Never a key (it changes when a ticket moves) and never a host (a payload once served to steal a token).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from adapter.catalogue.words import IssueId

_ID = re.compile(r"[1-9][0-9]{0,18}")
_SELF = re.compile(r"[^?#]{0,500}/issue/([1-9][0-9]{0,18})/(?:comment|worklog)/[0-9]{1,19}/?")
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,254}-[0-9]{1,19}")
_LARGEST = 10**19 - 1


class NoTicket(StrEnum):
    """What was missing in a payload that names no ticket."""

    NOT_AN_OBJECT = "the body is not a JSON object"
    NONE_NAMED = (
        "no ticket in it: expected issue.id, worklog.issueId, comment.self, issueLink.sourceIssueId, or id beside key"
    )
    NO_ID = "no ticket in it: the issue has no id of 1 to 19 digits"


def locate(payload: object) -> IssueId | NoTicket:
    """The ticket that a webhook, a post-function or an Automation request speaks of; never raises.

    A link has two ends: its source is looked at, and the other end by the sweep.
    """
    if not isinstance(payload, dict):
        return NoTicket.NOT_AN_OBJECT
    for candidate in _candidates(payload):
        if found := _issue_id(candidate):
            return found
    return NoTicket.NO_ID if "issue" in payload else NoTicket.NONE_NAMED


def _candidates(payload: dict[object, object]) -> Iterator[object]:
    """What stands in the places where an id can stand, the surest first."""
    comment, worklog = _part(payload, "comment"), _part(payload, "worklog")
    yield _part(payload, "issue").get("id")  # issue events, Cloud's comment events, post-functions, Automation
    yield worklog.get("issueId")
    yield _from_path(comment.get("self"))  # Server's comment events hold no issue, only a path to it
    yield _from_path(worklog.get("self"))
    yield _part(payload, "issueLink").get("sourceIssueId")
    if "webhookEvent" not in payload and _looks_like_an_issue(payload):  # Automation's own format
        yield payload.get("id")


def _part(payload: dict[object, object], name: str) -> dict[object, object]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}


def _issue_id(value: object) -> IssueId | None:
    if isinstance(value, bool):  # a bool is an int to Python
        return None
    if isinstance(value, int):
        return IssueId(str(value)) if 0 < value <= _LARGEST else None
    return IssueId(value) if isinstance(value, str) and _ID.fullmatch(value) else None


def _from_path(url: object) -> str | None:
    """The digits after /issue/ of a comment's own address; the rest of the address is not believed."""
    found = _SELF.fullmatch(url) if isinstance(url, str) else None
    return found[1] if found else None


def _looks_like_an_issue(payload: dict[object, object]) -> bool:
    key = payload.get("key")
    return isinstance(payload.get("fields"), dict) or (isinstance(key, str) and bool(_KEY.fullmatch(key)))
