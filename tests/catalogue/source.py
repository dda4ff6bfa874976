"""The customer's own catalogue text, read into rows that a mapping can be held against."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapter.catalogue.model import Category
from adapter.catalogue.values import BY_AGREEMENT, format_danish
from adapter.catalogue.words import Payer, PaymentModel, Process

# As the rows are headed in the text, in its order.
HEADINGS = {
    "K1": "Oprettelse af brugersystemroller",
    "K2": "Hjælp til konfiguration af IdP",
    "K3": "Genoprettelse af data",
    "K4": "Skift af ydelsesreference til opfølgningsaktivitet",
    "K5": "Udførsel af aktivitet ved brugerfejl",
    "K6": "Diverse udtræk, rapporter, opgaver bestilt af Kommune/3. part",
    "K7": "Robotter",
    "K8": "Tilslutning til API",
    "K9": "Test af SF1475 (API) på DUBU ekstern test miljø",
    "K10": "Arkivering – Bestilling",
    "K11": "Arkivering – Sletning",
}
END = "Reaktionstid beregnes fra sagen oprettes"
FIGURES = re.compile(
    r"(?P<reaction>\d+) (?P<resolution>Efter aftale|\d+) "
    r"(?P<payment>Timebaseret ydelse|Fastpris) ?(?:[-–] ?)?(?P<payers>Kommune(?:/3\. ?part)?)?(?P<stars>\*{2,3})? ?"
    r"(?P<price>Efter aftale|Kr\. [\d.]+|KOMBIT betaler)"
)


@dataclass(frozen=True)
class Row:
    """One row's figures, written as the customer writes them; None where the text is silent."""

    reaction: str
    resolution: str
    payment: str
    payers: str | None
    stars: str | None
    price: str
    rate: str | None
    cap: str | None
    service_request: bool


def sections(text: str) -> dict[str, str]:
    """The text of each row, on one line."""
    flat = re.sub(r"\s+", " ", text.replace("Arkivering - Bestilling", HEADINGS["K10"]))
    starts = {}
    at = 0
    for category, heading in HEADINGS.items():
        at = starts[category] = flat.index(heading, at)
        at += len(heading)
    ends = [*list(starts.values())[1:], flat.index(END)]
    return {category: flat[start:end] for (category, start), end in zip(starts.items(), ends, strict=True)}


def row_of_source(section: str) -> Row:
    """Reads one row of the customer's text."""
    found = FIGURES.search(section)
    assert found, f"no figures in {section!r}"
    rate = re.search(r"timepris (?:på kr\. )?(\d+(?:,\d+)?)", section)
    cap = re.search(r"op til (\d+) timer", section)
    price = found["price"].removeprefix("Kr. ")
    return Row(
        reaction=found["reaction"],
        resolution=found["resolution"].lower(),
        payment=found["payment"],
        payers="KOMBIT/" + found["payers"] if price == "KOMBIT betaler" else found["payers"],
        stars=found["stars"],
        price="" if price == "KOMBIT betaler" else price.lower(),
        rate=rate and rate[1],
        cap=cap and cap[1],
        service_request="Service Request" in section,
    )


def row_of_mapping(category: Category) -> Row:
    """Writes one row of the mapping as the customer would."""
    names = {Payer.KOMBIT: "KOMBIT", Payer.MUNICIPALITY: "Kommune", Payer.THIRD_PARTY: "3. part"}
    days = category.resolution_days
    return Row(
        reaction=str(category.reaction_hours),
        resolution=str(days),
        payment={PaymentModel.HOURLY: "Timebaseret ydelse", PaymentModel.FIXED: "Fastpris"}[category.payment],
        payers="/".join(names[payer] for payer in category.payers),
        stars={Process.OFFER: "**", Process.SF1475: "***"}[category.process],
        price=str(category.price) if category.price == BY_AGREEMENT else format_danish(category.price),
        rate=format_danish(category.hourly_rate) if category.hourly_rate is not None else None,
        cap=format_danish(category.cap_hours) if category.cap_hours is not None else None,
        service_request=category.service_request,
    )
