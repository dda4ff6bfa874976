"""Webhooks of the site, in either of the two shapes that Jira keeps them in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapter.errors import Refused
from adapter.gateway.session import Wire
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.found import Webhook

OLD = "/rest/webhooks/1.0/webhook"
NEW = "/rest/jira-webhook/1.0/webhooks"
SECTION = "issue-related-events-section"


@dataclass(frozen=True)
class Webhooks:
    """Reads them where the site keeps them: Data Center 10 moved them, and takes the old shape without its JQL."""

    wire: Wire
    cloud: bool

    def read(self) -> tuple[Webhook, ...]:
        """All webhooks of the site."""
        _, found = self.found()
        return found

    def found(self) -> tuple[str, tuple[Webhook, ...]]:
        """The path that the site keeps them below, and what is there."""
        if self.cloud:
            return OLD, _webhooks(self.wire.get(OLD))
        try:
            return NEW, _webhooks(self.wire.get(NEW))
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return OLD, _webhooks(self.wire.get(OLD))


def _webhooks(answer: object) -> tuple[Webhook, ...]:
    return tuple(_webhook(w) for w in objects(answer) or objects(part(answer, "values")))


def _webhook(found: Json) -> Webhook:
    number = re.search(r"/(\d+)$", text(found.get("self")))
    configuration = part(found, "configuration")
    filters = found.get("filters") if configuration is None else _unfolded(part(configuration, "FILTERS"))
    events = found.get("events")
    leaves_out = found.get("excludeBody", part(configuration, "EXCLUDE_BODY"))
    return Webhook(
        id=text(found.get("id")) or (number[1] if number else ""),
        name=text(found.get("name")),
        url=text(found.get("url")),
        events=frozenset(text(e) for e in events) - {""} if isinstance(events, list) else frozenset(),
        jql=text(part(filters, SECTION)),
        is_enabled=_yes(found.get("enabled", found.get("active"))),
        leaves_body_out=_yes(leaves_out),
        is_signed=None if found.get("isSigned") is None else _yes(found.get("isSigned")),
    )


def _yes(value: object) -> bool:
    return value is True or value == "true"


def _unfolded(value: object) -> object:
    """An object that Data Center 10 keeps as a text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def old_shape(webhook: Webhook, secret: str | None) -> Json:
    """What Cloud, and Data Center before 10, take."""
    body: dict[str, object] = {
        "name": webhook.name,
        "url": webhook.url,
        "events": sorted(webhook.events),
        "filters": {SECTION: webhook.jql},
        "excludeBody": False,
        "enabled": True,
    }
    return {**body, "secret": secret} if secret else body


def new_shape(webhook: Webhook, secret: str | None) -> Json:
    """What Data Center 10 takes."""
    configuration: Mapping[str, object] = {
        "FILTERS": json.dumps({SECTION: webhook.jql}),
        "EXCLUDE_BODY": "false",
        **({"secret": secret} if secret else {}),
    }
    return {
        "name": webhook.name,
        "url": webhook.url,
        "events": sorted(webhook.events),
        "configuration": configuration,
        "active": True,
    }
