"""The story, chapter by chapter; each step says what somebody does, and what must then be true on the ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.demo.approval import gate, picture
from tests.demo.changes import disagreement, price
from tests.demo.checklists import checklists
from tests.demo.orders import answers, orders
from tests.demo.setups import setups
from tests.demo.stage import Stage, Step

CHAPTERS: tuple[tuple[str, Callable[[Stage], Iterator[Step]]], ...] = (
    ("Eleven services are ordered, and one that is none: each ticket fills itself (R1–R5)", orders),
    ("Questions of the catalogue, and what it fixes (R4, K1, K3)", answers),
    ("Nothing but the payer's own yes opens the gate (R7–R11)", gate),
    ("A picture of a mail: a person judges it (R11)", picture),
    ("The price does not hold: a new offer, a new yes (R12, R13)", price),
    ("Disagreement stops the work; the project owners end it (R14)", disagreement),
    ("SF1475: two municipalities order one solution at the same moment (R16–R20)", setups),
    ("A robot and an API connection: what must be in place first (R21, R22)", checklists),
)
