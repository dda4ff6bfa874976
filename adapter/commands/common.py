"""What every command shares: which site, which mappings, and what an error means for the exit status."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from adapter.catalogue.load import sites
from adapter.catalogue.words import SiteName
from adapter.database import Database, open_database
from adapter.errors import ConfigurationError, OutOfReach
from adapter.logs import configure
from adapter.look import Looker
from adapter.queue import Queue
from adapter.settings import Settings, read_settings
from adapter.site import Site
from adapter.store.store import Store

FINDINGS, USAGE, OUT_OF_REACH = 1, 2, 3
"""Exit statuses beside 0: surface of the command line, which scripts rely on."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def options(command: _Command) -> _Command:
    """Adds --site and --mappings to a command, as `site` and `mappings`."""
    command = click.option("--site", help="Which site; default: the only folder in the mappings.")(command)
    return click.option(
        "--mappings",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder that holds a folder for each site; default: DUBU_MAPPINGS, else mappings.",
    )(command)


def settings_for(mappings: Path | None) -> Settings:
    """The environment's settings, with the mappings folder of the command line where one is given."""
    settings = read_settings()
    if mappings is None:
        return settings
    return replace(settings, mappings=mappings, environment={**settings.environment, "DUBU_MAPPINGS": str(mappings)})


def chosen_site(settings: Settings, site: str | None) -> SiteName:
    """The site a command is about; ConfigurationError names the choices where it is not clear."""
    known = sites(settings.mappings)
    if site is not None:
        if site not in known:
            raise ConfigurationError(f"no site {site!r} below {settings.mappings}: choose from {', '.join(known)}")
        return SiteName(site)
    if len(known) != 1:
        raise ConfigurationError(f"several sites below {settings.mappings}: choose one with --site {'|'.join(known)}")
    return known[0]


@dataclass(frozen=True)
class Parts:
    """What a command about tickets works with."""

    database: Database
    store: Store
    queue: Queue
    looker: Looker


@contextmanager
def opened(mappings: Path | None, site: str | None) -> Iterator[Parts]:
    """Opens database, queue and site for one command."""
    settings = settings_for(mappings)
    configure(settings.log_format, sys.stderr, logging.WARNING)
    name = chosen_site(settings, site)
    with open_database(settings) as database:
        store = Store(database.pool)
        yield Parts(database, store, Queue(database.pool, store), Looker(Site(name, settings), store))


def status_of(error: Exception) -> int:
    """The exit status that an error means."""
    if isinstance(error, ConfigurationError):
        return USAGE
    return OUT_OF_REACH if isinstance(error, OutOfReach) else FINDINGS
