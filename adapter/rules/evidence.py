"""What each file on a ticket is worth: offer, approval, refusal, or something a person must judge (R8, R9, R11)."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import AttachmentId, ChecklistOutcome, Digest, Payer
from adapter.rules.acceptance import Acceptance, acceptance_of
from adapter.rules.accepted import approved_offer, approved_what_is_gone, was_offer
from adapter.rules.checks import (
    Check,
    Offered,
    Question,
    approval_checks,
    digests_of,
    from_supplier,
    not_used_elsewhere,
    offer_checks,
)
from adapter.rules.choices import is_of_desk
from adapter.rules.commands import Commands
from adapter.rules.payer import PayerDecision
from adapter.rules.verdicts import PersonsVerdict, Verdict, verdicts
from adapter.ticket.evidence import MailFacts, Memory, Says, UnreadFile
from adapter.ticket.snapshot import Attachment, Ticket

OFFER_FILE = "Tilbud-"
"""How the files of offers begin that the adapter sent itself."""
_SIGNATURE_PICTURE = re.compile(r"image\d{3}\.(png|jpe?g|gif)", re.IGNORECASE)  # as Outlook names logos in signatures


class Kind(StrEnum):
    """What a file on the ticket is."""

    OFFER = "tilbud"
    APPROVAL = "godkendelse"
    REFUSAL = "afslag"
    DOUBTFUL = "i_tvivl"  # a person decides
    NOT_COUNTED = "tæller_ikke"  # a mail that fails a check
    EARLIER_APPROVAL = "tidligere_godkendelse"  # opened the gate once, on an offer that another one has followed
    SUPPLIERS = "fra_leverandøren"  # the supplier's own mail without an offer in it
    SET_ASIDE = "lagt_til_side"  # a person said that it is neither
    FOR_A_PERSON = "skal_vurderes"  # a PDF, a picture, or a mail that can't be read
    OWN_LETTER = "eget_brev"  # the adapter's reminder, answer or record: never an offer, an approval only by R18


@dataclass(frozen=True)
class Piece:
    """One file with what it was found to be."""

    attachment: Attachment
    kind: Kind
    facts: MailFacts | UnreadFile | None = None
    checks: tuple[Check, ...] = ()
    verdict: PersonsVerdict | None = None
    copy_of: Attachment | None = None  # the first file with the same mail in it
    acceptance: Acceptance | None = None  # KOMBIT's transition, of which the file is the record (R18)
    approved: AttachmentId | None = None  # the earlier offer that an earlier approval opened the gate on

    @property
    def attached_at(self) -> datetime:
        """When it first came onto the ticket."""
        return (self.copy_of or self.attachment).created

    @property
    def said_at(self) -> datetime:
        """When it was said: the mail's own date, but never later than the file came onto the ticket."""
        if self.acceptance is not None:
            return self.acceptance.at
        if isinstance(self.facts, MailFacts) and self.facts.sent_at is not None:
            return min(self.facts.sent_at, self.attached_at)
        return self.attached_at

    @property
    def stands_since(self) -> datetime:
        """When it came to count on the ticket: attached, or judged by a person."""
        if self.acceptance is not None:
            return self.acceptance.at
        return max(self.attached_at, self.verdict.at) if self.verdict else self.attached_at

    @property
    def digests(self) -> frozenset[Digest]:
        """What the file and its mail are remembered by."""
        return digests_of(self.facts)


@dataclass(frozen=True)
class EvidenceView:
    """All evidence on a ticket, judged; `offer` is the newest one, `approval` the first that answers it."""

    pieces: tuple[Piece, ...]
    offer: Piece | None
    approval: Piece | None
    refusal: Piece | None  # stands only when it came after the approval, or instead of one
    second_thoughts: Piece | None = None  # the payer's later mail with a no in it: a person must read it
    acceptance: Acceptance | None = None  # KOMBIT's transition, which counts once its record is attached (R9, R18)
    half: str | None = None  # what KOMBIT's approval still lacks where both transition and mail are demanded


