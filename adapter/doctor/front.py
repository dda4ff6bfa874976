"""Address, deployment, login and clock: what stands between the adapter and the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapter.catalogue.model import Catalogue
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import ELSEWHERE, Account, Front, Server

SKEW = timedelta(minutes=1)
FAR_OFF = timedelta(minutes=10)
"""As far back as a sweep looks again: beyond it, changes are missed."""
SCOPES = "read:jira-work, write:jira-work, read:jira-user, read:servicedesk-request, write:servicedesk-request"


def front_findings(catalogue: Catalogue, front: Front) -> Iterator[Finding]:
    """What is wrong before any ticket is asked for."""
    place = catalogue.positions.of("jira.yaml", "adresse")
    if front.server is None:
        yield Finding(Level.ERROR, Code.ADDRESS, *_unanswered(front), place)
        return
    told = {"Cloud": "cloud", "Server": "datacenter", "Data Center": "datacenter"}.get(front.server.deployment)
    if told is not None and told != catalogue.jira.deployment:
        yield Finding(
            Level.ERROR,
            Code.DEPLOYMENT,
            f'Jira på {front.url} er "{told}", og i jira.yaml står udgave: {catalogue.jira.deployment}',
            f"skriv udgave: {told}, eller ret adressen",
            catalogue.positions.of("jira.yaml", "udgave"),
        )
        return
    if front.account is None:
        yield Finding(Level.ERROR, Code.LOGIN, *_shut(front, is_cloud=told != "datacenter"))
        return
    yield from _base_url(front, front.server, place, is_cloud=told == "cloud")
    yield from _clock(front.server)
    yield from _time_zone(catalogue, front.account, front.server.asked)


def _unanswered(front: Front) -> tuple[str, str]:
    if front.refused == ELSEWHERE:
        what = f"adressen {front.url} viderestiller i stedet for at svare som Jira"
        return what, "skriv den adresse, Jira selv har, uden login-side foran og med den rigtige sti"
    what = f"der er ingen Jira på {front.url} (den svarer {front.refused})"
    if front.is_scoped:
        return what, "ret cloudId i adressen: det står på https://firma.atlassian.net/_edge/tenant_info"
    return what, "ret adressen i jira.yaml eller miljøet; på Data Center hører en eventuel sti med, fx /jira"


def _shut(front: Front, *, is_cloud: bool) -> tuple[str, str]:
    what = f"Jira på {front.url} lukker ikke adapterens konto ind (Jira svarer {front.refused})"
    if not is_cloud:
        return (
            what,
            f"sæt {front.token_variable} til et gyldigt PAT for kontoen: de udløber, og kan være trukket tilbage",
        )
    variables = f"ret {front.user_variable} (kontoens mailadresse) og {front.token_variable}"
    if front.is_scoped:
        return what, f"{variables}; tokenet skal have {SCOPES}"
    return what, (
        f"{variables}; et token med scopes, som en servicekontos, gælder kun på https://api.atlassian.com/ex/jira/<cloudId>"
    )


def _base_url(front: Front, server: Server, place: str, *, is_cloud: bool) -> Iterator[Finding]:
    if front.is_scoped or not server.base_url or _origin(server.base_url) == _origin(front.url):
        return
    what = f"Jira kalder sig selv {server.base_url}, og adapteren taler med {front.url}"
    if is_cloud:
        yield Finding(Level.WARNING, Code.ADDRESS, what, "skriv sitets nuværende adresse", place)
    else:
        mend = "gør de to ens: bilag hentes kun fra den adresse, adapteren taler med"
        yield Finding(Level.ERROR, Code.ADDRESS, what, mend, place)


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        return parts.scheme, (parts.hostname or "").rstrip("."), port
    except ValueError:
        return "", "", None


def _clock(server: Server) -> Iterator[Finding]:
    if server.now is None:
        return
    ahead = server.now - server.asked
    if abs(ahead) <= SKEW:
        return
    seconds = round(abs(ahead).total_seconds())
    apart = f"{seconds // 60} min. {seconds % 60} sek." if seconds >= 60 else f"{seconds} sek."
    yield Finding(
        Level.ERROR if abs(ahead) >= FAR_OFF else Level.WARNING,
        Code.CLOCK,
        f"denne maskines ur er {apart} {'bag efter' if ahead > timedelta() else 'foran'} Jiras",
        "stil det efter en tidsserver (fx med chrony eller systemd-timesyncd)",
    )


def _time_zone(catalogue: Catalogue, account: Account, now: datetime) -> Iterator[Finding]:
    own, theirs = catalogue.calendar.timezone, account.time_zone
    if not theirs:
        return
    try:
        same = now.astimezone(ZoneInfo(own)).utcoffset() == now.astimezone(ZoneInfo(theirs)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        same = False
    if not same:
        yield Finding(
            Level.NOTE,
            Code.TIME_ZONE,
            f"adapterens konto står i tidszonen {theirs}, åbningstiderne i {own}",
            f"sæt kontoens tidszone til {own}, om nogen skriver filtre for den; ellers er der intet at gøre",
            catalogue.positions.of("kalender.yaml", "tidszone"),
        )
