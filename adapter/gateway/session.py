"""One conversation with one Jira site: python-jira's login and session, our retries, our errors, our log.

python-jira's session asks to be overridden where errors and retries are decided (`request`); so its own methods and
our raw calls go the same way. Nothing but constants, ids' places and numbers is logged: no body, name or query.
"""

from __future__ import annotations

import json
import mimetypes
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests
import structlog
from jira import JIRA
from jira.resilientsession import ResilientSession
from urllib3.exceptions import MaxRetryError, NewConnectionError

from adapter.errors import OutOfReach, Refused
from adapter.gateway.guard import OnlyTo, Origin
from adapter.gateway.retry import Patience, Transient, seconds_asked
from adapter.gateway.shapes import Json, objects, parse, part, whole

log = structlog.get_logger()

T = TypeVar("T")
OnRequest = Callable[[str, int, float], None]
"""Told of every request: method, status (0 where no answer came), seconds."""

TIMEOUT = (5.0, 30.0)  # seconds to connect, and between two bytes
PASSING = frozenset({408, 429, 500, 502, 503, 504})
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
SETTLE = 1.0  # seconds that Jira gets to finish a POST whose answer was lost, before it is looked for
API = "/rest/api/2"
DESK = "/rest/servicedeskapi"
PAGE = 100
MOST_PAGES = 1000  # of one list: more than any that is asked for has


class Unauthorised(OutOfReach):
    """Jira does not accept the account's token any more: mended by a person, and until then no ticket is lost."""


class Elsewhere(OutOfReach):
    """The address answers with a redirect instead of Jira's API."""


class Rejected(Refused):
    """A 4xx answer, with the ids of the custom fields that Jira complained about, and nothing of its text."""

    def __init__(self, message: str, status: int, field_ids: tuple[str, ...] = ()) -> None:
        super().__init__(message, status)
        self.field_ids = field_ids


