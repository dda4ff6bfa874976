"""What keeps a ticket's hours or price from being billed as they stand, and what to do about it (R23)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Code(StrEnum):
    """One kind of exception; the report tells it in Danish by TEXTS."""

    BEFORE_APPROVAL = "før_godkendelse"
    EARLIER_APPROVAL = "tidligere_godkendelse"
    NO_APPROVAL = "ingen_godkendelse"
    OVER_CAP = "over_loft"
    NO_PAYER = "ingen_betaler"
    TRIAGE = "til_afklaring"
    NO_RATE = "ingen_timepris"
    NO_PRICE = "ingen_fastpris"
    NOT_DONE = "fastpris_ikke_afsluttet"
    BILLED_BEFORE = "fastpris_faktureret_før"
    CLOSED_BEFORE = "fastpris_lukket_før"
    CANCELLED = "annulleret_med_timer"
    MAIL_MISSING = "mail_mangler"
    MAIL_UNREAD = "mail_ikke_hentet"
    TICKET_UNREAD = "sag_ikke_læst"
    CLOSED_UNSEEN = "lukket_før_adapteren"
    MOVED_IN = "timer_skrevet_i_anden_måned"
    LEFT_BEHIND = "timer_til_tidligere_måned"


@dataclass(frozen=True)
class Deviation:
    """One exception on a ticket, with the hours and the amount it is about; none where it is about neither."""

    code: Code
    hours: Fraction = Fraction(0)
    amount: Decimal | None = None

    @property
    def what(self) -> str:
        """What is out of the ordinary, in Danish."""
        return TEXTS[self.code][0]

    @property
    def to_do(self) -> str:
        """What a person should do about it, in Danish."""
        return TEXTS[self.code][1]


TEXTS: dict[Code, tuple[str, str]] = {
    Code.BEFORE_APPROVAL: (
        "Arbejde før den gældende godkendelse",
        "Timerne faktureres ikke. De kan kun afregnes efter et tilbud, som nævner dem, og som betaleren godkender.",
    ),
    Code.EARLIER_APPROVAL: (
        "Arbejde under en tidligere godkendelse",
        "Faktureres ikke her. Er de ikke afregnet, så afregn dem op til loftet i det tilbud, der gjaldt da.",
    ),
    Code.NO_APPROVAL: (
        "Ingen gældende godkendelse",
        "Faktureres ikke. Se på sagen, hvad der mangler, og lav rapporten igen, når betaleren har godkendt.",
    ),
    Code.OVER_CAP: (
        "Over det godkendte loft",
        "Timerne faktureres ikke. De kan kun afregnes efter et tilbud, som nævner dem, og som betaleren godkender.",
    ),
    Code.NO_PAYER: (
        "Betaler er ikke afklaret",
        "Faktureres ikke. Vælg betaler og betalende part på sagen, og lav rapporten igen.",
    ),
    Code.TRIAGE: (
        "Kategori er ikke afklaret",
        "Faktureres ikke. Vælg kategori på sagen, og lav rapporten igen.",
    ),
    Code.NO_RATE: (
        "Ingen timepris",
        "Faktureres ikke. Skriv både tilbudt pris og tilbudte timer på sagen, eller afregn efter det godkendte tilbud.",
    ),
    Code.NO_PRICE: (
        "Ingen fast pris",
        "Faktureres ikke. Skriv den tilbudte pris på sagen, og lav rapporten igen.",
    ),
    Code.NOT_DONE: (
        "Fastprisopgave er ikke færdig",
        "Faktureres i den måned, hvor sagen både er lukket og godkendt.",
    ),
    Code.BILLED_BEFORE: (
        "Fast pris hører til en tidligere måned",
        "Faktureres ikke igen. Er der udført mere end aftalt, kræver det et nyt tilbud.",
    ),
    Code.CLOSED_BEFORE: (
        "Lukket i en tidligere måned, før den gældende godkendelse",
        "Beløbet er taget med. Se efter, at det ikke allerede er faktureret efter en tidligere godkendelse.",
    ),
    Code.CANCELLED: (
        "Annulleret sag med timer",
        "Godkendte timer er taget med. Aftal med betaleren, om de skal betales.",
    ),
    Code.MAIL_MISSING: (
        "Tilbudsmail eller godkendelsesmail mangler",
        "Beløbet er taget med. Vedhæft den mail, der mangler, før der faktureres.",
    ),
    Code.MAIL_UNREAD: (
        "En mail på sagen kunne ikke hentes",
        "Sagen er bedømt uden den. Lav rapporten igen, når Jira udleverer filen.",
    ),
    Code.TICKET_UNREAD: (
        "Sagen kunne ikke læses",
        "Er ikke med i rapporten. Se efter, om sagen er slettet eller lukket for adapteren, og lav rapporten igen.",
    ),
    Code.CLOSED_UNSEEN: (
        "Lukket, uden at adapteren har behandlet sagen",
        "Timerne er ikke bedømt og faktureres ikke her. Afregn dem efter den aftale, der gjaldt.",
    ),
    Code.MOVED_IN: (
        "Månedens timer er skrevet eller ændret i en anden måned",
        "De er talt med som timer i denne måned. Se efter, om de allerede er faktureret, her eller i en anden måned.",
    ),
    Code.LEFT_BEHIND: (
        "Timer til en tidligere måned er skrevet eller ændret i denne",
        "De er ikke med her. Lav rapporten for den måned, de er dateret i, igen, og afregn forskellen.",
    ),
}
"""What each exception says, and what to do, in Danish."""
