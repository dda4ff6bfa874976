"""What every command shares: which site, which mappings, and what an error means for the exit status."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from adapter.catalogue.words import SiteName
from adapter.database import Database, open_database
from adapter.errors import ConfigurationError, Gone, OutOfReach, Refused
from adapter.logs import configure
from adapter.look import Looker
from adapter.queue import Queue
from adapter.settings import Settings, read_settings, served_sites
from adapter.site import Site
from adapter.store.store import Store

FINDINGS, USAGE, OUT_OF_REACH = 1, 2, 3
"""Exit statuses beside 0: surface of the command line, which scripts rely on."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def options(command: _Command) -> _Command:
    """Adds --site and --mappings to a command, as `site` and `mappings`."""
    command = click.option(
        "--site",
        help="Only this site; default: DUBU_SITE, else the only folder in the mappings, or to run: all of them.",
    )(command)
    return click.option(
        "--mappings",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder that holds a folder for each site; default: DUBU_MAPPINGS, else mappings.",
    )(command)


def settings_for(mappings: Path | None, site: str | None) -> Settings:
    """The environment's settings, with what the command line says in their place, also for processes it starts."""
    said = {"DUBU_MAPPINGS": mappings, "DUBU_SITE": site}
    return read_settings({**os.environ, **{name: str(value) for name, value in said.items() if value is not None}})


def chosen_site(settings: Settings) -> SiteName:
    """The site a command is about; ConfigurationError names the choices where it is not clear."""
    served = served_sites(settings)
    if len(served) != 1:
        raise ConfigurationError(f"several sites below {settings.mappings}: choose one with --site {'|'.join(served)}")
    return served[0]


@dataclass(frozen=True)
class Parts:
    """What a command about tickets works with."""

    database: Database
    store: Store
    queue: Queue
    looker: Looker


@contextmanager
def opened(mappings: Path | None, site: str | None, *, must_exist: bool = False) -> Iterator[Parts]:
    """Opens database, queue and site for one command; one that only tells what is there says that it `must_exist`."""
    settings = settings_for(mappings, site)
    configure(settings.log_format, sys.stderr, logging.WARNING)
    name = chosen_site(settings)
    with open_database(settings, must_exist=must_exist) as database:
        store = Store(database.pool)
        queue = Queue(database.pool, store)
        yield Parts(database, store, queue, Looker(Site(name, settings), store, queue.defer_looks))


@contextmanager
def done_or_not(not_done: str) -> Iterator[None]:
    """Says of what keeps a command from its whole result that it was `not_done`, never with the status of findings.

    What Jira refuses to a command that is about no single ticket, such as a search, is for the settings to mend.
    """
    try:
        yield
    except Refused as error:
        raise ConfigurationError(f"{not_done}: {error}; give the adapter's account the right to it") from error
    except OutOfReach as error:
        raise OutOfReach(f"{not_done}: {error}", error.retry_after) from error


def status_of(error: Exception) -> int:
    """The exit status that an error means."""
    if isinstance(error, ConfigurationError | Gone):
        return USAGE
    return OUT_OF_REACH if isinstance(error, OutOfReach) else FINDINGS
