"""What to do after a failed look: when to look again, or that a person must."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from adapter.errors import ConfigurationError, OutOfReach, Refused

ATTEMPTS = 8
"""How often a ticket fails in one way before it is set aside; about ten minutes go by until then."""
_FIRST, _LONGEST = 5.0, 300.0  # seconds
_LONGEST_ASKED = 3600.0  # seconds; a Retry-After beyond that is not believed


@dataclass(frozen=True)
class Failure:
    """Why a look failed: `kind` is a code, never a text; `will_pass` when it is not the ticket's own fault."""

    kind: str
    will_pass: bool = False
    retry_after: float | None = None  # seconds

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Names an error by its class, and by its status where Jira refused."""
        match error:
            case OutOfReach(retry_after=seconds):
                return cls(type(error).__name__, will_pass=True, retry_after=seconds)
            case ConfigurationError():  # somebody mends it for all tickets at once
                return cls(type(error).__name__, will_pass=True)
            case Refused(status=status):
                return cls(f"{type(error).__name__}-{status}")
            case _:
                return cls(type(error).__name__)


def pause(failure: Failure, attempts: int, chance: float) -> timedelta | None:
    """How long to wait before the next look after this many failures; None to set the ticket aside.

    The pause doubles from 5 seconds to 5 minutes and is spread by `chance` (0 to 1) over half of itself to one and a
    half, so that tickets that failed together do not come back together. What Jira asked for is never undercut.
    """
    if attempts >= ATTEMPTS and not failure.will_pass:
        return None
    doubled = min(_FIRST * 2.0 ** min(attempts - 1, 16), _LONGEST)
    seconds = doubled * (0.5 + chance)
    if failure.retry_after is not None:
        asked = min(max(failure.retry_after, 0.0), _LONGEST_ASKED)
        seconds = asked + chance * min(doubled, max(asked, 1.0))
    return timedelta(seconds=seconds)
