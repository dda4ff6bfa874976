"""Builders: a test says what matters of a ticket, a mail or the catalogue, and leaves the rest to these."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue, Party, Solution
from adapter.catalogue.words import (
    AccountId,
    AttachmentId,
    CategoryId,
    CommentId,
    Digest,
    FieldName,
    IssueId,
    IssueKey,
    OfferWay,
    StatusRole,
)
from adapter.rules.acceptance import record_name
from adapter.rules.plan import Plan, SendLetter, SetFields, WriteStatusComment
from adapter.ticket.evidence import Dkim, MailFacts, Memory, Says, Sender, SetupHolder
from adapter.ticket.senders import sender_of
from adapter.ticket.snapshot import (
    Attachment,
    Comment,
    FieldChange,
    Person,
    Status,
    StatusChange,
    Ticket,
    Value,
)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
MAPPINGS = ROOT / "mappings"
DENMARK = ZoneInfo("Europe/Copenhagen")

ADAPTER = Person(AccountId("adapter"), "DUBU-adapter", is_adapter=True)
AGENT = Person(AccountId("agent-1"), "Agnete Agent", is_agent=True)
AUTOMATION = Person(AccountId("automation"), "Automation", is_app=True)
CUSTOMER = Person(AccountId("kunde-1"), "Karl Kunde", email="karl@ballerup.example")
STRANGER = Person(AccountId("fremmed"), "Frode Fremmed", email="frode@elsewhere.example")
KOMBITS = Person(AccountId("kombit-1"), "Kirsten Kombit", is_kombit=True, email="kirsten@kombit.example")
OWNER = Person(AccountId("ejer-1"), "Erik Ejer", email="erik@kombit.example")

STATUSES = {
    "Ny": Status("1", "Ny", StatusRole.NEW),
    "Afventer Kunde": Status("2", "Afventer Kunde", StatusRole.WAITING_CUSTOMER),
    "Afventer 3.part": Status("3", "Afventer 3.part", StatusRole.WAITING_THIRD_PARTY),
    "Godkendt": Status("4", "Godkendt", StatusRole.APPROVED),
    "I gang": Status("5", "I gang", StatusRole.WORK),
    "Løst": Status("6", "Løst", StatusRole.DONE),
    "I produktion": Status("8", "I produktion", StatusRole.PRODUCTION),
    "KOMBIT-accept modtaget": Status("9", "KOMBIT-accept modtaget", StatusRole.KOMBIT_ACCEPTED),
    "Uenighed": Status("10", "Uenighed", StatusRole.DISAGREEMENT),
    "Annulleret": Status("11", "Annulleret", StatusRole.CANCELLED),
    "Eskaleret": Status("7", "Eskaleret", StatusRole.OTHER),
}


def at(text: str) -> datetime:
    """A moment in Danish time, such as `2026-11-23 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=DENMARK)


CREATED = at("2026-11-23 09:00")  # a Monday
NOW = at("2026-11-23 09:05")


@cache
def shipped() -> Catalogue:
    """The shipped mapping as it is."""
    return load_site(MAPPINGS / "dubu")


@cache
def catalogue() -> Catalogue:
    """The shipped mapping with domains for a few parties, as an admin would have written them."""
    known = shipped()
    parties = known.parties
    municipalities = dict(parties.municipalities)
    for code, domain in {"0151": "ballerup.example", "0751": "aarhus.example"}.items():
        municipalities[code] = municipalities[code].model_copy(update={"domains": (domain,)})
    third = Party(navn="Datafirma A/S", domæner=["datafirma.example"], organisation="Datafirma")
    return replace(
        known,
        parties=parties.model_copy(
            update={
                "municipalities": municipalities,
                "third_parties": {"datafirma": third},
                "kombit": parties.kombit.model_copy(update={"domains": ("kombit.example",)}),
                "supplier": parties.supplier.model_copy(update={"domains": ("netcompany.example",)}),
            }
        ),
    )


@cache
def with_solution() -> Catalogue:
    """The same with one solution in its register, and OWNER as KOMBIT's project owner."""
    known = catalogue()
    owners = known.parties.owners
    kombits = owners.kombit.model_copy(update={"accounts": (str(OWNER.account),)})
    return replace(
        known,
        parties=known.parties.model_copy(update={"owners": owners.model_copy(update={"kombit": kombits})}),
        solutions=known.solutions.model_copy(update={"solutions": {"x": Solution(navn="Fagsystem X")}}),
    )


@cache
def sending() -> Catalogue:
    """The same by a mapping whose adapter sends its letters itself, to mailboxes of both project owners too."""
    known = with_solution()
    owners = known.parties.owners
    both = {
        "supplier": owners.supplier.model_copy(update={"mails": ("ejer@netcompany.example",)}),
        "kombit": owners.kombit.model_copy(update={"mails": ("erik@kombit.example",)}),
    }
    return replace(
        known,
        parties=known.parties.model_copy(update={"owners": owners.model_copy(update=both)}),
        offers=known.offers.model_copy(update={"way": OfferWay.SEND, "sender": "desk@netcompany.example"}),
    )


def row(category: str) -> str:
    """A category's name as an option of the site."""
    return catalogue().services.categories[CategoryId(category)].name


def a_ticket(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """A new ticket by a customer of Ballerup, in Ny; `category` sets the field as a person at creation would."""
    status = known.pop("status", "Ny")
    category = known.pop("category", None)
    fields: dict[FieldName, Value] = dict(known.pop("fields", {}))
    if category is not None:
        fields[FieldName.CATEGORY] = row(category)
    defaults: dict[str, Any] = {
        "id": IssueId("10001"),
        "key": IssueKey("DUBU-1"),
        "project": "DUBU",
        "issue_type": "Service Request",
        "summary": "Noget vi gerne vil have",
        "description": "",
        "status": STATUSES[status] if isinstance(status, str) else status,
        "created": CREATED,
        "updated": CREATED,
        "reporter": CUSTOMER,
        "creator": CUSTOMER,
    }
    return Ticket(**{**defaults, **known, "fields": fields})


def moved(before: str, after: str, when: datetime, by: Person = AGENT) -> StatusChange:
    """One status change."""
    return StatusChange(when, by, STATUSES[before], STATUSES[after])


def changed(field: FieldName, before: Value, after: Value, when: datetime, by: Person = AGENT) -> FieldChange:
    """One field change."""
    return FieldChange(when, by, field, before, after)


def said(body: str, by: Person = AGENT, when: datetime = NOW, public: bool | None = True, number: str = "1") -> Comment:
    """A comment."""
    return Comment(CommentId(number), by, body, when, public)


def attached(number: str, name: str, when: datetime = NOW, by: Person = AGENT) -> Attachment:
    """A file on the ticket."""
    return Attachment(AttachmentId(number), name, by, when, 1000, "application/octet-stream", f"/content/{number}")


def digest(text: str) -> Digest:
    """The digest of a text."""
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def sender(address: str) -> Sender:
    """A sender as a mail's facts hold it."""
    return sender_of(address)


OFFERED = at("2026-11-23 09:30")
APPROVED = at("2026-11-23 11:00")


def an_offer(**known: Any) -> MailFacts:  # noqa: ANN401 - any of the facts' own fields
    """The facts of an offer to Ballerup."""
    defaults: dict[str, Any] = {
        "digest": digest("offer file"),
        "message_id": digest("offer id"),
        "senders": (sender("desk@netcompany.example"),),
        "recipients": (sender("karl@ballerup.example"),),
        "sent_at": OFFERED,
        "says": Says.NOTHING,
        "offer_words": ("betalbar ydelse",),
        "dkim": Dkim.ABSENT,
    }
    return MailFacts(**{**defaults, **known})


def a_yes(**known: Any) -> MailFacts:  # noqa: ANN401 - any of the facts' own fields
    """The facts of Ballerup's approval of that offer."""
    defaults: dict[str, Any] = {
        "digest": digest("yes file"),
        "message_id": digest("yes id"),
        "references": frozenset({digest("offer id")}),
        "senders": (sender("karl@ballerup.example"),),
        "recipients": (sender("desk@netcompany.example"),),
        "sent_at": APPROVED,
        "says": Says.YES,
        "yes_words": ("godkendt",),
    }
    return MailFacts(**{**defaults, **known})


def remembering(**facts: Any) -> Memory:  # noqa: ANN401 - attachment a1 as `a1=…`
    """A memory of what the mails say: `remembering(a1=an_offer())` for attachment 1."""
    return Memory(evidence={AttachmentId(number[1:]): found for number, found in facts.items()})


def offered(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """A ticket of K10 with the offer attached (1), waiting for the customer since."""
    defaults: dict[str, Any] = {
        "category": "K10",
        "status": "Afventer Kunde",
        "attachments": (attached("1", "tilbud.eml", OFFERED + timedelta(minutes=1)),),
        "history": (moved("Ny", "Afventer Kunde", OFFERED + timedelta(minutes=2), ADAPTER),),
    }
    return a_ticket(**{**defaults, **known})


def answered(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """The same with an answer attached (2)."""
    files = (
        attached("1", "tilbud.eml", OFFERED + timedelta(minutes=1)),
        attached("2", "svar.eml", APPROVED + timedelta(minutes=1)),
    )
    return offered(**{"attachments": files, **known})


HOLDER = SetupHolder(issue=IssueId("10001"), key=IssueKey("DUBU-1"))
"""The ticket of `a_setup` as the one whose setup KOMBIT pays."""


def a_setup(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """An order of K9 with the offer to KOMBIT attached (1), waiting for them since; read it by `with_solution()`."""
    fields = {FieldName.SOLUTION: "Fagsystem X", **known.pop("fields", {})}
    return offered(**{"category": "K9", "fields": fields, **known})


def recorded(ticket: Ticket) -> Ticket:
    """The ticket once the record of each transition is on it."""
    steps = [change for change in ticket.history if change.after.role is StatusRole.KOMBIT_ACCEPTED]
    files = (
        attached(f"7{n}", record_name(step.at), step.at + timedelta(minutes=1), ADAPTER) for n, step in enumerate(steps)
    )
    return replace(ticket, attachments=(*ticket.attachments, *files))


def kombits_setup(**facts: Any) -> Memory:  # noqa: ANN401 - attachment a1 as `a1=…`
    """A memory in which that ticket has the right to its setup, and the offer went to KOMBIT."""
    to_kombit = an_offer(recipients=(sender("kirsten@kombit.example"),))
    return remembering(**{"a1": to_kombit, **facts}).model_copy(
        update={"setup_holder": HOLDER, "setups_held": frozenset({"x"})}
    )


DAY, START = date(2026, 12, 1), date(2026, 12, 8)
"""When the payer hears if the price can't hold, and when a setup can be carried out."""
HOURS = {FieldName.OFFERED_HOURS: Decimal(10), FieldName.OFFERED_PRICE: Decimal("9389.8")}
LATER_SETUP = Memory(setup_holder=SetupHolder(issue=IssueId("10009"), key=IssueKey("DUBU-9")))
"""A memory in which the right to the setup is another ticket's."""


def ready(category: str = "K10", **known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """A ticket whose offer lacks nothing; a field of None is empty."""
    fields: dict[FieldName, Value] = {FieldName.PRICE_NOTICE_BY: DAY}
    if category not in {"K10", "K11"}:
        fields |= HOURS
    if category == "K9":
        fields |= {FieldName.SOLUTION: "Fagsystem X", FieldName.FEASIBLE_FROM: START}
    return a_ticket(category=category, **{**known, "fields": {**fields, **known.get("fields", {})}})


def of_solution(written: str) -> Ticket:
    """A setup of a solution that the register does not have; a person has said that KOMBIT pays it."""
    reason = said("#dubu opsætning kombit fordi det er aftalt", AGENT, NOW, public=False)
    return ready("K9", fields={FieldName.SOLUTION: written, FieldName.OFFER_TO: KOMBITS.email}, comments=(reason,))


def asked(ticket: Ticket, by: Person = AGENT, when: datetime = NOW + timedelta(minutes=2)) -> Ticket:
    """The same once somebody chose "Send nu"."""
    change = changed(FieldName.OFFER_DISPATCH, None, "Send nu", when, by)
    fields = {**ticket.fields, FieldName.OFFER_DISPATCH: "Send nu"}
    return replace(ticket, fields=fields, field_history=(*ticket.field_history, change))


def settings_of(plan: Plan) -> dict[FieldName, Value]:
    """The fields a plan sets."""
    return {s.field: s.value for action in plan.actions if isinstance(action, SetFields) for s in action.settings}


def letters_of(plan: Plan) -> list[SendLetter]:
    """The letters a plan sends."""
    return [action for action in plan.actions if isinstance(action, SendLetter)]


def comment_of(plan: Plan) -> str:
    """What a plan says on the ticket; fails where it says nothing."""
    return next(action.body for action in plan.actions if isinstance(action, WriteStatusComment))
