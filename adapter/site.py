"""One site as it is in force: its mapping and the open gateway that was resolved with it, exchanged together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import structlog

from adapter import metrics
from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError
from adapter.gateway.gateway import Gateway
from adapter.mails.reader import Reading
from adapter.settings import Settings

_log = structlog.get_logger()


@dataclass(frozen=True)
class InForce:
    """A mapping, and what was made from it; never mixed with those of another version."""

    catalogue: Catalogue
    gateway: Gateway
    reading: Reading


class Site:
    """Opens a site when it is first needed, and takes up an edited mapping only once it fits the site (R24)."""

    def __init__(self, name: SiteName, settings: Settings, catalogue: Catalogue | None = None) -> None:
        self.name = name
        self._settings = settings
        self._catalogue = catalogue or load_site(settings.mappings / name)
        self._in_force: InForce | None = None
        self._lock = Lock()

    @property
    def folder(self) -> Path:
        """Where the site's mapping files are."""
        return self._settings.mappings / self.name

    @property
    def catalogue(self) -> Catalogue:
        """The mapping in force, whether or not Jira has been reached with it."""
        return self._in_force.catalogue if self._in_force else self._catalogue

    def open(self) -> InForce:
        """The mapping in force with its gateway.

        Raises:
            ConfigurationError: the site lacks something that the mapping names, or the token is refused.
            OutOfReach: Jira does not answer now.
        """
        with self._lock:
            if self._in_force is None:
                self._in_force = self._connect(self._catalogue)
            return self._in_force

    def take_up(self, catalogue: Catalogue) -> None:
        """Puts an edited mapping in force; one that does not fit the site is refused, and the last good one stays."""
        try:
            fresh = self._connect(catalogue)
        except ConfigurationError as error:
            metrics.mapping_refused(self.name)
            _log.error("mapping refused", site=self.name, version=catalogue.version, problem=str(error))
            return
        with self._lock:
            self._in_force = fresh

    def _connect(self, catalogue: Catalogue) -> InForce:
        gateway = Gateway.connect(self._settings.site(self.name), catalogue, on_request=_counter(self.name))
        for warning in gateway.warnings:
            _log.warning("site finding", site=self.name, finding=warning)
        metrics.mapping_in_force(self.name, catalogue.version)
        _log.info("mapping in force", site=self.name, version=catalogue.version)
        return InForce(catalogue, gateway, Reading.of(catalogue, self._settings.dns_server))


def _counter(site: SiteName) -> Callable[[str, int | None, float], None]:
    def count(method: str, status: int | None, _seconds: float) -> None:
        metrics.jira_answered(site, method, status)

    return count
