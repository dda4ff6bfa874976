"""Whether this process lives, whether all it needs is there, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from flask import Blueprint, Response, jsonify

from adapter import metrics
from adapter.errors import AdapterError, OutOfReach
from webhooks.deadline import Deadline

_log = structlog.get_logger()


@dataclass(frozen=True)
class Part:
    """One thing the adapter needs; `says` is for operators and never holds a secret or text of a ticket."""

    name: str
    is_ready: bool
    says: str


class Probe(Protocol):
    """Finds out how one or more parts are, within seconds; may raise AdapterError for "not ready"."""

    def __call__(self) -> Iterable[Part]: ...


def jira_part(site: str, last_contact: datetime | None, now: datetime, limit: timedelta) -> Part:
    """Judges the last good answer from Jira: the sweep speaks to it regularly, so silence means trouble."""
    name = f"jira/{site}"
    if last_contact is None:
        return Part(name, is_ready=False, says="no answer from Jira yet")
    says = f"last good answer {last_contact.isoformat(timespec='seconds')}"
    return Part(name, is_ready=now - last_contact <= limit, says=says)


def health(probes: Mapping[str, Probe], deadline: Deadline, measure: Callable[[], None]) -> Blueprint:
    """The routes that orchestrators and Prometheus ask; a probe's name stands for its parts when it fails.

    `measure` brings the figures up to date that only the database knows; where it is away, the last ones stay.
    """
    room = Blueprint("health", __name__)

    @room.get("/health/live")
    def live() -> Response:
        return jsonify(live=True)

    @room.get("/health/ready")
    def ready() -> Response:
        parts = [part for name, probe in probes.items() for part in _ask(name, probe, deadline)]
        missing = [part.name for part in parts if not part.is_ready]
        answer = jsonify(
            ready=not missing,
            not_ready=missing,
            parts={part.name: {"ready": part.is_ready, "says": part.says} for part in parts},
        )
        answer.status_code = 503 if missing else 200
        return answer

    @room.get("/metrics")
    def figures() -> Response:
        try:
            deadline(measure)
        except OutOfReach as error:
            _log.warning("not measured", error=type(error).__name__)
        return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)

    return room


def _ask(name: str, probe: Probe, deadline: Deadline) -> list[Part]:
    try:
        return deadline(lambda: list(probe()))
    except AdapterError as error:  # its message is fit for logs, and for operators
        _log.warning("probe failed", probe=name, error=type(error).__name__)
        return [Part(name, is_ready=False, says=str(error))]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part must not hide the others
        _log.warning("probe failed", probe=name, error=type(error).__name__)
        return [Part(name, is_ready=False, says=f"did not answer ({type(error).__name__})")]
