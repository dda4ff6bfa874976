"""A real HTTP server on a loopback port that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 -- JSON is any
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What goes back; `dropped` closes the connection instead, after whatever the route has done."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    cut_after: int | None = None  # bytes of the body that are sent before the connection is closed


Route = Callable[[Asked], Answer]


class Loopback:
    """The server; routes that come later are asked first, and one that gives None leaves it to those before."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._routes: list[tuple[str, re.Pattern[str], Callable[[Asked], Answer | None]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # headers and body in one packet
            disable_nagle_algorithm = True

            def _any(self) -> None:
                outer._answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 -- http.server's names

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, method: str, path: str, answer: Answer | Callable[[Asked], Answer | None]) -> None:
        """Answers requests whose path matches the regular expression wholly."""
        route = answer if callable(answer) else lambda _: answer
        self._routes.insert(0, (method, re.compile(path), route))

    def first(self, method: str, path: str, answers: Iterable[Answer]) -> None:
        """Gives these answers one by one, and then what was answered before."""
        waiting = iter(list(answers))
        self.on(method, path, lambda _: next(waiting, None))

    def calls(self, method: str = ".*", path: str = ".*") -> list[Asked]:
        """The requests so far whose method and path match wholly."""
        return [a for a in self.asked if re.fullmatch(method, a.method) and re.fullmatch(path, a.path)]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        asked = Asked(handler.command, parts.path, query, {k.title(): v for k, v in handler.headers.items()}, body)
        self.asked.append(asked)
        answer = Answer({"errorMessages": ["no such route"]}, 404)
        for method, path, route in self._routes:
            if method == asked.method and path.fullmatch(asked.path) and (given := route(asked)) is not None:
                answer = given
                break
        if answer.dropped:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        is_bytes = isinstance(answer.body, bytes)
        data = answer.body if isinstance(answer.body, bytes) else b"" if answer.body is None else _json(answer.body)
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if not is_bytes:
            handler.send_header("Content-Type", "application/json")
        if answer.status != 204:
            handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data if answer.cut_after is None else data[: answer.cut_after])
        if answer.cut_after is not None:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True


def _json(body: object) -> bytes:
    return json.dumps(body).encode()
