"""Whatever a ticket has been through, it comes to rest, and never at work without an approval (R8–R12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.catalogue.words import ApprovalState, AttachmentId, CommentId, FieldName, StatusRole
from adapter.rules.decide import decide
from adapter.rules.plan import (
    AddPeople,
    AttachLetter,
    AttachSent,
    ClaimApproval,
    ClaimSetup,
    MoveTo,
    Plan,
    ReleaseApproval,
    ReleaseSetup,
    SendLetter,
    SetFields,
    WriteNotice,
    WriteStatusComment,
)
from adapter.ticket.evidence import Dispatch, MailFacts, Memory, Says, SetupHolder, Unread, UnreadFile
from adapter.ticket.snapshot import Comment, FieldChange, Person, StatusChange, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    AUTOMATION,
    CREATED,
    CUSTOMER,
    OFFERED,
    STATUSES,
    STRANGER,
    a_ticket,
    a_yes,
    an_offer,
    attached,
    catalogue,
    digest,
    row,
    said,
    sender,
)

BY_ROLE = {status.role: status for status in reversed(STATUSES.values())}
PEOPLE = [AGENT, CUSTOMER, STRANGER, AUTOMATION]
LABELS: dict[FieldName, list[Value]] = {
    FieldName.CATEGORY: [None, row("K10"), row("K4"), row("K9"), "Ikke omfattet af kataloget", "Afklares"],
    FieldName.PAYER: [None, "Kommune", "3. part", "KOMBIT", "Afklares"],
    FieldName.PAYING_PARTY: [None, "Ballerup", "Aarhus Kommune", "Gotham"],
    FieldName.OFFERED_PRICE: [None, Decimal(10), Decimal(20)],
    FieldName.PRICE: [None, "1 kr.", "34.000 kr."],
}
ADDRESSES = ["desk@netcompany.example", "karl@ballerup.example", "x@aarhus.example", "x@evil.test"]


@st.composite
def mails(draw: st.DrawFn, number: int) -> MailFacts | UnreadFile:
    """What some mail says: an offer, an answer, or neither."""
    if draw(st.integers(0, 9)) == 0:
        return UnreadFile(reason=draw(st.sampled_from(list(Unread))))
    names = st.sampled_from(["offer id", "yes id", "other id"])
    known = {
        "digest": digest(f"file {draw(st.integers(0, number))}"),
        "message_id": digest(draw(names)),
        "references": frozenset(digest(name) for name in draw(st.lists(names, max_size=2))),
        "senders": tuple(sender(a) for a in draw(st.lists(st.sampled_from(ADDRESSES), max_size=2))),
        "recipients": tuple(sender(a) for a in draw(st.lists(st.sampled_from(ADDRESSES), max_size=2))),
        "sent_at": draw(st.none() | moments()),
        "says": draw(st.sampled_from(list(Says))),
        "offer_words": draw(st.sampled_from([(), ("tilbud",)])),
        "ticket_keys": draw(st.sampled_from([frozenset(), frozenset({"DUBU-1"}), frozenset({"DUBU-7"})])),
    }
    build = an_offer if draw(st.booleans()) else a_yes
    kept = draw(st.sets(st.sampled_from(sorted(known))))
    return build(**{name: known[name] for name in kept}, **({} if "digest" in kept else {"digest": known["digest"]}))


def moments() -> st.SearchStrategy[datetime]:
    """Some moment of the ticket's first two days."""
    return st.integers(0, 2880).map(lambda minutes: CREATED + timedelta(minutes=minutes))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Ticket, Memory]:
    """A ticket that people have done anything to, and what its mails say."""
    count = draw(st.integers(0, 3))
    approved = draw(st.booleans())  # half of them on the way that most tickets go
    names = st.sampled_from(["tilbud.eml", "svar.eml", "scan.pdf", "image001.png"])
    files = tuple(
        attached(str(n + 3), draw(names), draw(moments()), draw(st.sampled_from(PEOPLE))) for n in range(count)
    )
    evidence: dict[AttachmentId, MailFacts | UnreadFile] = {
        file.id: draw(mails(count)) for file in files if file.filename.endswith(".eml")
    }
    if approved:
        usual = (attached("1", "tilbud.eml", OFFERED, AGENT), attached("2", "svar.eml", APPROVED, AGENT))
        files = (*usual, *files)
        evidence |= {AttachmentId("1"): an_offer(), AttachmentId("2"): a_yes()}
    status = draw(st.sampled_from(["Ny", *STATUSES]))
    history: tuple[StatusChange, ...] = ()
    for at in sorted(draw(st.lists(moments(), max_size=4))):
        after = STATUSES[draw(st.sampled_from(list(STATUSES)))]
        history += (StatusChange(at, draw(st.sampled_from([*PEOPLE, ADAPTER])), STATUSES[status], after),)
        status = after.name
    fields: dict[FieldName, Value] = {}
    changes: tuple[FieldChange, ...] = ()
    for field, values in LABELS.items():
        fields[field] = None if approved else draw(st.sampled_from(values))
        if approved and draw(st.integers(0, 3)):
            continue
        for at in sorted(draw(st.lists(moments(), max_size=2))):
            value = draw(st.sampled_from(values))
            by = draw(st.sampled_from([*PEOPLE, ADAPTER]))
            changes += (FieldChange(at, by, field, fields[field], value),)
            fields[field] = value
    verdict = st.sampled_from(["godkendelse", "tilbud", "ingen"])
    comments = tuple(
        said(
            f"#dubu {draw(verdict)} {draw(st.integers(1, 5))} fordi det er sådan",
            draw(st.sampled_from(PEOPLE)),
            draw(moments()),
            public=draw(st.booleans()),
            number=str(n),
        )
        for n in range(draw(st.integers(0, 2)))
    )
    ticket = a_ticket(
        status=status,
        history=history,
        fields=fields,
        field_history=tuple(sorted(changes, key=lambda c: c.at)),
        attachments=files,
        comments=comments,
        creator=draw(st.sampled_from(PEOPLE)),
        reporter=CUSTOMER if approved else draw(st.sampled_from([None, CUSTOMER, STRANGER])),
        request_type="Bestil arkivering" if approved else draw(st.sampled_from([None, "Rapportér en fejl"])),
    )
    dispatches = draw(st.dictionaries(st.just("Tilbud-20261123T083000"), st.sampled_from(list(Dispatch)), max_size=1))
    return ticket, Memory(evidence=evidence, dispatches=dispatches)


