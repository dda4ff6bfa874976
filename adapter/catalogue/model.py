"""What admins edit, as types: one class a mapping file, and the Catalogue that holds them together.

Keys are Danish in the files (the alias) and English in the code. A value that the customer's document does not give is
written as `{værdi: …, antagelse: "R5: …"}`; the reader (load.py) unwraps it and keeps the mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapter.catalogue.positions import Positions
from adapter.catalogue.texts import Texts
from adapter.catalogue.values import Amount, ByAgreement, ClockTime, Closed, Day, Whole, YesNo
from adapter.catalogue.words import (
    AnswerOutcome,
    CategoryId,
    FieldName,
    FieldType,
    OfferWay,
    Payer,
    PaymentModel,
    Process,
    ProofForm,
    SiteName,
    Stage,
    StatusRole,
)

DOMAIN = r"^[^@\s/]+\.[^@\s/.]+$"
ADDRESS = r"^[^@\s]+@[^@\s]+$"
MUNICIPALITY_CODE = r"^\d{4}$"
DAY_OF_YEAR = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
PROJECT_KEY = r"^[A-Z][A-Z0-9_]+$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Domain = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=DOMAIN)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=ADDRESS)]
WorkPayer = Literal[Payer.MUNICIPALITY, Payer.THIRD_PARTY, Payer.KOMBIT]


# katalog.yaml ---------------------------------------------------------------------------------------------------


class RowQuestion(Closed):
    """What a ticket must say before it is known to be payable (K1, K3): a field of the site and what answers mean."""

    field: Name = Field(alias="felt")
    answers: Mapping[Name, AnswerOutcome] = Field(alias="svar", min_length=1)


class Category(Closed):
    """One row of the catalogue (K1–K11)."""

    name: Name = Field(alias="navn")
    subtypes: tuple[Name, ...] = Field(default=(), alias="underkategorier")
    reaction_hours: Whole = Field(alias="reaktion_timer", ge=1, le=1000)
    resolution_days: Annotated[Whole, Field(ge=1, le=1000)] | ByAgreement = Field(alias="løsning_arbejdsdage")
    payment: PaymentModel = Field(alias="betaling")
    payers: tuple[WorkPayer, ...] = Field(alias="betalere", min_length=1)
    price: Amount | ByAgreement = Field(alias="pris")
    hourly_rate: Amount | None = Field(default=None, alias="timepris")
    cap_hours: Amount | None = Field(default=None, alias="loft_timer")
    process: Process = Field(alias="proces")
    service_request: YesNo = Field(default=False, alias="service_request")
    question: RowQuestion | None = Field(default=None, alias="spørgsmål")
    included: tuple[Name, ...] = Field(default=(), alias="omfatter")  # told in the offer
    excluded: tuple[Name, ...] = Field(default=(), alias="omfatter_ikke")


class HoursRules(Closed):
    """What happens as the approved hours are used (R19)."""

    warn_percent: Whole = Field(alias="varsel_procent", ge=1, le=100)
    at_cap: Literal["luk", "advar"] = Field(alias="ved_loft")


class CatalogueFile(Closed):
    """katalog.yaml: the customer's figures."""

    categories: Mapping[CategoryId, Category] = Field(alias="kategorier")
    outside_name: Name = Field(alias="uden_for_kataloget")
    triage_name: Name = Field(alias="til_afklaring")
    prices_are_ex_vat: YesNo = Field(alias="vis_ekskl_moms")
    gate_closed_in_triage: YesNo = Field(alias="lukket_ved_afklaring")
    puts_back_figures: YesNo = Field(alias="sæt_katalogets_felter_tilbage")
    hours: HoursRules = Field(alias="timer")


# ord.yaml -------------------------------------------------------------------------------------------------------


class Words(Closed):
    """Words of summary and description that speak for a category (R2), each with its weight.

    `things` are what a ticket is about, `actions` what is wanted done with it: where both speak, the action wins.
    """

    phrases: Mapping[Name, Whole] = Field(default={}, alias="vendinger")
    things: Mapping[Name, Whole] = Field(default={}, alias="ting")
    actions: Mapping[Name, Whole] = Field(default={}, alias="handlinger")
    against: Mapping[Name, Whole] = Field(default={}, alias="imod")