class JiraSession(ResilientSession):
    """python-jira's session with one attempt behind `once`, tenacity around it, and the guard below it."""

    def __init__(self, origin: Origin, patience: Patience, on_request: OnRequest | None = None) -> None:
        super().__init__(timeout=TIMEOUT, max_retries=0)
        self.trust_env = False  # no .netrc, no proxy from the environment: the token goes where the settings say
        self.adapters.clear()
        self.mount("https://", OnlyTo(origin))
        self.mount("http://", OnlyTo(origin))
        self._patience = patience
        self._on_request = on_request

    def request(self, method: str, url: str | bytes, **kwargs: Any) -> requests.Response:  # type: ignore[override] # noqa: ANN401 -- as python-jira's own, for calls by its methods
        """Answers a call of python-jira's own methods; never repeats a POST, as nothing says whether it arrived."""
        shown = re.sub(r"(?<!/api)/([A-Z][A-Z0-9_]*-)?\d+(?=/|$)", "/{id}", urlsplit(str(url)).path)
        answer = self.ask(method, str(url), shown, **kwargs)
        assert answer is not None  # noqa: S101 -- only a check that finds the POST arrived ends without an answer
        parse(answer)  # python-jira reads it next, and would write a page that is no JSON into its log
        return answer

    def ask(
        self,
        method: str,
        url: str,
        shown: str,
        arrived: Callable[[], bool] | None = None,
        **kwargs: Any,  # noqa: ANN401 -- requests' own
    ) -> requests.Response | None:
        """The answer to a request, tried again while that may help; None where `arrived` says it is already done.

        GET, PUT and DELETE are repeated freely. A POST whose answer was lost is repeated only when `arrived` says
        that Jira does not have it; without `arrived` it is not repeated. `shown` is the path for errors and logs.
        """
        doubtful = False

        def attempt(number: int) -> requests.Response | None:
            nonlocal doubtful
            if doubtful and arrived is not None and arrived():
                log.info("a call whose answer was lost had arrived", method=method, path=shown, attempt=number)
                return None
            try:
                return self.once(method, url, shown, number, **kwargs)
            except Transient as failure:
                doubtful = doubtful or (method == "POST" and failure.may_have_arrived)
                if doubtful and arrived is None:
                    raise OutOfReach(
                        f"{method} {shown}: {failure}, and may have been done; the ticket is looked at again",
                        failure.retry_after,
                    ) from None
                if doubtful:
                    failure.retry_after = max(failure.retry_after or 0.0, SETTLE)
                raise

        return self._patience.persist(attempt, f"{method} {shown}")

    def once(
        self,
        method: str,
        url: str,
        shown: str,
        attempt: int = 1,
        **kwargs: Any,  # noqa: ANN401 -- requests' own
    ) -> requests.Response:
        """One attempt; Transient where another may help, one of our errors where not."""
        kwargs["allow_redirects"] = False
        kwargs.setdefault("timeout", self.timeout)
        started = time.perf_counter()
        status = 0
        try:
            response = requests.Session.request(self, method, url, **kwargs)
            status = response.status_code
        except (requests.RequestException, ValueError) as error:  # ValueError: a redirect to nonsense
            raise _failure(error, f"{method} {shown}") from None
        finally:
            seconds = time.perf_counter() - started
            if self._on_request:
                self._on_request(method, status, seconds)
            tell = log.debug if 200 <= status < 300 else log.info
            tell("asked jira", method=method, path=shown, status=status, ms=round(seconds * 1000), attempt=attempt)
        if response.ok and status not in ELSEWHERE:
            return response
        if status in ELSEWHERE and kwargs.get("stream"):
            return response  # a download: whoever asked judges where it leads
        response.close()
        raise self._refusal(response, f"{method} {shown}")

    def _refusal(self, response: requests.Response, call: str) -> Exception:
        status = response.status_code
        if status in PASSING:
            asked = seconds_asked(response.headers.get("Retry-After"), self._patience.now())
            if status == 429:
                reason = re.sub(r"[^A-Za-z0-9 _-]", "", response.headers.get("RateLimit-Reason", ""))[:60]
                log.warning("jira asks for patience", reason=reason, seconds=asked)
            return Transient(f"Jira answers {status}", may_have_arrived=status != 429, retry_after=asked)
        if status in ELSEWHERE:
            return Elsewhere(f"{call}: Jira's address redirects elsewhere, as to a login page; it is tried again later")
        denied = "DENIED" in response.headers.get("X-Seraph-LoginReason", "").upper()
        if status == 401 or denied:
            return Unauthorised(f"{call}: Jira answers {status}: the account's token is not accepted (any more)")
        return Rejected(f"{call}: Jira refuses with {status}", status, _field_ids(response))


def _failure(error: requests.RequestException | ValueError, call: str) -> Exception:
    if isinstance(error, requests.exceptions.SSLError):
        return OutOfReach(f"{call}: the certificate of Jira's address cannot be verified; check address and CA bundle")
    if isinstance(error, requests.ConnectTimeout):
        return Transient("no connection in time", may_have_arrived=False)
    if isinstance(error, requests.Timeout):
        return Transient("no answer in time", may_have_arrived=True)
    if isinstance(error, requests.ConnectionError):
        cause = error.args[0] if error.args else None
        unsent = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
        return Transient("no connection" if unsent else "the connection was dropped", may_have_arrived=not unsent)
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return Transient("the answer was cut off", may_have_arrived=True)
    return OutOfReach(f"{call}: the request could not be made ({type(error).__name__})")


def _field_ids(response: requests.Response) -> tuple[str, ...]:
    try:
        errors = part(response.json(), "errors")
    except (ValueError, RecursionError, requests.RequestException):
        return ()
    names = errors if isinstance(errors, Mapping) else {}
    return tuple(str(name) for name in names if re.fullmatch(r"customfield_\d{1,12}", str(name)))


