"""A category's checklist on a ticket: what is in place, what proves it, and what is missing at which stage (R21, R22).

Each item has one proof by itself: a field, a file, or a person's word. A person of the service desk may also say of any
other item that it is met, or that it is not (`#dubu krav …`, `#dubu ikke-krav …`); that word stands until the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import assert_never
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue, Prerequisite
from adapter.catalogue.patterns import matches
from adapter.catalogue.words import ProofForm, Stage
from adapter.rules.certificate import parse_subject, subject_faults, subject_warnings
from adapter.rules.mailbox import addresses_in, looks_personal, only_address
from adapter.rules.plain import named
from adapter.ticket.snapshot import Person, Ticket

_ORDER = (Stage.START, Stage.PRODUCTION, Stage.DONE)


@dataclass(frozen=True)
class Tick:
    """A person's word on an item: that it is met, or that it is not."""

    by: Person
    at: datetime
    reason: str
    is_met: bool


@dataclass(frozen=True)
class Item:
    """One item as it stands on a ticket; warnings and faults are codes of sentences, and a warning blocks nothing."""

    key: str
    prerequisite: Prerequisite
    is_met: bool
    tick: Tick | None = None  # the word that decides, its time in the site's zone
    found: str | None = None  # the field's text or the file's name: text of the ticket
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def checklist(ticket: Ticket, catalogue: Catalogue, category: str, ticks: Mapping[str, Tick]) -> tuple[Item, ...]:
    """The items of a category in the mapping's order; none where it has no checklist."""
    zone = ZoneInfo(catalogue.calendar.timezone)
    lists = catalogue.prerequisites.checklists
    wanted = next((items for row, items in lists.items() if row == category), {})
    return tuple(_with_word(_proven(ticket, key, item), ticks.get(key), zone) for key, item in wanted.items())


def missing_at(items: tuple[Item, ...], stage: Stage) -> tuple[Item, ...]:
    """The items that are not met, though they must be at this stage or were to be before it."""
    due = _ORDER[: _ORDER.index(stage) + 1]
    return tuple(item for item in items if not item.is_met and item.prerequisite.stage in due)


def item_sentences(item: Item) -> tuple[tuple[str, dict[str, str]], ...]:
    """What the ticket says of an item: how it stands, then what is wrong with it or should be looked at.

    `værdi`, `fil`, `navn`, `organisation`, `person` and `begrundelse` hold text of the ticket; the other names hold the
    mapping's own, or digits.
    """
    notes = ((code, {"felt": item.prerequisite.field or ""}) for code in (*item.faults, *item.warnings))
    return (_by_person(item, item.tick) if item.tick else _met(item) if item.is_met else _missing(item), *notes)


def _by_person(item: Item, tick: Tick) -> tuple[str, dict[str, str]]:
    who, when = named(tick.by), tick.at.strftime("%d-%m-%Y kl. %H:%M")
    names = {"tekst": item.prerequisite.text, "person": who, "tid": when, "begrundelse": tick.reason}
    return ("krav_opfyldt_person", names) if item.is_met else ("krav_afvist_person", {**names, **_due(item)})


def _met(item: Item) -> tuple[str, dict[str, str]]:
    text, found = item.prerequisite.text, item.found or ""
    if item.prerequisite.attachment is not None:
        return "krav_opfyldt_fil", {"tekst": text, "fil": found}
    subject = parse_subject(found) if item.prerequisite.form is ProofForm.CERTIFICATE_SUBJECT else None
    if subject is None:
        return "krav_opfyldt_felt", {"tekst": text, "værdi": found}
    names = {"navn": subject.common_name, "organisation": subject.organisation, "cvr": subject.cvr}
    return "krav_opfyldt_certifikat", {"tekst": text, **{name: value or "" for name, value in names.items()}}


def _missing(item: Item) -> tuple[str, dict[str, str]]:
    known = item.prerequisite
    names = {"tekst": known.text, "mangler": known.missing, **_due(item)}
    if known.attachment is not None:  # `*` would be markup in a comment
        return "krav_mangler_fil", {**names, "fil": known.attachment.replace("*", "…")}
    if known.field is not None:
        return "krav_mangler_felt", {**names, "felt": known.field}
    return "krav_mangler_person", names


def _due(item: Item) -> dict[str, str]:
    return {"nøgle": item.key, "trin": item.prerequisite.stage.value}


def _with_word(item: Item, tick: Tick | None, zone: ZoneInfo) -> Item:
    """A person's word decides, whatever else speaks for or against the item."""
    if tick is None:
        return item
    return replace(item, is_met=tick.is_met, tick=replace(tick, at=tick.at.astimezone(zone)))


def _proven(ticket: Ticket, key: str, item: Prerequisite) -> Item:
    """An item by its own proof alone."""
    if item.attachment is not None:
        name = _file(ticket, item.attachment)
        return Item(key, item, name is not None, found=name)
    if item.field is None:
        return Item(key, item, is_met=False)
    text = ticket.form_answers.get(item.field, "").strip()
    if not text:
        return Item(key, item, is_met=False)
    faults, warnings = _of_field(text, item)
    return Item(key, item, is_met=not faults, found=text, warnings=warnings, faults=faults)


def _of_field(text: str, item: Prerequisite) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is wrong with a field's text, and what should be looked at, by the form that it must have."""
    match item.form:
        case ProofForm.FILLED:
            return (), ()
        case ProofForm.CERTIFICATE_SUBJECT:
            return subject_faults(text), subject_warnings(text)
        case ProofForm.MAIL_ADDRESS:
            address = only_address(text)
            if address is None:
                return ("krav_flere_adresser" if len(addresses_in(text)) > 1 else "krav_adresse_form",), ()
            return (), ("krav_personlig_adresse",) if looks_personal(address) else ()
        case ProofForm.PATTERN:
            return () if matches(item.pattern or "", text) else ("krav_mønster",), ()
        case _:
            assert_never(item.form)


def _file(ticket: Ticket, pattern: str) -> str | None:
    """The newest file of that name that somebody else than the adapter put on the ticket."""
    wanted = pattern.casefold()
    files = sorted(ticket.attachments, key=lambda file: file.created, reverse=True)
    names = (file.filename for file in files if not file.author.is_adapter)
    return next((name for name in names if fnmatchcase(name.casefold(), wanted)), None)
