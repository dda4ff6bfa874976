"""What must hold of offers, solutions, checklists and questions (R7, R16, R21, R22, K1, K3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapter.catalogue.addresses import domain_of, normal_domain
from adapter.catalogue.files import OFFERS, PARTIES, PREREQUISITES, SERVICES, SOLUTIONS, Files
from adapter.catalogue.letters import letter_faults, yes_words_in
from adapter.catalogue.model import (
    CatalogueFile,
    EvidenceFile,
    OfferFile,
    PartiesFile,
    Prerequisite,
    PrerequisitesFile,
    SolutionsFile,
)
from adapter.catalogue.patterns import pattern_fault
from adapter.catalogue.problems import Finding
from adapter.catalogue.solution_names import plain_name
from adapter.catalogue.words import AnswerOutcome, ProofForm

KEY = r"[a-zæøå0-9_-]{1,40}"


def check_process(files: Files) -> Iterator[Finding]:
    """All findings, as far as the files that could be understood allow."""
    if files.offers:
        yield from (Finding(OFFERS, path, message) for path, message in letter_faults(files.offers, files.evidence))
    if files.offers and files.parties:
        subdomains_count = files.evidence is not None and files.evidence.subdomains_count
        yield from check_sender(files.offers, files.parties, subdomains_count)
    if files.solutions:
        yield from check_solutions(files.solutions)
    if files.prerequisites:
        yield from check_prerequisites(files.prerequisites)
    if files.services:
        yield from check_questions(files.services)
        yield from _unknown_rows(files)
    if files.evidence:
        yield from check_told(files, files.evidence)


def check_sender(offers: OfferFile, parties: PartiesFile, subdomains_count: bool) -> Iterator[Finding]:
    """An offer from an address that is not the supplier's would be none (R9)."""
    supplier = parties.supplier
    domains = {normal_domain(domain) for domain in supplier.domains} - {None}
    domain = domain_of(offers.sender)
    below = subdomains_count and domain is not None and any(domain.endswith(f".{known}") for known in domains)
    if offers.sender not in supplier.contacts and domain not in domains and not below:
        message = f"afsenderen er ikke en af leverandørens adresser i {PARTIES}, så mailen ville ikke tælle som tilbud"
        yield Finding(OFFERS, ("afsender",), message)


def check_solutions(register: SolutionsFile) -> Iterator[Finding]:
    """A name means one solution, however it is written (R16)."""
    seen: dict[str, str] = {}
    for key, solution in register.solutions.items():
        names: list[tuple[tuple[str, ...], str]] = [(("navn",), solution.name)]
        names += [(("også_kaldet", str(i)), name) for i, name in enumerate(solution.aliases)]
        if not re.fullmatch(KEY, key):
            yield Finding(SOLUTIONS, ("løsninger", key), "skriv nøglen med små bogstaver, tal, - og _, fx fagsystem-x")
        for path, name in names:
            plain = plain_name(name, register.suffixes)
            other = seen.setdefault(plain, key)
            if not plain:
                yield Finding(
                    SOLUTIONS, ("løsninger", key, *path), f"'{name}' er intet navn, når selskabsformen udelades"
                )
            elif other != key:
                message = f"'{name}' er også et navn for {other}; et navn kan kun betyde én løsning"
                yield Finding(SOLUTIONS, ("løsninger", key, *path), message)


def check_prerequisites(file: PrerequisitesFile) -> Iterator[Finding]:
    """Each item has a key that can be written in a comment, and just one proof (R21, R22)."""
    for category, items in file.checklists.items():
        for key, item in items.items():
            path = ("tjeklister", category, key)
            if not re.fullmatch(KEY, key):
                yield Finding(PREREQUISITES, path, "skriv nøglen med små bogstaver, tal, - og _, fx test_aftalt")
            yield from (Finding(PREREQUISITES, (*path, *place), message) for place, message in _proof(item))


def _proof(item: Prerequisite) -> Iterator[tuple[tuple[str, ...], str]]:
    proofs = [item.field is not None, item.attachment is not None, item.person]
    if sum(proofs) != 1:
        yield (), "punktet skal have ét bevis: felt, vedhæftning eller person: ja"
    if item.form is not ProofForm.FILLED and item.field is None:
        yield ("form",), "form hører til et felt; tilføj felt, eller slet linjen"
    if (item.pattern is not None) != (item.form is ProofForm.PATTERN):
        yield (("mønster",) if item.pattern else ("form",)), "mønster hører sammen med form: mønster; skriv begge"
    if item.pattern is not None and (fault := pattern_fault(item.pattern)) is not None:
        yield ("mønster",), fault


def check_questions(services: CatalogueFile) -> Iterator[Finding]:
    """A question has an answer that makes the ticket payable, or it would never be, and each answer one meaning."""
    for key, row in services.categories.items():
        if row.question is None:
            continue
        path = ("kategorier", key, "spørgsmål", "svar")
        if AnswerOutcome.PAYABLE not in row.question.answers.values():
            yield Finding(SERVICES, path, f"{key}: intet svar er 'betalbar', så rækken ville aldrig kunne betales")
        seen: set[str] = set()
        for answer in row.question.answers:
            plain = " ".join(answer.casefold().split())
            if plain in seen:
                message = f"{key}: svaret '{answer}' står to gange; store og små bogstaver er det samme"
                yield Finding(SERVICES, (*path, answer), message, at_key=True)
            seen.add(plain)


def check_told(files: Files, evidence: EvidenceFile) -> Iterator[Finding]:
    """What letters tell of the catalogue holds no words that would count as a yes where an answer quotes it (R7)."""
    told: list[tuple[str, tuple[str, ...], str]] = []
    for key, row in files.services.categories.items() if files.services else ():
        path = ("kategorier", str(key))
        told.append((SERVICES, (*path, "navn"), row.name))
        told += [(SERVICES, (*path, "spørgsmål", "felt"), row.question.field)] if row.question else []
        for column, lines in (
            ("underkategorier", row.subtypes),
            ("omfatter", row.included),
            ("omfatter_ikke", row.excluded),
        ):
            told += [(SERVICES, (*path, column, str(i)), line) for i, line in enumerate(lines)]
    for row_id, items in files.prerequisites.checklists.items() if files.prerequisites else ():
        told += [(PREREQUISITES, ("tjeklister", row_id, key, "felt"), i.field) for key, i in items.items() if i.field]
    for name, solution in files.solutions.solutions.items() if files.solutions else ():
        told.append((SOLUTIONS, ("løsninger", name, "navn"), solution.name))
    if files.offers:
        told.append((OFFERS, ("afsendernavn",), files.offers.sender_name))
    for file, place, text in told:
        if found := yes_words_in(text, evidence):
            words = ", ".join(f"'{word}'" for word in found)
            message = f"teksten står i breve og siger {words}, som tæller som godkendelse (ja_ord); omformulér"
            yield Finding(file, place, message)


def _unknown_rows(files: Files) -> Iterator[Finding]:
    if files.services and files.prerequisites:
        for category in files.prerequisites.checklists:
            if category not in files.services.categories:
                yield Finding(PREREQUISITES, ("tjeklister", category), f"ukendt kategori '{category}'; skriv K1–K11")
