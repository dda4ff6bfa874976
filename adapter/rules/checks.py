"""The checks that a mail must pass, one by one: to be an offer (R8), and to be the approval of one (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from adapter.catalogue.model import Catalogue, Party
from adapter.catalogue.words import ChecklistOutcome, Digest
from adapter.rules.accepted import approved_what_is_gone
from adapter.rules.choices import is_of_desk
from adapter.rules.payer import PayerDecision, is_from, is_person_of
from adapter.ticket.evidence import Dkim, MailFacts, Memory, Says, UnreadFile
from adapter.ticket.snapshot import Attachment, Person, Ticket

BROUGHT_BY = "vedhæftet_af"
_LOOKS_ALIKE = 80  # rapidfuzz ratio from which a foreign domain is called a look-alike


@dataclass(frozen=True)
class Check:
    """One check of a mail: a sentence's code, how it came out, and what the sentence names."""

    code: str
    outcome: ChecklistOutcome
    detail: Mapping[str, str] | None = None
    counts: bool = True  # False: told, but decides nothing (DKIM)


@dataclass(frozen=True)
class Offered:
    """What an offer tells of itself, as answers are held against it."""

    sent_at: datetime | None  # None where only the time it was attached is known
    attached_at: datetime
    message_id: Digest | None


@dataclass(frozen=True)
class Question:
    """What an answer is held against: the ticket, who pays, and the offer it may answer."""

    ticket: Ticket
    catalogue: Catalogue
    payer: PayerDecision
    memory: Memory
    now: datetime
    offer: Offered | None
    offer_digests: frozenset[Digest]

    @property
    def skew(self) -> timedelta:
        """How far two clocks may differ."""
        return timedelta(minutes=self.catalogue.evidence.skew_minutes)


def digests_of(facts: MailFacts | UnreadFile | None) -> frozenset[Digest]:
    """The digests a file is remembered by: of its bytes and, for a mail, of its Message-ID (R11)."""
    mail = facts.message_id if isinstance(facts, MailFacts) else None
    return frozenset(digest for digest in (facts.digest if facts else None, mail) if digest is not None)


def offer_checks(facts: MailFacts, by_desk: bool, catalogue: Catalogue, payer: PayerDecision) -> tuple[Check, ...]:
    """Every check of an offer: put there by the service desk, with the words of one, to the payer (R8).

    A customer who could attach an offer could approve its own price.
    """
    subdomains = catalogue.evidence.subdomains_count
    party, supplier = payer.party, catalogue.parties.supplier
    if party is not None and (party.domains or party.contacts):
        reaches = any(is_from(recipient, party, subdomains) for recipient in facts.recipients)
    else:
        reaches = any(not is_from(recipient, supplier, subdomains) for recipient in facts.recipients)
    return (
        outcome("vedhæftet_af_servicedesk", by_desk),
        outcome("har_tilbudsord", bool(facts.offer_words)),
        outcome("tilbud_til_betaler", reaches),
        outcome("ikke_autosvar", not facts.automatic),
        outcome("en_afsender", all(is_from(sender, supplier, subdomains) for sender in facts.senders)),
    )


def approval_checks(facts: MailFacts, attachment: Attachment, question: Question) -> tuple[Check, ...]:
    """Every check of R11 on one mail, each with its outcome; all that count must pass."""
    supplier = from_supplier(facts, question.catalogue)
    is_offer_again = bool(digests_of(facts) & question.offer_digests)
    return (
        outcome("en_afsender", len(facts.senders) == 1),
        outcome("ikke_leverandør", not supplier),
        outcome("ikke_tilbud", not is_offer_again),
        _sender(facts, question.payer.party, question.catalogue),
        outcome("ikke_autosvar", not facts.automatic),
        _brought_by(facts, attachment.author, question),
        *((Check("usædvanlig", ChecklistOutcome.UNSURE),) if facts.odd else ()),
        *_timing(facts, question),
        _belongs(facts, attachment, question),
        _says_yes(facts),
        not_used_elsewhere(digests_of(facts), question),
        _dkim(facts),
    )


def outcome(code: str, passed: bool) -> Check:
    """A check that either holds or does not."""
    return Check(code, ChecklistOutcome.PASSED if passed else ChecklistOutcome.FAILED)


def from_supplier(facts: MailFacts, catalogue: Catalogue) -> bool:
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


