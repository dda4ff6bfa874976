"""REST of an issue's watchers."""

from __future__ import annotations

from flask import Blueprint, request

from tests.sandbox import followers, issue_shapes
from tests.sandbox.asking import who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import visible
from tests.sandbox.records import Json

routes = Blueprint("watchers", __name__)
WATCHERS = "/rest/api/<any('2', 'latest'):_version>/issue/<key>/watchers"


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, str] | None) -> None:
    if values is not None:
        values.pop("_version", None)


@routes.get(WATCHERS)
def watchers(key: str) -> Json:
    """Who watches an issue."""
    with world().lock:
        return issue_shapes.watchers(world(), visible(world(), who(), key), who())


@routes.post(WATCHERS)
def watch(key: str) -> tuple[str, int]:
    """Adds the watcher whose account the body names, as a JSON string; without a body, the asker."""
    named = request.get_json(silent=True) if request.get_data() else None
    if request.get_data() and not isinstance(named, str):
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    with world().lock:
        found = visible(world(), who(), key)
        watcher = who() if named is None else followers.find_person(world(), named, 404)
        followers.watch(world(), who(), found, watcher)
    return "", 204


@routes.delete(WATCHERS)
def unwatch(key: str) -> tuple[str, int]:
    """Removes the watcher that the query names."""
    named = request.args.get("accountId" if world().cloud else "username")
    if named is None:
        raise JiraError(400, "The accountId of the watcher must be given.")
    with world().lock:
        found = visible(world(), who(), key)
        followers.unwatch(world(), who(), found, followers.find_person(world(), named, 404))
    return "", 204
