"""Holds requests and responses against Atlassian's OpenAPI descriptions (../shared/jira/openapi).

Every exception is a row of a table in exceptions.py, with its reason. Data Center is not described by anybody: there
only those messages are held against Cloud's description that have the same shape (ALIKE), and the rest goes unchecked.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import ValidationError  # type: ignore[import-untyped]  # it comes without types
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.sandbox.exceptions import AMENDMENTS, DESK, EXCEPTIONS, PLATFORM_2, PLATFORM_3

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "jira" / "openapi"
HOST = "https://your-domain.atlassian.net"  # the descriptions' own
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")

Pairs = Iterable[tuple[str, str]]


ALIKE = re.compile(
    r"(GET|POST|PUT|DELETE) /rest/api/2/"
    r"(status|issue|issue/[^/]+(/comment(/\d+)?|/worklog(/\d+)?|/watchers|/editmeta|/transitions)?|project/[^/]+(/statuses|/role)?)"
)
"""What Data Center writes as Cloud does: REST v2 of issues and what hangs on them, statuses and projects."""


@dataclass(frozen=True)
class Violation:
    """A message that the description does not allow."""

    side: str
    method: str
    path: str
    status: int | None
    message: str

    def __str__(self) -> str:
        answered = f" -> {self.status}" if self.status is not None else ""
        return f"{self.side} {self.method} {self.path}{answered}: {self.message}"


class _Asked:
    """A request as openapi-core wants it."""

    host_url = HOST
    full_url_pattern = None

    def __init__(self, method: str, path: str, query: Pairs, headers: Pairs, content_type: str, body: bytes) -> None:
        self.method = method.lower()
        self.path = path
        self.content_type = content_type
        self.body = body or None
        self.parameters = RequestParameters(query=ImmutableMultiDict(query), header=Headers(headers))


class _Answered:
    """A response as openapi-core wants it."""

    def __init__(self, status: int, content_type: str, headers: Mapping[str, str], data: bytes) -> None:
        self.status_code = status
        self.content_type = content_type
        self.headers = Headers(dict(headers))
        self.data = data


def is_there() -> bool:
    """Whether Atlassian's descriptions are beside the checkout."""
    return all((FOLDER / name).is_file() for name in (PLATFORM_2, PLATFORM_3, DESK))


def _is_moment(value: object) -> bool:
    """Whether this is how Jira writes moments: an offset without a colon, though RFC 3339 wants one."""
    return not isinstance(value, str) or MOMENT.fullmatch(value) is not None


_loading = threading.Lock()


@cache
def _description(name: str) -> OpenAPI:
    described = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for amendment in AMENDMENTS:
        if name in amendment.files:
            amendment.amend(described)
    formats: dict[str, Callable[[Any], bool]] = {"date-time": _is_moment}
    config = Config(spec_validator_cls=None, extra_format_validators=formats)  # see SOURCES.md: two files have flaws
    return OpenAPI.from_dict(described, config=config)


def _find(path: str) -> tuple[OpenAPI, str] | None:
    """The description that a path is in, and the path as it stands there; None outside the described APIs."""
    path = re.sub(r"^/rest/api/latest/", "/rest/api/2/", path)
    with _loading:
        if path == "/rest/api/2/search/jql":  # younger than the description of v2
            return _description(PLATFORM_3), "/rest/api/3/search/jql"
        if path.startswith("/rest/api/3/"):
            return _description(PLATFORM_3), path
        if path.startswith("/rest/api/2/"):
            return _description(PLATFORM_2), path
        if path.startswith("/rest/servicedeskapi/"):
            return _description(DESK), path
    return None


def check_request(
    method: str, path: str, query: Pairs, headers: Pairs, content_type: str, body: bytes
) -> Violation | None:
    """What is wrong with a request, if anything is."""
    found = _find(path)
    if found is None:
        return None
    description, described_path = found
    asked = _Asked(method, described_path, query, headers, content_type, body)
    return _judge("request", method, path, None, lambda: description.validate_request(asked))


def check_response(
    method: str, path: str, status: int, content_type: str, headers: Mapping[str, str], data: bytes
) -> Violation | None:
    """What is wrong with a response, if anything is."""
    found = _find(path)
    if found is None:
        return None
    description, described_path = found
    asked = _Asked(method, described_path, (), (), "", b"")
    answered = _Answered(status, content_type, headers, data)
    return _judge("response", method, path, status, lambda: description.validate_response(asked, answered))


def _judge(side: str, method: str, path: str, status: int | None, check: Callable[[], None]) -> Violation | None:
    try:
        check()
    except OpenAPIError as error:
        message = _said(error)
        if any(e.covers(side, method, path, message) for e in EXCEPTIONS):
            return None
        return Violation(side, method, path, status, message)
    return None


def is_alike(method: str, path: str) -> bool:
    """Whether a message of Data Center has the shape that is described for Cloud."""
    return ALIKE.fullmatch(f"{method} {path}") is not None


def _said(error: BaseException) -> str:
    """What is wrong and where, without the values that are: they may be somebody's text."""
    cause = error.__cause__ or error
    schema_errors = getattr(cause, "schema_errors", None)
    if schema_errors:
        return "; ".join(f"{'/'.join(map(str, e.absolute_path)) or '(all)'}: {_rule(e)}" for e in schema_errors)
    return f"{type(error).__name__}: {str(cause)[:200]}"


def _rule(error: ValidationError) -> str:
    """The rule that was broken; names of keys are no text of anybody's."""
    if error.validator in {"additionalProperties", "required"}:
        return str(error.message)
    return f"is not of {error.validator} {str(error.validator_value)[:100]}"
