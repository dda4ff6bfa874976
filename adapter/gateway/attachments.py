"""The bytes of attachments: from the configured site only, never more than asked for, credentials never elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

from adapter.errors import Gone, OutOfReach, Refused
from adapter.gateway.guard import Origin, origin_of
from adapter.gateway.retry import Patience, Transient
from adapter.gateway.session import API, ELSEWHERE, JiraSession, Wire
from adapter.ticket.snapshot import Attachment

REDIRECTS = 5
CHUNK = 64 * 1024
SHOWN = "/attachment/{id}"
ANY = {"Accept": "*/*"}


@dataclass(frozen=True)
class Downloads:
    """Downloads from one site; `media` is where Cloud may redirect to, and is sent no credentials."""

    wire: Wire
    origin: Origin
    patience: Patience
    cloud: bool
    media: Origin
    media_session: JiraSession
    clock: Callable[[], float] = time.monotonic
    longest: float = 120.0  # seconds for one file, however slowly it comes

    def download(self, attachment: Attachment, limit: int) -> bytes:
        """The file's bytes; Refused (413) beyond `limit` bytes, (0) where it leads off the site; Gone if deleted.

        On Cloud the address is made from the id. On Data Center the one that Jira gave is used if it is on the site.
        """
        if attachment.size > limit:
            raise _too_large(attachment, limit)
        url, params = attachment.url, {}
        if self.cloud:
            url = self.wire.url(f"{API}/attachment/content/{{id}}", id=attachment.id)
            params = {"redirect": "false"}  # Jira hands the bytes itself, where it knows the parameter
        elif origin_of(url) != self.origin:
            raise Refused(
                f"Attachment {attachment.id} lies on {origin_of(url) or 'an unreadable address'}, and only "
                f"{self.origin} is trusted: Jira's base URL and `adresse` in jira.yaml must be the same",
                0,
            )
        try:
            return self.patience.persist(lambda turn: self._fetch(url, params, attachment, limit, turn), f"GET {SHOWN}")
        except Refused as refusal:
            if refusal.status in {404, 410}:
                raise Gone(f"Attachment {attachment.id} is not there any more") from None
            raise

    def _fetch(self, url: str, params: dict[str, str], attachment: Attachment, limit: int, turn: int) -> bytes:
        for _ in range(REDIRECTS + 1):
            target = origin_of(url)
            if target not in {self.origin, self.media if self.cloud else self.origin}:
                raise Refused(
                    f"Attachment {attachment.id} is redirected to {target or 'an unreadable address'}, which is not "
                    "trusted; it was not fetched",
                    0,
                )
            session = self.wire.session if target == self.origin else self.media_session
            with session.once("GET", url, SHOWN, turn, stream=True, params=params, headers=ANY) as answer:
                if answer.status_code not in ELSEWHERE:
                    return self._bytes(answer, attachment, limit)
                url, params = urljoin(url, answer.headers.get("Location", "")), {}
        raise Refused(f"Attachment {attachment.id} is redirected more than {REDIRECTS} times; it was not fetched", 0)

    def _bytes(self, answer: requests.Response, attachment: Attachment, limit: int) -> bytes:
        until = self.clock() + self.longest
        found = bytearray()
        try:
            for chunk in answer.iter_content(CHUNK):
                found += chunk
                if len(found) > limit:
                    raise _too_large(attachment, limit)
                if self.clock() > until:
                    raise OutOfReach(f"Attachment {attachment.id} comes too slowly; it is tried again later")
        except (requests.RequestException, HTTPError):
            raise Transient("the file was cut off", may_have_arrived=False) from None
        return bytes(found)


def _too_large(attachment: Attachment, limit: int) -> Refused:
    return Refused(f"Attachment {attachment.id} is larger than {limit} bytes; it was not read to its end", 413)
