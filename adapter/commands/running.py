"""`serve`, `web` and `work`: the adapter running, on one machine or on many."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from gunicorn.app.wsgiapp import run as run_gunicorn  # type: ignore[import-untyped]  # gunicorn has no types

from adapter.catalogue.load import load_site
from adapter.commands.common import options, settings_for
from adapter.database import open_database
from adapter.logs import configure
from adapter.serve import serve as supervise
from adapter.settings import Settings, served_sites
from adapter.worker import work as run_worker
from webhooks.app import secrets_of


@click.command(epilog="Example: DUBU_DUBU_JIRA_TOKEN=… DUBU_DUBU_WEBHOOK_SECRETS=… dubu-adapter serve")
@options
def serve(mappings: Path | None, site: str | None) -> None:
    """Run door and worker on this machine; PostgreSQL is embedded unless DATABASE_URL is set."""
    settings = _ready(mappings, site)
    sys.exit(supervise(settings, [sys.executable, "-m", "adapter", "web"], [sys.executable, "-m", "adapter", "work"]))


@click.command(epilog="Example: DATABASE_URL=postgresql://… dubu-adapter web")
@options
def web(mappings: Path | None, site: str | None) -> None:
    """Run the door: webhooks, health, metrics and the admins' page."""
    settings = _ready(mappings, site)
    with open_database(settings, may_be_away=True) as database:
        os.environ.update(settings.environment, DATABASE_URL=database.url)
        sys.argv = ["gunicorn", "--config", "python:webhooks.gunicorn_settings", "webhooks.wsgi:build()"]
        run_gunicorn()


@click.command(epilog="Example: DATABASE_URL=postgresql://… dubu-adapter work")
@options
def work(mappings: Path | None, site: str | None) -> None:
    """Run the worker: looks at the tickets in the queue, and sweeps."""
    settings = _ready(mappings, site)
    with open_database(settings, may_be_away=True) as database:
        run_worker(settings, database)


def _ready(mappings: Path | None, site: str | None) -> Settings:
    """The settings, once everything that can be checked without Jira or the database has been."""
    settings = settings_for(mappings, site)
    configure(settings.log_format)
    served = served_sites(settings)
    for name in served:
        load_site(settings.mappings / name)
    secrets_of(settings, served)
    return settings
