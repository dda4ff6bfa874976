"""What goes wrong on demand: slowness, patience asked for, server errors, and lines that break."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum

from tests.sandbox.journal import reads


class Trouble(StrEnum):
    """A kind of fault."""

    SLOW = "slow"  # answers, `seconds` late
    BUSY = "busy"  # 429 with Retry-After
    BROKEN = "broken"  # 5xx instead of doing it
    BROKEN_AFTER = "broken_after"  # does it, then answers 5xx
    MISSING = "missing"  # 404, as an issue that the API does not know yet though a webhook told of it
    STALE = "stale"  # a read is answered as it was the last time, as by a part of Jira that lags behind
    CUT_BEFORE = "cut_before"  # the connection is closed before anything is done
    CUT_AFTER = "cut_after"  # it is done, then the connection is closed without an answer


@dataclass
class Fault:
    """A fault for requests whose method and path match; for some requests, for a while, or until it is cleared."""

    trouble: Trouble
    method: str = ".*"
    path: str = ".*"  # a regular expression that must match somewhere in the path
    times: int | None = None  # how many requests it meets; None: all
    after: int = 0  # how many requests pass before it meets one
    writes: bool = False  # only requests that write
    for_seconds: float | None = None
    seconds: float = 0.0  # SLOW
    status: int = 503  # BROKEN
    retry_after: float | None = 1.0  # BUSY and BROKEN, in seconds; None: no header
    as_date: bool = False  # Retry-After as an HTTP date
    began: float = field(default_factory=time.monotonic)
    met: int = 0
    passed: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Whether a request meets this fault."""
        if self.times is not None and self.met >= self.times:
            return False
        if self.for_seconds is not None and time.monotonic() - self.began > self.for_seconds:
            return False
        if self.writes and reads(method, path):
            return False
        return bool(re.fullmatch(self.method, method, re.IGNORECASE) and re.search(self.path, path))


class Faults:
    """The faults that are in force; a request meets the first that matches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Puts a fault in force."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Ends all faults."""
        with self._lock:
            self._faults.clear()

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, and counts it."""
        with self._lock:
            for fault in self._faults:
                if not fault.meets(method, path):
                    continue
                if fault.passed < fault.after:
                    fault.passed += 1
                    continue
                fault.met += 1
                return fault
        return None

    def all(self) -> list[Fault]:
        """The faults in force and those that are used up."""
        with self._lock:
            return list(self._faults)
