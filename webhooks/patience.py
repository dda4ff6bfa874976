"""A gunicorn worker whose threads wait for a client only so long."""

from __future__ import annotations

import contextlib
import socket
from threading import Timer
from typing import Protocol

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # gunicorn has no types


class Connection(Protocol):
    """A client's connection, as gthread keeps it."""

    sock: socket.socket


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """gthread, but a client that sends a byte now and then cannot hold one of the few threads for ever."""

    patience = 30.0
    """Seconds a request may take to arrive, headers and body; Jira itself gives up after 30."""

    def handle(self, conn: Connection) -> object:
        """Serves one request; when patience ends the rest of it reads as empty, and can still be answered."""
        timer = Timer(self.patience, _stop_reading, [conn.sock])
        timer.daemon = True
        timer.start()
        try:
            return super().handle(conn)
        finally:
            timer.cancel()


def _stop_reading(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be closed by now
        sock.shutdown(socket.SHUT_RD)
