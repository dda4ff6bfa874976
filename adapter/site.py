"""One site as it is in force: its mapping and the gateway that was opened with it, exchanged together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import structlog

from adapter import metrics
from adapter.catalogue.model import Catalogue
from adapter.catalogue.problems import Problem
from adapter.catalogue.watch import CurrentCatalogue
from adapter.catalogue.words import OfferWay, SiteName
from adapter.errors import ConfigurationError
from adapter.gateway.gateway import Gateway
from adapter.gateway.retry import Patience
from adapter.mails.reader import Reading
from adapter.post.mailer import Mailer
from adapter.settings import Settings

_log = structlog.get_logger()


@dataclass(frozen=True)
class InForce:
    """A mapping, and what was made from it; never mixed with those of another version."""

    catalogue: Catalogue
    gateway: Gateway
    reading: Reading


class Site:
    """Opens a site when it is first needed, and takes up an edited mapping once it fits the site."""

    def __init__(
        self,
        name: SiteName,
        settings: Settings,
        on_taken_up: Callable[[Catalogue], None] = lambda _: None,
        *,
        patience: Patience | None = None,
    ) -> None:
        """Reads the mapping; MappingError where it cannot be used, ConfigurationError where DUBU_SMTP_URL cannot.

        Args:
            on_taken_up: called, in the thread that follows the files, with each edited mapping that has come into
                force; where it raises, it is called again.
            patience: how long Jira is waited for, where it is not as long as usual.
        """
        self.name = name
        self.mailer = Mailer.of(settings.smtp_url) if settings.smtp_url is not None else None
        self._settings = settings
        self._on_taken_up = on_taken_up
        self._patience = patience
        self._lock = Lock()
        self._in_force: InForce | None = None
        self._refused: str | None = None
        self._current = CurrentCatalogue(settings.mappings / name, self._take_up, self._count)

    @property
    def catalogue(self) -> Catalogue:
        """The mapping in force, whether or not Jira has been reached with it."""
        return self._in_force.catalogue if self._in_force else self._current.get()

    def follow(self) -> None:
        """Begins to take up edits of the mapping while running."""
        self._current.start()

    def stop(self) -> None:
        """Stops following."""
        self._current.stop()

    def open(self) -> InForce:
        """The mapping in force with its gateway.

        Raises:
            ConfigurationError: the site lacks something that the mapping names, or the token is refused.
            OutOfReach: Jira does not answer now.
        """
        with self._lock:
            if self._in_force is None:
                self._in_force = self._connect(self._current.get())
            return self._in_force

    def _take_up(self, catalogue: Catalogue) -> None:
        """Puts an edited mapping in force; raises where it does not fit the site, and then the last good one stays."""
        try:
            fresh = self._connect(catalogue)
        except ConfigurationError:
            if self._refused != catalogue.version:
                self._refused = catalogue.version
                metrics.mapping_refused(self.name)
            raise
        with self._lock:
            self._in_force = fresh
        self._on_taken_up(catalogue)

    def _count(self, _problems: tuple[Problem, ...]) -> None:
        metrics.mapping_refused(self.name)

    def _connect(self, catalogue: Catalogue) -> InForce:
        settings, on_request = self._settings.site(self.name), _counter(self.name)
        gateway = Gateway.connect(settings, catalogue, patience=self._patience, on_request=on_request)
        for warning in gateway.warnings:
            _log.warning("site finding", site=self.name, finding=warning)
        if catalogue.offers.way is OfferWay.SEND and self.mailer is None:
            finding = "tilbud.yaml: the adapter is to send offers, and DUBU_SMTP_URL is not set: none will be sent"
            _log.warning("site finding", site=self.name, finding=finding)
        metrics.mapping_in_force(self.name, catalogue.version)
        return InForce(catalogue, gateway, Reading.of(catalogue, self._settings.dns_server))


def _counter(site: SiteName) -> Callable[[str, int | None, float], None]:
    def count(method: str, status: int | None, _seconds: float) -> None:
        metrics.jira_answered(site, method, status)

    return count
