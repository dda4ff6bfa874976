"""How gunicorn runs the door: `gunicorn -c python:webhooks.gunicorn_settings "webhooks.wsgi:build()"`."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Protocol

from adapter import metrics
from adapter.settings import read_settings

_settings = read_settings()

bind = f"{f'[{_settings.host}]' if ':' in _settings.host else _settings.host}:{_settings.port}"
worker_class = "webhooks.patience.PatientWorker"
workers = 2
threads = 8
keepalive = 5
timeout = 60
graceful_timeout = 20
limit_request_fields = 100
limit_request_field_size = 8190
control_socket_disable = True  # two doors of one user would share it
accesslog = None  # the door logs its requests itself, without paths and headers
loglevel = "error"  # a warning of gunicorn's quotes what a client sent
proc_name = "dubu-adapter web"

_own_figures = None
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # `serve` sets it, so that door and worker count together
    _own_figures = tempfile.mkdtemp(prefix="dubu-figures-")
    metrics.share(_own_figures)


class Worker(Protocol):
    """A worker process, as gunicorn hands it to its hooks."""

    pid: int


def child_exit(_server: object, worker: Worker) -> None:
    """Lets go of the live gauges of a worker that ended."""
    metrics.ended(worker.pid)


def on_exit(_server: object) -> None:
    """Removes the figures that only this server wrote."""
    if _own_figures:
        shutil.rmtree(_own_figures, ignore_errors=True)
