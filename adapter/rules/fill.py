"""What the fields of a ticket should hold (R1, R4): the catalogue's figures, the payer, the clocks, the gate."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from decimal import Decimal

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.values import BY_AGREEMENT, format_danish
from adapter.catalogue.words import (
    Answer,
    AnswerOutcome,
    ApprovalState,
    CategoryId,
    FieldName,
    OfferDispatch,
    Payer,
)
from adapter.rules.choices import choice_of, is_of_desk, persons_value, same_value, stands_as_chosen
from adapter.rules.commands import Commands
from adapter.rules.disagreement import Disagreement
from adapter.rules.figures import by_agreement, last_written
from adapter.rules.gate import Gate
from adapter.rules.hours import Hours
from adapter.rules.offer import Offering, Order
from adapter.rules.payer import PayerDecision
from adapter.rules.plan import SetFields, Setting
from adapter.rules.prerequisites import Item
from adapter.rules.question import Answered
from adapter.rules.setup import SetupDecision
from adapter.rules.solution import SolutionFound
from adapter.rules.times import Times
from adapter.ticket.snapshot import Ticket, Value


@dataclass(frozen=True)
class Decided:
    """All that was decided of a ticket in the catalogue; what its fields show follows from this."""

    category_id: CategoryId
    category: Category
    order: Order
    payer: PayerDecision
    times: Times
    gate: Gate
    answered: Answered
    hours: Hours | None = None  # None for ordinary support (K1)
    items: tuple[Item, ...] = ()
    disagreement: Disagreement | None = None
    offering: Offering = default(default_factory=Offering)
    solution_found: SolutionFound | None = None  # for tickets of process sf1475
    setup: SetupDecision | None = None
    commands: Commands = default(default_factory=lambda: Commands((), ()))
    is_refused: bool = False  # the payer has said no, and nobody has undone that: a right to a setup is free (R16)

    @property
    def is_ordinary(self) -> bool:
        """Ordinary support: no price and no gate (K1)."""
        return self.answered.outcome is AnswerOutcome.ORDINARY

    @property
    def is_priced(self) -> bool:
        """Whether the row's payment and price are the ticket's: they are, until an answer says otherwise."""
        return self.answered.outcome not in {AnswerOutcome.ORDINARY, AnswerOutcome.PERSON}

    @property
    def is_payable(self) -> bool:
        """Whether the answer to the row's question, where it has one, makes the ticket payable (K1, K3)."""
        return self.answered.is_payable


_EMPTY: dict[FieldName, str] = {
    FieldName.SUBTYPE: "R1",
    FieldName.PAYER: "R3",
    FieldName.PAYING_PARTY: "R3",
    FieldName.PAYMENT_MODEL: "R4",
    FieldName.PRICE: "R4",
    FieldName.HOURLY_RATE: "R4",
    FieldName.PROCESS: "R4",
    FieldName.SERVICE_REQUEST: "R4",
    FieldName.REACTION_HOURS: "R4",
    FieldName.REACTION_DUE: "R5",
    FieldName.REACTED_AT: "R5",
    FieldName.REACTED_IN_TIME: "R5",
    FieldName.RESOLUTION_TIME: "R4",
    FieldName.RESOLUTION_DUE: "R6",
    FieldName.HOURS_USED: "R19",
    FieldName.HOURS_CAP: "R19",
    FieldName.AMOUNT: "R23",
}
"""What is empty on a ticket without a row in the catalogue, and the rule that fills it otherwise."""

_OF_PAYABLE = (
    FieldName.PAYER,
    FieldName.PAYING_PARTY,
    FieldName.PAYMENT_MODEL,
    FieldName.PRICE,
    FieldName.HOURLY_RATE,
    FieldName.PROCESS,
    FieldName.HOURS_CAP,
    FieldName.AMOUNT,
)
"""What is empty on a ticket whose row would be payable but for the answer to its question (K1, K3)."""