def judge(
    ticket: Ticket, catalogue: Catalogue, payer: PayerDecision, memory: Memory, commands: Commands, now: datetime
) -> EvidenceView:
    """Judges every file on the ticket against the newest offer."""
    return _Judge(ticket, catalogue, payer, memory, commands, now).view()


def is_own_letter(attachment: Attachment) -> bool:
    """True for a letter of the adapter's that is no offer."""
    return attachment.author.is_adapter and not attachment.filename.startswith(OFFER_FILE)


def is_for_a_person(attachment: Attachment, catalogue: Catalogue) -> bool:
    """True for a PDF or a picture, by its name's ending or its type: it may show a mail, and only a person can say."""
    endings = {f".{ending.strip().lower().removeprefix('.')}" for ending in catalogue.evidence.judged_by_a_person}
    types = {mimetypes.guess_type(f"x{ending}")[0] for ending in endings} - {None}
    mime = attachment.mime_type.split(";")[0].strip().lower()
    return attachment.filename.strip().lower().endswith(tuple(endings)) or mime in types


def is_signature_picture(attachment: Attachment) -> bool:
    """True for a picture as mail programs add for a logo: told, but no reason to ask a person."""
    return _SIGNATURE_PICTURE.fullmatch(attachment.filename.strip()) is not None


