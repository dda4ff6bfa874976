"""First lines by which the adapter finds its own comments again, whatever Jira did to their marks and spaces."""

from __future__ import annotations

import re

_OTHER = r"(?:(?!,)[\W_])*"


def begins_with(body: str, mark: str) -> bool:
    """Whether a text begins with a mark, wholly: `Varsel 1` does not begin `Varsel 12`.

    Letters, digits and commas count, for 3,50 hours are not 350; all else Jira gives back as it writes it itself.
    """
    counting = (re.escape(letter) for letter in mark if letter.isalnum() or letter == ",")
    return re.match(_OTHER + _OTHER.join(counting) + r"(?![^\W_])", body) is not None
