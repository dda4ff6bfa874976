"""The words of the process: what a field, a status, a payer or an approval state is called in the code.

What they are called on a Jira site stands in the mapping (`jira.yaml`); these are their meanings.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

SiteName = NewType("SiteName", str)
"""A folder below the mappings, such as `dubu`."""
IssueId = NewType("IssueId", str)
"""Jira's number of a ticket: it survives a move to another project; the key does not."""
IssueKey = NewType("IssueKey", str)
AccountId = NewType("AccountId", str)
"""Cloud's accountId, or a Data Center user's key."""
AttachmentId = NewType("AttachmentId", str)
CommentId = NewType("CommentId", str)
CategoryId = NewType("CategoryId", str)
"""`K1` to `K11`, as in rules.md."""
Digest = NewType("Digest", str)
"""SHA-256 as hex: how files, Message-IDs and addresses are remembered without being kept."""


class Payer(StrEnum):
    """Who pays a ticket (R1, R3)."""

    MUNICIPALITY = "kommune"
    THIRD_PARTY = "tredjepart"
    KOMBIT = "kombit"
    UNRESOLVED = "afklares"


class PaymentModel(StrEnum):
    """How a service is paid for."""

    HOURLY = "timebaseret"
    FIXED = "fastpris"


class Process(StrEnum):
    """Which process of the catalogue's notes a ticket follows."""

    OFFER = "tilbud"  # note **
    SF1475 = "sf1475"  # note ***


class AnswerOutcome(StrEnum):
    """What an answer to a row's question means (K1, K3)."""

    PAYABLE = "betalbar"
    ORDINARY = "almindelig"  # ordinary support: no price, no gate
    PERSON = "person"  # not payable as it stands: a person decides


class Stage(StrEnum):
    """By when a prerequisite must be met (R21, R22)."""

    START = "start"
    PRODUCTION = "produktion"
    DONE = "afslutning"


class ProofForm(StrEnum):
    """What the text in a prerequisite's field must be."""

    FILLED = "udfyldt"
    CERTIFICATE_SUBJECT = "certifikat_subject"
    MAIL_ADDRESS = "mailadresse"
    PATTERN = "mønster"


class OfferDispatch(StrEnum):
    """The field by which an agent has the adapter send the offer (R7, R8)."""

    SEND = "send"
    SENT = "sendt"


class OfferWay(StrEnum):
    """How an offer goes out."""

    DRAFT = "kladde"  # the ticket holds the text; a person sends it and attaches the mail
    SEND = "send"  # the adapter sends it when told to, and attaches the mail


class Answer(StrEnum):
    """A yes/no value on a ticket."""

    YES = "ja"
    NO = "nej"


class ApprovalState(StrEnum):
    """Where a ticket stands on its way to an open gate (R8–R12)."""

    NOT_REQUIRED = "ikke_påkrævet"
    UNRESOLVED = "afklares"  # category or payer is not known yet
    OFFER_MISSING = "tilbud_mangler"
    AWAITING = "afventer_godkendelse"
    PERSON = "kræver_vurdering"  # evidence that a person must judge
    REFUSED = "afvist"
    LAPSED = "bortfaldet"  # what was approved has changed (R12)
    CAP_REACHED = "loft_nået"  # the hours that were approved are used (R19)
    DISAGREEMENT = "uenighed"  # the project owners have it (R14)
    PREREQUISITES = "forudsætninger_mangler"  # approved, but the checklist is not met (R22)
    APPROVED = "godkendt"


class FieldName(StrEnum):
    """The fields of a ticket that the adapter reads or fills, as keys of `felter` in jira.yaml."""

    CATEGORY = "kategori"
    SUBTYPE = "underkategori"
    PAYER = "betaler"
    PAYING_PARTY = "betalende_part"
    PAYMENT_MODEL = "betalingsmodel"
    PRICE = "pris"
    HOURLY_RATE = "timepris"
    PROCESS = "proces"
    SERVICE_REQUEST = "service_request"
    REACTION_HOURS = "reaktionstid"
    REACTION_DUE = "reaktionsfrist"
    REACTED_AT = "reageret"
    REACTED_IN_TIME = "reaktion_overholdt"
    RESOLUTION_TIME = "løsningstid"
    AGREED_DATE = "aftalt_dato"
    RESOLUTION_DUE = "løsningsfrist"
    APPROVAL = "godkendelse"
    OFFERED_PRICE = "tilbudt_pris"
    OFFERED_HOURS = "tilbudte_timer"
    PRICE_NOTICE_BY = "prisvarsel_senest"
    FEASIBLE_FROM = "kan_udføres"
    OFFER_TO = "tilbud_til"
    OFFER_DISPATCH = "send_tilbud"
    SOLUTION = "løsning"
    HOURS_USED = "forbrugte_timer"
    HOURS_CAP = "timeloft"
    AMOUNT = "beløb"
    DISAGREEMENT = "uenighed"