def _brought_by(facts: MailFacts, attached_by: Person, question: Question) -> Check:
    """Whether the file came onto the ticket by somebody with no reason to forge it.

    The service desk, or whoever ordered and is of the paying party: the ticket's organisation tells who may see it, not
    who brings a file, and a hidden address tells nothing. For anybody else the sender's domain must have signed the
    mail and what ties it to the ticket: a line added above a mail about something else breaks no signature.
    """
    reporter, party = question.ticket.reporter, question.payer.party
    subdomains = question.catalogue.evidence.subdomains_count
    is_orderer = reporter is not None and reporter.account == attached_by.account
    is_payers = is_orderer and party is not None and is_person_of(attached_by, party, subdomains)
    trusted = is_of_desk(attached_by) or is_payers or _is_signed_for(facts, question)
    return Check(BROUGHT_BY, ChecklistOutcome.PASSED if trusted else ChecklistOutcome.UNSURE)


def _is_signed_for(facts: MailFacts, question: Question) -> bool:
    """Whether a signature vouches for the mail and for its subject naming the ticket, or its answering this offer."""
    answers = facts.dkim is Dkim.ANSWERING and _answers_offer(facts, question)
    return answers or (facts.dkim.is_proof and question.ticket.key in facts.ticket_keys)


def _looks_alike(domain: str, own: str) -> bool:
    shown = domain
    if "xn--" in domain:
        try:
            shown = domain.encode("ascii").decode("idna")
        except UnicodeError:
            shown = domain
    return own in shown or fuzz.ratio(shown, own) >= _LOOKS_ALIKE


def _timing(facts: MailFacts, question: Question) -> tuple[Check, ...]:
    offer = question.offer
    if offer is None:
        return (Check("tilbud_findes", ChecklistOutcome.FAILED),)
    if facts.sent_at is None:
        return (Check("har_dato", ChecklistOutcome.UNSURE),)
    if facts.sent_at > question.now + question.skew:
        return (Check("ikke_fremtid", ChecklistOutcome.UNSURE),)
    if offer.sent_at is not None:
        return (outcome("efter_tilbud", facts.sent_at + question.skew >= offer.sent_at),)
    # The offer has no date of its own: only the time it was attached is known, which may be long after it was sent.
    is_after = facts.sent_at + question.skew >= offer.attached_at
    return (Check("efter_tilbud", ChecklistOutcome.PASSED if is_after else ChecklistOutcome.UNSURE),)


def _belongs(facts: MailFacts, attachment: Attachment, question: Question) -> Check:
    if approved_what_is_gone(question.memory, attachment.id, question.ticket):
        return Check("tilbud_slettet", ChecklistOutcome.UNSURE)
    is_named = question.ticket.key in facts.ticket_keys
    others = sorted(key for key in facts.ticket_keys if key.startswith(f"{question.ticket.project}-"))
    answers_any = bool(facts.references & question.offer_digests)
    if others and not is_named:  # reply headers are easily added, and a thread is easily gone on with
        outcome = ChecklistOutcome.UNSURE if answers_any else ChecklistOutcome.FAILED
        return Check("anden_sag", outcome, {"sag": others[0]})
    if _answers_offer(facts, question):
        return Check("hører_til", ChecklistOutcome.PASSED)
    if answers_any:  # its headers name an offer of this ticket, but not the one that stands
        return Check("ældre_tilbud", ChecklistOutcome.UNSURE)
    return Check("hører_til", ChecklistOutcome.PASSED if is_named else ChecklistOutcome.UNSURE)


def _answers_offer(facts: MailFacts, question: Question) -> bool:
    """Whether its reply headers name the offer that stands."""
    return question.offer is not None and question.offer.message_id in facts.references


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
    if facts.says is Says.CONDITIONAL and not facts.condition_words:
        code[Says.CONDITIONAL] = "ja_og_andet"
    detail = {"ord": ", ".join(f"“{word}”" for word in words[:5])}
    return Check(code[facts.says], outcome.get(facts.says, ChecklistOutcome.UNSURE), detail)


def not_used_elsewhere(digests: frozenset[Digest], question: Question) -> Check:
    """Whether no other ticket rests on the same mail."""
    other = next(
        (question.memory.used_elsewhere[d] for d in sorted(digests) if d in question.memory.used_elsewhere), None
    )
    return (
        Check("ikke_brugt", ChecklistOutcome.PASSED)
        if other is None
        else Check("ikke_brugt", ChecklistOutcome.FAILED, {"sag": other})
    )


def _dkim(facts: MailFacts) -> Check:
    outcome = ChecklistOutcome.PASSED if facts.dkim.is_proof else ChecklistOutcome.UNSURE
    return Check("dkim", outcome, counts=False)
