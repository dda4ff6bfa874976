"""Regular expressions that admins write, run on texts that customers write (R22): never so slow that a ticket hangs.

Python tries every way to match, so `(a+)+` on a few dozen letters takes for ever. Such patterns are refused when the
mapping is read, and no text longer than LONGEST is tried.
"""

from __future__ import annotations

import re
import warnings

LONGEST = 500  # characters of a text
MOST_OPEN = 2  # places in a pattern that take any number of characters: each multiplies the time by the text's length
MOST_CHOICES = 8  # places that take more or fewer: each may double it
_MANY = 20  # repetitions that count as any number

_QUANTIFIER = re.compile(r"(?:([?*+])|\{([0-9]{0,9})(,?)([0-9]{0,9})\})[?+]?")
_SET = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ATOM = re.compile(r"\\.|.", re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether all of a text is what the pattern describes; never for a text of more than 500 characters."""
    return len(text) <= LONGEST and re.fullmatch(pattern, text) is not None


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in Danish for the admin; None where it can be used."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # "[[" will mean something else one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return f"mønsteret kan ikke læses ({error})"
    if _is_slow(pattern):
        return (
            "mønsteret kan tage for lang tid på en lang tekst; gentag ikke en gruppe, der selv rummer |, ?, * eller +, "
            f"og brug højst {MOST_OPEN} gange * eller +, fx [A-Z]{{2}}-[0-9]{{4,8}}"
        )
    return None


def _is_slow(pattern: str) -> bool:
    """Whether its time may grow beyond the square of a text's length: said too often rather than too late."""
    groups = [0]  # the choices inside each group that is open
    opens = choices = at = 0
    while at < len(pattern):
        closed = None
        if pattern[at] == "(":
            groups.append(0)
            at += 2 if pattern.startswith("(?", at) else 1
            continue
        if pattern[at] == ")":
            closed = groups.pop()
            if not groups:  # one in a comment of a verbose pattern: beyond this reading
                return True
            groups[-1] += closed
        if pattern[at] == "|":
            groups[-1] += 1
        atom = _SET.match(pattern, at) or _ATOM.match(pattern, at)
        at = atom.end() if atom else len(pattern)
        least, most = 1, 1
        if (found := _QUANTIFIER.match(pattern, at)) is not None:
            at = found.end()
            least, most = _times(found)
        if closed and most > 1:
            return True
        groups[-1] += least != most
        choices += least != most
        opens += most - least >= _MANY
    return opens > MOST_OPEN or choices > MOST_CHOICES


def _times(found: re.Match[str]) -> tuple[int, int]:
    """How often a quantifier wants the thing before it, at least and at most."""
    if found[1]:
        return {"?": (0, 1), "*": (0, LONGEST), "+": (1, LONGEST)}[found[1]]
    least = int(found[2] or 0)
    return least, int(found[4] or LONGEST) if found[3] else least
