"""A stand-in for one half of the adapter: `web` answers /health/live, both do as they are told."""

from __future__ import annotations

import http.server
import os
import signal
import sys
import threading
import time
from pathlib import Path


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    told = folder / f"{name}.tells"
    (folder / f"{name}.pid").write_text(str(os.getpid()))

    def tell(word: str) -> None:
        with told.open("a") as file:
            file.write(f"{word}\n")

    tell("database" if os.environ["DATABASE_URL"].startswith("postgresql://") else "none")
    order = folder / f"{name}.order"
    if order.exists():
        status = int(order.read_text())
        if status == 1:
            order.unlink()  # once
        sys.exit(status)

    def end(*_: object) -> None:
        tell("told to end")
        if (folder / f"{name}.stubborn").exists():
            return
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, lambda *_: tell("interrupted"))
    if name == "web":
        port = int(os.environ["DUBU_PORT"])
        server = http.server.ThreadingHTTPServer((os.environ.get("DUBU_HOST", "127.0.0.1"), port), Live)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        time.sleep(0.1)


class Live(http.server.BaseHTTPRequestHandler):
    """Says 200 to everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        del format, args


if __name__ == "__main__":
    main()
