"""The door as the tests run it: the real app behind real gunicorn, with an inbox in a file that all workers share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from adapter import logs
from adapter.catalogue.model import Assumption
from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.errors import OutOfReach
from adapter.settings import read_settings
from webhooks.admin import SetAside, SiteView, Standing
from webhooks.app import create_app
from webhooks.health import Part
from webhooks.patience import PatientWorker

SITES = (SiteName("dubu"), SiteName("nord-2"))
SECRET = "It's a Secret to Everybody"
OLD_SECRET = "hemmelighed-æøå"


class ImpatientWorker(PatientWorker):
    """Loses patience while a test can wait for it."""

    patience = 1.0


class Stand:
    """What lies behind the door: a folder of lines, and a file that says that the database is away."""

    def __init__(self, folder: Path) -> None:
        self.stored = folder / "stored"
        self.retried = folder / "retried"
        self.refused = folder / "refused"
        self.away = folder / "away"
        self.broken = folder / "broken"

    def put(self, site: SiteName, issue: IssueId) -> None:
        self._be_there()
        _append(self.stored, f"{site}\t{issue}")

    def turned_away(self, site: SiteName) -> None:
        self._be_there()
        _append(self.refused, str(site))

    def sites(self) -> Sequence[SiteView]:
        self._be_there()
        at = datetime(2026, 11, 12, 9, 12, tzinfo=UTC)
        hostile = "<script>alert(1)</script>"
        aside = (
            SetAside(IssueId("10042"), IssueKey("DUBU-42"), "Refused-403", at, 3),
            SetAside(IssueId("10043"), None, hostile, at, 1),
        )
        guess = Assumption("katalog.yaml", 88, 5, "kategorier.K10.betalere", "kommune", "Tabellen er tom.", None)
        return (
            SiteView(
                SITES[0], "0a1b2c3d4e5f", at, at, 4, 7, 1, aside, (guess,), last_night=at.date(), last_delivery=at
            ),
            SiteView(
                SITES[1],
                None,
                None,
                None,
                0,
                0,
                0,
                mapping_problems=("ord.yaml:3:1: ukendt nøgle",),
                is_silent=True,
                findings=(Standing("early_start", "fejl", f"overgangen {hostile} fører til arbejde", "fjern den", at),),
            ),
        )

    def retry(self, site: SiteName, issue: IssueId) -> bool:
        self._be_there()
        _append(self.retried, f"{site}\t{issue}")
        return issue == "10042"

    def probe(self) -> Iterable[Part]:
        self._be_there()
        yield Part("database", is_ready=True, says="answers")
        yield Part("queue", is_ready=True, says="0 waiting")

    def lines(self) -> list[list[str]]:
        return [line.split("\t") for line in self.stored.read_text().splitlines()] if self.stored.exists() else []

    def _be_there(self) -> None:
        if self.away.exists():
            raise OutOfReach("the database does not answer: start it", retry_after=7.2)
        if self.broken.exists():
            raise ZeroDivisionError("CPR 010190-1234")


def build() -> Flask:
    """For gunicorn: `tests.door.stand:build()`."""
    stand = Stand(Path(os.environ["STAND_FOLDER"]))
    settings = read_settings()
    logs.configure(settings.log_format)
    return create_app(settings, stand, sites=SITES, view=stand, probes={"storage": stand.probe})


def _append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
