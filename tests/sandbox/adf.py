"""Comments as Jira Cloud's API 2 gives them back: read into a document when saved, and written anew as wiki markup."""

from __future__ import annotations

import re
from itertools import groupby

ITEM = re.compile(r"([*#]+|-+)[ \u00a0]+(\S.*)")
ALONE = re.compile(r"h[1-6]\. .*|-{4,}")
"""What is a block by itself: headings and rules."""


def rewritten(text: str) -> str:
    """The same words with other marks and spaces; what was rewritten once stays as it is."""
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text)]
    blocks = ["\r\n".join(_line(line) for line in block) for block in _blocks(lines)]
    return "\r\n\r\n".join(blocks)


def _blocks(lines: list[str]) -> list[list[str]]:
    """Paragraphs, lists, headings and rules, however many blank lines stood between them, or none."""
    found: list[list[str]] = []
    for kind, run in groupby(lines, key=_kind):
        if kind == "alone":
            found += [[line] for line in run]
        elif kind:
            found.append(list(run))
    return found


def _kind(line: str) -> str:
    if not line:
        return ""
    if ALONE.fullmatch(line):
        return "alone"
    return "list" if ITEM.fullmatch(line) else "paragraph"


def _line(line: str) -> str:
    item = ITEM.fullmatch(line)
    marks = f"{item[1].replace('-', '*')} " if item else ""
    words = item[2] if item else line
    words = re.sub(r" {2,}", lambda spaces: "\u00a0" * (len(spaces[0]) - 1) + " ", words)
    return marks + re.sub(r"(?<=\d)-(?=\d)", r"\\-", words)
