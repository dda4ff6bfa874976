"""What a decision rests on, as the journal keeps it: numbers of files and comments, and codes, never a text (R24)."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.words import AttachmentId, FieldName
from adapter.rules.commands import Asks, comment_number
from adapter.rules.payer import PayerSource
from adapter.rules.plan import SetFields
from adapter.rules.view import View


def grounds_of(view: View) -> tuple[AttachmentId, ...]:
    """The offer and the answers that count, and the comments whose commands are in force."""
    known = (view.evidence.offer, view.evidence.approval, view.evidence.refusal)
    files = (piece.attachment.id for piece in known if piece is not None and piece.attachment.id)
    comments = (comment_number(command.comment) for command in view.commands.in_force)
    return tuple(dict.fromkeys((*files, *comments)))


def sources_of(view: View, filled: SetFields) -> tuple[str, ...]:
    """Where the values came from that are set now, as far as the ticket tells that too: sentences' codes."""
    fields = {setting.field for setting in filled.settings}
    return tuple(dict.fromkeys(code for field, code in _known(view) if field in fields))


def _known(view: View) -> Iterator[tuple[FieldName, str]]:
    yield FieldName.CATEGORY, "kategori_fastholdt" if view.kept else view.found.source.value
    payer, setup = view.payer, view.commands.newest(Asks.SETUP)
    if payer is not None:
        yield FieldName.PAYER, payer.source.value
        if payer.source is PayerSource.SETUP_PERSON and setup is not None:
            yield FieldName.PAYER, comment_number(setup.comment)
        yield FieldName.PAYING_PARTY, payer.party_source.value
    if view.decided is not None and view.decided.solution_found is not None:
        yield FieldName.SOLUTION, view.decided.solution_found.source.value
