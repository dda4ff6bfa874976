"""Where the mapping's fields are: on the project's tickets, and on the screens where people and adapter need them."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Seen
from adapter.provision.found import Found
from adapter.provision.wanted import WantedField, wanted_of

PEOPLES = frozenset(
    {
        FieldName.AGREED_DATE,
        FieldName.OFFERED_PRICE,
        FieldName.OFFERED_HOURS,
        FieldName.PRICE_NOTICE_BY,
        FieldName.FEASIBLE_FROM,
        FieldName.OFFER_TO,
        FieldName.DISAGREEMENT,
    }
)
"""Fields of `felter` that only people fill, as they do those that questions and checklists name."""


def field_findings(catalogue: Catalogue, seen: Seen) -> Iterator[Finding]:
    """Fields without a context in the project, and those that are on a ticket but not on its screen."""
    wanted = wanted_of(catalogue, None).fields
    apart = _without_context(catalogue, wanted, seen.found) if seen.found else {}
    written = {field.name for name, field in catalogue.jira.fields.items() if name not in PEOPLES}
    for field in wanted:
        if field.name not in seen.field_ids:
            continue  # the site has none of that name: it is told elsewhere
        called = f'feltet "{field.name}" ({seen.field_ids[field.name]})'
        if field.name in apart:
            types = apart[field.name]
            of_types = f" for {_types(types)}" if types else ""
            yield Finding(
                Level.ERROR,
                Code.CONTEXT,
                f"{called} gælder ikke i projektet {catalogue.jira.project}{of_types}",
                "kør dubu-adapter provision, eller føj projektet og sagstyperne til en af feltets kontekster",
                field.place,
            )
        elif lacking := _screens_without(seen, seen.field_ids[field.name]):
            writer = "af adapteren" if field.name in written else "af folk"
            yield Finding(
                Level.ERROR if field.name in written else Level.WARNING,
                Code.SCREEN,
                f"{called}, der udfyldes {writer}, er ikke på {lacking}",
                "kør dubu-adapter provision, eller føj feltet til skærmbilledet",
                field.place,
            )


def _without_context(catalogue: Catalogue, wanted: tuple[WantedField, ...], found: Found) -> dict[str, tuple[str, ...]]:
    """The fields that do not apply in the project, with the issue types where only some are left out."""
    types = found.project.types_among(catalogue.jira.issue_types)
    apart: dict[str, tuple[str, ...]] = {}
    for field in wanted:
        named = found.named(field.name)
        if len(named) != 1 or named[0].contexts is None:
            continue
        out = named[0].types_without(found.project.id, types)
        if out:
            apart[field.name] = () if len(out) == len(types) else tuple(t.name for t in out)
    return apart


def _screens_without(seen: Seen, field_id: str) -> str:
    """The screens that lack a field, in words; empty where none is known to."""
    screens = seen.found.screens if seen.found else None
    if screens is not None:
        names = [f'"{s.name}"' for s in screens if field_id not in s.field_ids]
        return f"skærmbilledet {', '.join(names)}" if names else ""
    types = tuple(sorted(t for t, fields in seen.editable.items() if field_id not in fields))
    return f"redigeringsbilledet for {_types(types)}" if types else ""


def _types(names: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"sagstypen {quoted}" if len(names) == 1 else f"sagstyperne {quoted}"