_FIXED = frozenset(
    {
        FieldName.PAYMENT_MODEL,
        FieldName.PRICE,
        FieldName.HOURLY_RATE,
        FieldName.PROCESS,
        FieldName.SERVICE_REQUEST,
        FieldName.REACTION_HOURS,
        FieldName.RESOLUTION_TIME,
    }
)
"""What the catalogue fixes, and the adapter puts back unless the setting says to leave it (R4)."""

_KEPT = frozenset(
    {
        FieldName.PROCESS,
        FieldName.SERVICE_REQUEST,
        FieldName.REACTION_HOURS,
        FieldName.RESOLUTION_TIME,
        FieldName.SOLUTION,  # an approval covers it by the name it was offered under
    }
)
"""What stays as the adapter first wrote it; payment, price and rate stay too, by the row in force."""

_A_PERSONS = frozenset(
    {FieldName.CATEGORY, FieldName.SUBTYPE, FieldName.PAYER, FieldName.PAYING_PARTY, FieldName.SOLUTION}
)
"""What a person may choose, and the adapter then never overwrites (R2, R4)."""


def fill(
    ticket: Ticket,
    catalogue: Catalogue,
    wanted: dict[FieldName, tuple[Value, str]],
    *,
    keep: bool,
    overruled: frozenset[FieldName] = frozenset(),
) -> SetFields | None:
    """The fields that differ from what they should hold, as one write; None where nothing differs.

    With `keep`, what the ticket was offered or closed by stays as the adapter wrote it for this category, and an edited
    catalogue is for the next ones (R12, R23). What a person chose stays, unless a person has said otherwise since
    (`overruled`).
    """
    is_left = not catalogue.services.puts_back_figures
    theirs = {field: _theirs(ticket, catalogue, field) for field in wanted if field not in overruled}
    kept = {field: last_written(ticket, field) for field in _KEPT} if keep else {}
    settings = (
        Setting(field, (kept.get(field) or value) if theirs.get(field) is None else theirs[field], rule)
        for field, (value, rule) in wanted.items()
        if field in catalogue.jira.fields and not (is_left and field in _FIXED and stands_as_chosen(ticket, field))
    )
    differing = tuple(s for s in settings if not same_value(ticket.fields.get(s.field), s.value))
    return SetFields(differing) if differing else None


def _theirs(ticket: Ticket, catalogue: Catalogue, field: FieldName) -> Value:
    """What a person chose and may choose; it is put back where the adapter wrote over it before it could know."""
    if field is FieldName.CATEGORY:
        return chosen_category(ticket, catalogue)
    return persons_value(ticket, field) if field in _A_PERSONS else None


def chosen_category(ticket: Ticket, catalogue: Catalogue) -> str | None:
    """The category a person chose; out of the catalogue, and so past the gate, only the service desk may take it."""
    choice = choice_of(ticket, FieldName.CATEGORY)
    if choice is None or not isinstance(choice.value, str):
        return None
    is_desks = choice.by is not None and is_of_desk(choice.by)
    return None if choice.value == catalogue.services.outside_name and not is_desks else choice.value


def fields_without_row(catalogue: Catalogue, label: str, state: ApprovalState) -> dict[FieldName, tuple[Value, str]]:
    """What the fields hold where the catalogue has no row for the ticket, or none is known yet."""
    wanted: dict[FieldName, tuple[Value, str]] = {FieldName.CATEGORY: (label, "R2")}
    wanted.update({field: (None, rule) for field, rule in _EMPTY.items()})
    wanted[FieldName.APPROVAL] = (catalogue.label(FieldName.APPROVAL, state), "R10")
    return wanted


