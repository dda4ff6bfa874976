"""What every route needs: the world, who is asking, and the body of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request

from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.records import Json

if TYPE_CHECKING:
    from tests.sandbox.site import Sandbox
    from tests.sandbox.world import World


def site() -> Sandbox:
    """The site that this request came to."""
    found: Sandbox = current_app.config["SITE"]
    return found


def world() -> World:
    """The site's world."""
    return site().world


def who() -> User:
    """Who is asking."""
    user: User = g.user
    return user


def body(*known: str) -> Json:
    """The request's JSON object; 400 for anything else and for keys that Jira does not know."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    for name in given:
        if known and name not in known:
            raise JiraError(400, f'Unrecognized field "{name}" (not marked as ignorable).')
    return given


def words(name: str) -> list[str]:
    """A parameter that holds names with commas between, possibly several times."""
    return [word.strip() for text in request.args.getlist(name) for word in text.split(",") if word.strip()]


def page(default: int = 50, most: int = 100) -> tuple[int, int]:
    """`startAt` and `maxResults`; the latter is capped, as in Jira."""
    start = request.args.get("startAt", 0, type=int)
    size = request.args.get("maxResults", default, type=int)
    return max(0, start), min(max(0, size), most)


def pages(values: list[Json], default: int = 50, most: int = 100) -> Json:
    """A page of values, as most of Jira's lists for admins are written."""
    start, size = page(default, most)
    last = start + size >= len(values)
    answer: Json = {"self": request.url, "maxResults": size, "startAt": start, "total": len(values), "isLast": last}
    return answer | {"values": values[start : start + size]}


def require_cloud() -> None:
    """Answers as Data Center does where it has no such address."""
    if not world().cloud:
        raise JiraError(404, f"null for uri: {request.path}")
