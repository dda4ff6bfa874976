"""Text of a ticket as it may stand in a comment or a letter."""

from __future__ import annotations

import re

from adapter.masking import mask

_EMOTICON = re.compile(r"\((?:/|x|!|\?|\+|-|y|n|i|on|off)\)")


def plain(text: str, most: int = 120) -> str:
    """Text from a ticket as it may stand in a comment: no markup, mention, link or CPR number, and not long."""
    text = "".join(ch for ch in mask(" ".join(text.split())) if ch.isprintable())
    text = text.translate(str.maketrans("[]{}|", "()()/")).translate(str.maketrans("", "", "*!~^\\#<>“”"))
    text = _EMOTICON.sub("", text).replace("://", ":/ /").replace("www.", "www ").replace("mailto:", "mailto ")
    text = mask(text.strip())
    return text if len(text) <= most else f"{text[: most - 1]}…"
