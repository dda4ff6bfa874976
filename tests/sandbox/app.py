"""The Flask app: who is asking, what goes wrong on demand, whether it is as described, and who asked what."""

from __future__ import annotations

import base64
import binascii
import contextlib
import socket
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from tests.sandbox import (
    control,
    described,
    pages,
    rest_bulk,
    rest_contexts,
    rest_desk,
    rest_fields,
    rest_issue,
    rest_parts,
    rest_permissions,
    rest_request,
    rest_roles,
    rest_schemes,
    rest_screens,
    rest_search,
    rest_site,
    rest_watchers,
    rest_webhooks,
    rest_workflows,
    rest_worklogs,
)
from tests.sandbox.asking import site as _site
from tests.sandbox.errors import JiraError, no_issue
from tests.sandbox.faults import Fault, Trouble
from tests.sandbox.journal import Asked
from tests.sandbox.parts import LARGEST_FILE
from tests.sandbox.scoped import SCOPED, Gateway, token_of
from tests.sandbox.world import ANONYMOUS

if TYPE_CHECKING:
    from tests.sandbox.site import Sandbox

API = ("/rest/", "/secure/attachment/", "/media/")
CUT = "sandbox.cut"
OPEN_TO_ALL = ("/rest/api/2/serverInfo", "/rest/api/latest/serverInfo", "/media/")