@dataclass(frozen=True)
class Wire:
    """Calls by path: `{names}` in a path are filled with quoted ids, and the path itself is what logs show."""

    jira: JIRA
    session: JiraSession

    def url(self, path: str, **ids: str) -> str:
        """The whole address of a path below the site's."""
        return self.jira.server_url + path.format(**{name: quote(value, safe="") for name, value in ids.items()})

    def get(self, path: str, params: Mapping[str, str | int] | None = None, **ids: str) -> object:
        """The JSON that a GET answers."""
        answer = self.session.ask("GET", self.url(path, **ids), path, params=params)
        return parse(answer) if answer is not None else None

    def put(self, path: str, body: Json, **ids: str) -> object:
        """The JSON that a PUT answers, None where it answers nothing."""
        answer = self.session.ask("PUT", self.url(path, **ids), path, data=_encode(body))
        return parse(answer) if answer is not None else None

    def post(self, path: str, body: Json | str, arrived: Callable[[], bool], **ids: str) -> object:
        """The JSON that a POST answers, None where it answers nothing or `arrived` says that it was done before."""
        answer = self.session.ask("POST", self.url(path, **ids), path, arrived, data=_encode(body))
        return parse(answer) if answer is not None else None

    def post_file(self, path: str, filename: str, data: bytes, arrived: Callable[[], bool], **ids: str) -> object:
        """The JSON that the upload of one file answers, None where `arrived` says that it was done before."""
        headers = {
            "X-Atlassian-Token": "no-check",
            "Content-Type": None,
        }  # the form says its own type, with its boundary
        files = {"file": (filename, data, mimetypes.guess_type(filename)[0] or "application/octet-stream")}
        answer = self.session.ask("POST", self.url(path, **ids), path, arrived, headers=headers, files=files)
        return parse(answer) if answer is not None else None

    def delete(self, path: str, **ids: str) -> None:
        """Deletes."""
        self.session.ask("DELETE", self.url(path, **ids), path)

    def pages(
        self, path: str, keys: tuple[str, ...], params: Mapping[str, str | int] | None = None, **ids: str
    ) -> Iterator[Json]:
        """The objects of all pages that startAt counts; they stand below the first of the keys that is there.

        Whether a page is the last is said by isLast, else by the total, else by its being short.
        """
        start = 0
        for _ in range(MOST_PAGES):
            answer = self.get(path, {**(params or {}), "startAt": start, "maxResults": PAGE}, **ids)
            found = next((objects(part(answer, key)) for key in keys if part(answer, key) is not None), [])
            yield from found
            start += len(found)
            last, total = part(answer, "isLast"), part(answer, "total")
            by_number = start >= whole(total) if total is not None else len(found) < PAGE
            if not found or (last if isinstance(last, bool) else by_number):
                return
        raise endless(path)

    def desk_pages(self, path: str, **ids: str) -> Iterator[Json]:
        """The objects of all pages of the service desk's API, which counts in its own words."""
        start = 0
        for _ in range(MOST_PAGES):
            answer = self.get(DESK + path, {"start": start, "limit": PAGE}, **ids)
            found = objects(part(answer, "values"))
            yield from found
            start += len(found)
            if not found or part(answer, "isLastPage") is not False:
                return
        raise endless(path)


def endless(path: str) -> OutOfReach:
    """The error where Jira's pages do not end, as behind a proxy that answers every one of them with the first."""
    return OutOfReach(f"Jira's pages of {path} do not end: {MOST_PAGES} were read; it is tried again later")


def _encode(body: Json | str) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def log_in(url: str, session: JiraSession, user: str | None, token: str, *, cloud: bool) -> JIRA:
    """python-jira's client on our session; nothing is sent yet.

    Its own start would block for minutes on a dead host; what it would learn there (the deployment type) is known.
    """
    jira = JIRA(
        server=url,
        options={"check_update": False},
        basic_auth=(user, token) if user is not None else None,
        token_auth=token if user is None else None,
        get_server_info=False,
        max_retries=0,
        timeout=TIMEOUT,
        logging=False,  # its log lines hold addresses and bodies
    )
    jira.deploymentType = "Cloud" if cloud else "Server"
    own = jira._session  # noqa: SLF001 -- python-jira has no argument for a session
    session.headers.update(own.headers)
    if not cloud:
        session.headers["X-ExperimentalApi"] = "opt-in"  # organisations, on Data Center before 5.x
    session.auth = own.auth
    own.close()
    jira._session = session  # noqa: SLF001 -- the same
    return jira
