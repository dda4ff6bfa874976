"""REST of time logged on an issue."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Blueprint, request

from tests.sandbox import issue_shapes, worklogs
from tests.sandbox.asking import body, page, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.fields import MOMENT
from tests.sandbox.permissions import visible
from tests.sandbox.records import Issue, Json

routes = Blueprint("worklogs", __name__)
WORKLOG = "/rest/api/<any('2', 'latest'):_version>/issue/<key>/worklog"
UNITS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60, "": 60}


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, str] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _issue(key: str) -> Issue:
    return visible(world(), who(), key)


@routes.get(WORKLOG)
def listed(key: str) -> Json:
    """Time logged on an issue, oldest first; Data Center gives all of it at once."""
    after, before = (request.args.get(name, type=int) for name in ("startedAfter", "startedBefore"))
    with world().lock:
        found = _issue(key)
        wanted = [
            w
            for w in found.worklogs
            if (after is None or w.started >= _from_epoch(after))
            and (before is None or w.started < _from_epoch(before))
        ]
        start, size = page(5000, 5000) if world().cloud else (0, len(wanted))
        shown = [issue_shapes.worklog(world(), found, w, who()) for w in wanted[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(wanted), "worklogs": shown}


def _from_epoch(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _given() -> tuple[int | None, datetime | None, str | None]:
    """Seconds, start and comment as far as the body tells them."""
    given = body()
    seconds, spent = given.get("timeSpentSeconds"), given.get("timeSpent")
    if spent is not None:
        if seconds is not None or not re.fullmatch(r"(\s*\d+(\.\d+)?\s*[wdhm]?)+\s*", str(spent)):
            raise JiraError(400, errors={"timeLogged": "Invalid time entered for Time Spent."})
        parts = re.findall(r"(\d+(?:\.\d+)?)\s*([wdhm]?)", str(spent))
        seconds = int(sum(float(number) * UNITS[unit] for number, unit in parts))
    started = given.get("started")
    if started is not None and not (isinstance(started, str) and MOMENT.fullmatch(started)):
        raise JiraError(400, f"Error parsing date string: {started}")
    comment = given.get("comment")
    return seconds, datetime.fromisoformat(started) if started else None, None if comment is None else str(comment)


@routes.post(WORKLOG)
def add(key: str) -> tuple[Json, int]:
    """Logs time, as `timeSpentSeconds` or as `timeSpent` such as `1h 30m`."""
    seconds, started, comment = _given()
    with world().lock:
        found = _issue(key)
        made = worklogs.log_work(world(), who(), found, seconds or 0, started, comment or "")
        return issue_shapes.worklog(world(), found, made, who()), 201


@routes.get(f"{WORKLOG}/<worklog_id>")
def one(key: str, worklog_id: str) -> Json:
    """One worklog."""
    with world().lock:
        found = _issue(key)
        return issue_shapes.worklog(world(), found, worklogs.find_worklog(found, worklog_id), who())


@routes.put(f"{WORKLOG}/<worklog_id>")
def edit(key: str, worklog_id: str) -> Json:
    """Changes a worklog."""
    seconds, started, comment = _given()
    with world().lock:
        found = _issue(key)
        made = worklogs.find_worklog(found, worklog_id)
        worklogs.edit_worklog(world(), who(), found, made, seconds, started, comment)
        return issue_shapes.worklog(world(), found, made, who())


@routes.delete(f"{WORKLOG}/<worklog_id>")
def delete(key: str, worklog_id: str) -> tuple[str, int]:
    """Removes a worklog."""
    with world().lock:
        found = _issue(key)
        worklogs.delete_worklog(world(), who(), found, worklogs.find_worklog(found, worklog_id))
    return "", 204
