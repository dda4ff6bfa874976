"""What a mail of the corpus is: bytes with a name, the ticket they lie on, and the verdict that they deserve."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapter.catalogue.words import AttachmentId, FieldName, IssueKey, Payer
from adapter.rules.evidence import Kind
from adapter.ticket.snapshot import Attachment, Comment, Person, Status, Ticket
from tests.builders import (
    AGENT,
    APPROVED,
    CUSTOMER,
    OFFERED,
    STATUSES,
    attached,
    catalogue,
    offered,
    said,
)
from tests.mails import made

OFFER_TEXT = """Hej Karl

Arkiveringen er en betalbar ydelse. Vi tilbyder den til fast pris: 34.000 kr.
Hvis prisen ikke kan holde, hører I fra os senest den 1. december.
Er det godkendt? Svar "Godkendt", hvis I må gå i gang, eller "Nej tak".

Venlig hilsen
Service Desk"""
"""What the answers quote: its words of yes, no and condition are all the supplier's."""

OFFER_ID = "<tilbud-1@netcompany.example>"
KEY = "DUBU-1"
ANSWER = "9"
"""The attachment that the case is about."""


def an_offer(number: int = 1, to: str = "karl@ballerup.example", date: str | None = None) -> bytes:
    """The offer's mail; the second one is sent an hour after the first, and `date=""` leaves the date out."""
    sent = OFFERED + timedelta(hours=number - 1)
    return made.mail(
        OFFER_TEXT,
        changed={
            "From": "Service Desk <desk@netcompany.example>",
            "To": to,
            "Subject": f"{KEY}: Tilbud på arkivering",
            "Date": (sent.strftime("%a, %d %b %Y %H:%M:%S %z") if date is None else date) or None,
            "Message-ID": f"<tilbud-{number}@netcompany.example>",
            "In-Reply-To": None,
            "References": None,
        },
    )


@dataclass(frozen=True)
class Scene:
    """The ticket that a mail lies on; unless said otherwise K10, ordered and paid by Ballerup, with its offer."""

    category: str = "K10"
    payer: Payer | None = None
    party: str | None = None
    reporter: Person | None = CUSTOMER
    attached_by: Person = AGENT
    attached_at: datetime = APPROVED + timedelta(minutes=1)
    offers: tuple[bytes, ...] = (an_offer(),)
    used_on: IssueKey | None = None
    opened_on: AttachmentId | None = None  # the offer on which the answer once opened the gate
    comments: tuple[Comment, ...] = ()
    status: Status = STATUSES["Afventer Kunde"]

    def ticket(self, filename: str) -> Ticket:
        """The ticket with its offers and the answer attached."""
        fields = {
            **({FieldName.PAYER: catalogue().label(FieldName.PAYER, self.payer)} if self.payer else {}),
            **({FieldName.PAYING_PARTY: self.party} if self.party else {}),
        }
        return offered(
            category=self.category,
            fields=fields,
            reporter=self.reporter,
            status=self.status,
            attachments=(*self.offer_files(), attached(ANSWER, filename, self.attached_at, self.attached_by)),
            comments=self.comments,
        )

    def offer_files(self) -> tuple[Attachment, ...]:
        """The offers' files, numbered from 1 in the order in which they were sent."""
        return tuple(
            attached(str(number), "tilbud.eml", OFFERED + timedelta(hours=number - 1, minutes=1))
            for number, _ in enumerate(self.offers, start=1)
        )


ORDINARY = Scene()
TO_KOMBIT = Scene(category="K9", payer=Payer.KOMBIT, offers=(an_offer(to="dubu@kombit.example"),))
TO_DATAFIRMA = Scene(
    category="K6", payer=Payer.THIRD_PARTY, party="Datafirma A/S", offers=(an_offer(to="pia@datafirma.example"),)
)


def judged_by_a_person(word: str) -> tuple[Comment, ...]:
    """An agent's command about the answer."""
    return (
        said(
            f"#dubu {word} {ANSWER} fordi det er aftalt i telefonen", when=APPROVED + timedelta(hours=1), public=False
        ),
    )


@dataclass(frozen=True)
class Case:
    """One mail: where it comes from, its bytes, and what becomes of it.

    `failed` and `unsure` are the codes of the checks that do not pass, but for `dkim`: that one is unsure on every mail
    that is not `vouched_for`, and decides nothing.
    """

    name: str
    client: str
    data: bytes = field(repr=False)
    kind: Kind
    failed: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    scene: Scene = ORDINARY
    filename: str = "svar.eml"
    vouched_for: bool = False

    def __str__(self) -> str:
        return self.name


EML = "svar.eml"


def approves(
    name: str, client: str, data: bytes, scene: Scene = ORDINARY, *, filename: str = EML, vouched_for: bool = False
) -> Case:
    """A mail that passes every check."""
    return Case(name, client, data, Kind.APPROVAL, scene=scene, filename=filename, vouched_for=vouched_for)


def refuses(
    name: str, client: str, data: bytes, scene: Scene = ORDINARY, *, filename: str = EML, vouched_for: bool = False
) -> Case:
    """The payer's own no."""
    ja = frozenset({"ja"})
    return Case(name, client, data, Kind.REFUSAL, ja, scene=scene, filename=filename, vouched_for=vouched_for)


def doubtful(
    name: str,
    client: str,
    data: bytes,
    *unsure: str,
    scene: Scene = ORDINARY,
    filename: str = EML,
    vouched_for: bool = False,
) -> Case:
    """A mail that a person must read."""
    codes = frozenset(unsure)
    return Case(
        name, client, data, Kind.DOUBTFUL, unsure=codes, scene=scene, filename=filename, vouched_for=vouched_for
    )


def fails(
    name: str,
    client: str,
    data: bytes,
    *failed: str,
    unsure: tuple[str, ...] = (),
    scene: Scene = ORDINARY,
    filename: str = EML,
) -> Case:
    """A mail that is no answer to the offer by the payer, whatever it says."""
    return other(name, client, data, Kind.NOT_COUNTED, *failed, unsure=unsure, scene=scene, filename=filename)


def other(
    name: str,
    client: str,
    data: bytes,
    kind: Kind,
    *failed: str,
    unsure: tuple[str, ...] = (),
    scene: Scene = ORDINARY,
    filename: str = EML,
) -> Case:
    """A file of any other kind."""
    return Case(name, client, data, kind, frozenset(failed), frozenset(unsure), scene, filename)
