"""A notice is a comment of its own: internal, said once, known again however Jira writes it."""

from __future__ import annotations

import pytest

from adapter.catalogue.words import IssueId
from adapter.errors import OutOfReach, Refused
from adapter.rules.plan import WriteNotice
from adapter.ticket.marks import begins_with
from tests.gateway.comments import INTERNAL, Comments
from tests.gateway.loopback import Answer
from tests.gateway.site import API, Site

ISSUE = IssueId("5001")
MARK = "*Uenighed – 23-11-2026*"
NOTICE = WriteNotice(MARK, f"{MARK}\n\nArbejdet venter på projektejerne.", "R14")


def test_a_notice_is_one_internal_comment_of_its_own(site: Site) -> None:
    comments = Comments(site)
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), NOTICE)
    (post,) = site.server.calls("POST")
    assert post.json == {"body": NOTICE.body, "properties": INTERNAL}
    assert len(comments.kept) == 1


@pytest.mark.parametrize("written", [NOTICE.body, "\\*Uenighed\\* – 23\\-11\\-2026\r\n\r\nnoget andet", f"\n {MARK}"])
def test_a_notice_that_the_ticket_holds_is_not_written_again_however_jira_writes_it(site: Site, written: str) -> None:
    comments = Comments(site)
    site.with_comments(site.comment(7, site.adapter, written, jsdPublic=False))
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert comments.kept == {}


def test_what_others_write_or_another_notice_says_is_not_this_notice(site: Site) -> None:
    comments = Comments(site)
    site.with_comments(
        site.comment(7, site.customer, NOTICE.body, jsdPublic=True),
        site.comment(8, site.agent, NOTICE.body, jsdPublic=False),
        site.comment(9, site.adapter, f"Før: {NOTICE.body}", jsdPublic=False),
        site.comment(10, site.adapter, "*Uenighed – 23-11-20261*", jsdPublic=False),
    )
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert len(comments.kept) == 1


@pytest.mark.parametrize("lost", [Answer(dropped=True), Answer({}, 500), Answer({}, 503)])
def test_a_notice_whose_answer_was_lost_is_looked_for_before_it_is_written_again(site: Site, lost: Answer) -> None:
    comments = Comments(site)
    comments.kept["1"] = site.comment(1, site.customer, NOTICE.body)
    comments.lost = [lost]
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert len(site.server.calls("POST")) == 1
    assert len(comments.kept) == 2


def test_a_notice_that_did_not_arrive_is_written_after_all(site: Site) -> None:
    comments = Comments(site)
    gateway = site.connect()
    site.server.first("POST", f"{API}/issue/5001/comment", [Answer(dropped=True)])
    gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert len(comments.kept) == 1


def test_a_notice_is_not_repeated_when_nothing_can_tell_whether_it_arrived(site: Site) -> None:
    comments = Comments(site)
    comments.lost = [Answer(dropped=True)]
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("GET", f"{API}/issue/5001/comment", Answer({}, 503))
    with pytest.raises(OutOfReach):
        gateway.carry_out(ticket, NOTICE)
    assert len(site.server.calls("POST")) == 1


def test_a_notice_that_jira_shows_to_customers_all_the_same_is_taken_back(site: Site) -> None:
    comments = Comments(site)
    comments.public = True
    gateway = site.connect()
    with pytest.raises(Refused, match="public"):
        gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert comments.kept == {}


def test_a_notice_that_jira_does_not_take_is_a_refusal_without_its_text(site: Site) -> None:
    Comments(site)
    gateway = site.connect()
    site.server.on("POST", f"{API}/issue/5001/comment", Answer({"errorMessages": ["hemmelig"]}, 403))
    with pytest.raises(Refused, match="notice was not written") as caught:
        gateway.carry_out(gateway.read(ISSUE), NOTICE)
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ("Varsel 1", True),
        ("Varsel 1: prisen", True),
        ("_Varsel_ *1*", True),
        ("Varsel 12", False),
        ("Varsel 1a", False),
        ("Varsel", False),
        ("Et Varsel 1", False),
        ("", False),
    ],
)
def test_a_mark_begins_a_text_wholly_or_not_at_all(body: str, begins: bool) -> None:
    assert begins_with(body, "Varsel 1") is begins


def test_a_comma_counts_in_a_mark_as_three_and_a_half_hours_are_not_thirty_five() -> None:
    """R19: rules and gateway ask the same, or a notice that is wanted is never written."""
    assert begins_with("*timeloft 3,50 nærmer sig (R19)*\r\n\r\ntekst", "timeloft 3,50 nærmer sig (R19)")
    assert not begins_with("timeloft 3,50 nærmer sig (R19)", "timeloft 350 nærmer sig (R19)")
    assert not begins_with("timeloft 350 nærmer sig (R19)", "timeloft 3,50 nærmer sig (R19)")
