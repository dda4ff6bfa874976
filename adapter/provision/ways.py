"""Which steps of a workflow the process needs: where the adapter takes tickets, and what people need at least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapter.catalogue.words import CLOSED, StatusRole

_WAITING = frozenset({StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY})
_HELD = frozenset({StatusRole.WORK, StatusRole.PRODUCTION, StatusRole.APPROVED, StatusRole.KOMBIT_ACCEPTED})
_BACK_TO_WAITING = _HELD | {StatusRole.NEW, StatusRole.DISAGREEMENT}

ADAPTER_MOVES: Mapping[StatusRole, frozenset[StatusRole]] = {
    StatusRole.APPROVED: _WAITING | {StatusRole.NEW, StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT},
    StatusRole.NEW: _HELD | {StatusRole.DISAGREEMENT},
    StatusRole.WAITING_CUSTOMER: _BACK_TO_WAITING | {StatusRole.WAITING_THIRD_PARTY},
    StatusRole.WAITING_THIRD_PARTY: _BACK_TO_WAITING | {StatusRole.WAITING_CUSTOMER},
    StatusRole.DISAGREEMENT: _HELD,
    StatusRole.WORK: frozenset({StatusRole.PRODUCTION, StatusRole.DONE}),
}
"""From where the rules may move a ticket, by where to: each must be open to the adapter, or a gate stays unclosed.

It says what `rules/gate.py` can want; tests hold it against that.
"""


@dataclass(frozen=True)
class Way:
    """A step that people take, by the key of its name in `overgange`."""

    step: str
    sources: frozenset[StatusRole]
    target: StatusRole
    is_needed: bool = False  # from each of the sources; else only where a status would be an island
    on_portal: bool = False
    reopens: bool = False  # a status from which tickets can only be closed lacks it


_OPEN = frozenset(StatusRole) - CLOSED
PEOPLES_WAYS = (
    Way("start", frozenset({StatusRole.APPROVED}), StatusRole.WORK, is_needed=True),
    Way("kombit", _WAITING, StatusRole.KOMBIT_ACCEPTED, is_needed=True, on_portal=True),
    Way("disagree", _OPEN - {StatusRole.DISAGREEMENT}, StatusRole.DISAGREEMENT, on_portal=True),
    Way(
        "wait_customer",
        frozenset({StatusRole.NEW, StatusRole.WAITING_THIRD_PARTY, StatusRole.APPROVED, StatusRole.WORK}),
        StatusRole.WAITING_CUSTOMER,
    ),
    Way(
        "wait_third_party",
        frozenset({StatusRole.NEW, StatusRole.WAITING_CUSTOMER, StatusRole.APPROVED, StatusRole.WORK}),
        StatusRole.WAITING_THIRD_PARTY,
    ),
    Way("produce", frozenset({StatusRole.WORK}), StatusRole.PRODUCTION),
    Way("return_to_work", frozenset({StatusRole.PRODUCTION}), StatusRole.WORK),
    Way("resolve", frozenset({StatusRole.NEW, StatusRole.WORK, StatusRole.PRODUCTION}), StatusRole.DONE),
    Way("reopen", CLOSED | _WAITING | {StatusRole.DISAGREEMENT, StatusRole.OTHER}, StatusRole.NEW, reopens=True),
    Way("cancel", _OPEN - {StatusRole.OTHER}, StatusRole.CANCELLED),
)
"""The steps of the process; a workflow that has others of its own to the same statuses keeps to those."""
