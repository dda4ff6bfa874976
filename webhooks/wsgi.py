"""What each gunicorn worker runs: `webhooks.wsgi:build()`."""

from __future__ import annotations

import atexit
import logging

from flask import Flask

from adapter import logs
from adapter.database import open_pool
from adapter.errors import ConfigurationError
from adapter.queue import Queue
from adapter.settings import read_settings, served_sites
from adapter.store.store import Store
from webhooks.app import create_app
from webhooks.inbox import NotingInbox
from webhooks.overview import Overview


def build() -> Flask:
    """The door over the database of DATABASE_URL, which `serve` and `web` set; opened after the fork, one a worker."""
    settings = read_settings()
    logs.configure(settings.log_format)
    logging.getLogger("gunicorn.error").setLevel(logging.ERROR)  # its warnings quote what a client sent
    if settings.database_url is None:
        raise ConfigurationError("DATABASE_URL is not set: start the door with `dubu-adapter web` or `serve`")
    pool = open_pool(settings.database_url)
    atexit.register(pool.close)
    store = Store(pool)
    queue = Queue(pool, store)
    overview = Overview(served_sites(settings), settings.mappings, store, queue)
    return create_app(
        settings,
        NotingInbox(queue, store),
        sites=overview.names,
        view=overview,
        probes={"database": overview.parts},
        measure=overview.measure,
    )