class Confidence(Closed):
    """When words are enough to decide (R2)."""

    least: Whole = Field(alias="mindst", ge=1)
    margin: Whole = Field(alias="forspring", ge=1)
    spelling: Whole = Field(alias="stavelighed", ge=70, le=100)


class WordsFile(Closed):
    """ord.yaml: which words speak for which category, and when they are enough."""

    confidence: Confidence = Field(alias="sikkerhed")
    categories: Mapping[CategoryId, Words] = Field(alias="kategorier")
    outside: Words = Field(default=Words(), alias="uden_for_kataloget")
    subtypes: Mapping[Name, Words] = Field(default={}, alias="underkategorier")


# parter.yaml ----------------------------------------------------------------------------------------------------


class Party(Closed):
    """Somebody who can order, pay or approve; mails count by domain or by a named contact."""

    name: Name = Field(alias="navn")
    aliases: tuple[Name, ...] = Field(default=(), alias="også_kaldet")
    domains: tuple[Domain, ...] = Field(default=(), alias="domæner")
    contacts: tuple[Address, ...] = Field(default=(), alias="kontakter")
    organisation: Name | None = Field(default=None, alias="organisation")
    accounts: tuple[Name, ...] = Field(default=(), alias="konti")


class KombitParty(Party):
    """KOMBIT, whose users' transition on a ticket is an approval (R18): by account, organisation or group."""

    groups: tuple[Name, ...] = Field(default=(), alias="grupper")


class ProjectOwner(Closed):
    """Somebody who takes over when there is disagreement (R14)."""

    name: Name = Field(alias="navn")
    accounts: tuple[Name, ...] = Field(default=(), alias="konti")
    mails: tuple[Address, ...] = Field(default=(), alias="mails")


class ProjectOwners(Closed):
    """The project owners on both sides, and how they are brought onto a ticket (R14)."""

    supplier: ProjectOwner = Field(alias="leverandør")
    kombit: ProjectOwner = Field(alias="kombit")
    added_as: Literal["deltagere", "overvågere"] = Field(alias="tilføjes_som")


class PartiesFile(Closed):
    """parter.yaml."""

    supplier: Party = Field(alias="leverandør")
    kombit: KombitParty = Field(alias="kombit")
    owners: ProjectOwners = Field(alias="projektejere")
    municipalities: Mapping[Annotated[str, StringConstraints(pattern=MUNICIPALITY_CODE)], Party] = Field(
        alias="kommuner"
    )
    third_parties: Mapping[Name, Party] = Field(default={}, alias="tredjeparter")


# kalender.yaml --------------------------------------------------------------------------------------------------


class OpeningHours(Closed):
    """One weekday's opening hours."""

    opens: ClockTime = Field(alias="fra")
    closes: ClockTime = Field(alias="til")


