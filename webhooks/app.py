"""The Flask app, put together: door, health and, where a token is set, the admins' page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog
from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError
from adapter.settings import Settings
from webhooks.admin import AdminView, admin
from webhooks.deadline import Deadline
from webhooks.door import Inbox, door
from webhooks.health import Probe, health

_log = structlog.get_logger()

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(
    settings: Settings,
    inbox: Inbox,
    *,
    sites: Sequence[SiteName],
    view: AdminView,
    probes: Mapping[str, Probe] | None = None,
    measure: Callable[[], None] = lambda: None,
) -> Flask:
    """The door for these sites; ConfigurationError names the variable of a site that has no webhook secret.

    Args:
        probes: what readiness depends on, by name.
        measure: brings the figures up to date that nobody counts along the way.
        view: what the admins' page shows; asked only when DUBU_ADMIN_TOKEN is set.
    """
    deadline = Deadline()
    app = Flask("webhooks", static_folder=None, template_folder="pages")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.register_blueprint(door(inbox, secrets_of(settings, sites), deadline))
    app.register_blueprint(health(probes or {}, deadline, measure))
    if settings.admin_token:
        app.register_blueprint(admin(view, settings.admin_token, deadline), url_prefix="/admin")
    app.after_request(_protect)
    app.register_error_handler(HTTPException, _say)
    app.register_error_handler(Exception, _fail)
    return app


def secrets_of(settings: Settings, sites: Sequence[SiteName]) -> dict[SiteName, tuple[str, ...]]:
    """Each site's webhook secrets, all valid at once."""
    if not sites:
        raise ConfigurationError(f"no site below {settings.mappings}: add a folder, or set DUBU_MAPPINGS")
    found = {site: settings.site(site).webhook_secrets for site in sites}
    for site, secrets in found.items():
        if not secrets:
            variable = f"DUBU_{site.upper().replace('-', '_')}_WEBHOOK_SECRETS"
            raise ConfigurationError(f"{variable} is not set: set it to the secret that {site}'s webhook signs with")
    return found


def _protect(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def _say(error: HTTPException) -> Response:
    """Says what is wrong in JSON, without repeating what was asked."""
    answer = jsonify(error=error.name.lower().replace(" ", "_"))
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name in {"Allow", "WWW-Authenticate", "Retry-After"}:
            answer.headers.add(name, value)
    return answer


def _fail(error: Exception) -> Response:
    """Logs what failed and where; adapter.logs leaves out an error's words, which could be what was sent."""
    _log.error("request failed", exc_info=error)
    answer = jsonify(error="internal_server_error")
    answer.status_code = 500
    return answer