def make_app(site: Sandbox) -> Flask:
    """The whole site as a WSGI application."""
    app = Flask("tests.sandbox")
    app.config.update(SITE=site, MAX_CONTENT_LENGTH=LARGEST_FILE + 1024 * 1024)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    for room in (
        rest_site,
        rest_fields,
        rest_contexts,
        rest_roles,
        rest_permissions,
        rest_workflows,
        rest_schemes,
        rest_screens,
        rest_webhooks,
        rest_bulk,
        rest_issue,
        rest_parts,
        rest_watchers,
        rest_worklogs,
        rest_search,
        rest_desk,
        rest_request,
        control,
        pages,
    ):
        app.register_blueprint(room.routes)
    app.before_request(_before)
    app.after_request(_after)
    app.register_error_handler(JiraError, _refuse)
    app.register_error_handler(HTTPException, _unrouted)
    app.wsgi_app = _Cutting(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to wrap it
    if site.world.cloud:
        app.wsgi_app = Gateway(app.wsgi_app, site.world.cloud_id)  # type: ignore[method-assign]  # the same
    return app


def _before() -> Response | None:
    g.began = time.perf_counter()
    g.user = ANONYMOUS
    g.fault = None
    g.unserved = False
    if not request.path.startswith(API):
        return None
    site = _site()
    g.fault = site.faults.meet(request.method, request.path)
    _log_in(site)
    if g.fault is not None:
        answer = _early(g.fault)
        if answer is not None:
            return answer
    is_open = request.path.startswith(OPEN_TO_ALL) and not request.environ.get(SCOPED)
    if g.user is ANONYMOUS and not is_open:
        return _unauthorised()
    _hold_to_description(site)
    return None


def _early(fault: Fault) -> Response | None:
    """What a fault does before anything else is done."""
    match fault.trouble:
        case Trouble.SLOW:
            time.sleep(fault.seconds)
        case Trouble.BUSY:
            answer = _patience(Response(status=429), fault)
            answer.headers["RateLimit-Reason"] = "jira-burst-based"
            return answer
        case Trouble.BROKEN:
            return _patience(Response("<html><body>Service unavailable</body></html>", fault.status), fault)
        case Trouble.MISSING:
            raise no_issue()
        case Trouble.CUT_BEFORE:
            request.environ[CUT] = True
            return Response(status=500)
        case Trouble.STALE:
            before = _site().answers.get((g.user.handle, request.full_path))
            return Response(before, mimetype="application/json") if before is not None else None
        case Trouble.CUT_AFTER | Trouble.BROKEN_AFTER:
            pass
    return None


def _patience(answer: Response, fault: Fault) -> Response:
    if fault.retry_after is not None:
        until = datetime.now(UTC) + timedelta(seconds=fault.retry_after)
        seconds = f"{fault.retry_after:g}"
        answer.headers["Retry-After"] = format_datetime(until, usegmt=True) if fault.as_date else seconds
    return answer


def _log_in(site: Sandbox) -> None:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    name: str | None = None
    token = credentials.strip()
    if site.world.cloud:
        if kind.lower() != "basic":
            return
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            name, _, token = base64.b64decode(token, validate=True).decode().partition(":")
        if name is None:
            return
    elif kind.lower() != "bearer":
        return
    counts = token_of(token, request.environ)
    g.user = (site.world.user_by_token(name, counts) if counts else None) or ANONYMOUS


def _unauthorised() -> Response:
    if request.headers.get("Authorization"):
        answer = Response("Client must be authenticated to access this resource.", 401, mimetype="text/plain")
        answer.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
    else:
        answer = jsonify(errorMessages=["You do not have the permission to see the specified resource."], errors={})
        answer.status_code = 401
    answer.headers["WWW-Authenticate"] = 'OAuth realm="http://127.0.0.1"' if _site().world.cloud else "Bearer"
    return answer


def _hold_to_description(site: Sandbox) -> None:
    """400 for a request that the description does not allow, as Jira would answer."""
    if not site.validates(request.method, request.path):
        return
    if request.routing_exception is not None:
        g.unserved = True
        site.report(
            described.Violation("request", request.method, request.path, None, "the sandbox does not serve this")
        )
        return
    body = b"" if request.mimetype == "multipart/form-data" else request.get_data()
    query, content_type = request.args.items(multi=True), request.content_type or ""
    wrong = site.check(
        described.check_request(request.method, request.path, query, request.headers, content_type, body)
    )
    if wrong is None:
        return
    raise JiraError(400, f"Invalid request payload. {wrong.message}")


def _after(answer: Response) -> Response:
    if not request.path.startswith(API):
        return answer
    site = _site()
    ms = (time.perf_counter() - g.began) * 1000
    fault: Fault | None = g.fault
    made_up = fault is not None and fault.trouble in {Trouble.BUSY, Trouble.BROKEN, Trouble.CUT_BEFORE}
    if not (made_up or g.unserved) and site.validates(request.method, request.path):
        _check_answer(site, answer)
    if fault is None and request.method == "GET" and answer.status_code == 200 and answer.is_json:
        site.answers[g.user.handle, request.full_path] = answer.get_data()
    if fault is not None and fault.trouble is Trouble.CUT_AFTER:
        request.environ[CUT] = True
    if fault is not None and fault.trouble is Trouble.BROKEN_AFTER:
        answer = Response("<html><body>Gateway timeout</body></html>", fault.status)
    status = 0 if request.environ.get(CUT) else answer.status_code
    actor = None if g.user is ANONYMOUS else g.user.handle
    site.requests.add(Asked(request.method, request.path, status, actor, ms))
    answer.headers["X-ARequestId"] = f"{len(site.requests):x}"
    if g.user is not ANONYMOUS:
        answer.headers["X-AACCOUNTID" if site.world.cloud else "X-AUSERNAME"] = quote(g.user.account_id)
    return answer


def _check_answer(site: Sandbox, answer: Response) -> None:
    data = b"" if answer.direct_passthrough else answer.get_data()
    headers = dict(answer.headers)
    content_type = answer.content_type or ""
    site.check(described.check_response(request.method, request.path, answer.status_code, content_type, headers, data))


def _refuse(error: JiraError) -> tuple[dict[str, Any], int]:
    return error.body(request.path), error.status


def _unrouted(error: HTTPException) -> tuple[dict[str, Any], int] | HTTPException:
    if (error.code or 500) >= 500:
        own = f"the sandbox itself failed: {type(getattr(error, 'original_exception', error)).__name__}"
        _site().report(described.Violation("response", request.method, request.path, error.code, own))
    if not request.path.startswith("/rest/"):
        return error
    said = f"{error.name}: {request.path}"
    if error.code == 404 and not _site().world.cloud:
        said = f"null for uri: {request.path}"
    return {"errorMessages": [said], "errors": {}}, error.code or 500


class _Cutting:
    """Closes the connection without an answer where a fault says so: before or after the request was carried out."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.inner(environ, start_response)
        if not environ.get(CUT):
            return answer
        connection = environ.get("werkzeug.socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("cut on demand")
