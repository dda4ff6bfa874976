"""Where Atlassian's descriptions are wrong or let too little pass: every exception with its reason.

AMENDMENTS where the description itself is wrong, EXCEPTIONS where a message is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PLATFORM_2, PLATFORM_3, DESK = "jira-platform.v2.json", "jira-platform.v3.json", "jsm.v3.json"
METHODS = frozenset({"get", "put", "post", "delete"})
Described = dict[str, Any]


def _nullable(schema: str, *properties: str) -> Callable[[Described], None]:
    def amend(described: Described) -> None:
        for name in properties:
            described["components"]["schemas"][schema]["properties"][name]["nullable"] = True

    return amend


def _without_security(described: Described) -> None:
    described.pop("security", None)
    for operations in described["paths"].values():
        for method in METHODS & set(operations):
            operations[method].pop("security", None)


@dataclass(frozen=True)
class Amendment:
    """A change to a loaded description, because Jira itself does not keep to it."""

    files: tuple[str, ...]
    amend: Callable[[Described], None]
    why: str


def _without_misspelt_needs(described: Described) -> None:
    schemas = described["components"]["schemas"]
    for name in ("IssueBulkMovePayload", "targetToSourcesMapping"):
        needed = schemas[name]["required"]
        schemas[name]["required"] = [n for n in needed if n in schemas[name]["properties"]]


def _with_screens_to_read(described: Described) -> None:
    screens = described["components"]["schemas"]["ScreenTypes"]
    screens.pop("writeOnly", None)
    screens["required"] = ["default"]
    for described_property in screens["properties"].values():
        described_property.pop("writeOnly", None)


AMENDMENTS = (
    Amendment(
        (PLATFORM_3,),
        _without_misspelt_needs,
        "a bulk move is said to need keys that it does not know: they are spelt otherwise where they are described",
    ),
    Amendment(
        (PLATFORM_2,),
        _with_screens_to_read,
        "a screen scheme's screens are said to be for writing only and to need `defaultScreen`; its example has them",
    ),
    Amendment(
        (PLATFORM_2, PLATFORM_3),
        _nullable("ChangeDetails", "from", "fromString", "to", "toString"),
        "Jira writes null for an empty side of a change, as in every recorded payload of ../shared/jira/webhooks",
    ),
    Amendment(
        (PLATFORM_2, PLATFORM_3, DESK),
        _without_security,
        "who is asking is judged by the site, not by the description (openapi-core knows no OAuth and warns of it)",
    ),
)


@dataclass(frozen=True)
class Exemption:
    """Messages that are let pass although the description says otherwise."""

    side: str  # request or response
    method: str
    path: str  # regular expression over the whole path
    message: str  # regular expression that is looked for in what the description's check says
    why: str

    def covers(self, side: str, method: str, path: str, message: str) -> bool:
        """Whether a finding is this exception."""
        same = self.side == side and re.fullmatch(self.method, method) is not None
        return same and bool(re.fullmatch(self.path, path) and re.search(self.message, message, re.DOTALL))


EXCEPTIONS = (
    Exemption(
        "request",
        "POST",
        r"/rest/api/2/issue/[^/]+/attachments",
        "",
        "the description types the multipart form as an array, which no multipart form can be (SOURCES.md)",
    ),
    Exemption(
        "request",
        "POST",
        r"/rest/api/2/issue/[^/]+/transitions",
        r"^transition/id: is not of type string$",
        "python-jira sends a transition's id as a number; Jira takes it (SOURCES.md)",
    ),
    Exemption(
        "request",
        "POST",
        r"/rest/api/2/issue/[^/]+/watchers",
        r"^MissingRequiredRequestBody: ",
        "the description demands a body, yet says that without one the asker is added; Jira does that",
    ),
    Exemption(
        "response",
        "GET",
        r"/rest/api/2/attachment/content/\d+",
        "Content for the following mimetype not found",
        "the description says JSON, but a file comes in its own type",
    ),
    Exemption(
        "response",
        "GET",
        r"/rest/api/2/search",
        "410",
        "the description of v2 is older than the removal of /search: Jira answers 410 now (jira-facts.md)",
    ),
    Exemption(
        "response",
        ".*",
        r"/rest/(api/[23]|servicedeskapi)/.*",
        r"Unknown response http status: (401|403|404)",
        "the description leaves out answers that Jira gives everywhere: not logged in, not allowed, not there",
    ),
    Exemption(
        "response",
        "PUT|POST",
        r"/rest/api/2/issue/[^/]+(/transitions|/watchers)?|/rest/api/2/field/.+/context/.+|/rest/api/3/workflowscheme/project",
        "Missing response data",
        "the description gives these 204 a body of any kind; Jira sends none, as a 204 must",
    ),
)
