"""Hours used against those that were approved, and what they come to in kroner (R19, R23).

All money is Decimal; an amount is rounded to the øre once, at the end, and never above what the payer said yes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.values import format_danish
from adapter.catalogue.words import Payer, PaymentModel
from adapter.rules.figures import sensible
from adapter.ticket.snapshot import Ticket

_HUNDREDTH = Decimal("0.01")  # an øre, or 36 seconds


@dataclass(frozen=True)
class Hours:
    """Where a ticket stands: hours with two decimals, kroner with øre, None for what is not known or does not apply."""

    used: Decimal
    cap: Decimal | None = None
    rate: Decimal | None = None  # kroner an hour, not rounded
    amount: Decimal | None = None
    percent: int | None = None  # of the cap, rounded down: 100 only when it is reached
    warns: bool = False
    is_at_cap: bool = False


def hours_of(
    ticket: Ticket,
    catalogue: Catalogue,
    row: Category,
    payer: Payer,
    offered_hours: Decimal | None,
    offered_price: Decimal | None,
) -> Hours:
    """Hours and amount of a ticket, by what its payer was offered and else by the catalogue's row.

    Nothing is offered by a number that is zero, negative or absurd. KOMBIT's one setup has no cap of the catalogue's
    (R16): that is for those who pay the later ones.
    """
    used = (Decimal(max(ticket.seconds_spent, 0)) / 3600).quantize(_HUNDREDTH, ROUND_HALF_UP)
    offered_hours, offered_price = sensible(offered_hours), sensible(offered_price)
    if row.payment is PaymentModel.FIXED:
        price = offered_price or (row.price if isinstance(row.price, Decimal) else None)
        return Hours(used, amount=None if price is None else price.quantize(_HUNDREDTH, ROUND_HALF_UP))
    cap = offered_hours or (None if payer is Payer.KOMBIT else row.cap_hours)
    rate, amount = _priced(used, cap, row.hourly_rate, offered_hours, offered_price)
    if cap is None:
        return Hours(used, rate=rate, amount=amount)
    return Hours(
        used,
        cap=cap,
        rate=rate,
        amount=amount,
        percent=int(used * 100 / cap),
        warns=used * 100 >= cap * catalogue.services.hours.warn_percent,
        is_at_cap=used >= cap,
    )


def _priced(
    used: Decimal,
    cap: Decimal | None,
    row_rate: Decimal | None,
    offered_hours: Decimal | None,
    offered_price: Decimal | None,
) -> tuple[Decimal | None, Decimal | None]:
    """The rate and the amount; an offered price is a limit too, for the payer was told a price (R7, R12)."""
    if row_rate is not None:
        rate = row_rate
        exact = used * rate
        limits = [cap * rate] if cap is not None else []
    elif offered_hours is not None and offered_price is not None:
        rate = offered_price / offered_hours
        exact = (
            min(used, offered_hours) * offered_price / offered_hours
        )  # the division last: a rate of 100/3 is not exact
        limits = []
    else:
        return None, None
    limits += [offered_price] if offered_price is not None else []
    amount = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    return rate, min([amount, *(limit.quantize(_HUNDREDTH, ROUND_DOWN) for limit in limits)])


def hours_sentences(hours: Hours, catalogue: Catalogue) -> tuple[tuple[str, dict[str, str]], ...]:
    """What the ticket says of its hours: nothing before any are used, and then where the cap stands (R19).

    The names hold figures as the catalogue writes them, empty where not known, and whether moms comes on top.
    """
    if not hours.used:
        return ()
    figures = {"brugt": hours.used, "loft": hours.cap, "beløb": hours.amount}
    names = {name: "" if figure is None else format_danish(figure) for name, figure in figures.items()}
    names["moms"] = "ekskl. moms" if catalogue.services.prices_are_ex_vat else ""
    names["procent"] = "" if hours.percent is None else str(hours.percent)
    told = [("timer_brugt", names)]
    if hours.is_at_cap:
        closes = catalogue.services.hours.at_cap == "luk"
        told.append(("timer_loft" if closes else "timer_loft_advarsel", names))
    elif hours.warns:
        told.append(("timer_varsel", names))
    return tuple(told)
