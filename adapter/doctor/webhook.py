"""The site's webhook to the adapter, as far as it shows: address, events, filter, and what has come of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.found import Project, Webhook
from adapter.provision.hook import covers, in_use, lacking_events, leads_to
from adapter.provision.telling import shown

LATE = timedelta(minutes=15)
"""After a ticket changed, until its delivery should have come: Jira tries again for about as long."""
UNREADABLE = "Jira viser aldrig hemmeligheden"


def webhook_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """What is wrong with the webhook, and with what has come from it."""
    if seen.found is not None and seen.found.webhooks is not None:
        yield from _of_webhooks(catalogue, seen, seen.found.project, seen.found.webhooks)
    yield from _of_deliveries(catalogue, seen)


def _of_webhooks(
    catalogue: Catalogue, seen: Seen, project: Project, webhooks: tuple[Webhook, ...]
) -> Iterator[Finding]:
    place = catalogue.positions.of("jira.yaml", "projekt")
    address = shown(seen.webhook_url) if seen.webhook_url else f"https://…/webhooks/{seen.site}"
    ours = in_use(webhooks, lambda webhook: _leads_here(webhook, seen))
    if not ours:
        near = next((w for w in webhooks if _seems_ours(w, catalogue)), None)
        if near is None:
            mend = "kør dubu-adapter provision --webhook-url …, eller opret den i Jira under System → WebHooks"
            yield Finding(Level.ERROR, Code.WEBHOOK, f"der er ingen webhook til {address}", mend, place)
        else:
            what = f'webhooken "{near.name}" går til {shown(near.url)} og ikke til {address}'
            yield Finding(Level.ERROR, Code.WEBHOOK_URL, what, "ret webhookens URL i Jira", place)
        return
    if not ours[0].is_enabled:
        what = f'webhooken "{ours[0].name}" er slået fra'
        yield Finding(Level.ERROR, Code.WEBHOOK_OFF, what, "slå den til i Jira", place)
        return
    names = _names(ours)
    if lacking := lacking_events(ours):
        what = f"webhooken {names} fortæller ikke om {', '.join(sorted(lacking))}"
        yield Finding(Level.WARNING, Code.WEBHOOK_EVENTS, what, _MEND, place)
    if not any(covers(w.jql, project) for w in ours):
        what = f'webhooken {names} har filteret "{ours[0].jql}" og ikke "project = {project.key}"'
        yield Finding(Level.WARNING, Code.WEBHOOK_JQL, what, _MEND, place)
    if bare := [w for w in ours if w.leaves_body_out]:
        yield Finding(Level.ERROR, Code.WEBHOOK_BODY, f"webhooken {_names(bare)} sendes uden indhold", _MEND, place)
    if unsigned := [w for w in ours if w.is_signed is False]:
        mend = f"kør dubu-adapter provision --webhook-url …, eller skriv en af {seen.secrets_variable} ved den i Jira"
        what = f"webhooken {_names(unsigned)} har ingen hemmelighed"
        yield Finding(Level.ERROR, Code.WEBHOOK_SECRET, what, mend, place)


def _names(webhooks: Iterable[Webhook]) -> str:
    return ", ".join(f'"{webhook.name}"' for webhook in webhooks)


_MEND = "kør dubu-adapter provision --webhook-url …, eller ret den i Jira under System → WebHooks"


def _leads_here(webhook: Webhook, seen: Seen) -> bool:
    if seen.webhook_url is not None:
        return leads_to(webhook, seen.webhook_url)
    try:
        return urlsplit(webhook.url).path.rstrip("/").endswith(f"/webhooks/{seen.site}")
    except ValueError:
        return False


def _seems_ours(webhook: Webhook, catalogue: Catalogue) -> bool:
    said = f"{webhook.name} {webhook.url}".casefold()
    return "dubu" in said or bool(re.search(rf"\b{catalogue.jira.project}\b", webhook.jql))


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
