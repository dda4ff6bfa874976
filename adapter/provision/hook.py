"""Which webhooks of a site lead to the adapter, and whether they tell of all the project's tickets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise

from adapter.provision.found import Project, Webhook
from adapter.provision.wanted import EVENTS

_WORD = re.compile(r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | [()=,] | [^\s()=,"']+ """, re.VERBOSE)
_SPACE = re.compile(r"\s+")


def leads_to(webhook: Webhook, url: str) -> bool:
    """Whether a webhook goes to an address; a slash at its end makes no other one."""
    return webhook.url.rstrip("/") == url.rstrip("/")


def in_use(webhooks: Iterable[Webhook], is_here: Callable[[Webhook], bool]) -> tuple[Webhook, ...]:
    """The webhooks that lead here and are on; where none is, those that are off."""
    here = tuple(webhook for webhook in webhooks if is_here(webhook))
    return tuple(webhook for webhook in here if webhook.is_enabled) or here


def lacking_events(webhooks: Iterable[Webhook]) -> frozenset[str]:
    """What none of some webhooks tells of: they may share the events between them."""
    return EVENTS - frozenset(event for webhook in webhooks for event in webhook.events)


def covers(jql: str, project: Project) -> bool:
    """Whether a filter lets all of a project's tickets through, as far as that can be told by reading it.

    It is enough that one of several alternatives does.
    """
    if _SPACE.sub("", _WORD.sub("", jql)):
        return False  # there is more in it than is read here
    words = _without_order([*_words(jql)])
    names = {name.casefold() for name in (project.key, project.name, project.id) if name}
    return not words or any(_is_of(_unwrapped(part), names) for part in _alternatives(_unwrapped(words)))


def _words(jql: str) -> Iterator[str]:
    """Words and signs, in small letters; a quotation keeps its first mark, so that no word in it is taken for one."""
    for word in _WORD.findall(jql):
        yield word[:-1].casefold() if word[0] in "\"'" else word.casefold()


def _without_order(words: list[str]) -> list[str]:
    ends = (i for i, pair in enumerate(pairwise(words)) if pair == ("order", "by"))
    return words[: next(ends, len(words))]


def _unwrapped(words: list[str]) -> list[str]:
    """Without parentheses around the whole."""
    if words[:1] != ["("] or words[-1:] != [")"]:
        return words
    depths = list(accumulate((word == "(") - (word == ")") for word in words))
    return _unwrapped(words[1:-1]) if 0 not in depths[:-1] else words


def _alternatives(words: list[str]) -> Iterator[list[str]]:
    """The parts between each `or` that stands in no parentheses."""
    part: list[str] = []
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "or" and depth == 0:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _is_of(words: list[str], names: set[str]) -> bool:
    """Whether a condition asks for the project, by any of its names, and for nothing else."""
    match [word.lstrip("\"'") for word in words]:
        case ["project", "=", name]:
            return name in names
        case ["project", "in", "(", *several, ")"]:
            return not {"(", ")"} & {*several} and bool(names & {*several})
        case _:
            return False
