"""A file by the adapter is on a ticket once, byte for byte, whatever breaks on the line."""

from __future__ import annotations

import email
from dataclasses import replace
from email.message import Message

import pytest

from adapter.catalogue.words import IssueId
from adapter.errors import Gone, OutOfReach, Refused
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Json, Site

ISSUE = IssueId("5001")
PATH = f"{API}/issue/5001/attachments"
NAME = "Tilbud – æøå (1).eml"
DATA = b"From: desk@x.dk\r\n\r\n" + bytes(range(256)) * 3


class Files:
    """The files of the one ticket, kept as Jira does."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept: list[tuple[str, bytes, str]] = []
        self.lost: list[Answer] = []  # instead of the answers to the next uploads, which are done all the same
        site.server.on("POST", PATH, self.post)

    def post(self, asked: Asked) -> Answer:
        assert asked.headers["X-Atlassian-Token"] == "no-check"
        form = email.message_from_bytes(
            b"Content-Type: " + asked.headers["Content-Type"].encode() + b"\n\n" + asked.body
        )
        parts = form.get_payload()
        assert isinstance(parts, list)
        (part,) = parts
        assert isinstance(part, Message)
        assert part.get_param("name", header="Content-Disposition") == "file"
        raw = asked.body.split(b"filename=", 1)[1].split(b"\r\n", 1)[0].decode().strip('"')
        body = asked.body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        self.kept.append((raw, body, part.get_content_type()))
        number = str(300 + len(self.kept))
        self.add(number, raw, self.site.adapter)
        return self.lost.pop(0) if self.lost else Answer([{"id": number, "filename": raw}])

    def add(self, number: str, name: str, author: Json) -> None:
        files = self.site.issue["fields"]["attachment"]
        files.append(
            {"id": number, "filename": name, "author": author, "size": 5, "created": "2026-11-23T10:15:00.000+0100"}
        )


def test_a_file_arrives_byte_for_byte_under_its_name_and_its_id_is_told(site: Site) -> None:
    files = Files(site)
    gateway = site.connect()
    assert gateway.attach(gateway.read(ISSUE), NAME, DATA) == "301"
    assert files.kept == [(NAME, DATA, "message/rfc822")]


def test_a_file_that_the_ticket_holds_already_is_not_written_again(site: Site) -> None:
    files = Files(site)
    files.add("9", NAME, site.adapter)
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.asked.clear()
    assert gateway.attach(ticket, NAME, DATA) is None
    assert site.server.asked == []


def test_somebody_elses_file_of_that_name_keeps_nothing_out(site: Site) -> None:
    files = Files(site)
    files.add("9", NAME, site.customer)
    gateway = site.connect()
    assert gateway.attach(gateway.read(ISSUE), NAME, DATA) == "301"


@pytest.mark.parametrize("lost", [Answer(dropped=True), Answer({}, 500), Answer({}, 504)])
def test_a_file_whose_answer_was_lost_is_looked_for_and_not_sent_again(site: Site, lost: Answer) -> None:
    files = Files(site)
    files.add("9", NAME, site.customer)
    files.lost = [lost]
    gateway = site.connect()
    assert gateway.attach(gateway.read(ISSUE), NAME, DATA) == "301"
    assert len(files.kept) == 1


def test_a_file_that_did_not_arrive_is_sent_after_all(site: Site) -> None:
    files = Files(site)
    gateway = site.connect()
    site.server.first("POST", PATH, [Answer(dropped=True), Answer({}, 502)])
    assert gateway.attach(gateway.read(ISSUE), NAME, DATA) == "301"
    assert len(files.kept) == 1


def test_a_file_is_not_repeated_when_nothing_can_tell_whether_it_arrived(site: Site) -> None:
    files = Files(site)
    files.lost = [Answer(dropped=True)]
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 503))
    with pytest.raises(OutOfReach):
        gateway.attach(ticket, NAME, DATA)
    assert len(files.kept) == 1


@pytest.mark.parametrize("answer", [[], {}, None, [{"filename": NAME}], "ok"])
def test_an_answer_that_tells_no_id_is_asked_for(site: Site, answer: object) -> None:
    files = Files(site)
    files.lost = [Answer(answer)]
    gateway = site.connect()
    assert gateway.attach(gateway.read(ISSUE), NAME, DATA) == "301"


def test_a_file_that_jira_took_and_does_not_show_is_looked_at_again(site: Site) -> None:
    gateway = site.connect()
    site.server.on("POST", PATH, Answer([]))
    with pytest.raises(OutOfReach, match="DUBU-1"):
        gateway.attach(gateway.read(ISSUE), NAME, DATA)


def test_a_file_that_is_too_large_for_jira_says_what_to_do(site: Site) -> None:
    gateway = site.connect()
    site.server.on("POST", PATH, Answer({"errorMessages": ["hemmelig"]}, 413))
    with pytest.raises(Refused, match="limit on the size") as caught:
        gateway.attach(gateway.read(ISSUE), NAME, DATA)
    assert "hemmelig" not in str(caught.value)


def test_a_file_for_a_ticket_that_vanished_is_gone(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    with pytest.raises(Gone):
        gateway.attach(replace(ticket, id=IssueId("404")), NAME, DATA)


@pytest.mark.parametrize("name", ["", " ", "a\r\nX-Evil: 1", "../tilbud.eml", "a\\b", 'a"; name="x', "a\0b"])
def test_a_name_that_could_say_something_else_is_refused_before_anything_is_sent(site: Site, name: str) -> None:
    files = Files(site)
    gateway = site.connect()
    with pytest.raises(Refused):
        gateway.attach(gateway.read(ISSUE), name, DATA)
    assert files.kept == []