class _Judge:
    """Judges the files of one ticket; a value of its own only so that its parts need not hand on all they share."""

    def __init__(  # what is judged, and against what
        self,
        ticket: Ticket,
        catalogue: Catalogue,
        payer: PayerDecision,
        memory: Memory,
        commands: Commands,
        now: datetime,
    ) -> None:
        self._ticket, self._catalogue, self._payer, self._memory, self._now = ticket, catalogue, payer, memory, now
        self._verdicts = verdicts(commands)
        known = memory.evidence
        files = [a for a in ticket.attachments if a.id in known or is_for_a_person(a, catalogue)]
        self._files = [a for a in files if not is_own_letter(a)]
        self._letters = [a for a in ticket.attachments if is_own_letter(a)]
        mails = (facts.message_id for facts in known.values() if isinstance(facts, MailFacts))
        self._mails = frozenset(number for number in mails if number is not None)

    def view(self) -> EvidenceView:
        """All pieces, and which of them count."""
        offers = self._offers()
        offer = self._newest(offers)
        pieces = self._pieces(offers, offer)
        acceptance = acceptance_of(
            self._ticket,
            self._payer,
            self._memory,
            offer.attachment if offer else None,
            offer.stands_since if offer else None,
        )
        mails = [p for p in pieces if p.kind is Kind.APPROVAL]
        half = self._half(mails, acceptance)
        is_recorded = acceptance is not None and acceptance.is_recorded
        records = [Piece(acceptance.record, Kind.APPROVAL, acceptance=acceptance)] if acceptance and is_recorded else []
        approvals = [*mails, *records]
        counts = offer is not None and half is None and (is_recorded or not self._needs_both)
        choose = max if self._needs_both else min
        approval = choose(approvals, key=lambda p: p.said_at, default=None) if counts else None
        held = {p.attachment.id for p in records}
        letters = (self._as_it_was(Piece(a, Kind.OWN_LETTER), offer) for a in self._letters if a.id not in held)
        pieces = (*pieces, *records, *letters)
        refusal = max((p for p in pieces if p.kind is Kind.REFUSAL), key=lambda p: p.said_at, default=None)
        if refusal and approvals and max(p.said_at for p in approvals) > refusal.said_at:
            refusal = None
        doubt = approval and self._second_thoughts(pieces, approval)
        return EvidenceView(pieces, offer, approval, refusal, doubt, acceptance, half)

    @property
    def _needs_both(self) -> bool:
        return self._payer.payer is Payer.KOMBIT and self._catalogue.offers.kombit_mail_required

    def _half(self, mails: list[Piece], acceptance: Acceptance | None) -> str | None:
        """What is missing where KOMBIT has given one of the two that the setting demands (R18)."""
        if not self._needs_both or bool(mails) == (acceptance is not None):
            return None
        return "mangler_kombit_overgang" if mails else "mangler_kombit_mail"

    @staticmethod
    def _second_thoughts(pieces: tuple[Piece, ...], approval: Piece) -> Piece | None:
        later = (p for p in pieces if p.kind is Kind.DOUBTFUL and p.said_at > approval.said_at)
        return next((p for p in later if isinstance(p.facts, MailFacts) and p.facts.no_words), None)

    def _offers(self) -> dict[AttachmentId, Piece]:
        """The offers on the ticket; the same mail attached twice is one offer, as old as its first file."""
        found: dict[AttachmentId, Piece] = {}
        seen: dict[Digest, Attachment] = {}
        for attachment in sorted(self._files, key=lambda a: (a.created, a.id)):
            facts, verdict = self._memory.evidence.get(attachment.id), self._verdicts.get(attachment.id)
            if not self._is_offer(attachment, facts, verdict):
                continue
            digests = digests_of(facts)
            first = next((seen[digest] for digest in digests if digest in seen), None)
            found[attachment.id] = Piece(attachment, Kind.OFFER, facts, verdict=verdict, copy_of=first)
            seen.update(dict.fromkeys(digests, first or attachment))
        return found

    def _is_offer(
        self, attachment: Attachment, facts: MailFacts | UnreadFile | None, verdict: PersonsVerdict | None
    ) -> bool:
        if verdict is not None:
            return verdict.verdict is Verdict.OFFER
        if was_offer(self._memory, attachment.id):
            return True
        if not isinstance(facts, MailFacts) or not facts.senders:
            return False
        return all(c.outcome is ChecklistOutcome.PASSED for c in self._offer_checks(attachment, facts))

    def _offer_checks(self, attachment: Attachment, facts: MailFacts) -> tuple[Check, ...]:
        return offer_checks(facts, is_of_desk(attachment.author), self._catalogue, self._payer)

    def _newest(self, offers: dict[AttachmentId, Piece]) -> Piece | None:
        """The offer that stands: the newest one, but for a reply that comes after the yes to the one before it.

        Such a reply ("tak for jeres godkendelse af tilbuddet") speaks of the offer and makes none; it is taken out of
        `offers`, and a person may say that it is one all the same.
        """
        standing: Piece | None = None
        for piece in sorted(offers.values(), key=lambda p: (p.said_at, p.attachment.created)):
            if piece.copy_of is not None:
                continue
            if standing is not None and self._only_speaks_of(piece, standing, offers):
                del offers[piece.attachment.id]
                continue
            standing = piece
        return standing

    def _only_speaks_of(self, piece: Piece, standing: Piece, offers: dict[AttachmentId, Piece]) -> bool:
        is_reply = isinstance(piece.facts, MailFacts) and bool(piece.facts.references & self._mails)
        if piece.verdict is not None or piece.attachment.id in self._memory.accepted or not is_reply:
            return False
        answers = self._pieces(offers, standing)
        return any(p.kind is Kind.APPROVAL and p.said_at <= piece.said_at for p in answers)

    def _pieces(self, offers: dict[AttachmentId, Piece], offer: Piece | None) -> tuple[Piece, ...]:
        facts = offer.facts if offer is not None and isinstance(offer.facts, MailFacts) else None
        offered = (
            Offered(facts.sent_at if facts else None, offer.attached_at, facts.message_id if facts else None)
            if offer
            else None
        )
        digests = frozenset(d for piece in offers.values() for d in piece.digests)
        question = Question(self._ticket, self._catalogue, self._payer, self._memory, self._now, offered, digests)
        return tuple(offers.get(a.id) or self._as_it_was(self._answer(a, question, offer), offer) for a in self._files)

    def _answer(self, attachment: Attachment, question: Question, offer: Piece | None) -> Piece:
        """What a file that is no offer amounts to."""
        facts, verdict = self._memory.evidence.get(attachment.id), self._verdicts.get(attachment.id)
        if verdict is not None and verdict.verdict is not Verdict.NEITHER and offer and verdict.at < offer.attached_at:
            verdict = None  # it was said of an earlier offer (R13)
        if verdict is not None and verdict.verdict is Verdict.NEITHER:
            return Piece(attachment, Kind.SET_ASIDE, facts, verdict=verdict)
        if offer is not None and self._was_accepted(attachment, offer):
            checks = approval_checks(facts, attachment, question) if isinstance(facts, MailFacts) else ()
            shown = (
                checks if verdict else tuple(c for c in checks if c.outcome is ChecklistOutcome.PASSED or not c.counts)
            )
            return Piece(attachment, Kind.APPROVAL, facts, shown, verdict)
        if isinstance(facts, MailFacts):
            return self._mail(attachment, facts, question, verdict)
        if verdict is not None and question.offer is not None:
            used = not_used_elsewhere(digests_of(facts), question)
            kind = Kind.APPROVAL if used.outcome is ChecklistOutcome.PASSED else Kind.NOT_COUNTED
            # Without a digest nothing was compared, and nothing is told of it.
            return Piece(attachment, kind, facts, (used,) if digests_of(facts) else (), verdict)
        return Piece(attachment, Kind.FOR_A_PERSON, facts)

    def _as_it_was(self, piece: Piece, offer: Piece | None) -> Piece:
        """What counts no more, but once opened the gate on an offer that another one has followed, is told as that.

        Where its offer was deleted, a person must say what it is worth (R12).
        """
        approved = approved_offer(self._memory, piece.attachment.id)
        counts = piece.kind not in _COUNTS_NO_MORE or piece.verdict is not None
        if counts or approved is None or approved == (offer.attachment.id if offer else None):
            return piece
        if approved_what_is_gone(self._memory, piece.attachment.id, self._ticket):
            return piece
        return replace(piece, kind=Kind.EARLIER_APPROVAL, checks=(), approved=approved)

    def _was_accepted(self, attachment: Attachment, offer: Piece) -> bool:
        approved = approved_offer(self._memory, attachment.id)
        return approved == offer.attachment.id and was_offer(self._memory, offer.attachment.id)

    def _mail(
        self, attachment: Attachment, facts: MailFacts, question: Question, verdict: PersonsVerdict | None
    ) -> Piece:
        if verdict is None and from_supplier(facts, self._catalogue):
            missed = tuple(c for c in self._offer_checks(attachment, facts) if c.outcome is not ChecklistOutcome.PASSED)
            return Piece(attachment, Kind.SUPPLIERS, facts, missed or (Check("nyt_tilbud", ChecklistOutcome.UNSURE),))
        checks = approval_checks(facts, attachment, question)
        failed = {c.code for c in checks if c.counts and c.outcome is ChecklistOutcome.FAILED}
        unsure = {c.code for c in checks if c.counts and c.outcome is ChecklistOutcome.UNSURE}
        piece = Piece(attachment, Kind.DOUBTFUL, facts, checks, verdict)
        if verdict is not None:  # a person may settle a doubt, not make the supplier's or another ticket's mail count
            return replace(piece, kind=Kind.NOT_COUNTED if failed & NO_PERSON_OVERRULES else Kind.APPROVAL)
        if failed == {"ja"} and facts.says is Says.NO:
            return piece if unsure & _WHO_AND_WHEN else replace(piece, kind=Kind.REFUSAL)
        if failed:
            return replace(piece, kind=Kind.NOT_COUNTED)
        return piece if unsure else replace(piece, kind=Kind.APPROVAL)


_COUNTS_NO_MORE = frozenset({Kind.NOT_COUNTED, Kind.FOR_A_PERSON, Kind.OWN_LETTER})

NO_PERSON_OVERRULES = frozenset({"ikke_leverandør", "ikke_brugt", "ikke_tilbud", "tilbud_findes"})
"""Checks that no command can overrule."""

_WHO_AND_WHEN = frozenset({"betaler_kendt", "betaler_har_domæner", "efter_tilbud", "har_dato", "ikke_fremtid"})
"""Doubts that make even a no something for a person: it may be anybody's."""
