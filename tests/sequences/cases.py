"""What really happened on a ticket, kept by the test: who offered, who said yes to what, who took it back.

This is a second, much plainer judgement than the adapter's, made from what the actors did and not from what the files
say: an approval stands if an honest payer gave it, or somebody of the service desk took it upon themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

UNDECIDED = {None, "Afklares", "Til afklaring"}
COVERED = ("Kategori", "Betaler", "Betalende part", "Løsning")
AGREED = ("Tilbudt pris", "Tilbudte timer")
Terms = Mapping[str, object]
"""What is offered and approved (R12): fields by name."""


class Kind(StrEnum):
    """What a mail really is, whatever it looks like."""

    OFFER = "offer"
    YES = "honest yes"
    NO = "honest no"
    FORGED = "forged"  # or in doubt: never an approval by itself
    SUPPLIERS = "the supplier's own"  # never one at all


@dataclass(frozen=True)
class Paper:
    """A mail as somebody wrote it."""

    key: str  # the ticket it is about
    kind: Kind
    data: bytes
    number: str  # its Message-ID
    written: datetime
    terms: Terms  # as they stood when it was written
    payer: str  # the address that was offered to, or that answers
    answers: str | None = None  # the offer's number


@dataclass(frozen=True)
class File:
    """A mail on a ticket; trusted if the service desk or the orderer put it there."""

    paper: Paper
    at: datetime
    is_trusted: bool
    by_desk: bool


@dataclass(frozen=True)
class Word:
    """Something that somebody said: about a file, about who pays a setup, or at KOMBIT's button."""

    at: datetime
    says: str
    terms: Terms
    file: str = ""


@dataclass
class Case:
    """One ticket and all that was done to it."""

    key: str
    orderer: str
    is_outside: bool = False  # ordered as an error report: not in the catalogue unless somebody says so
    papers: list[Paper] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)  # by the attachment's number
    verdicts: dict[str, Word] = field(default_factory=dict)  # the newest by the attachment's number
    accepted: list[Word] = field(default_factory=list)  # KOMBIT's button, pressed by KOMBIT
    quarrels: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    setup_words: list[str] = field(default_factory=list)
    chosen: dict[str, object] = field(default_factory=dict)  # what a person set last, by field

    @property
    def is_overridden(self) -> bool:
        """Whether a person of the desk has said, with a reason, that KOMBIT pays (R16)."""
        return self.setup_words[-1:] == ["kombit"]

    def offer(self, present: Mapping[str, datetime], payer: str) -> tuple[str, File] | None:
        """The offer that stands: the last one written to this payer that is still on the ticket."""
        found = [(number, file) for number, file in self.files.items() if number in present]
        offers = [(number, file) for number, file in found if self._is_offer(number, file, payer)]
        return max(offers, key=lambda o: (min(o[1].paper.written, o[1].at), o[1].at), default=None)

    def _is_offer(self, number: str, file: File, payer: str) -> bool:
        verdict = self.verdicts.get(number)
        if verdict is not None:
            return verdict.says == "tilbud"
        return file.paper.kind is Kind.OFFER and file.by_desk and file.paper.payer == payer

    def approvals(self, present: Mapping[str, datetime], terms: Terms, payer: str) -> Iterator[datetime]:
        """When each standing approval of what is offered now was given (R9, R11, R12, R14)."""
        offer = self.offer(present, payer)
        if offer is None or not covers(offer[1].paper.terms, terms):
            return
        for said, then in self._given(offer, present, payer, terms):
            if covers(then, terms, exactly=True) and not self._taken_back(said, present, payer):
                yield said

    def _given(
        self, offer: tuple[str, File], present: Mapping[str, datetime], payer: str, terms: Terms
    ) -> Iterator[tuple[datetime, Terms]]:
        number, made = offer
        for other, file in self.files.items():
            verdict, paper = self.verdicts.get(other), file.paper
            if other not in present or other == number:
                continue
            if verdict is not None:
                never = paper.kind in {Kind.OFFER, Kind.SUPPLIERS}
                if verdict.says == "godkendelse" and verdict.at >= made.at and not never:
                    yield verdict.at, verdict.terms
            elif self._is_yes(file, payer) and paper.answers == made.paper.number:
                yield min(paper.written, file.at), paper.terms
        if terms.get("Betaler") == "KOMBIT":
            yield from ((word.at, word.terms) for word in self.accepted if word.at > made.at)

    def _is_yes(self, file: File, payer: str) -> bool:
        paper = file.paper
        return paper.kind is Kind.YES and file.is_trusted and paper.key == self.key and paper.payer == payer

    def _taken_back(self, said: datetime, present: Mapping[str, datetime], payer: str) -> bool:
        """Whether somebody disagreed after this yes, and nobody has ended it."""
        quarrels = [at for at in self.quarrels if at > said]
        for number, file in self.files.items():
            is_no = file.paper.kind is Kind.NO and file.is_trusted and file.paper.payer == payer
            if is_no and number in present and number not in self.verdicts and file.paper.written > said:
                quarrels.append(file.at)
        return bool(quarrels) and not any(end > max(quarrels) for end in self.ends)


def covers(then: Terms, now: Terms, *, exactly: bool = False) -> bool:
    """Whether what was offered or approved then is what stands now; what was undecided may have been decided since.

    With `exactly`, a price or hours that were empty then must be empty now: nobody has said yes to them.
    """
    for name in (*COVERED, *AGREED):
        before, after = then.get(name), now.get(name)
        if before in UNDECIDED and not (exactly and name in AGREED):
            continue
        if before != after:
            return False
    return True
