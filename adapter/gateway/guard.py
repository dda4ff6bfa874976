"""Where credentials may go: to the configured origin, and nowhere else, whatever a payload or a redirect says."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from adapter.errors import ConfigurationError, Refused

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port: what a server is."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


MEDIA = Origin("https", "api.media.atlassian.com", 443)
"""Where Jira Cloud keeps the bytes of attachments; reached without credentials, by a token in the redirect."""


def origin_of(url: str) -> Origin | None:
    """The origin of an http(s) URL, read by the same parser that opens the connection; None for anything else."""
    try:
        parts = parse_url(url)
    except (LocationParseError, ValueError):
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.host or parts.auth:
        return None
    return Origin(parts.scheme, parts.host.lower().rstrip("."), parts.port or DEFAULT_PORTS[parts.scheme])


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def configured_origin(url: str, variable: str) -> Origin:
    """The origin of the site's address; ConfigurationError where a token sent there could be read on the way."""
    origin = origin_of(url)
    parts = parse_url(url) if origin else None
    if origin is None or parts is None or parts.query or parts.fragment:
        raise ConfigurationError(
            f"The address of the Jira site must look like https://firma.atlassian.net: correct `adresse` in jira.yaml "
            f"or {variable}; a user name, password or query does not belong in it"
        )
    if origin.scheme == "http" and not is_loopback(origin.host):
        raise ConfigurationError(
            f"The Jira site at {origin.host} is addressed with http://, which would send the token in the clear: "
            f"write https:// in `adresse` in jira.yaml or {variable}"
        )
    return origin


class OnlyTo(HTTPAdapter):
    """Sends to one origin; every request passes here last, redirects included."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(max_retries=0)
        self._origin = origin

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Sends the request if it goes to the one origin; Refused otherwise, before a connection is opened."""
        target = origin_of(request.url or "")
        if target != self._origin:
            raise Refused(f"A request to {target or 'an unreadable address'} was not sent: only {self._origin} is", 0)
        return super().send(request, stream, timeout, verify, cert, proxies)
