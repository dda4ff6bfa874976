"""A real mail server on loopback: plain, STARTTLS or TLS, with or without login, and with bad days on request."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Lines = Literal["smtp+plain", "smtp", "smtps"]


@dataclass
class MailServer:
    """Takes mails while it is entered; `received` holds their bytes as they came, oldest first.

    `answers` are given to the next of each command instead of its own (`{"RCPT": "550 no"}`); `hangs_up_after_data`
    closes the connection where the answer to the text should come, `holds_answer` gives it so many seconds late.
    """

    lines: Lines = "smtp+plain"
    login: tuple[str, str] | None = None
    names: tuple[str, ...] = ("localhost", "127.0.0.1")
    answers: dict[str, str] = field(default_factory=dict)
    takes_before_hanging_up: bool = True
    hangs_up_after_data: bool = False
    holds_answer: float = 0.0
    offers_starttls: bool = True
    received: list[bytes] = field(default_factory=list)
    tried: int = 0

    def __enter__(self) -> Self:
        self._authority = trustme.CA()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*self.names).configure_cert(tls)
        options: dict[str, Any] = {"timeout": 20}
        if self.lines == "smtp" and self.offers_starttls:
            options |= {"tls_context": tls, "require_starttls": True}
        if self.login is not None:
            options |= {"authenticator": self._authenticate, "auth_require_tls": self.lines == "smtp"}
        over_tls = tls if self.lines == "smtps" else None
        for attempt in range(5):  # the library wants a number, and another program may be faster to take it
            self._controller = Controller(
                self, hostname="127.0.0.1", port=_free_port(), ssl_context=over_tls, **options
            )
            try:
                self._controller.start()
                break
            except OSError:
                if attempt == 4:
                    raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """What DUBU_SMTP_URL says to reach it."""
        who = "" if self.login is None else f"{self.login[0]}:{self.login[1]}@"
        return f"{self.lines}://{who}127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    def write_authority(self, file: Path) -> Path:
        """Writes the certificate that makes the server's own a trusted one."""
        self._authority.cert_pem.write_to_path(str(file))
        return file

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:  # noqa: ANN401 -- the library's own
        is_known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.login
        return AuthResult(success=is_known, handled=is_known)  # where it is not handled, the library says no

    async def handle_MAIL(  # noqa: N802 -- the library's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers MAIL."""
        self.tried += 1
        if self.login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.pop("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 -- the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answers RCPT."""
        answer = self.answers.pop("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """Takes the text, or does what this server is asked to do instead."""
        answer = self.answers.pop("DATA", "250 OK")
        assert isinstance(envelope.content, bytes)
        if answer.startswith("2") and (not self.hangs_up_after_data or self.takes_before_hanging_up):
            self.received.append(envelope.content)
        if self.holds_answer:
            await asyncio.sleep(self.holds_answer)
        if self.hangs_up_after_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


@dataclass
class TalkativeServer:
    """Answers with one `piece` after another, at most `times`, `every` so many seconds; `stopped_by_us` in the end.

    It does so instead of its greeting or, with `after_text`, where the answer to the text should come.
    """

    piece: bytes
    every: float = 0.0
    times: int = 200_000
    after_text: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    stopped_by_us: bool = False

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    @property
    def url(self) -> str:
        """What DUBU_SMTP_URL says to reach it."""
        return f"smtp+plain://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        line, _ = self._listening.accept()
        with line, line.makefile("rb") as heard:
            if self.after_text:
                for answer in (b"220 hi", b"250 hi", b"250 OK", b"250 OK", b"354 go on"):
                    line.sendall(answer + b"\r\n")
                    heard.readline()
                while heard.readline() != b".\r\n":
                    pass
            try:
                for _ in range(self.times):
                    line.sendall(self.piece)
                    time.sleep(self.every)
            except OSError:
                self.stopped_by_us = True
        self.finished.set()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