class FieldType(StrEnum):
    """What kind of custom field a field must be on the site."""

    SELECT = "valgliste"
    TEXT = "tekst"
    NUMBER = "tal"
    DATE = "dato"
    DATETIME = "tidspunkt"


FIELD_TYPES: dict[FieldName, FieldType] = {
    FieldName.CATEGORY: FieldType.SELECT,
    FieldName.SUBTYPE: FieldType.SELECT,
    FieldName.PAYER: FieldType.SELECT,
    FieldName.PAYING_PARTY: FieldType.TEXT,
    FieldName.PAYMENT_MODEL: FieldType.SELECT,
    FieldName.PRICE: FieldType.TEXT,
    FieldName.HOURLY_RATE: FieldType.NUMBER,
    FieldName.PROCESS: FieldType.SELECT,
    FieldName.SERVICE_REQUEST: FieldType.SELECT,
    FieldName.REACTION_HOURS: FieldType.NUMBER,
    FieldName.REACTION_DUE: FieldType.DATETIME,
    FieldName.REACTED_AT: FieldType.DATETIME,
    FieldName.REACTED_IN_TIME: FieldType.SELECT,
    FieldName.RESOLUTION_TIME: FieldType.TEXT,
    FieldName.AGREED_DATE: FieldType.DATE,
    FieldName.RESOLUTION_DUE: FieldType.DATETIME,
    FieldName.APPROVAL: FieldType.SELECT,
    FieldName.OFFERED_PRICE: FieldType.NUMBER,
    FieldName.OFFERED_HOURS: FieldType.NUMBER,
    FieldName.PRICE_NOTICE_BY: FieldType.DATE,
    FieldName.FEASIBLE_FROM: FieldType.DATE,
    FieldName.OFFER_TO: FieldType.TEXT,
    FieldName.OFFER_DISPATCH: FieldType.SELECT,
    FieldName.SOLUTION: FieldType.TEXT,
    FieldName.HOURS_USED: FieldType.NUMBER,
    FieldName.HOURS_CAP: FieldType.NUMBER,
    FieldName.AMOUNT: FieldType.NUMBER,
    FieldName.DISAGREEMENT: FieldType.SELECT,
}
"""The type each field must have on the site; PRICE is text because "Efter aftale" is a price."""


class StatusRole(StrEnum):
    """What a status means to the gate, as keys of `statusser` in jira.yaml."""

    NEW = "ny"
    WAITING_CUSTOMER = "afventer_kunde"
    WAITING_THIRD_PARTY = "afventer_tredjepart"
    APPROVED = "godkendt"
    WORK = "arbejde"
    PRODUCTION = "produktion"  # work as well: what was tested goes live (R21, R22)
    KOMBIT_ACCEPTED = "kombit_accept"  # where KOMBIT's own transition lands (R18)
    DISAGREEMENT = "uenighed"  # a transition into it calls the project owners (R14)
    DONE = "afsluttet"
    CANCELLED = "annulleret"
    OTHER = "andre"


WORKING = frozenset({StatusRole.WORK, StatusRole.PRODUCTION})
"""Where work goes on: no ticket rests here without an open gate (R10)."""
CLOSED = frozenset({StatusRole.DONE, StatusRole.CANCELLED})
OPTIONAL_ROLES = frozenset(
    {StatusRole.PRODUCTION, StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT, StatusRole.CANCELLED, StatusRole.OTHER}
)
"""What a site may do without: KOMBIT can approve by mail, owners can be called by field, and so on."""


class ChecklistOutcome(StrEnum):
    """How one check of a piece of evidence came out."""

    PASSED = "opfyldt"
    FAILED = "ikke_opfyldt"
    UNSURE = "usikkert"
