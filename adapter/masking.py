"""What looks like a CPR number, however it is written, and how it is hidden."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[^\w\n:]{0,3}"  # no colon: 10:12:13.1415 is a time of day
_CPR_SHAPED = re.compile(  # the day of a stand-in number is 40 or 60 higher than any day
    rf"(?<!\d)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:\d\d)?\d\d(?:[^\w:]|_){{0,4}}\d{{4}}(?!\d)"
    r"|(?<!\d)\d{6}[-\s]?\d{4}(?!\d)"
)
MASK = "xxxxxx-xxxx"


def mask(text: str) -> str:
    """The text with everything shaped like a CPR number hidden: day, month, year and four digits, however parted.

    Digits of other scripts and widths count as digits; a text without any is returned as it is.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found = _CPR_SHAPED.sub(MASK, plain)
    return text if found == plain else found


def holds_cpr_shape(text: str) -> bool:
    """Whether anything in the text is shaped like a CPR number."""
    return mask(text) != text
