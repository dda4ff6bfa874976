"""A conversation with a mail server that ends in time, however much the server says and however slowly.

`smtplib` waits anew for every byte, and keeps as many lines of an answer as it is told.
"""

from __future__ import annotations

import io
import smtplib
import ssl
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from _typeshed import ReadableBuffer, WriteableBuffer

_LONGEST_ANSWER = 65_536  # bytes; the longest there is, that to EHLO, has some tens of short lines
_AT_ONCE = 16_384  # bytes of a TLS record: for each the socket waits anew


class Conversation(smtplib.SMTP):
    """All that is said and heard together takes no longer than `timeout`, or than what `allow` says later."""

    def __init__(self, host: str, port: int, *, timeout: float) -> None:
        self.allow(timeout)
        super().__init__(host, port, timeout=timeout)

    def allow(self, seconds: float) -> None:
        """Gives all that follows so much time from now on."""
        self._ends_at = monotonic() + seconds

    def hear(self, buffer: WriteableBuffer) -> int:
        """Reads some of an answer; OSError where the time is up, or the answer longer than any should be."""
        if self._may_say <= 0:
            raise OSError("the mail server does not come to the end of an answer")
        heard = self._in_time().recv_into(buffer, min(memoryview(buffer).nbytes, self._may_say))
        self._may_say -= heard
        return heard

    def getreply(self) -> tuple[int, bytes]:
        """The next answer, as far as there is time for it."""
        self._may_say = _LONGEST_ANSWER
        if self.file is None:  # also after STARTTLS: what was said before it counts for nothing
            self.file = io.BufferedReader(_Ear(self))
        return super().getreply()

    def send(self, s: ReadableBuffer | str) -> None:
        """Says something, as far as there is time for it."""
        said = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        for start in range(0, len(said), _AT_ONCE):
            self._in_time()
            super().send(said[start : start + _AT_ONCE])

    def _in_time(self) -> socket.socket:
        """The connection, which from now on waits no longer than there is time."""
        left = self._ends_at - monotonic()
        if self.sock is None or left <= 0:
            raise TimeoutError("the mail server has had its time")
        self.sock.settimeout(left)
        return self.sock


class Encrypted(Conversation, smtplib.SMTP_SSL):
    """The same where the connection is encrypted from its beginning."""

    def __init__(self, host: str, port: int, *, timeout: float, context: ssl.SSLContext) -> None:
        self.allow(timeout)
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=timeout, context=context)


class _Ear(io.RawIOBase):
    """Lets lines be read from what a conversation hears."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._conversation.hear(buffer)
