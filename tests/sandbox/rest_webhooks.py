"""REST of admin webhooks: the address of Cloud and of Data Center before 10, and the one that replaced it there."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request

from tests.sandbox.asking import body, site, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.jql import read
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Json
from tests.sandbox.webhooks import Hook

routes = Blueprint("webhooks", __name__)
OLD, NEW = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
SECTION = "issue-related-events-section"
EVENTS = frozenset(
    {f"jira:issue_{what}" for what in ("created", "updated", "deleted")}
    | {f"comment_{what}" for what in ("created", "updated", "deleted")}
    | {f"worklog_{what}" for what in ("created", "updated", "deleted")}
    | {f"attachment_{what}" for what in ("created", "deleted")}
    | {f"issuelink_{what}" for what in ("created", "deleted")}
    | {f"issue_property_{what}" for what in ("set", "deleted")}
    | {f"project_{what}" for what in ("created", "updated", "deleted")}
    | {f"user_{what}" for what in ("created", "updated", "deleted")}
    | {f"jira:version_{what}" for what in ("created", "updated", "released", "unreleased", "moved", "deleted")}
)


@routes.before_request
def _admins_only() -> None:
    version = int(world().switches.data_center_version.split(".")[0])
    new = not world().cloud and version >= 10
    if request.path.startswith(NEW) is not new:
        raise JiraError(404, f"null for uri: {request.path}")
    require_admin(who(), "webhooks")


def _hook(hook_id: int) -> Hook:
    found = next((h for h in site().webhooks.hooks if h.id == hook_id), None)
    if found is None:
        raise JiraError(404, "The webhook does not exist.")
    return found


def _fill(hook: Hook, given: Json, jql: object, secret: object) -> None:
    """Puts what was given on a webhook; what was not stays."""
    name, url = str(given.get("name", hook.name)), str(given.get("url", hook.url))
    events = tuple(given.get("events", hook.events))
    if not name.strip() or not url.startswith(("http://", "https://")):
        raise JiraError(400, "A webhook needs a name and a URL.")
    unknown = [event for event in events if event not in EVENTS]
    if unknown:
        raise JiraError(400, f"The event '{unknown[0]}' is not known.")
    if jql is not None:
        read(str(jql))
        hook.jql = str(jql)
    if secret is not None and world().switches.api_takes_secret:
        hook.secret = str(secret) or None
    hook.name, hook.url, hook.events = name, url, events
    hook.changed_by, hook.changed = who(), world().clock.now()


def _old(hook: Hook) -> Json:
    by = hook.changed_by or who()
    written: Json = {
        "self": f"{world().url}{OLD}/{hook.id}",
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "filters": {SECTION: hook.jql},
        "excludeBody": hook.excludes_body,
        "enabled": hook.enabled,
        "lastUpdatedUser": by.account_id if world().cloud else by.handle,
        "lastUpdatedDisplayName": by.display_name,
        "lastUpdated": int((hook.changed or world().clock.now()).timestamp() * 1000),
    }
    return written | ({"isSigned": hook.secret is not None} if world().switches.api_tells_signed else {})


def _fill_old(hook: Hook, given: Json) -> Hook:
    filters = given.get("filters")
    _fill(hook, given, filters.get(SECTION, "") if isinstance(filters, dict) else None, given.get("secret"))
    hook.excludes_body = bool(given.get("excludeBody", hook.excludes_body))
    hook.enabled = bool(given.get("enabled", hook.enabled))
    return hook


@routes.get(OLD)
def old_list() -> list[Json]:
    """All webhooks."""
    return [_old(hook) for hook in site().webhooks.hooks]


@routes.get(f"{OLD}/<int:hook_id>")
def old_one(hook_id: int) -> Json:
    """A webhook; its secret is never told."""
    return _old(_hook(hook_id))


@routes.post(OLD)
def old_make() -> tuple[Json, int]:
    """A new webhook."""
    return _old(site().webhooks.add(_fill_old(Hook("", name=""), body()))), 201


@routes.put(f"{OLD}/<int:hook_id>")
def old_change(hook_id: int) -> Json:
    """Changes a webhook."""
    return _old(_fill_old(_hook(hook_id), body()))


def _new(hook: Hook) -> Json:
    filters = json.dumps({SECTION: hook.jql}) if hook.jql else ""
    at = int((hook.changed or world().clock.now()).timestamp() * 1000)
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "configuration": {"FILTERS": filters, "EXCLUDE_BODY": str(hook.excludes_body).lower()},
        "active": hook.enabled,
        "scopeType": "global",
        "sslVerificationRequired": True,
        "createdDate": at,
        "updatedDate": at,
    }


def _fill_new(hook: Hook, given: Json) -> Hook:
    """From the new JSON; what the old one says of filters, bodies and enabling is lost without a word."""
    configuration: dict[str, Any] = given.get("configuration") or {}
    _fill(hook, given, _jql(configuration.get("FILTERS")), configuration.get("secret"))
    if "EXCLUDE_BODY" in configuration:
        hook.excludes_body = str(configuration["EXCLUDE_BODY"]).lower() == "true"
    hook.enabled = str(given.get("active", hook.enabled)).lower() == "true"
    return hook


def _jql(filters: object) -> str | None:
    """The query in FILTERS, which is a text that holds JSON, or the query itself."""
    if filters is None:
        return None
    try:
        parsed = json.loads(str(filters))
    except ValueError:
        return str(filters)
    return str(parsed.get(SECTION, "")) if isinstance(parsed, dict) else str(filters)


@routes.get(NEW)
def new_list() -> list[Json]:
    """All webhooks."""
    return [_new(hook) for hook in site().webhooks.hooks]


@routes.get(f"{NEW}/<int:hook_id>")
def new_one(hook_id: int) -> Json:
    """A webhook; its secret is never told."""
    return _new(_hook(hook_id))


@routes.post(NEW)
def new_make() -> tuple[Json, int]:
    """A new webhook."""
    return _new(site().webhooks.add(_fill_new(Hook("", name=""), body()))), 201


@routes.put(f"{NEW}/<int:hook_id>")
def new_change(hook_id: int) -> Json:
    """Changes a webhook."""
    return _new(_fill_new(_hook(hook_id), body()))


@routes.delete(f"{OLD}/<int:hook_id>")
@routes.delete(f"{NEW}/<int:hook_id>")
def remove(hook_id: int) -> tuple[str, int]:
    """Removes a webhook."""
    site().webhooks.hooks.remove(_hook(hook_id))
    return "", 204
