"""Fields that the mapping names outside `felter`: form answers (R2), questions (K1, K3) and checklists (R21, R22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapter.catalogue.model import Catalogue


@dataclass(frozen=True)
class AnswerField:
    """A field whose text is read with the ticket, and where the mapping names it and the answers that it knows."""

    name: str
    file: str
    path: tuple[str, ...]  # of the name's setting, without the last key
    answers: tuple[str, ...] = ()
    must_offer: bool = False  # a lacking answer stops the start; else it is warned of

    @property
    def named_at(self) -> tuple[str, ...]:
        """The path of the name."""
        return (*self.path, "felt")

    def answer_at(self, answer: str) -> tuple[str, ...]:
        """The path of an answer."""
        return (*self.path, "svar", answer)


def answer_fields(catalogue: Catalogue) -> Iterator[AnswerField]:
    """Every place where the mapping names such a field; the same field may be named more than once."""
    for i, form in enumerate(catalogue.jira.form_answers):
        yield AnswerField(form.field, "jira.yaml", ("formularsvar", str(i)), tuple(form.answers), must_offer=True)
    for category_id, category in catalogue.services.categories.items():
        if category.question:
            path = ("kategorier", category_id, "spørgsmål")
            yield AnswerField(category.question.field, "katalog.yaml", path, tuple(category.question.answers))
    for category_id, checklist in catalogue.prerequisites.checklists.items():
        for key, item in checklist.items():
            if item.field:
                yield AnswerField(item.field, "krav.yaml", ("tjeklister", category_id, key))


def with_answers(fields: Iterable[AnswerField]) -> set[str]:
    """The names of fields whose options matter."""
    return {f.name for f in fields if f.answers}
