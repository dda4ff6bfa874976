"""What the status comment says of each file: what it was found to be, check by check, and what to do (R11)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, ChecklistOutcome
from adapter.rules.checks import Check
from adapter.rules.evidence import NO_PERSON_OVERRULES, EvidenceView, Kind, Piece
from adapter.rules.gate import Gate
from adapter.rules.plain import named, plain
from adapter.rules.verdicts import Verdict
from adapter.ticket.evidence import UnreadFile

_MOST_FILES = 15
_IN_FORCE = frozenset({Kind.OFFER, Kind.APPROVAL, Kind.REFUSAL, Kind.DOUBTFUL, Kind.FOR_A_PERSON})


def tell_files(evidence: EvidenceView, gate: Gate, catalogue: Catalogue) -> tuple[list[dict[str, object]], int]:
    """The files to tell of as the comment's template takes them, and how many more there are."""
    shown = _shown(evidence.pieces)
    return [_file(piece, evidence, gate, catalogue) for piece in shown], len(evidence.pieces) - len(shown)


def told_time(moment: datetime, catalogue: Catalogue) -> str:
    """A moment as people read it, in the service desk's time."""
    return moment.astimezone(ZoneInfo(catalogue.calendar.timezone)).strftime("%d-%m-%Y kl. %H:%M")


def _file(piece: Piece, evidence: EvidenceView, gate: Gate, catalogue: Catalogue) -> dict[str, object]:
    def said(check: Check) -> str:
        return catalogue.texts.say(f"{check.code}_{check.outcome.value}", **(check.detail or {}))

    passed = [said(check) for check in piece.checks if check.outcome is ChecklistOutcome.PASSED]
    lines = [said(check) for check in piece.checks if check.outcome is not ChecklistOutcome.PASSED]
    if passed:
        lines.append(catalogue.texts.say("opfyldt", liste=", ".join(passed)))
    words = _commands_for(piece, gate)
    return {
        "navn": f"“{plain(piece.attachment.filename)}”",
        "nr": piece.attachment.id,
        "hvad": _what(piece, evidence, catalogue),
        "linjer": lines,
        "kommandoer": [f"#dubu {word} {piece.attachment.id} fordi …" for word in words],
    }


_BY_PERSON = {
    Kind.APPROVAL: "fil_godkendelse_af_person",
    Kind.OFFER: "fil_tilbud_af_person",
    Kind.SET_ASIDE: "fil_lagt_til_side",
}


def _what(piece: Piece, evidence: EvidenceView, catalogue: Catalogue) -> str:
    say, verdict, said_at = catalogue.texts.say, piece.verdict, told_time(piece.said_at, catalogue)
    if (earlier := _earlier(piece, evidence)) is not None:
        return say(earlier, **({"tid": said_at} if piece.approved is None else {"nummer": piece.approved}))
    if verdict is not None and piece.kind in _BY_PERSON:
        who, when = named(verdict.by), told_time(verdict.at, catalogue)
        return say(_BY_PERSON[piece.kind], person=who, tid=when, begrundelse=plain(verdict.reason, 300))
    if piece.acceptance is not None:
        when = told_time(piece.acceptance.at, catalogue)
        return say("fil_kombit_accept", person=named(piece.acceptance.by), tid=when)
    if piece.copy_of is not None:
        return say("fil_tilbud_igen", navn=plain(piece.copy_of.filename))
    if isinstance(piece.facts, UnreadFile):
        return say(f"fil_ulæselig_{piece.facts.reason.value}")
    is_dated = piece.kind in {Kind.OFFER, Kind.APPROVAL, Kind.REFUSAL}
    return say(f"fil_{piece.kind.value}", **({"tid": said_at} if is_dated else {}))


def _earlier(piece: Piece, evidence: EvidenceView) -> str | None:
    """The sentence's code for an offer that another one has followed, or what was a yes to it; None for the rest."""
    if piece.kind is Kind.EARLIER_APPROVAL:
        return "fil_tidligere_godkendelse"
    is_older = piece.kind is Kind.OFFER and piece.copy_of is None and piece != evidence.offer
    return "fil_tidligere_tilbud" if is_older else None


def _shown(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The files to tell of, in their order: those that count or ask for something first, then the newest others."""
    wanted = [piece for piece in pieces if piece.kind in _IN_FORCE][-_MOST_FILES:]
    others = [piece for piece in pieces if piece.kind not in _IN_FORCE]
    room = _MOST_FILES - len(wanted)
    kept = {piece.attachment.id for piece in (*wanted, *(others[-room:] if room else ()))}
    return tuple(piece for piece in pieces if piece.attachment.id in kept)


def _commands_for(piece: Piece, gate: Gate) -> tuple[str, ...]:
    """What a person may say of a file, where that would change anything."""
    failed = {check.code for check in piece.checks if check.outcome is ChecklistOutcome.FAILED}
    if piece.kind in {Kind.DOUBTFUL, Kind.FOR_A_PERSON}:
        return tuple(verdict.value for verdict in Verdict)
    if piece.kind is Kind.NOT_COUNTED and not failed & NO_PERSON_OVERRULES:
        return (Verdict.APPROVAL.value,)
    if piece.kind is Kind.SUPPLIERS:
        return (Verdict.OFFER.value,)
    if piece.kind is Kind.APPROVAL and piece.acceptance is None and gate.state is ApprovalState.LAPSED:
        return (Verdict.APPROVAL.value,)
    return ()
