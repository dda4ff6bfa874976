"""What can go wrong, by what to do about it: retry later, mend the configuration, or ask a person."""

from __future__ import annotations


class AdapterError(Exception):
    """Base of all errors the adapter raises on purpose; the message names thing, place and next step.

    Messages never hold text of a ticket or mail, nor a secret: they reach logs.
    """


class ConfigurationError(AdapterError):
    """Settings or mapping are wrong: nothing is started or written until somebody mends them (exit 2)."""


class OutOfReach(AdapterError):
    """Jira or the database does not answer, or asks for patience: try again later (exit 3)."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds


NO_USE = 0
"""The status of a refusal where Jira said yes, with something that cannot be used."""


class Refused(AdapterError):
    """Jira understood and said no (400, 403, 409 …): the same call will fail again."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Gone(AdapterError):
    """The ticket does not exist or cannot be seen any more (404)."""


class Uncertain(AdapterError):
    """A mail server was given a mail and went silent: it may have gone out, so it is never sent again by itself."""


class NotSent(AdapterError):
    """A mail was certainly not sent: the ticket says so; `will_pass` where it will be taken later."""

    def __init__(self, message: str, *, will_pass: bool) -> None:
        super().__init__(message)
        self.will_pass = will_pass
