"""REST of searching: /search/jql on Cloud, /search on Data Center."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, request

from tests.sandbox import issue_shapes
from tests.sandbox.asking import body, who, words, world
from tests.sandbox.errors import JiraError
from tests.sandbox.records import Issue, Json
from tests.sandbox.search import find, is_unbounded

routes = Blueprint("search", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")
SEARCH_MAXIMUM = 100
BARE_MAXIMUM = 5000  # where nothing but ids and keys is asked for
RECONCILED = 50


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _asked() -> Json:
    """The search, whether it came as a query string or as a body."""
    if request.method == "POST":
        given = body()
        expand = given.get("expand") or []
        given["expand"] = expand.split(",") if isinstance(expand, str) else expand
        return given
    given = dict(request.args)
    given |= {name: words(name) for name in ("fields", "expand", "reconcileIssues")}
    given["maxResults"] = request.args.get("maxResults", 50, type=int)
    given["startAt"] = request.args.get("startAt", 0, type=int)
    return given


@routes.route("/search", methods=["GET", "POST"])
def search() -> Json:
    """Issues from `startAt`; on Cloud it was taken away."""
    site = world()
    if site.cloud:
        raise JiraError(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
    asked = _asked()
    found = find(site, who(), str(asked.get("jql") or ""))
    start = int(asked.get("startAt") or 0)
    size = min(int(asked.get("maxResults") or 50), 1000)
    shown = found[start : start + size]
    fields = asked.get("fields") or ["*navigable"]
    with site.lock:
        written = [issue_shapes.issue(site, i, who(), fields, asked["expand"], search=True) for i in shown]
    return {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found), "issues": written}


@routes.route("/search/jql", methods=["GET", "POST"])
def search_jql() -> Json:
    """Issues a page at a time, each page naming the next; ids alone unless fields are asked for."""
    site = world()
    if not site.cloud:
        raise JiraError(404, "null for uri: /rest/api/2/search/jql")
    asked = _asked()
    jql = str(asked.get("jql") or "")
    if is_unbounded(jql):
        raise JiraError(
            400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        )
    fields: list[str] = asked.get("fields") or ["id"]
    bare = set(fields) <= {"id", "key"}
    size = min(int(asked.get("maxResults") or 50), BARE_MAXIMUM if bare else SEARCH_MAXIMUM)
    fresh = frozenset(str(id_) for id_ in asked.get("reconcileIssues") or ())
    if len(fresh) > RECONCILED:
        raise JiraError(400, f"reconcileIssues takes at most {RECONCILED} ids.")
    found = find(site, who(), jql, fresh=fresh)
    start = _start(found, asked.get("nextPageToken"))
    shown = found[start : start + size]
    with site.lock:
        written = [_written(issue, fields, asked["expand"]) for issue in shown]
    answer: Json = {"issues": written, "isLast": start + size >= len(found)}
    if not answer["isLast"]:
        last = f"{shown[-1].id}:{start + size}"
        answer["nextPageToken"] = base64.urlsafe_b64encode(last.encode()).decode()
    return answer


def _written(issue: Issue, fields: list[str], expand: list[str]) -> Json:
    if fields == ["id"]:
        return {"id": issue.id}
    if set(fields) <= {"id", "key"}:
        written = issue_shapes.issue(world(), issue, who(), ["-*"], ())
        return {name: written[name] for name in ("expand", "id", "self", "key")}
    return issue_shapes.issue(world(), issue, who(), fields, expand, search=True)


def _start(found: list[Issue], token: str | None) -> int:
    """Where the next page starts: after the last issue that was shown, if it is still found."""
    if not token:
        return 0
    try:
        last, position = base64.urlsafe_b64decode(token).decode().split(":")
    except (binascii.Error, ValueError) as error:
        raise JiraError(400, "The provided next page token is invalid.") from error
    after = [number for number, issue in enumerate(found) if issue.id == last]
    return after[0] + 1 if after else min(int(position), len(found))
