"""Pages, moments and people as the service desk's API writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from tests.sandbox.asking import who, world
from tests.sandbox.clock import stamp
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent
from tests.sandbox.records import Json
from tests.sandbox.user_shapes import user_link


def page(values: list[Json]) -> Json:
    """A page of the values, as `start` and `limit` ask for it."""
    start = max(0, request.args.get("start", 0, type=int))
    limit = min(max(1, request.args.get("limit", 50, type=int)), 100)
    shown = values[start : start + limit]
    last = start + limit >= len(values)
    links = {"self": request.url, "base": world().url, "context": ""}
    answer: Json = {"size": len(shown), "start": start, "limit": limit, "isLastPage": last}
    return answer | {"_links": links, "values": shown}


def date(moment: datetime) -> Json:
    """A moment in the four ways that the service desk writes it."""
    local = moment.astimezone(ZoneInfo(who().time_zone))
    return {
        "iso8601": f"{local:%Y-%m-%dT%H:%M:%S%z}",
        "jira": stamp(moment, who().time_zone),
        "friendly": f"{local:%d/%m/%y %H:%M}",
        "epochMillis": int(moment.timestamp() * 1000),
    }


def person(found: User) -> Json:
    """Somebody; mail addresses are for agents where their owner hides them."""
    site = world()
    answer: Json = {"displayName": found.display_name, "active": found.active, "timeZone": found.time_zone}
    answer |= {"_links": {"jiraRest": user_link(site, found), "self": user_link(site, found), "avatarUrls": {}}}
    if found.email_visible or is_agent(who(), next(iter(site.projects.values()))):
        answer["emailAddress"] = found.email
    if site.cloud:
        return answer | {"accountId": found.account_id}
    return answer | {"name": found.handle, "key": found.account_id}