def fields_of_row(catalogue: Catalogue, decided: Decided) -> dict[FieldName, tuple[Value, str]]:
    """What the fields hold for a ticket in the catalogue (R1)."""
    row, times, label = decided.category, decided.times, catalogue.label
    in_time = None if times.in_time is None else label(FieldName.REACTED_IN_TIME, yes_no(times.in_time))
    payer = decided.payer
    wanted: dict[FieldName, tuple[Value, str]] = {
        FieldName.CATEGORY: (row.name, "R2"),
        FieldName.SUBTYPE: (decided.order.subtype, "R1"),
        FieldName.PAYER: (label(FieldName.PAYER, payer.payer), "R3"),
        FieldName.PAYING_PARTY: (payer.party_name, "R3"),
        FieldName.PAYMENT_MODEL: (label(FieldName.PAYMENT_MODEL, row.payment), "R4"),
        FieldName.PRICE: (price_text(catalogue, row, payer.payer), "R4"),
        FieldName.HOURLY_RATE: (row.hourly_rate, "R4"),
        FieldName.PROCESS: (label(FieldName.PROCESS, row.process), "R4"),
        FieldName.SERVICE_REQUEST: (label(FieldName.SERVICE_REQUEST, yes_no(row.service_request)), "R4"),
        FieldName.REACTION_HOURS: (Decimal(row.reaction_hours), "R4"),
        FieldName.REACTION_DUE: (times.reaction_due, "R5"),
        FieldName.REACTED_AT: (times.reacted_at, "R5"),
        FieldName.REACTED_IN_TIME: (in_time, "R5"),
        FieldName.RESOLUTION_TIME: (resolution_text(row), "R4"),
        FieldName.RESOLUTION_DUE: (times.resolution_due, "R6"),
        FieldName.APPROVAL: (label(FieldName.APPROVAL, decided.gate.state), "R10"),
        **_hours_of(decided),
    }
    if not decided.is_priced:
        wanted |= {f: (None, _EMPTY[f]) for f in _OF_PAYABLE}
    if decided.solution_found is not None and decided.solution_found.name is not None:
        wanted[FieldName.SOLUTION] = (decided.solution_found.name, "R16")
    disagreement = decided.disagreement
    if disagreement is not None and disagreement.in_field and not disagreement.stands:
        wanted[FieldName.DISAGREEMENT] = (label(FieldName.DISAGREEMENT, Answer.NO), "R14")  # so that a new yes is seen
    if decided.offering.is_sent:
        wanted[FieldName.OFFER_DISPATCH] = (label(FieldName.OFFER_DISPATCH, OfferDispatch.SENT), "R8")
    return wanted


def _hours_of(decided: Decided) -> dict[FieldName, tuple[Value, str]]:
    """Hours used, their cap and what they come to; nothing before any work (R19)."""
    hours = decided.hours
    used = hours.used if hours is not None and hours.used > 0 else None
    amount = hours.amount if hours is not None and used is not None else None
    cap = hours.cap if hours is not None else None
    return {
        FieldName.HOURS_USED: (used, "R19"),
        FieldName.HOURS_CAP: (cap, "R19"),
        FieldName.AMOUNT: (amount, "R23"),
    }


def yes_no(value: bool) -> Answer:
    """A truth as the word for it on a ticket."""
    return Answer.YES if value else Answer.NO


def resolution_text(row: Category) -> str:
    """Resolution time as the catalogue says it: `5 arbejdsdage` or `Efter aftale`."""
    if row.resolution_days == BY_AGREEMENT:
        return by_agreement()
    days = int(row.resolution_days)
    return f"{days} arbejdsdag" if days == 1 else f"{days} arbejdsdage"


def price_text(catalogue: Catalogue, row: Category, payer: Payer) -> str:
    """The price as the catalogue says it: a fixed price, "Efter aftale", or hours at a rate up to a cap (R1, R19)."""
    vat = " ekskl. moms" if catalogue.services.prices_are_ex_vat else ""
    rate = f"{format_danish(row.hourly_rate)} kr./time{vat}" if row.hourly_rate is not None else ""
    if row.cap_hours is not None and row.hourly_rate is not None:
        if payer is Payer.KOMBIT:
            return "KOMBIT betaler én opsætning"
        cap = format_danish(row.cap_hours * row.hourly_rate)
        later = f"op til {format_danish(row.cap_hours)} timer à {rate} (højst {cap} kr.)"
        return f"Første opsætning: KOMBIT; derefter {later}" if payer is Payer.UNRESOLVED else later.capitalize()
    if row.price == BY_AGREEMENT:
        return f"{by_agreement()} ({rate})" if rate else by_agreement()
    return f"{format_danish(Decimal(row.price))} kr.{vat}"