def carry_out(  # noqa: C901 - one case for each kind of action
    plan: Plan, ticket: Ticket, memory: Memory, now: datetime
) -> tuple[Ticket, Memory]:
    """Ticket and memory as they stand once a plan has been carried out."""
    me: Person = ADAPTER
    for action in plan.actions:
        match action:
            case SetFields():
                changes = tuple(
                    FieldChange(now, me, s.field, ticket.fields.get(s.field), s.value) for s in action.settings
                )
                fields = {**ticket.fields, **{s.field: s.value for s in action.settings}}
                ticket = replace(ticket, fields=fields, field_history=(*ticket.field_history, *changes))
            case MoveTo():
                after = BY_ROLE[action.role]
                change = StatusChange(now, me, ticket.status, after)
                ticket = replace(ticket, status=after, history=(*ticket.history, change))
            case WriteStatusComment():
                others = tuple(c for c in ticket.comments if c.id != action.existing)
                mine = Comment(action.existing or CommentId("900"), me, action.body, now, is_public=False)
                ticket = replace(ticket, comments=(*others, mine))
            case ClaimApproval():
                update = {
                    "claimed": memory.claimed | set(action.digests),
                    "accepted": {**memory.accepted, **dict(action.accepted)},
                }
                memory = memory.model_copy(update=update)
            case ReleaseApproval():
                memory = memory.model_copy(update={"claimed": memory.claimed - set(action.digests)})
            case ClaimSetup():
                update = {"setups_held": memory.setups_held | {action.solution}}
                held = SetupHolder(issue=ticket.id, key=ticket.key)
                memory = memory.model_copy(update={**update, "setup_holder": memory.setup_holder or held})
            case ReleaseSetup():
                is_mine = memory.setup_holder is not None and memory.setup_holder.issue == ticket.id
                left = {"setups_held": memory.setups_held - {action.solution}}
                memory = memory.model_copy(update={**left, **({"setup_holder": None} if is_mine else {})})
            case AttachSent():
                after_it = (
                    Dispatch.ATTACHED if memory.dispatches[action.dispatch] is Dispatch.SENT else Dispatch.DOUBTFUL
                )
                memory = memory.model_copy(update={"dispatches": {**memory.dispatches, action.dispatch: after_it}})
            case WriteNotice():
                told = Comment(CommentId(f"9{len(ticket.comments):02}"), me, action.body, now, is_public=False)
                ticket = replace(ticket, comments=(*ticket.comments, told))
            case AttachLetter() | SendLetter():
                number = str(900 + len(ticket.attachments))
                ticket = replace(ticket, attachments=(*ticket.attachments, attached(number, action.filename, now, me)))
            case AddPeople():
                pass
    return ticket, memory


def settle(ticket: Ticket, memory: Memory, now: datetime) -> tuple[Ticket, Memory]:
    """Looks until a look finds nothing; AssertionError where it never does."""
    plan = Plan()
    for _ in range(5):
        plan = decide(ticket, catalogue(), memory, now)
        if plan.is_empty:
            return ticket, memory
        ticket, memory = carry_out(plan, ticket, memory, now)
        now += timedelta(seconds=2)
    raise AssertionError(f"never comes to rest: {plan.actions}")


@settings(max_examples=600, deadline=None)
@given(worlds())
def test_every_ticket_comes_to_rest_and_none_at_work_without_an_approval(world: tuple[Ticket, Memory]) -> None:
    ticket, memory = settle(*world, CREATED + timedelta(days=3))
    label = ticket.fields.get(FieldName.APPROVAL)
    state = catalogue().meaning(FieldName.APPROVAL, label)
    if ticket.status.role in {StatusRole.WORK, StatusRole.APPROVED}:
        assert state in {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}
    if state == ApprovalState.APPROVED and ticket.status.role is not StatusRole.DONE:
        approvals = {a for a, role in memory.accepted.items() if role.startswith("godkendelse")}
        assert approvals & {file.id for file in ticket.attachments}
        assert not any(_is_suppliers(memory, file) for file in approvals)


def _is_suppliers(memory: Memory, file: AttachmentId) -> bool:
    facts = memory.evidence.get(file)
    return isinstance(facts, MailFacts) and any(s.domain == "netcompany.example" for s in facts.senders)


@settings(max_examples=300, deadline=None)
@given(worlds(), st.sampled_from(sorted(LABELS)))
def test_what_a_person_chose_is_never_overwritten(world: tuple[Ticket, Memory], field: FieldName) -> None:
    ticket, memory = world
    theirs = {FieldName.CATEGORY, FieldName.PAYER, FieldName.PAYING_PARTY, FieldName.OFFERED_PRICE}
    changes = [change for change in ticket.field_history if change.field == field]
    rested, _ = settle(ticket, memory, CREATED + timedelta(days=3))
    if field in theirs and changes and changes[-1].by is AGENT and changes[-1].after is not None:
        assert rested.fields[field] == changes[-1].after
