"""Nobody may be mistaken for somebody else: names, domains and contacts each belong to one party (R3, R11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.catalogue.addresses import normal_domain
from adapter.catalogue.files import PARTIES
from adapter.catalogue.model import PartiesFile, Party
from adapter.catalogue.positions import Path
from adapter.catalogue.problems import Finding

_PROVIDERS = """
aol.com fastmail.com gmail.com gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.dk
icloud.com jubii.dk jubiimail.dk live.com live.dk mac.com mail.com mail.dk mail.ru mail.tele.dk me.com msn.com net.dk
ofir.dk outlook.com outlook.dk pm.me post.tele.dk proton.me protonmail.com sol.dk stofanet.dk tdcadsl.dk tuta.com
tutanota.com webspeed.dk yahoo.co.uk yahoo.com yahoo.dk ymail.com youmail.dk zoho.com
"""
PUBLIC_PROVIDERS = tuple(f".{provider}" for provider in _PROVIDERS.split())
"""Anybody can have an address there, so it says nothing of who pays."""


@dataclass(frozen=True)
class _Entry:
    path: Path
    party: Party
    pays: bool = True


def check_parties(parties: PartiesFile) -> Iterator[Finding]:
    """Every name, domain and contact means one party, and none can be had by just anybody."""
    entries = [
        _Entry(("leverandør",), parties.supplier, pays=False),
        _Entry(("kombit",), parties.kombit),
        *(_Entry(("kommuner", code), party) for code, party in parties.municipalities.items()),
        *(_Entry(("tredjeparter", key), party) for key, party in parties.third_parties.items()),
    ]
    yield from _names(entries)
    yield from _domains(entries)
    yield from _contacts(entries)
    yield from _shared(entries, "konti", "kontoen")


def _names(entries: list[_Entry]) -> Iterator[Finding]:
    seen: dict[str, _Entry] = {}
    for entry in entries:
        party = entry.party
        names = [(("navn",), party.name), *((("også_kaldet", str(i)), name) for i, name in enumerate(party.aliases))]
        if party.organisation:
            names.append((("organisation",), party.organisation))
        for path, name in names:
            other = seen.setdefault(" ".join(name.casefold().split()), entry)
            if other is not entry:
                message = f"'{name}' er også et navn for {other.party.name}; et navn kan kun betyde én part"
                yield Finding(PARTIES, (*entry.path, *path), message)


def _domains(entries: list[_Entry]) -> Iterator[Finding]:
    seen: dict[str, _Entry] = {}
    for entry in entries:
        for i, domain in enumerate(entry.party.domains):
            path = (*entry.path, "domæner", str(i))
            plain = normal_domain(domain)
            if plain is None:
                yield Finding(PARTIES, path, f"'{domain}' er ikke et gyldigt domæne; skriv det som ballerup.dk")
            elif f".{plain}".endswith(PUBLIC_PROVIDERS):
                message = f"hos {domain} kan alle få en adresse; skriv i stedet de enkelte adresser under kontakter"
                yield Finding(PARTIES, path, message)
            else:
                yield from _overlap(path, domain, plain, entry, seen)
                seen.setdefault(plain, entry)


def _overlap(path: Path, domain: str, plain: str, entry: _Entry, seen: dict[str, _Entry]) -> Iterator[Finding]:
    """A domain that is another party's, or lies below or above one of its domains."""
    for known, other in seen.items():
        if other is entry or not (f".{plain}".endswith(f".{known}") or f".{known}".endswith(f".{plain}")):
            continue
        if not (entry.pays and other.pays):
            message = f"'{domain}' er leverandørens ({known}); en mail derfra kan aldrig være en godkendelse"
        else:
            message = f"'{domain}' hører også til {other.party.name} ({known}); et domæne kan kun være én parts"
        yield Finding(PARTIES, path, message)


def _contacts(entries: list[_Entry]) -> Iterator[Finding]:
    owners = {normal_domain(domain): entry for entry in entries for domain in entry.party.domains}
    for entry in entries:
        for i, contact in enumerate(entry.party.contacts):
            path = (*entry.path, "kontakter", str(i))
            domain = normal_domain(contact.partition("@")[2])
            if domain is None:
                yield Finding(
                    PARTIES, path, f"'{contact}' er ikke en gyldig mailadresse; skriv den som navn@ballerup.dk"
                )
                continue
            owner = owners.get(domain, entry)
            if owner is not entry:
                message = f"'{contact}' har {owner.party.name}s domæne og kan ikke være kontakt for en anden part"
                yield Finding(PARTIES, path, message)
    yield from _shared(entries, "kontakter", "adressen")


def _shared(entries: list[_Entry], key: str, what: str) -> Iterator[Finding]:
    seen: dict[str, _Entry] = {}
    for entry in entries:
        values = entry.party.contacts if key == "kontakter" else entry.party.accounts
        for i, value in enumerate(values):
            other = seen.setdefault(value, entry)
            if other is not entry:
                message = f"{what} '{value}' står også hos {other.party.name}; den kan kun være én parts"
                yield Finding(PARTIES, (*entry.path, key, str(i)), message)
