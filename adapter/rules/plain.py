"""Text of a ticket as it may stand in a comment or a letter, alone or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from adapter.catalogue.texts import Texts
from adapter.masking import mask
from adapter.ticket.snapshot import Person

_EMOTICON = re.compile(r"\((?:/|x|!|\?|\+|-|y|n|i|on|off)\)")


def plain(text: str, most: int = 120) -> str:
    """Text from a ticket as it may stand in a comment: no markup, mention, link or CPR number, and not long."""
    text = "".join(ch for ch in mask(" ".join(text.split())) if ch.isprintable())
    text = text.translate(str.maketrans("[]{}|", "()()/")).translate(str.maketrans("", "", "*!~^\\#<>“”"))
    text = _EMOTICON.sub("", text).replace("://", ":/ /").replace("www.", "www ").replace("mailto:", "mailto ")
    text = mask(text.strip())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def named(person: Person) -> str:
    """A person as a comment may name them: by name, or by account where Jira tells none."""
    return plain(person.name or person.account)


def said(texts: Texts, sentences: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Sentences by their codes, with all they name made plain: some of it is text of the ticket."""
    return [texts.say(code, **{name: plain(text, 300) for name, text in names.items()}) for code, names in sentences]
