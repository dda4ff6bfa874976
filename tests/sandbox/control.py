"""The control API under /sandbox: faults, webhooks, clock, what was asked, what was not as described."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, request
from pydantic import TypeAdapter, ValidationError

from tests.sandbox.asking import site
from tests.sandbox.faults import Fault
from tests.sandbox.records import Json
from tests.sandbox.webhooks import Hook

routes = Blueprint("control", __name__, url_prefix="/sandbox")
FAULT = TypeAdapter(Fault)


def _given() -> Json:
    given = request.get_json(silent=True)
    return given if isinstance(given, dict) else {}


@routes.get("/requests")
def requests() -> list[Json]:
    """What was asked of the REST API."""
    return [asdict(asked) for asked in site().requests]


@routes.delete("/requests")
def forget_requests() -> tuple[str, int]:
    """Starts counting anew."""
    site().requests.clear()
    return "", 204


@routes.get("/violations")
def violations() -> Json:
    """What was not as described, and whether anything is held against the description at all."""
    found = site()
    return {
        "validates": not found.why,
        "why": found.why,
        "checked": found.checked,
        "violations": [asdict(v) for v in found.violations],
    }


@routes.get("/faults")
def faults() -> list[Json]:
    """The faults in force."""
    return [asdict(fault) for fault in site().faults.all()]


@routes.post("/faults")
def add_fault() -> tuple[Json, int]:
    """Puts a fault in force, such as `{"trouble": "busy", "path": "/issue/", "times": 2, "retry_after": 3}`."""
    try:
        fault = FAULT.validate_python(_given())
    except ValidationError as error:
        return {"error": str(error)}, 400
    site().faults.add(fault)
    return asdict(fault), 201


@routes.delete("/faults")
def clear_faults() -> tuple[str, int]:
    """Ends all faults."""
    site().faults.clear()
    return "", 204


@routes.get("/deliveries")
def deliveries() -> list[Json]:
    """The webhooks sent, without their bodies."""
    return [
        {"event": d.event, "issue": d.issue_id, "identifier": d.identifier, "answers": d.answers, "outcome": d.outcome}
        for d in site().webhooks.deliveries
    ]


@routes.post("/hooks")
def add_hook() -> tuple[Json, int]:
    """Registers a webhook: `{"url": …, "secret": …}`."""
    given = _given()
    site().webhooks.add(Hook(str(given["url"]), given.get("secret")))
    return {"hooks": len(site().webhooks.hooks)}, 201


@routes.post("/webhooks")
def steer_webhooks() -> tuple[Json, int]:
    """Steers deliveries: `{"drop": 2}`, `drop_all`, `delay`, `twice`, `hold`, `release` (null or an order)."""
    hooks = site().webhooks
    for name, value in _given().items():
        match name:
            case "drop":
                hooks.drop(int(value))
            case "drop_all":
                hooks.drop_all(bool(value))
            case "delay":
                hooks.delay = float(value)
            case "twice":
                hooks.twice(int(value))
            case "hold":
                hooks.hold()
            case "release":
                hooks.release(value)
            case _:
                return {"error": f"unknown: {name}"}, 400
    return {}, 200


@routes.get("/settled")
def settled() -> tuple[Json, int]:
    """Waits until no delivery is under way, at most `timeout` seconds."""
    try:
        site().settled(request.args.get("timeout", 10.0, type=float))
    except TimeoutError as error:
        return {"error": str(error)}, 503
    return {"settled": True}, 200


@routes.post("/clock")
def clock() -> Json:
    """Sets or moves the clock: `{"set": "2026-11-03T09:00:00+01:00"}`, `{"advance": 3600}`, `{"run": true}`."""
    found = site().clock
    given = _given()
    if "set" in given:
        found.set(datetime.fromisoformat(given["set"]))
    if "advance" in given:
        found.advance(timedelta(seconds=float(given["advance"])))
    if given.get("run"):
        found.run()
    return {"now": found.now().isoformat()}


@routes.get("/people")
def people() -> list[Json]:
    """Who is on the site, with their tokens: it is a sandbox."""
    return [
        {
            "handle": u.handle,
            "name": u.display_name,
            "email": u.email,
            "token": u.token,
            "accountId": u.account_id,
            "kind": u.kind.value,
        }
        for u in site().world.users.values()
    ]
