"""What the adapter remembers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adapter.catalogue.words import AttachmentId, Digest, IssueId, IssueKey, SiteName
from adapter.database import Database
from adapter.store.facts import WITHHELD, Fact
from adapter.store.store import SETTLE, SiteState, Store
from adapter.store.tickets import Settling
from adapter.ticket.evidence import EVIDENCE, MailFacts, Says, Sender, Unread, UnreadFile

DUBU, OTHER_SITE = SiteName("dubu"), SiteName("other")
ONE, TWO = IssueId("10001"), IssueId("10002")
KEY_ONE, KEY_TWO = IssueKey("DUBU-1"), IssueKey("DUBU-2")
NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
MAIL = MailFacts(
    digest=Digest("a" * 64),
    message_id=Digest("b" * 64),
    references=frozenset({Digest("c" * 64)}),
    senders=(Sender(domain="kommune.example", address=Digest("d" * 64)),),
    sent_at=NOON,
    ticket_keys=frozenset({"DUBU-1"}),
    says=Says.YES,
    yes_words=("godkendt",),
)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.pool)


def digests(letters: str) -> list[Digest]:
    return [Digest(letter * 64) for letter in letters]


# Evidence -----------------------------------------------------------------------------------------------------------


def test_evidence_comes_back_as_it_was_kept(store: Store) -> None:
    unread = UnreadFile(reason=Unread.TOO_LARGE)
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v1", MAIL)
    store.remember_evidence(DUBU, ONE, AttachmentId("2"), "v1", unread)
    asked = [AttachmentId(name) for name in ("1", "2", "3")]
    assert store.evidence_of(DUBU, ONE, asked, "v1") == {"1": MAIL, "2": unread}


def test_a_changed_word_list_reads_a_mail_again(store: Store) -> None:
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v1", MAIL)
    assert store.evidence_of(DUBU, ONE, [AttachmentId("1")], "v2") == {}
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v2", MAIL)
    assert store.evidence_of(DUBU, ONE, [AttachmentId("1")], "v2") == {"1": MAIL}
    assert store.evidence_of(DUBU, ONE, [AttachmentId("1")], "v1") == {}


def test_sites_with_the_same_ids_do_not_share_evidence(store: Store) -> None:
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v1", MAIL)
    assert store.evidence_of(OTHER_SITE, ONE, [AttachmentId("1")], "v1") == {}


def test_evidence_that_cannot_be_understood_is_read_again(store: Store, database: Database) -> None:
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v1", MAIL)
    with database.pool.connection() as connection:
        connection.execute("UPDATE dubu.evidence SET facts = facts - 'says'")
    assert store.evidence_of(DUBU, ONE, [AttachmentId("1")], "v1") == {}


def test_nothing_but_facts_is_kept_of_a_mail(store: Store, database: Database) -> None:
    store.remember_evidence(DUBU, ONE, AttachmentId("1"), "v1", MAIL)
    with database.pool.connection() as connection:
        (kept,) = connection.execute("SELECT facts::text FROM dubu.evidence").fetchone() or ("",)
    assert EVIDENCE.validate_json(kept) == MAIL


def test_what_once_counted_is_kept_per_ticket(store: Store) -> None:
    offer, approval = AttachmentId("1"), AttachmentId("2")
    store.accept(DUBU, ONE, {offer: "offer"})
    store.accept(DUBU, ONE, {approval: "approval", offer: "offer"})
    assert store.accepted(DUBU, ONE) == {offer: "offer", approval: "approval"}
    assert store.accepted(DUBU, TWO) == store.accepted(OTHER_SITE, ONE) == {}
    store.accept(DUBU, ONE, {})
    assert store.accepted(DUBU, ONE) == {offer: "offer", approval: "approval"}


def test_an_attachment_counts_as_one_thing_on_one_ticket(store: Store) -> None:
    store.accept(DUBU, ONE, {AttachmentId("1"): "offer"})
    store.accept(DUBU, TWO, {AttachmentId("1"): "approval"})
    assert store.accepted(DUBU, ONE) == {}
    assert store.accepted(DUBU, TWO) == {AttachmentId("1"): "approval"}


# Claims (R11) -------------------------------------------------------------------------------------------------------


def test_an_approval_serves_one_ticket_only(store: Store) -> None:
    assert store.claim(DUBU, ONE, KEY_ONE, digests("ab"))
    assert not store.claim(DUBU, TWO, KEY_TWO, digests("bc"))
    assert store.claimed_elsewhere(DUBU, TWO, digests("abc")) == dict.fromkeys(digests("ab"), KEY_ONE)
    assert store.claimed_elsewhere(DUBU, ONE, digests("abc")) == {}


def test_a_claim_that_fails_ties_nothing(store: Store) -> None:
    store.claim(DUBU, ONE, KEY_ONE, digests("b"))
    assert not store.claim(DUBU, TWO, KEY_TWO, digests("abc"))
    assert store.claimed_by(DUBU, TWO) == frozenset()
    assert store.claim(DUBU, IssueId("3"), IssueKey("DUBU-3"), digests("ac"))


def test_the_same_ticket_may_claim_again_and_under_a_new_key(store: Store) -> None:
    assert store.claim(DUBU, ONE, KEY_ONE, digests("a"))
    assert store.claim(DUBU, ONE, IssueKey("NY-1"), digests("a"))
    assert store.claimed_elsewhere(DUBU, TWO, digests("a")) == {digests("a")[0]: "NY-1"}


def test_sites_claim_apart(store: Store) -> None:
    assert store.claim(DUBU, ONE, KEY_ONE, digests("a"))
    assert store.claim(OTHER_SITE, TWO, KEY_TWO, digests("a"))


def test_a_released_approval_may_be_used_where_it_belongs(store: Store) -> None:
    store.claim(DUBU, ONE, KEY_ONE, digests("abc"))
    store.release(DUBU, ONE, digests("a"))
    assert store.claimed_by(DUBU, ONE) == frozenset(digests("bc"))
    store.release(DUBU, ONE)
    assert store.claim(DUBU, TWO, KEY_TWO, digests("abc"))


def test_of_many_who_claim_at_once_one_wins_and_the_rest_hold_nothing(store: Store) -> None:
    tickets = [IssueId(str(number)) for number in range(8)]
    together = threading.Barrier(len(tickets))

    def claim(issue: IssueId) -> bool:
        wanted = digests("abcdef") if int(issue) % 2 else digests("fedcba")
        together.wait()
        return store.claim(DUBU, issue, IssueKey(f"DUBU-{issue}"), wanted)

    for _ in range(5):
        with ThreadPoolExecutor(len(tickets)) as pool:
            won = [issue for issue, has in zip(tickets, pool.map(claim, tickets), strict=True) if has]
        assert len(won) == 1
        assert [issue for issue in tickets if store.claimed_by(DUBU, issue)] == won
        store.release(DUBU, won[0])


# Journal (R24) ------------------------------------------------------------------------------------------------------


def test_the_journal_tells_by_id_and_by_every_key(store: Store) -> None:
    store.record(DUBU, ONE, KEY_ONE, NOON, "SetFields", ["R1", "R5"], "abc", {"fields": ["pris"]})
    store.record(DUBU, ONE, IssueKey("NY-7"), NOON + timedelta(hours=1), "MoveTo", ["R10"], "abc", {"to": "godkendt"})
    store.record(DUBU, TWO, KEY_TWO, NOON, "MoveTo", ["R10"], "abc")
    entries = store.journal_of(DUBU, ONE)
    for name in ("DUBU-1", "dubu-1", "NY-7"):
        assert store.journal_of(DUBU, name) == entries
        assert [entry.action for entry in entries] == ["SetFields", "MoveTo"]
    assert entries[0].rules == ("R1", "R5")
    assert entries[0].facts == {"fields": ["pris"]}
    assert entries[0].at == NOON
    assert store.journal_of(OTHER_SITE, "DUBU-1") == ()


@pytest.mark.parametrize(
    "text",
    ["Vi godkender tilbuddet", "010190-1234", "0101901234", "x" * 81, "linje\nlinje"],
)
def test_text_does_not_get_into_the_journal(store: Store, text: str) -> None:
    store.record(DUBU, ONE, KEY_ONE, NOON, "SetFields", ["R1"], "abc", {"one": text, "many": ["ok", text]})
    (entry,) = store.journal_of(DUBU, ONE)
    assert entry.facts == {"one": WITHHELD, "many": ["ok", WITHHELD]}


def test_the_journal_keeps_amounts_dates_and_hashes(store: Store) -> None:
    facts: dict[str, Fact] = {
        "price": Decimal("938.98"),
        "at": NOON,
        "day": NOON.date(),
        "digest": f"{'a' * 20}0101901234{'b' * 34}",
        "hours": 3,
        "late": True,
    }
    store.record(DUBU, ONE, KEY_ONE, NOON, "SetFields", ["R1"], "abc", {**facts, "none": None})
    (entry,) = store.journal_of(DUBU, ONE)
    assert entry.facts == {
        "price": "938.98",
        "at": NOON.isoformat(),
        "day": "2026-11-12",
        "digest": f"{'a' * 20}0101901234{'b' * 34}",
        "hours": 3,
        "late": True,
        "none": None,
    }


# Trouble ------------------------------------------------------------------------------------------------------------


def test_failures_of_one_kind_are_counted_and_another_kind_starts_anew(store: Store) -> None:
    assert store.trouble_of(DUBU, ONE) is None
    trouble = store.trouble_of(DUBU, ONE)
    for number in (1, 2, 3):
        trouble = store.count_trouble(DUBU, ONE, "ValueError", NOON + timedelta(minutes=number))
        assert trouble.attempts == number
        assert trouble.since == NOON + timedelta(minutes=1)
    assert store.trouble_of(DUBU, ONE) == trouble
    assert store.count_trouble(DUBU, ONE, "OutOfReach", NOON).attempts == 1
    store.clear_trouble(DUBU, ONE)
    assert store.trouble_of(DUBU, ONE) is None


def test_a_ticket_set_aside_is_seen_and_taken_up_once(store: Store) -> None:
    store.count_trouble(DUBU, ONE, "ValueError", NOON)
    store.set_aside(DUBU, ONE, KEY_ONE, "ValueError", NOON)
    store.set_aside(DUBU, ONE, None, "Refused-400", NOON)
    (ticket,) = store.set_aside_list(DUBU)
    assert (ticket.issue, ticket.key, ticket.reason, ticket.at) == (ONE, KEY_ONE, "Refused-400", NOON)
    assert store.set_aside_list(OTHER_SITE) == ()
    assert store.take_up(DUBU, ONE)
    assert not store.take_up(DUBU, ONE)
    assert store.trouble_of(DUBU, ONE) is None


def test_a_ticket_that_failed_before_its_key_was_known_is_named_from_the_journal(store: Store) -> None:
    store.record(DUBU, ONE, KEY_ONE, NOON, "SetFields", ["R1"], "abc")
    store.set_aside(DUBU, ONE, None, "ValueError", NOON)
    store.set_aside(DUBU, TWO, None, "ValueError", NOON)
    assert {ticket.issue: ticket.key for ticket in store.set_aside_list(DUBU)} == {ONE: KEY_ONE, TWO: None}


# Own writes and sites -----------------------------------------------------------------------------------------------


def test_own_writes_settle_after_a_while(store: Store) -> None:
    minute = timedelta(minutes=1)
    assert store.settling(DUBU, ONE) is None
    store.wrote(DUBU, ONE, NOON)
    assert store.settling(DUBU, ONE) == Settling(NOON + SETTLE, NOON + SETTLE)
    store.wrote(DUBU, ONE, NOON + minute, NOON + 2 * minute)
    store.wrote(DUBU, ONE, NOON)
    assert store.settling(DUBU, ONE) == Settling(NOON + minute + SETTLE, NOON + 2 * minute)


def test_only_what_nobody_asked_for_counts_for_the_brake(store: Store) -> None:
    store.wrote(DUBU, ONE, NOON, unasked=True)
    store.wrote(DUBU, ONE, NOON + timedelta(minutes=1))
    store.wrote(DUBU, TWO, NOON)
    assert store.tickets_changed_unasked_since(DUBU, NOON) == 1
    assert store.tickets_changed_unasked_since(DUBU, NOON + timedelta(seconds=1)) == 0
    assert store.tickets_changed_unasked_since(OTHER_SITE, NOON) == 0


def test_a_ticket_in_order_should_rest_until_somebody_touches_it_or_something_is_due(store: Store) -> None:
    assert store.should_rest(DUBU, ONE, NOON, NOON) is None
    store.saw(DUBU, ONE, NOON)
    assert store.should_rest(DUBU, ONE, NOON, NOON + timedelta(days=9))
    assert store.should_rest(DUBU, ONE, NOON + timedelta(seconds=1), NOON) is False
    store.saw(DUBU, ONE, NOON, NOON + timedelta(hours=1))
    assert store.should_rest(DUBU, ONE, NOON, NOON + timedelta(minutes=59))
    assert store.should_rest(DUBU, ONE, NOON, NOON + timedelta(hours=1)) is False


def test_a_site_s_state_is_kept_piece_by_piece(store: Store) -> None:
    assert store.site_state(DUBU) == SiteState()
    store.sweep_started(DUBU, NOON)
    store.in_contact(DUBU, NOON + timedelta(seconds=1))
    store.uses_mapping(DUBU, "abc")
    store.sweep_finished(DUBU, NOON + timedelta(seconds=2), NOON, "abc")
    assert store.site_state(DUBU) == SiteState(
        sweep_started=NOON,
        sweep_finished=NOON + timedelta(seconds=2),
        swept_to=NOON,
        swept_mapping="abc",
        last_contact=NOON + timedelta(seconds=1),
        mapping_version="abc",
    )


def test_the_brake_is_on_for_a_while_after_it_last_held_a_look_back(store: Store) -> None:
    assert not store.site_state(DUBU).is_braked(NOON)
    store.braked(DUBU, NOON - timedelta(hours=1))
    store.braked(DUBU, NOON)
    state = store.site_state(DUBU)
    assert state.braked_at == NOON
    assert state.is_braked(NOON + timedelta(minutes=14))
    assert not state.is_braked(NOON + timedelta(minutes=15))
    assert not store.site_state(OTHER_SITE).is_braked(NOON)


def test_a_sweep_is_due_for_one_asker_in_each_period(store: Store) -> None:
    every = timedelta(minutes=5)
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda _: store.claim_sweep(DUBU, NOON, every), range(12))) == 1
    assert not store.claim_sweep(DUBU, NOON + timedelta(minutes=4), every)
    assert store.claim_sweep(DUBU, NOON + timedelta(minutes=5), every)
    assert store.claim_sweep(OTHER_SITE, NOON, every)


def test_a_ticket_that_was_seen_counts_again_only_when_it_changed(store: Store) -> None:
    store.saw(DUBU, ONE, NOON)
    later = NOON + timedelta(seconds=1)
    assert store.unseen(DUBU, {ONE: NOON, TWO: NOON}) == (TWO,)
    assert store.unseen(DUBU, {ONE: later}) == (ONE,)
    assert store.unseen(DUBU, {ONE: None}) == (ONE,)
    store.saw(DUBU, ONE, later)
    assert store.unseen(DUBU, {ONE: later}) == ()


def test_one_at_a_time_holds_a_ticket(store: Store) -> None:
    with store.holding(DUBU, ONE) as mine, store.holding(DUBU, ONE) as also, store.holding(DUBU, TWO) as other:
        assert (mine, also, other) == (True, False, True)
    with store.holding(DUBU, ONE) as mine:
        assert mine