Weekday = Literal["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
DayOfYear = Annotated[str, StringConstraints(pattern=DAY_OF_YEAR)]


class ResolutionClock(Closed):
    """How resolution time in working days is counted (R6)."""

    counts_from: Literal["godkendelse", "oprettelse"] = Field(alias="regnes_fra")
    stands_still_while_waiting: YesNo = Field(alias="står_stille_i_ventestatus")
    ends_at: Literal["lukketid", "midnat"] = Field(alias="slutter_ved")


class CalendarFile(Closed):
    """kalender.yaml: when the service desk is open (R5, R6)."""

    timezone: Name = Field(alias="tidszone")
    opening_hours: Mapping[Weekday, OpeningHours] = Field(alias="åbningstider", min_length=1)
    public_holidays_closed: YesNo = Field(alias="lukket_på_helligdage")
    closed_every_year: tuple[DayOfYear, ...] = Field(default=(), alias="lukket_hvert_år")
    closed_on: tuple[Day, ...] = Field(default=(), alias="lukket_den")
    resolution: ResolutionClock = Field(alias="løsningstid")


# jira.yaml ------------------------------------------------------------------------------------------------------


class SiteField(Closed):
    """A custom field of the site: its name, its type, and what its options are called."""

    name: Name = Field(alias="navn")
    type: FieldType = Field(alias="type")
    options: Mapping[Name, Name] = Field(default={}, alias="valg")


class FormAnswers(Closed):
    """A form field whose answer names the category (R2)."""

    field: Name = Field(alias="felt")
    answers: Mapping[Name, CategoryId | Literal["uden_for_kataloget"]] = Field(alias="svar")


class Roles(Closed):
    """Who is who on the site."""

    agent: Name = Field(alias="servicedesk")  # the project role of the service desk's people
    adapter: Name = Field(default="DUBU-adapter", alias="adapter")  # the role that holds the adapter's account alone
    automation: tuple[Name, ...] = Field(default=(), alias="automatik")  # account ids, or user names on Data Center


class Steps(Closed):
    """What the transitions are called that `provision` adds where a workflow lacks them; none is found by its name."""

    approve: Name = Field(default="Godkend", alias="godkend")
    start: Name = Field(default="Start arbejde", alias="start")
    wait_customer: Name = Field(default="Afvent kunde", alias="afvent_kunde")
    wait_third_party: Name = Field(default="Afvent 3. part", alias="afvent_tredjepart")
    produce: Name = Field(default="Sæt i produktion", alias="produktion")
    return_to_work: Name = Field(default="Tilbage fra produktion", alias="fra_produktion")
    resolve: Name = Field(default="Løs", alias="løs")
    close: Name = Field(default="Luk", alias="luk")
    reopen: Name = Field(default="Genåbn", alias="genåbn")
    cancel: Name = Field(default="Annuller", alias="annuller")
    kombit: Name = Field(default="KOMBIT accepterer", alias="kombit")
    disagree: Name = Field(default="Meld uenighed", alias="meld_uenighed")
    put_back: Name = Field(default="Læg tilbage", alias="læg_tilbage")  # followed by where to


class Pace(Closed):
    """How fast the adapter may act."""

    tickets_per_hour: Whole = Field(alias="bremse_sager_i_timen", ge=1)
    sweep_minutes: Whole = Field(alias="gennemsyn_minutter", ge=1, le=1440)
    night_hour: Whole = Field(default=3, alias="eftersyn_kl", ge=0, le=23)  # in the calendar's time zone
    created_since: Day | None = Field(default=None, alias="sager_oprettet_fra")


class JiraFile(Closed):
    """jira.yaml: the site, by the names that people see."""

    url: Name = Field(alias="adresse")
    deployment: Literal["cloud", "datacenter"] = Field(alias="udgave")
    project: Annotated[str, StringConstraints(pattern=PROJECT_KEY)] = Field(alias="projekt")
    issue_types: tuple[Name, ...] = Field(default=(), alias="sagstyper")  # empty: all of the project's
    fields: Mapping[FieldName, SiteField] = Field(alias="felter")
    statuses: Mapping[StatusRole, tuple[Name, ...]] = Field(alias="statusser")
    kombit_waits_as: Literal[StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY] = Field(
        alias="kombit_venter_som"
    )
    roles: Roles = Field(alias="roller")
    steps: Steps = Field(default=Steps(), alias="overgange")
    request_types: Mapping[Name, CategoryId | Literal["uden_for_kataloget"]] = Field(
        default={}, alias="anmodningstyper"
    )
    form_answers: tuple[FormAnswers, ...] = Field(default=(), alias="formularsvar")
    pace: Pace = Field(alias="tempo")


# beviser.yaml ---------------------------------------------------------------------------------------------------


class EvidenceFile(Closed):
    """beviser.yaml: what counts as a yes, a no, an offer, and how much of a mail is read (R9, R11)."""

    yes: tuple[Name, ...] = Field(alias="ja_ord", min_length=1)
    no: tuple[Name, ...] = Field(alias="nej_ord", min_length=1)
    conditions: tuple[Name, ...] = Field(alias="forbehold")
    offer: tuple[Name, ...] = Field(alias="tilbudsord", min_length=1)
    automatic_subjects: tuple[Name, ...] = Field(alias="autosvar_emner")
    judged_by_a_person: tuple[Name, ...] = Field(alias="vurderes_af_person")  # file endings: pdf, png, …
    skew_minutes: Whole = Field(alias="ur_forskel_minutter", ge=0, le=1440)
    verify_dkim: YesNo = Field(alias="kontrollér_dkim")
    subdomains_count: YesNo = Field(alias="underdomæner_tæller")
    covered: tuple[FieldName, ...] = Field(alias="godkendelsen_dækker", min_length=1)


# tilbud.yaml ----------------------------------------------------------------------------------------------------

LetterText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class LetterTemplate(Closed):
    """A mail that is written for a ticket: Jinja templates of its subject and its text."""

    subject: LetterText = Field(alias="emne")
    body: LetterText = Field(alias="brev")


class OfferFile(Closed):
    """tilbud.yaml: how offers are written and sent, and when people are reminded (R7, R8, R13, R17, R18)."""

    way: OfferWay = Field(alias="måde")
    sender: Address = Field(alias="afsender")
    sender_name: Name = Field(alias="afsendernavn")
    warn_days: Whole = Field(alias="varsel_arbejdsdage", ge=0, le=60)  # before "prisvarsel senest" passes (R13)
    kombit_reminder_days: Whole = Field(alias="kombit_påmindelse_arbejdsdage", ge=1, le=60)
    kombit_mail_required: YesNo = Field(alias="kombit_kræver_mail")
    offer: LetterTemplate = Field(alias="tilbud")
    orderer: LetterTemplate = Field(alias="svar_til_bestiller")  # R17
    reminder: LetterTemplate = Field(alias="påmindelse")
    disagreement: LetterTemplate = Field(alias="uenighed")
    kombit_record: LetterTemplate = Field(alias="kombit_accept")


# register.yaml --------------------------------------------------------------------------------------------------


class Solution(Closed):
    """A solution whose access to the external test environment is ordered (R16)."""

    name: Name = Field(alias="navn")
    aliases: tuple[Name, ...] = Field(default=(), alias="også_kaldet")
    set_up_before: Name | None = Field(
        default=None, alias="sat_op_før"
    )  # where, if KOMBIT paid before the adapter came


class SolutionsFile(Closed):
    """register.yaml: the register of solutions."""

    solutions: Mapping[Name, Solution] = Field(default={}, alias="løsninger")
    suffixes: tuple[Name, ...] = Field(alias="selskabsformer")  # A/S, ApS …: left out when names are compared


# krav.yaml -----------------------------------------------------------------------------------------------------


class Prerequisite(Closed):
    """One item of a category's checklist (R21, R22), with what proves it: just one of field, attachment, person."""

    text: Name = Field(alias="tekst")
    stage: Stage = Field(alias="trin")
    missing: Name = Field(alias="mangler")  # what the ticket says until it is met
    field: Name | None = Field(default=None, alias="felt")  # of the site, by name
    form: ProofForm = Field(default=ProofForm.FILLED, alias="form")
    pattern: Name | None = Field(default=None, alias="mønster")  # regular expression, with form: mønster
    attachment: Name | None = Field(default=None, alias="vedhæftning")  # file name with * and ?
    person: YesNo = Field(default=False, alias="person")  # `#dubu krav <key> fordi …`


class PrerequisitesFile(Closed):
    """krav.yaml: checklists by category, each item under a short key."""

    checklists: Mapping[CategoryId, Mapping[Name, Prerequisite]] = Field(alias="tjeklister")


# The whole ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assumption:
    """A value our customer's document does not give, as marked in a mapping file."""

    file: str
    line: int
    column: int
    path: str  # kategorier.K10.betalere
    value: str
    reason: str
    confirmed: str | None  # by whom and when, once the owner has said so


@dataclass(frozen=True)
class Catalogue:
    """One site's mapping, whole and checked."""

    site: SiteName
    version: str  # fingerprint of the files
    services: CatalogueFile
    words: WordsFile
    parties: PartiesFile
    calendar: CalendarFile
    jira: JiraFile
    evidence: EvidenceFile
    texts: Texts
    offers: OfferFile
    solutions: SolutionsFile
    prerequisites: PrerequisitesFile
    assumptions: tuple[Assumption, ...] = ()
    positions: Positions = field(default_factory=Positions)

    def label(self, field: FieldName, meaning: str) -> str:
        """The option that stands for a meaning on the site, such as `3. part` for Payer.THIRD_PARTY."""
        return self.jira.fields[field].options[meaning]

    def meaning(self, field: FieldName, label: object) -> str | None:
        """The meaning of an option as read from a ticket; None for an empty field or an option we do not know."""
        options = self.jira.fields[field].options
        return next((meaning for meaning, name in options.items() if name == label), None)
