"""A mail that the adapter writes: what it says, and to whom; its bytes are made in adapter/post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """A mail as it will be; the same letter always becomes the same bytes."""

    message_id: str  # without < >; unique, and the same whenever the letter is written again
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    body: str
    written_at: datetime  # aware; the mail's Date
    automatic: bool = False  # marked so that no program answers it, and that it is never taken for an offer
