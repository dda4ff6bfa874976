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
from adapter.post.compose import mail_address
from adapter.ticket.letter import Letter

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_HOW = "write it as smtp://user:password@host:587 (STARTTLS), smtps://… or, on this machine only, smtp+plain://…"
_SECONDS = 30.0  # for each answer of the server
_READY, _TAKEN = 354, 250  # RFC 5321, 4.3.2


@dataclass(frozen=True)
class Mailer:
    """A mail server, and the login for it; a connection is made for each letter."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = _SECONDS

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
        return cls(parts.scheme, host, port, user, password)

    def send(self, letter: Letter, data: bytes, handing_over: Callable[[], None]) -> None:
        """Hands over a letter; `handing_over` is called when the server has said yes to all but the text.

        Raises:
            OutOfReach: the server does not answer, or asks to come back later; it has not taken the letter.
            Refused: the server will not have this letter, or not from us; it has not taken it.
            Uncertain: the text was given, and the server's answer never came.
        """
        with self._connected() as server:
            with _told(f"the mail server {self.host}"):
                server.ehlo_or_helo_if_needed()
                _demand(server.mail(mail_address(letter.sender)))
                for to in letter.to:
                    _demand(server.rcpt(mail_address(to)))
                _demand(server.docmd("DATA"), _READY)
            handing_over()
            try:
                server.send(_stuffed(data))
                answer = server.getreply()
            except (OSError, smtplib.SMTPException) as error:
                kind = type(error).__name__
                raise Uncertain(f"The mail server {self.host} went silent while taking a letter ({kind})") from None
            _demand(answer)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection, encrypted and logged in; closed at once at the end, so that half a letter is never sent."""
        tls = ssl.create_default_context()
        server: smtplib.SMTP | None = None
        try:
            with _told(f"the mail server {self.host}"):
                if self.scheme == "smtps":
                    server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=tls)
                else:
                    server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
                if self.scheme == "smtp":
                    server.starttls(context=tls)
                if self.user is not None and self.password is not None:
                    server.login(self.user, self.password)
            yield server
        finally:
            if server is not None:
                server.close()


@contextmanager
def _told(server: str) -> Iterator[None]:
    """Turns what a connection raises into OutOfReach or Refused; never with the server's own words.

    Those may repeat addresses and logins.
    """
    try:
        yield
    except ssl.SSLCertVerificationError:
        why = "has a certificate that is not trusted: correct its name in DUBU_SMTP_URL, or set SSL_CERT_FILE"
        raise Refused(f"{server} {why}", 495) from None
    except smtplib.SMTPNotSupportedError:
        raise Refused(f"{server} offers no STARTTLS or no login: see DUBU_SMTP_URL", 530) from None
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise OutOfReach(f"{server} takes no logins now ({error.smtp_code})") from None
        raise Refused(f"{server} refuses the login of DUBU_SMTP_URL ({error.smtp_code})", error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        _demand((error.smtp_code, b""))
        raise OutOfReach(f"{server} answers {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise OutOfReach(f"{server} does not answer ({type(error).__name__})") from None


def _demand(answer: tuple[int, bytes], wanted: int = _TAKEN) -> None:
    code = answer[0]
    if 500 <= code <= 599:
        raise Refused(f"The mail server refuses the letter, its sender or its recipient ({code})", code)
    if code != wanted and not (wanted == _TAKEN and 250 <= code <= 252):
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
