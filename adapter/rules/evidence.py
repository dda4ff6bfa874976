"""What each file on a ticket is worth: offer, approval, refusal, or something a person must judge (R8, R9, R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rapidfuzz import fuzz

from adapter.catalogue.model import Catalogue, Party
from adapter.catalogue.words import AttachmentId, ChecklistOutcome, Digest
from adapter.rules.payer import PayerDecision, is_from
from adapter.rules.verdicts import PersonsVerdict, Verdict, verdicts
from adapter.ticket.evidence import Dkim, MailFacts, Memory, Says, UnreadFile
from adapter.ticket.snapshot import Attachment, Ticket

_LOOKS_ALIKE = 80  # rapidfuzz ratio from which a foreign domain is called a look-alike


class Kind(StrEnum):
    """What a file on the ticket is."""

    OFFER = "tilbud"
    APPROVAL = "godkendelse"
    REFUSAL = "afslag"
    DOUBTFUL = "i_tvivl"  # a person decides
    NOT_COUNTED = "tæller_ikke"  # a mail that fails a check
    SUPPLIERS = "fra_leverandøren"  # the supplier's own mail without an offer in it
    SET_ASIDE = "lagt_til_side"  # a person said that it is neither
    FOR_A_PERSON = "skal_vurderes"  # a PDF, a picture, or a mail that can't be read


@dataclass(frozen=True)
class Check:
    """One check of a mail: a sentence's code, how it came out, and what the sentence names."""

    code: str
    outcome: ChecklistOutcome
    detail: Mapping[str, str] | None = None
    counts: bool = True  # False: told, but decides nothing (DKIM)


@dataclass(frozen=True)
class Piece:
    """One file with what it was found to be."""

    attachment: Attachment
    kind: Kind
    facts: MailFacts | UnreadFile | None = None
    checks: tuple[Check, ...] = ()
    verdict: PersonsVerdict | None = None
    copy_of: Attachment | None = None  # the first file with the same mail in it

    @property
    def attached_at(self) -> datetime:
        """When it first came onto the ticket."""
        return (self.copy_of or self.attachment).created

    @property
    def said_at(self) -> datetime:
        """When it was said: the mail's own date, else when the file came onto the ticket."""
        if isinstance(self.facts, MailFacts) and self.facts.sent_at is not None:
            return self.facts.sent_at
        return self.attached_at

    @property
    def stands_since(self) -> datetime:
        """When it came to count on the ticket: attached, or judged by a person."""
        return max(self.attached_at, self.verdict.at) if self.verdict else self.attached_at

    @property
    def digests(self) -> frozenset[Digest]:
        """What the file and its mail are remembered by."""
        return digests_of(self.facts)


def digests_of(facts: MailFacts | UnreadFile | None) -> frozenset[Digest]:
    """The digests a file is remembered by: of its bytes and, for a mail, of its Message-ID (R11)."""
    mail = facts.message_id if isinstance(facts, MailFacts) else None
    return frozenset(digest for digest in (facts.digest if facts else None, mail) if digest is not None)


@dataclass(frozen=True)
class EvidenceView:
    """All evidence on a ticket, judged; `offer` is the newest one, `approval` the first that answers it."""

    pieces: tuple[Piece, ...]
    offer: Piece | None
    approval: Piece | None
    refusal: Piece | None  # stands only when it came after the approval, or instead of one


def judge(ticket: Ticket, catalogue: Catalogue, payer: PayerDecision, memory: Memory, now: datetime) -> EvidenceView:
    """Judges every file on the ticket against the newest offer."""
    decided = verdicts(ticket)
    wanted = [a for a in ticket.attachments if a.id in memory.evidence or is_for_a_person(a, catalogue)]
    offers = _offers(wanted, catalogue, payer, memory, decided)
    offer = max(offers.values(), key=lambda piece: piece.said_at, default=None)
    known_offers = frozenset(d for piece in offers.values() for d in piece.digests)
    question = _Question(ticket, catalogue, payer, memory, now, offer, known_offers)
    pieces = tuple(offers.get(a.id) or _answer(a, question, decided.get(a.id)) for a in wanted)
    approvals = [p for p in pieces if p.kind is Kind.APPROVAL]
    approval = min(approvals, key=lambda p: p.said_at, default=None) if offer else None
    refusals = [p for p in pieces if p.kind is Kind.REFUSAL]
    refusal = max(refusals, key=lambda p: p.said_at, default=None)
    if refusal and approvals and max(p.said_at for p in approvals) > refusal.said_at:
        refusal = None
    return EvidenceView(pieces, offer, approval, refusal)


def is_for_a_person(attachment: Attachment, catalogue: Catalogue) -> bool:
    """True for a PDF or a picture: it may show a mail, and only a person can say (R11)."""
    ending = attachment.filename.rpartition(".")[2].lower()
    return ending in {e.lower().lstrip(".") for e in catalogue.evidence.judged_by_a_person}


