"""Which steps of a workflow the process needs: where the adapter takes tickets, and what people need at least."""

from __future__ import annotations

from collections.abc import Mapping

from adapter.catalogue.words import StatusRole

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
