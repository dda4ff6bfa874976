"""How long Jira is waited for: one budget a call, Retry-After honoured within it, the queue's business beyond it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from adapter.errors import OutOfReach

T = TypeVar("T")


class Transient(Exception):
    """One attempt failed in a way that may pass; `may_have_arrived` where Jira may have done what it was asked."""

    def __init__(self, what: str, *, may_have_arrived: bool, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.may_have_arrived = may_have_arrived
        self.retry_after = retry_after  # seconds


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Patience:
    """How often and how long one call is tried; clock and sleep are arguments, so that nobody waits in tests."""

    budget: float = 30.0  # seconds for all attempts of one call, waits included
    attempts: int = 8
    first_wait: float = 0.4
    longest_wait: float = 8.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now

    def persist(self, attempt: Callable[[int], T], what: str) -> T:
        """The first answer that an attempt gets; OutOfReach when the next wait would not fit the budget.

        A Retry-After that is longer than what is left of the budget is handed on in the error: the queue waits
        instead of the worker. `what` names the call in the error, such as `GET /rest/api/2/issue/{issue}`.
        """
        started = self.clock()
        backoff = wait_exponential(multiplier=self.first_wait, max=self.longest_wait) + wait_random(0, self.first_wait)

        def wait(state: RetryCallState) -> float:
            return max(backoff(state), _asked(state) or 0.0)

        def stop(state: RetryCallState) -> bool:
            spent = self.clock() - started
            return state.attempt_number >= self.attempts or spent + state.upcoming_sleep > self.budget

        numbers = count(1)
        again = retry_if_exception_type(Transient)
        try:
            return Retrying(retry=again, wait=wait, stop=stop, sleep=self.sleep, reraise=True)(
                lambda: attempt(next(numbers))
            )
        except Transient as failure:
            raise OutOfReach(f"{what}: {failure}; it is tried again later", failure.retry_after) from None


def _asked(state: RetryCallState) -> float | None:
    failure = state.outcome.exception() if state.outcome else None
    return failure.retry_after if isinstance(failure, Transient) else None


def seconds_asked(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, in either of its forms; None if it asks for nothing."""
    if not header or len(header) > 100:
        return None
    header = header.strip()
    if header.isascii() and header.isdigit():
        return min(float(header), 86_400.0)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), 86_400.0)
