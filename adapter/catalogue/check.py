"""What must hold between values that are each well-formed: pure functions from a site's files to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapter.catalogue.check_parties import check_parties
from adapter.catalogue.check_process import check_process
from adapter.catalogue.files import CALENDAR, EVIDENCE, JIRA, SERVICES, TEXTS, WORDS, Files
from adapter.catalogue.model import CalendarFile, CatalogueFile, Category, EvidenceFile, JiraFile, Steps, WordsFile
from adapter.catalogue.positions import Path
from adapter.catalogue.problems import Finding
from adapter.catalogue.suggest import suggestion
from adapter.catalogue.words import (
    FIELD_TYPES,
    OPTIONAL_ROLES,
    Answer,
    ApprovalState,
    FieldName,
    OfferDispatch,
    Payer,
    PaymentModel,
    Process,
    StatusRole,
)

CATEGORIES = tuple(f"K{number}" for number in range(1, 12))
OUTSIDE = "uden_for_kataloget"
OPTIONS: dict[FieldName, type[StrEnum]] = {
    FieldName.PAYER: Payer,
    FieldName.PAYMENT_MODEL: PaymentModel,
    FieldName.PROCESS: Process,
    FieldName.SERVICE_REQUEST: Answer,
    FieldName.REACTED_IN_TIME: Answer,
    FieldName.APPROVAL: ApprovalState,
    FieldName.OFFER_DISPATCH: OfferDispatch,
    FieldName.DISAGREEMENT: Answer,
}
"""The lists whose options stand in jira.yaml, and the meanings each must name."""
STEP_KEYS = {name: info.alias or name for name, info in Steps.model_fields.items()}
"""What the names of `overgange` are called in jira.yaml."""
NAMED_IN_CATALOGUE = {FieldName.CATEGORY, FieldName.SUBTYPE}
"""The lists whose options are the names in katalog.yaml."""


def check(files: Files) -> Iterator[Finding]:
    """All findings, as far as the files that could be understood allow."""
    if files.services:
        yield from check_services(files.services)
    if files.services and files.words:
        yield from check_words(files.words, files.services)
    if files.parties:
        yield from check_parties(files.parties)
    if files.calendar:
        yield from check_calendar(files.calendar)
    if files.jira:
        yield from check_jira(files.jira)
    if files.evidence:
        yield from check_evidence(files.evidence)
    yield from check_process(files)
    if files.texts:
        for path, message, inner_line in files.texts.faults():
            yield Finding(TEXTS, path, message, inner_line)


def check_services(services: CatalogueFile) -> Iterator[Finding]:
    """All eleven rows are there, each with figures that agree with one another (K1–K11)."""
    for category in CATEGORIES:
        if category not in services.categories:
            yield Finding(SERVICES, ("kategorier",), f"{category} mangler; alle rækker K1–K11 skal stå her")
    names: list[tuple[Path, str]] = []
    for key, row in services.categories.items():
        path = ("kategorier", key)
        if key not in CATEGORIES:
            yield Finding(SERVICES, path, f"ukendt kategori '{key}'; kataloget har K1–K11")
        names.append(((*path, "navn"), row.name))
        for message, column in _row(row):
            yield Finding(SERVICES, (*path, column), f"{key}: {message}")
    names += [((OUTSIDE,), services.outside_name), (("til_afklaring",), services.triage_name)]
    yield from _twice(SERVICES, names, "navnet")
    subtypes = [
        (("kategorier", key, "underkategorier", str(i)), name)
        for key, row in services.categories.items()
        for i, name in enumerate(row.subtypes)
    ]
    yield from _twice(SERVICES, subtypes, "underkategorien")


def _row(row: Category) -> Iterator[tuple[str, str]]:
    """What is wrong with one row, and in which of its keys."""
    if len(set(row.payers)) != len(row.payers):
        yield "en betaler står to gange; slet den ene", "betalere"
    if (Payer.KOMBIT in row.payers) != (row.process is Process.SF1475):
        yield "kombit kan betale netop de rækker, hvis proces er sf1475 (R16)", "betalere"
    amounts = {"pris": row.price, "timepris": row.hourly_rate, "loft_timer": row.cap_hours}
    for column, amount in amounts.items():
        if isinstance(amount, Decimal) and amount == 0:
            yield "tallet må ikke være 0; er det ikke aftalt, så skriv pris: efter aftale, eller slet linjen", column
    yield from _fixed(row) if row.payment is PaymentModel.FIXED else _hourly(row)


def _fixed(row: Category) -> Iterator[tuple[str, str]]:
    if not isinstance(row.price, Decimal):
        yield "en fastpris skal være et beløb, fx 34.000, ikke efter aftale", "pris"
    for given, column in ((row.hourly_rate, "timepris"), (row.cap_hours, "loft_timer")):
        if given is not None:
            yield f"{column} hører kun til timebaserede rækker; slet linjen, eller ret betaling", column


def _hourly(row: Category) -> Iterator[tuple[str, str]]:
    if isinstance(row.price, Decimal):
        yield "en timebaseret ydelse har pris: efter aftale; et fast beløb kræver betaling: fastpris", "pris"
    if row.cap_hours is not None and row.hourly_rate is None:
        yield "et loft i timer kræver en timepris; tilføj timepris", "loft_timer"


def check_words(words: WordsFile, services: CatalogueFile) -> Iterator[Finding]:
    """The words speak for categories and subtypes that exist (R2)."""
    for category in words.categories:
        if category not in services.categories:
            yield Finding(WORDS, ("kategorier", category), f"ukendt kategori '{category}'; katalog.yaml har K1–K11")
    subtypes = [name for row in services.categories.values() for name in row.subtypes]
    for name in words.subtypes:
        if name not in subtypes:
            advice = suggestion(name, subtypes) or "; skriv navnet, som det står i katalog.yaml"
            yield Finding(WORDS, ("underkategorier", name), f"ukendt underkategori '{name}'{advice}")


def check_calendar(calendar: CalendarFile) -> Iterator[Finding]:
    """The desk opens before it closes, in a time zone that exists, on days that exist (R5)."""
    try:
        ZoneInfo(calendar.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Finding(CALENDAR, ("tidszone",), f"ukendt tidszone '{calendar.timezone}'; skriv fx Europe/Copenhagen")
    for weekday, hours in calendar.opening_hours.items():
        if hours.opens >= hours.closes:
            yield Finding(CALENDAR, ("åbningstider", weekday), f"{weekday}: 'fra' skal være før 'til'")
    for i, day in enumerate(calendar.closed_every_year):
        try:
            date(2024, *map(int, day.split("-")))  # a leap year: 29 February is a day
        except ValueError:
            yield Finding(CALENDAR, ("lukket_hvert_år", str(i)), f"dagen {day} findes ikke; skriv måned-dag, fx 12-24")


def check_jira(jira: JiraFile) -> Iterator[Finding]:
    """Every field, option and status that the adapter needs has one name, and no two share one."""
    yield from _address(jira.url)
    yield from _fields(jira)
    for role in StatusRole:
        if role not in OPTIONAL_ROLES and not jira.statuses.get(role):
            yield Finding(JIRA, ("statusser", role), f"ingen status for '{role}'; tilføj {role}: [navnet på sitet]")
    statuses = [
        (("statusser", role, str(i)), name) for role, names in jira.statuses.items() for i, name in enumerate(names)
    ]
    yield from _twice(JIRA, statuses, "statussen")
    roles = [(("roller", "servicedesk"), jira.roles.agent), (("roller", "adapter"), jira.roles.adapter)]
    yield from _twice(JIRA, roles, "rollen")
    steps = [(("overgange", STEP_KEYS[name]), step) for name, step in jira.steps]
    yield from _twice(JIRA, steps, "overgangen")
    answers: list[tuple[Path, str]] = [
        (("anmodningstyper", name), category) for name, category in jira.request_types.items()
    ]
    for i, form in enumerate(jira.form_answers):
        answers += [(("formularsvar", str(i), "svar", name), category) for name, category in form.answers.items()]
    for path, category in answers:
        if category not in (*CATEGORIES, OUTSIDE):
            message = f"ukendt kategori '{category}'; skriv K1–K11 eller {OUTSIDE}"
            yield Finding(JIRA, path, message)
    yield from _twice(
        JIRA, [(("formularsvar", str(i), "felt"), f.field) for i, f in enumerate(jira.form_answers)], "feltet"
    )


def _address(url: str) -> Iterator[Finding]:
    try:
        parts = urlsplit(url)
        host, bare = parts.hostname, not (parts.username or parts.password or parts.query or parts.fragment)
        parts.port  # noqa: B018  # raises ValueError for a port that is none
    except ValueError:
        host, bare, parts = None, False, urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"})
    if not (host and bare and secure):
        message = "adressen skal være som https://firma.atlassian.net: med https, uden bruger, ? og #"
        yield Finding(JIRA, ("adresse",), message)


def _fields(jira: JiraFile) -> Iterator[Finding]:
    for name, wanted in FIELD_TYPES.items():
        path = ("felter", name)
        field = jira.fields.get(name)
        if field is None:
            yield Finding(JIRA, path, f"feltet '{name}' mangler; tilføj {name}: {{navn: …, type: {wanted}}}")
            continue
        if field.type is not wanted:
            yield Finding(JIRA, (*path, "type"), f"'{name}' skal være af typen {wanted}, ikke {field.type}")
        meanings = [str(meaning) for meaning in OPTIONS.get(name, ())]
        if field.options and not meanings:
            why = (
                "valgene er navnene i katalog.yaml" if name in NAMED_IN_CATALOGUE else f"et felt med {wanted} har ingen"
            )
            yield Finding(JIRA, (*path, "valg"), f"'{name}' skal ikke have valg her: {why}; slet 'valg'")
            continue
        for meaning in meanings:
            if meaning not in field.options:
                yield Finding(
                    JIRA, (*path, "valg"), f"'{name}' mangler valget '{meaning}'; tilføj {meaning}: navnet på sitet"
                )
        for meaning in field.options:
            if meaning not in meanings:
                advice = suggestion(meaning, meanings) or f"; her kan stå: {', '.join(meanings)}"
                yield Finding(JIRA, (*path, "valg", meaning), f"ukendt valg '{meaning}'{advice}", at_key=True)
        labels = [((*path, "valg", meaning), label) for meaning, label in field.options.items()]
        yield from _twice(JIRA, labels, "valget")
    names = [(("felter", name, "navn"), field.name) for name, field in jira.fields.items()]
    yield from _twice(JIRA, names, "feltnavnet")


def check_evidence(evidence: EvidenceFile) -> Iterator[Finding]:
    """A word means one thing: yes, no, a condition or an offer (R11)."""
    lists = {
        "ja_ord": evidence.yes,
        "nej_ord": evidence.no,
        "forbehold": evidence.conditions,
        "tilbudsord": evidence.offer,
    }
    seen: dict[str, str] = {}
    for key, words in lists.items():
        for i, word in enumerate(words):
            other = seen.setdefault(" ".join(word.casefold().split()), key)
            if other != key:
                message = f"'{word}' står også i {other}; et ord kan kun betyde én ting, så slet det ene sted"
                yield Finding(EVIDENCE, (key, str(i)), message)
    for key, words in (*lists.items(), ("autosvar_emner", evidence.automatic_subjects)):
        yield from _twice(EVIDENCE, [((key, str(i)), word) for i, word in enumerate(words)], "ordet")
    for i, ending in enumerate(evidence.judged_by_a_person):
        path = ("vurderes_af_person", str(i))
        if not ending.isalnum() or ending != ending.lower():
            yield Finding(EVIDENCE, path, f"skriv filendelsen '{ending}' med små bogstaver og uden punktum, fx pdf")
        elif ending in {"eml", "msg"}:
            yield Finding(EVIDENCE, path, f"'{ending}' læser adapteren selv; slet den her")


def _twice(file: str, names: Iterable[tuple[Path, str]], what: str) -> Iterator[Finding]:
    """A finding for each name that has stood before, whatever its case."""
    seen: set[str] = set()
    for path, name in names:
        plain = " ".join(name.casefold().split())
        if plain in seen:
            yield Finding(file, path, f"{what} '{name}' står to gange; giv den ene et andet navn, eller slet den")
        seen.add(plain)