@dataclass(frozen=True)
class _Question:
    ticket: Ticket
    catalogue: Catalogue
    payer: PayerDecision
    memory: Memory
    now: datetime
    offer: Piece | None
    offer_digests: frozenset[Digest]

    @property
    def skew(self) -> timedelta:
        return timedelta(minutes=self.catalogue.evidence.skew_minutes)


def _offers(
    attachments: list[Attachment],
    catalogue: Catalogue,
    payer: PayerDecision,
    memory: Memory,
    decided: Mapping[AttachmentId, PersonsVerdict],
) -> dict[AttachmentId, Piece]:
    """The offers on the ticket; the same mail attached twice is one offer, as old as its first file.

    Only the service desk puts offers on a ticket: a customer who attaches one could otherwise approve its own price.
    """
    found: dict[AttachmentId, Piece] = {}
    seen: dict[Digest, Attachment] = {}
    for attachment in sorted(attachments, key=lambda a: (a.created, a.id)):
        facts = memory.evidence.get(attachment.id)
        verdict = decided.get(attachment.id)
        said_by_person = verdict is not None and verdict.verdict is Verdict.OFFER
        by_desk = attachment.author.is_agent or attachment.author.is_adapter
        reads_as_offer = (
            by_desk and verdict is None and isinstance(facts, MailFacts) and _is_offer(facts, catalogue, payer)
        )
        if not (said_by_person or reads_as_offer):
            continue
        digests = digests_of(facts)
        first = next((seen[digest] for digest in digests if digest in seen), None)
        found[attachment.id] = Piece(attachment, Kind.OFFER, facts, verdict=verdict, copy_of=first)
        seen.update(dict.fromkeys(digests, first or attachment))
    return found


def _is_offer(facts: MailFacts, catalogue: Catalogue, payer: PayerDecision) -> bool:
    """From the supplier alone, to the payer, and with the words of an offer in it (R8)."""
    subdomains = catalogue.evidence.subdomains_count
    supplier = catalogue.parties.supplier
    if not facts.offer_words or facts.automatic or not facts.senders:
        return False
    if not all(is_from(sender, supplier, subdomains) for sender in facts.senders):
        return False
    party = payer.party
    if party is not None and (party.domains or party.contacts):
        return any(is_from(recipient, party, subdomains) for recipient in facts.recipients)
    return any(not is_from(recipient, supplier, subdomains) for recipient in facts.recipients)


def _answer(attachment: Attachment, question: _Question, verdict: PersonsVerdict | None) -> Piece:
    """What a file that is no offer amounts to."""
    facts = question.memory.evidence.get(attachment.id)
    if verdict is not None and verdict.verdict is Verdict.NEITHER:
        return Piece(attachment, Kind.SET_ASIDE, facts, verdict=verdict)
    if isinstance(facts, MailFacts):
        return _mail(attachment, facts, question, verdict)
    if verdict is not None and question.offer is not None:
        used = _not_used_elsewhere(digests_of(facts), question)
        kind = Kind.APPROVAL if used.outcome is ChecklistOutcome.PASSED else Kind.NOT_COUNTED
        return Piece(attachment, kind, facts, (used,), verdict)
    return Piece(attachment, Kind.FOR_A_PERSON, facts)


def _mail(attachment: Attachment, facts: MailFacts, question: _Question, verdict: PersonsVerdict | None) -> Piece:
    catalogue = question.catalogue
    supplier = _from_supplier(facts, catalogue)
    if supplier and verdict is None:
        by_desk = attachment.author.is_agent or attachment.author.is_adapter
        told = () if by_desk else (Check("vedhæftet_af_servicedesk", ChecklistOutcome.FAILED),)
        return Piece(attachment, Kind.SUPPLIERS, facts, told)
    checks = approval_checks(facts, question)
    failed = {c.code for c in checks if c.counts and c.outcome is ChecklistOutcome.FAILED}
    unsure = {c.code for c in checks if c.counts and c.outcome is ChecklistOutcome.UNSURE}
    if verdict is not None:  # a person may settle a doubt, never make the supplier's or another ticket's mail count
        kind = Kind.NOT_COUNTED if failed & _NO_PERSON_OVERRULES else Kind.APPROVAL
    elif failed == {"ja"} and facts.says is Says.NO and not unsure & {"fra_betaler", "efter_tilbud"}:
        kind = Kind.REFUSAL
    elif failed:
        kind = Kind.NOT_COUNTED
    else:
        kind = Kind.DOUBTFUL if unsure else Kind.APPROVAL
    return Piece(attachment, kind, facts, checks, verdict)


_NO_PERSON_OVERRULES = frozenset({"ikke_leverandør", "ikke_brugt", "ikke_tilbud", "tilbud_findes"})


def approval_checks(facts: MailFacts, question: _Question) -> tuple[Check, ...]:
    """Every check of R11 on one mail, each with its outcome; all that count must pass."""
    supplier = _from_supplier(facts, question.catalogue)
    is_offer_again = bool(digests_of(facts) & question.offer_digests)
    return (
        _outcome("en_afsender", len(facts.senders) == 1),
        _outcome("ikke_leverandør", not supplier),
        _outcome("ikke_tilbud", not is_offer_again),
        _sender(facts, question.payer.party, question.catalogue),
        _outcome("ikke_autosvar", not facts.automatic),
        *_timing(facts, question),
        _belongs(facts, question),
        _says_yes(facts),
        _not_used_elsewhere(digests_of(facts), question),
        _dkim(facts),
    )


