"""Handing letters to a mail server: encrypted, and always knowing whether the server took one (R7, R8)."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from adapter.errors import ConfigurationError, OutOfReach, Refused, Uncertain
from adapter.post.compose import address_on_wire
from adapter.post.conversation import Conversation, Encrypted
from adapter.ticket.letter import Letter

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_HOW = "write it as smtp://user:password@host:587 (STARTTLS), smtps://… or, on this machine only, smtp+plain://…"
_SECONDS = 60.0  # for the whole conversation up to the text
_LAST_SECONDS = 300.0
"""For the text and the answer to it, where giving up leaves it unknown whether the letter was sent.

RFC 5321 (4.5.3.2.6) asks for ten minutes. Half of it, so that a server that hangs holds a worker's place no longer than
a failing ticket waits anyway; the worker's heartbeat goes on meanwhile, and one that is stopped leaves it unknown too.
"""
_GOODBYE_SECONDS = 5.0  # the letter is sent, and nothing is written down before the server is left
_READY = 354  # RFC 5321, 4.3.2
_NO_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954, 6: the server wants another login, or an encrypted one


@dataclass(frozen=True)
class Mailer:
    """A mail server, and the login for it; a connection is made for each letter."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = _SECONDS
    last_seconds: float = _LAST_SECONDS

    @classmethod
    def of(cls, url: str) -> Self:
        """The server of DUBU_SMTP_URL; ConfigurationError where it is no such address, naming nothing secret."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            raise ConfigurationError(f"DUBU_SMTP_URL is no address: {_HOW}") from None
        host = parts.hostname or ""
        if parts.scheme not in _PORTS or not host or _has_more(parts):
            raise ConfigurationError(f"DUBU_SMTP_URL names no mail server: {_HOW}")
        if parts.scheme == "smtp+plain" and not _is_this_machine(host):
            raise ConfigurationError(f"DUBU_SMTP_URL would send letters unencrypted to another machine: {_HOW}")
        if (parts.username is None) != (parts.password is None):
            raise ConfigurationError(f"DUBU_SMTP_URL has a user without a password, or the other way round: {_HOW}")
        user, password = (None if text is None else unquote(text) for text in (parts.username, parts.password))
        if not all(text is None or (text.isascii() and text.isprintable()) for text in (user, password)):
            why = "has a user or a password with other characters than printable ASCII, which not all servers take"
            raise ConfigurationError(f"DUBU_SMTP_URL {why}: give the account others")
        return cls(parts.scheme, host, port, user, password)

    def send(self, letter: Letter, data: bytes, handing_over: Callable[[], None]) -> None:
        """Hands over a letter; `handing_over` is called when the server has said yes to all but the text.

        Raises:
            ConfigurationError: DUBU_SMTP_URL does not fit the server, which so takes no letter at all.
            OutOfReach: the server does not answer, or asks to come back later; it has not taken the letter.
            Refused: the server will not have this letter, its sender or its recipient; it has not taken it.
            Uncertain: the text was given, and the server's answer never came or says neither yes nor no.
        """
        with self._connected() as server:
            with self._told():
                server.ehlo_or_helo_if_needed()
                self._demand(server.mail(address_on_wire(letter.sender)))
                for to in letter.to:
                    self._demand(server.rcpt(address_on_wire(to)))
                self._demand(server.docmd("DATA"), _READY)
            handing_over()
            self._give(server, data)
            server.allow(_GOODBYE_SECONDS)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _give(self, server: Conversation, data: bytes) -> None:
        """Gives the text; only 4xx and 5xx say that it was not taken, and only 2xx that it was (RFC 5321, 4.2.1)."""
        try:
            server.allow(self.last_seconds)
            server.send(_stuffed(data))
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            kind = type(error).__name__
            raise Uncertain(f"The mail server {self.host} went silent while taking a letter ({kind})") from None
        if 400 <= code <= 599:
            self._demand((code, b""))
        if not 200 <= code <= 299:
            raise Uncertain(f"The mail server {self.host} says neither yes nor no to a letter it was given")

    @contextmanager
    def _connected(self) -> Iterator[Conversation]:
        """A connection, encrypted and logged in; closed at once at the end, so that half a letter is never sent."""
        tls = ssl.create_default_context()
        server: Conversation | None = None
        try:
            with self._told():
                if self.scheme == "smtps":
                    server = Encrypted(self.host, self.port, timeout=self.seconds, context=tls)
                else:
                    server = Conversation(self.host, self.port, timeout=self.seconds)
                if self.scheme == "smtp":
                    server.starttls(context=tls)
                if self.user is not None and self.password is not None:
                    server.login(self.user, self.password)
            yield server
        finally:
            if server is not None:
                server.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what a connection raises into errors of ours; never with the server's own words.

        Those may repeat addresses and logins.
        """
        server = f"the mail server {self.host}"
        try:
            yield
        except ssl.SSLCertVerificationError:
            why = "has a certificate that is not trusted: correct its name in DUBU_SMTP_URL, or set SSL_CERT_FILE"
            raise ConfigurationError(f"{server} {why}") from None
        except smtplib.SMTPNotSupportedError:
            raise ConfigurationError(f"{server} offers no STARTTLS or no login: see DUBU_SMTP_URL") from None
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise OutOfReach(f"{server} takes no logins now ({error.smtp_code})") from None
            raise ConfigurationError(f"{server} refuses the login of DUBU_SMTP_URL ({error.smtp_code})") from None
        except smtplib.SMTPResponseException as error:  # before any letter was spoken of
            raise OutOfReach(f"{server} lets nobody in ({error.smtp_code})") from None
        except (OSError, ValueError, smtplib.SMTPException) as error:  # a challenge at login may be no base64
            raise OutOfReach(f"{server} does not answer ({type(error).__name__})") from None

    def _demand(self, answer: tuple[int, bytes], wanted: int | None = None) -> None:
        """Holds an answer against the one that goes on: a code, or any yes (2xx)."""
        code = answer[0]
        if code in _NO_LOGIN:
            why = "demands a login or encryption: see DUBU_SMTP_URL"
            raise ConfigurationError(f"The mail server {self.host} {why} ({code})")
        if 500 <= code <= 599:
            raise Refused(f"The mail server refuses the letter, its sender or its recipient ({code})", code)
        if code != wanted and not (wanted is None and 200 <= code <= 299):
            raise OutOfReach(f"The mail server does not take the letter now ({code})")


def _stuffed(data: bytes) -> bytes:
    """The text as it goes over the wire: a dot more where a line begins with one, and the dot that ends it."""
    return re.sub(rb"(?m)^\.", b"..", data).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _has_more(parts: SplitResult) -> bool:
    return parts.path not in {"", "/"} or bool(parts.query or parts.fragment)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
