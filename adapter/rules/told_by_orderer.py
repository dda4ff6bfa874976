"""What the orderer has told by the fields of the order, as letters repeat it (R7)."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.letters import answer_words_in
from adapter.catalogue.model import Catalogue, Category
from adapter.rules.plain import plain
from adapter.rules.prerequisites import Item
from adapter.rules.question import Answered

_LONGEST = 300  # characters of one field
_LEFT_OUT = "som skrevet på sagen"


def told_by_orderer(
    catalogue: Catalogue, row: Category, answered: Answered, items: tuple[Item, ...]
) -> tuple[str, ...]:
    """The answer to the row's question and the filled fields of its checklist, a line each: `Ydelse fra: …`.

    Text that holds a word of yes or no is left to the ticket: an answer that quotes the letter would say it too.
    """
    return tuple(
        f"{field}: {_LEFT_OUT if answer_words_in(text, catalogue.evidence) else plain(text, _LONGEST)}"
        for field, text in _fields(row, answered, items)
    )


def _fields(row: Category, answered: Answered, items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    if row.question is not None and answered.said is not None:
        yield row.question.field, answered.said
    for item in items:
        if item.prerequisite.field is not None and item.found is not None:
            yield item.prerequisite.field, item.found
