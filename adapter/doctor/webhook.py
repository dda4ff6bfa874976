"""The site's webhook to the adapter, as far as it shows: address, events, filter, and what has come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.found import Webhook
from adapter.provision.wanted import EVENTS

LATE = timedelta(minutes=15)
"""After a ticket changed, until its delivery should have come: Jira tries again for about as long."""
UNREADABLE = "Jira viser aldrig hemmeligheden"


def webhook_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What is wrong with the webhook, and with what has come from it."""
    webhooks = seen.found.webhooks if seen.found else None
    if webhooks is not None:
        yield from _of_webhooks(catalogue, seen, webhooks)
    yield from _of_deliveries(catalogue, seen)


def _of_webhooks(catalogue: Catalogue, seen: Seen, webhooks: tuple[Webhook, ...]) -> Iterator[Finding]:
    place = catalogue.positions.of("jira.yaml", "projekt")
    address = seen.webhook_url or f"https://…/webhooks/{seen.site}"
    right = [w for w in webhooks if _leads_here(w, seen)]
    if not right:
        near = next((w for w in webhooks if _seems_ours(w, catalogue)), None)
        if near is None:
            mend = "kør dubu-adapter provision --webhook-url …, eller opret den i Jira under System → WebHooks"
            yield Finding(Level.ERROR, Code.WEBHOOK, f"der er ingen webhook til {address}", mend, place)
        else:
            what = f'webhooken "{near.name}" går til {_shown(near.url)} og ikke til {address}'
            yield Finding(Level.ERROR, Code.WEBHOOK_URL, what, "ret webhookens URL i Jira", place)
        return
    ours = [w for w in right if w.is_enabled]
    if not ours:
        what = f'webhooken "{right[0].name}" er slået fra'
        yield Finding(Level.ERROR, Code.WEBHOOK_OFF, what, "slå den til i Jira", place)
        return
    names = ", ".join(f'"{w.name}"' for w in ours)
    if lacking := EVENTS - frozenset(event for w in ours for event in w.events):
        what = f"webhooken {names} fortæller ikke om {', '.join(sorted(lacking))}"
        yield Finding(Level.WARNING, Code.WEBHOOK_EVENTS, what, _MEND, place)
    if not any(_covers(w.jql, catalogue.jira.project) for w in ours):
        what = f'webhooken {names} har filteret "{ours[0].jql}" og ikke "project = {catalogue.jira.project}"'
        yield Finding(Level.WARNING, Code.WEBHOOK_JQL, what, _MEND, place)
    if all(w.leaves_body_out for w in ours):
        yield Finding(Level.ERROR, Code.WEBHOOK_BODY, f"webhooken {names} sendes uden indhold", _MEND, place)


_MEND = "kør dubu-adapter provision --webhook-url …, eller ret den i Jira under System → WebHooks"


def _leads_here(webhook: Webhook, seen: Seen) -> bool:
    if seen.webhook_url is not None:
        return webhook.url.rstrip("/") == seen.webhook_url.rstrip("/")
    try:
        return urlsplit(webhook.url).path.rstrip("/").endswith(f"/webhooks/{seen.site}")
    except ValueError:
        return False


def _seems_ours(webhook: Webhook, catalogue: Catalogue) -> bool:
    said = f"{webhook.name} {webhook.url}".casefold()
    return "dubu" in said or bool(re.search(rf"\b{catalogue.jira.project}\b", webhook.jql))


def _shown(url: str) -> str:
    """An address without what could be a secret in it."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "en ulæselig adresse"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def _covers(jql: str, project: str) -> bool:
    """Whether a filter lets all of a project's tickets through, as far as that can be told by reading it."""
    plain = " ".join(re.sub(r"[\"']", "", jql).split()).casefold()
    plain = re.sub(r"\s+order by .*$", "", plain)
    if not plain:
        return True
    single = re.fullmatch(r"project ?= ?(\S+)", plain)
    if single:
        return single[1] == project.casefold()
    several = re.fullmatch(r"project in ?\(([^()]*)\)", plain)
    return several is not None and project.casefold() in {key.strip() for key in several[1].split(",")}


def _of_deliveries(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Whether what came was signed rightly, which is all that shows of the secret."""
    known = seen.deliveries
    if known is None:
        return
    zone = ZoneInfo(catalogue.calendar.timezone)
    if known.turned_away and (known.genuine is None or known.turned_away > known.genuine):
        since = f"siden den sidste rigtige {_at(known.genuine, zone)}" if known.genuine else "og ingen er modtaget"
        yield Finding(
            Level.WARNING,
            Code.WEBHOOK_SECRET,
            f"en levering blev afvist {_at(known.turned_away, zone)} som ikke rigtigt underskrevet, {since}",
            f"skriv den samme hemmelighed ved webhooken i Jira og i {seen.secrets_variable} ({UNREADABLE})",
        )
    elif known.genuine is None:
        yield Finding(
            Level.WARNING,
            Code.DELIVERY,
            "adapteren har aldrig modtaget en levering fra Jira",
            f"ret noget på en sag, og kør check igen; kommer intet, så se URL og hemmelighed efter ({UNREADABLE})",
        )
    elif seen.changed is not None and seen.changed[1] - known.genuine > LATE:
        key, at = seen.changed
        yield Finding(
            Level.WARNING,
            Code.DELIVERY,
            f"{key} blev ændret {_at(at, zone)}, og den seneste levering kom {_at(known.genuine, zone)}",
            "se efter, at adapterens dør kører, og at webhooken kan nå den",
        )


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d-%m-%Y kl. %H:%M}"
