"""A ticket's text as words: the customer's own part of it, folded so that spelling habits do not matter.

æ/ae, ø/oe and å/aa are the same letter here, as are é and e; upper case and the form of a word fall away by the
Danish stemmer. Everything is capped, because the text is hostile.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from snowballstemmer.danish_stemmer import DanishStemmer  # type: ignore[import-untyped]  # ships no types

LONGEST_TEXT = 20_000  # characters
MOST_WORDS = 1_500
LONGEST_WORD = 64
SHORTEST_AGAIN = 5  # letters that must remain when a second ending is taken: "oversigt" is not "over"
LONGEST_SENTENCE = 60  # words; a longer one is cut

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE_END = re.compile(r"[.!?:;]\s+(?=[A-ZÆØÅ])|[\r\n]+")
_NOT_WORDS = re.compile(
    r"\{quote\}.*?(?:\{quote\}|\Z)"  # Jira's own quotes
    r"|!\S{1,300}!"  # pictures
    r"|\b(?:https?://|www\.)\S+"
    r"|[^\s@<>]{1,64}@[^\s@<>]{1,255}"
    r"|\{[a-z]{1,20}(?::[^}\n]{0,80})?\}",  # {color:red}, {code}
    re.DOTALL | re.IGNORECASE,
)
_QUOTE_HEADER = re.compile(
    r"""^[ \t>]* (?:
        -{2,} [ \t]* (?:oprindelig|original|videresendt|forwarded)\b .*
      | (?:den|on)\b .{4,120} \b(?:skrev|wrote)\b .* : [ \t]*
      | \*?(?:fra|from): .* \n  (?:.*\n){0,2}  [ \t>]* \*?(?:sendt|sent|dato|date|emne|subject): .*
        (?:\n [ \t>]* \*?(?:sendt|sent|dato|date|til|to|cc|emne|subject): .*)*
    )$""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_SIGNATURE = re.compile(
    r"""^[ \t]* (?:
        -- [ \t]* $
      | (?: (?:(?:med|de)\s+)? (?:venlige?|bedste|kærlige?) \s+ hils(?:en|ner)
          | mvh | vh | dbh | hilsen | (?:kind|best) \s+ regards
        )\b
    )""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def customers_own(text: str) -> str:
    """The customer's own words of a description: no quoted mail, signature, address, link or markup.

    Where nothing stands before the first quoted mail, the ticket *is* a forwarded mail, and that mail speaks.
    """
    text = _NOT_WORDS.sub(" ", text[:LONGEST_TEXT].replace("\r\n", "\n"))
    for part in _QUOTE_HEADER.split(text):
        own = _QUOTED_LINE.sub("", part)
        signature = _SIGNATURE.search(own)
        own = own[: signature.start()] if signature else own
        if _WORD.search(fold(own[:1000])):
            return own
    return ""


def fold(text: str) -> str:
    """A text in the one spelling that words are compared in."""
    pieces = (unicodedata.normalize("NFKC", word[:LONGEST_WORD]).casefold() for word in text.split())
    folded = " ".join(pieces).translate(_LETTERS)
    return folded if folded.isascii() else unicodedata.normalize("NFKD", folded[:LONGEST_TEXT])


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def sentences(text: str) -> Iterator[list[str]]:
    """The folded words of each sentence, as many as are read."""
    left = MOST_WORDS
    for sentence in _SENTENCE_END.split(text[:LONGEST_TEXT]):
        words = words_of(sentence)[:left]
        left -= len(words)
        for start in range(0, len(words), LONGEST_SENTENCE):
            yield words[start : start + LONGEST_SENTENCE]
        if not left:
            return


def stem(word: str) -> str:
    """A folded word without its endings: aktivitet, aktiviteten and aktiviteterne are one.

    The stemmer takes one ending at a time and knows no `-ede`, so it is asked again and helped.
    """
    stemmer: Any = DanishStemmer()  # holds the word it works on, so threads can't share one; costs 0.2 µs
    for again in range(3):
        shorter = str(stemmer.stemWord(word))
        if shorter == word or (again and len(shorter) < SHORTEST_AGAIN):
            break
        word = shorter
    if len(word) >= 6 and word.endswith("ed"):
        word = word[:-3] if word[-3] == word[-4] else word[:-2]
    return word