def _outcome(code: str, passed: bool) -> Check:
    return Check(code, ChecklistOutcome.PASSED if passed else ChecklistOutcome.FAILED)


def _from_supplier(facts: MailFacts, catalogue: Catalogue) -> bool:
    """True where any sender is the supplier's; subdomains always count here, as this can only close the gate."""
    return any(is_from(sender, catalogue.parties.supplier, subdomains_count=True) for sender in facts.senders)


def _sender(facts: MailFacts, party: Party | None, catalogue: Catalogue) -> Check:
    if party is None:
        return Check("betaler_kendt", ChecklistOutcome.UNSURE)
    if not party.domains and not party.contacts:
        return Check("betaler_har_domæner", ChecklistOutcome.UNSURE, {"part": party.name})
    subdomains = catalogue.evidence.subdomains_count
    if facts.senders and all(is_from(sender, party, subdomains) for sender in facts.senders):
        return Check("fra_betaler", ChecklistOutcome.PASSED, {"domæne": facts.senders[0].domain})
    domain = next((s.domain for s in facts.senders if not is_from(s, party, subdomains)), "")
    alike = any(_looks_alike(domain, own) for own in party.domains)
    return Check(
        "ligner_betaler" if alike else "fra_betaler",
        ChecklistOutcome.FAILED,
        {"domæne": domain or "?", "part": party.name},
    )


def _looks_alike(domain: str, own: str) -> bool:
    shown = domain
    if "xn--" in domain:
        try:
            shown = domain.encode("ascii").decode("idna")
        except UnicodeError:
            shown = domain
    return own in shown or fuzz.ratio(shown, own) >= _LOOKS_ALIKE


def _timing(facts: MailFacts, question: _Question) -> tuple[Check, ...]:
    offer = question.offer
    if offer is None:
        return (Check("tilbud_findes", ChecklistOutcome.FAILED),)
    if facts.sent_at is None:
        return (Check("har_dato", ChecklistOutcome.UNSURE),)
    if facts.sent_at > question.now + question.skew:
        return (Check("ikke_fremtid", ChecklistOutcome.UNSURE),)
    if isinstance(offer.facts, MailFacts) and offer.facts.sent_at is not None:
        return (_outcome("efter_tilbud", facts.sent_at + question.skew >= offer.facts.sent_at),)
    # The offer has no date of its own: only the time it was attached is known, which may be long after it was sent.
    is_after = facts.sent_at + question.skew >= offer.attached_at
    return (Check("efter_tilbud", ChecklistOutcome.PASSED if is_after else ChecklistOutcome.UNSURE),)


def _belongs(facts: MailFacts, question: _Question) -> Check:
    offer = question.offer
    offered = offer.facts.message_id if offer and isinstance(offer.facts, MailFacts) else None
    if offered is not None and offered in facts.references:
        return Check("hører_til", ChecklistOutcome.PASSED)
    if question.ticket.key in facts.ticket_keys:
        return Check("hører_til", ChecklistOutcome.PASSED)
    others = sorted(key for key in facts.ticket_keys if key.startswith(f"{question.ticket.project}-"))
    if others:
        return Check("anden_sag", ChecklistOutcome.FAILED, {"sag": others[0]})
    return Check("hører_til", ChecklistOutcome.UNSURE)


def _says_yes(facts: MailFacts) -> Check:
    words = {
        Says.YES: facts.yes_words,
        Says.NO: facts.no_words,
        Says.CONDITIONAL: facts.condition_words or facts.yes_words,
        Says.BOTH: (*facts.yes_words, *facts.no_words),
        Says.NOTHING: (),
    }[facts.says]
    outcome = {Says.YES: ChecklistOutcome.PASSED, Says.NO: ChecklistOutcome.FAILED}
    code = {
        Says.YES: "ja",
        Says.NO: "ja",
        Says.CONDITIONAL: "forbehold",
        Says.BOTH: "ja_og_nej",
        Says.NOTHING: "intet_svar",
    }
    detail = {"ord": ", ".join(f"“{word}”" for word in words[:5])}
    return Check(code[facts.says], outcome.get(facts.says, ChecklistOutcome.UNSURE), detail)


def _not_used_elsewhere(digests: frozenset[Digest], question: _Question) -> Check:
    other = next(
        (question.memory.used_elsewhere[d] for d in sorted(digests) if d in question.memory.used_elsewhere), None
    )
    return (
        Check("ikke_brugt", ChecklistOutcome.PASSED)
        if other is None
        else Check("ikke_brugt", ChecklistOutcome.FAILED, {"sag": other})
    )


def _dkim(facts: MailFacts) -> Check:
    outcome = ChecklistOutcome.PASSED if facts.dkim is Dkim.ALIGNED else ChecklistOutcome.UNSURE
    return Check("dkim", outcome, counts=False)
