"""What the reader of mails must know of the mapping: words, domains and where DNS is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from adapter.catalogue.addresses import domain_of, normal_domain

if TYPE_CHECKING:  # the child starts faster without the mapping's types
    from adapter.catalogue.model import Catalogue, Party


@dataclass(frozen=True)
class Reading:
    """The words to look for and the domains whose keys may be asked for; no `dns_server` is the system's."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    automatic_subjects: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()  # whose keys are told where a subject names them
    verify_dkim: bool = False
    domains: tuple[str, ...] = ()
    dns_server: str | None = None

    @classmethod
    def of(cls, catalogue: Catalogue, dns_server: str | None) -> Self:
        """The reading that a site's mapping asks for."""
        evidence, parties = catalogue.evidence, catalogue.parties
        known = (parties.supplier, parties.kombit, *parties.municipalities.values(), *parties.third_parties.values())
        return cls(
            yes=evidence.yes,
            no=evidence.no,
            conditions=evidence.conditions,
            offer=evidence.offer,
            automatic_subjects=evidence.automatic_subjects,
            projects=(catalogue.jira.project,),
            verify_dkim=evidence.verify_dkim,
            domains=_domains(known),
            dns_server=dns_server,
        )

    def to_json(self) -> str:
        """One line, for the child."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str | bytes) -> Self:
        """Reads what `to_json` wrote."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(line).items()
        }
        return cls(**values)


def _domains(parties: Iterable[Party]) -> tuple[str, ...]:
    named = {normal_domain(domain) for party in parties for domain in party.domains}
    named |= {domain_of(contact) for party in parties for contact in party.contacts}
    return tuple(sorted(domain for domain in named if domain is not None))
