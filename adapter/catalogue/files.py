"""The files of a site's folder: what each is called and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from adapter.catalogue.model import (
    Assumption,
    CalendarFile,
    Catalogue,
    CatalogueFile,
    EvidenceFile,
    JiraFile,
    OfferFile,
    PartiesFile,
    PrerequisitesFile,
    SolutionsFile,
    WordsFile,
)
from adapter.catalogue.positions import Positions
from adapter.catalogue.texts import Texts
from adapter.catalogue.values import Closed
from adapter.catalogue.words import SiteName

SERVICES, WORDS, PARTIES = "katalog.yaml", "ord.yaml", "parter.yaml"
CALENDAR, JIRA, EVIDENCE, TEXTS = "kalender.yaml", "jira.yaml", "beviser.yaml", "tekster.yaml"
OFFERS, SOLUTIONS, PREREQUISITES = "tilbud.yaml", "register.yaml", "krav.yaml"

FILES: dict[str, type[Closed]] = {
    EVIDENCE: EvidenceFile,
    JIRA: JiraFile,
    CALENDAR: CalendarFile,
    SERVICES: CatalogueFile,
    WORDS: WordsFile,
    PARTIES: PartiesFile,
    TEXTS: Texts,
    OFFERS: OfferFile,
    SOLUTIONS: SolutionsFile,
    PREREQUISITES: PrerequisitesFile,
}


@dataclass(frozen=True)
class Files:
    """A site's files as far as each could be understood."""

    services: CatalogueFile | None = None
    words: WordsFile | None = None
    parties: PartiesFile | None = None
    calendar: CalendarFile | None = None
    jira: JiraFile | None = None
    evidence: EvidenceFile | None = None
    texts: Texts | None = None
    offers: OfferFile | None = None
    solutions: SolutionsFile | None = None
    prerequisites: PrerequisitesFile | None = None

    @classmethod
    def of(cls, models: Mapping[str, Closed]) -> Files:
        """Sorts the understood files by what they are."""
        return cls(
            services=cast("CatalogueFile | None", models.get(SERVICES)),
            words=cast("WordsFile | None", models.get(WORDS)),
            parties=cast("PartiesFile | None", models.get(PARTIES)),
            calendar=cast("CalendarFile | None", models.get(CALENDAR)),
            jira=cast("JiraFile | None", models.get(JIRA)),
            evidence=cast("EvidenceFile | None", models.get(EVIDENCE)),
            texts=cast("Texts | None", models.get(TEXTS)),
            offers=cast("OfferFile | None", models.get(OFFERS)),
            solutions=cast("SolutionsFile | None", models.get(SOLUTIONS)),
            prerequisites=cast("PrerequisitesFile | None", models.get(PREREQUISITES)),
        )

    def catalogue(
        self, site: SiteName, version: str, assumptions: tuple[Assumption, ...], positions: Positions
    ) -> Catalogue | None:
        """The whole, or None where a file is missing from it."""
        if not (
            self.services
            and self.words
            and self.parties
            and self.calendar
            and self.jira
            and self.evidence
            and self.texts
            and self.offers
            and self.solutions
            and self.prerequisites
        ):
            return None
        return Catalogue(
            site=site,
            version=version,
            services=self.services,
            words=self.words,
            parties=self.parties,
            calendar=self.calendar,
            jira=self.jira,
            evidence=self.evidence,
            texts=self.texts,
            offers=self.offers,
            solutions=self.solutions,
            prerequisites=self.prerequisites,
            assumptions=assumptions,
            positions=positions,
        )
