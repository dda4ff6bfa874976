"""What is counted and measured, all in one place; no label ever holds anything from a ticket, a mail or a request.

With PROMETHEUS_MULTIPROC_DIR in its environment, or after `share`, a process counts together with all that do so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from prometheus_client import REGISTRY as ONE_PROCESS
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from adapter.catalogue.words import SiteName

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class DeliveryOutcome(StrEnum):
    """What became of a request at the door."""

    ACCEPTED = "accepted"
    UNSIGNED = "unsigned"
    NO_TICKET = "no_ticket"
    UNKNOWN_SITE = "unknown_site"
    TOO_LARGE = "too_large"
    UNFINISHED = "unfinished"
    ENCODED = "encoded"
    UNAVAILABLE = "unavailable"


class LookOutcome(StrEnum):
    """What became of a look at a ticket."""

    DONE = "done"
    NOTHING = "nothing"
    IGNORED_PROJECT = "ignored_project"
    GONE = "gone"
    LATER = "later"
    SET_ASIDE = "set_aside"
    BRAKED = "braked"


_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})

_deliveries = Counter("dubu_deliveries", "Requests at the door, by what became of them.", ["site", "outcome"])
_looks = Counter("dubu_looks", "Looks at tickets, by what became of them.", ["site", "outcome"])
_jira_requests = Counter("dubu_jira_requests", "Calls to Jira, by class of answer.", ["site", "method", "status"])
_fill_seconds = Histogram(
    "dubu_fill_seconds",
    "Seconds from a delivery to a filled ticket.",
    ["site"],
    buckets=(0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
)
_mapping_failures = Counter("dubu_mapping_reload_failures", "Edited mappings that were refused.", ["site"])
_mapping_info = Gauge(
    "dubu_mapping_info", "1 for the mapping version in force.", ["site", "version"], multiprocess_mode="mostrecent"
)
_set_aside = Gauge(
    "dubu_set_aside_tickets", "Tickets set aside until a person acts.", ["site"], multiprocess_mode="mostrecent"
)
_braked = Gauge(
    "dubu_braked",
    "1 while the brake is on: too many tickets changed within the hour.",
    ["site"],
    multiprocess_mode="mostrecent",
)
_findings = Gauge(
    "dubu_findings",
    "Findings of the nightly round that stand: ways around the approval, and what hides them.",
    ["site", "code"],
    multiprocess_mode="mostrecent",
)
_last_sweep = Gauge(
    "dubu_last_sweep_timestamp_seconds", "When the last sweep ended.", ["site"], multiprocess_mode="mostrecent"
)
_versions: dict[SiteName, str] = {}


def delivered(site: SiteName | None, outcome: DeliveryOutcome) -> None:
    """Counts a request at the door; None stands for a site that is not ours."""
    _deliveries.labels(site or "", outcome.value).inc()


def looked(site: SiteName, outcome: LookOutcome) -> None:
    """Counts a look."""
    _looks.labels(site, outcome.value).inc()


def jira_answered(site: SiteName, method: str, status: int | None) -> None:
    """Counts a call to Jira under `2xx` … `5xx`, or `none` when no answer came."""
    answer = f"{status // 100}xx" if status is not None and 100 <= status < 600 else "none"
    _jira_requests.labels(site, method.upper() if method.upper() in _METHODS else "other", answer).inc()


def filled(site: SiteName, seconds: float) -> None:
    """Measures the time from a delivery to a filled ticket."""
    _fill_seconds.labels(site).observe(max(0.0, seconds))


def mapping_in_force(site: SiteName, version: str) -> None:
    """Shows which mapping version this process works by."""
    former = _versions.get(site)
    if former is not None and former != version:
        _mapping_info.labels(site, former).set(0)
    _versions[site] = version
    _mapping_info.labels(site, version).set(1)


def mapping_refused(site: SiteName) -> None:
    """Counts an edited mapping that could not be used: the last good one stays in force."""
    _mapping_failures.labels(site).inc()


def set_aside(site: SiteName, tickets: int) -> None:
    """Shows how many tickets wait for a person."""
    _set_aside.labels(site).set(tickets)


def braked(site: SiteName, *, is_on: bool) -> None:
    """Shows whether the brake is on."""
    _braked.labels(site).set(is_on)


def standing(site: SiteName, codes: Mapping[str, int]) -> None:
    """Shows how many findings stand on a site's settings, by code; a code that is 0 was shown before."""
    for code, findings in codes.items():
        _findings.labels(site, code).set(findings)


def swept(site: SiteName, at: datetime) -> None:
    """Shows when the last sweep ended."""
    _last_sweep.labels(site).set(at.timestamp())


def share(folder: str) -> None:
    """Lets this process, and those forked from it, count in a folder together; call it before anything is counted."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # chosen at import else, too early for us


def ended(pid: int) -> None:
    """Lets go of the figures that only held while a process lived."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped


def exposition() -> bytes:
    """All figures in Prometheus' text format, of all processes where they share a directory."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(ONE_PROCESS)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    return generate_latest(registry)
