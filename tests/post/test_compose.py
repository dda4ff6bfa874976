"""Letters as mails: the same bytes for ever, and nothing slipped into their heads (R7)."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import Refused
from adapter.post.compose import address_on_wire, compose
from adapter.ticket.letter import Letter
from tests.post.test_mailer import LETTER

ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What some program takes for the end of a line."""


def with_text(where: str, text: str) -> Letter:
    match where:
        case "subject":
            return replace(LETTER, subject=text)
        case "sender_name":
            return replace(LETTER, sender_name=text)
        case _:
            return replace(LETTER, sender=text)


def test_a_letter_is_one_plain_text_in_utf8_with_its_own_number_and_date() -> None:
    data = compose(LETTER)
    mail = message_from_bytes(data, policy=default)
    assert (mail["From"], mail["To"]) == (
        "DUBU Service Desk <servicedesk@leverandoer.example>",
        "mette@aarhus.example",
    )
    assert mail["Message-ID"] == f"<{LETTER.message_id}>"
    assert mail["Date"] == "Mon, 23 Nov 2026 10:00:05 +0000"
    assert mail.get_content_type() == "text/plain"
    assert "Auto-Submitted" not in mail
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_letter_is_always_the_same_bytes() -> None:
    assert compose(LETTER) == compose(replace(LETTER))
    assert compose(LETTER) != compose(replace(LETTER, body="andet\n"))


def test_what_no_person_wrote_says_so_to_programs() -> None:
    mail = message_from_bytes(compose(replace(LETTER, automatic=True)), policy=default)
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("end", ENDS[:2])
@pytest.mark.parametrize("where", ["sender_name", "subject", "sender"])
def test_a_line_break_puts_no_header_into_a_letter(end: str, where: str) -> None:
    evil = f"x{end}Bcc: alle@evil.example"
    if where == "sender":
        evil += "@evil.example"
    with pytest.raises(Refused) as caught:
        compose(with_text(where, evil))
    assert "evil" not in str(caught.value)


@given(st.text(max_size=60), st.sampled_from(["subject", "sender_name"]))
def test_whatever_a_letter_names_it_has_no_more_recipients_and_headers(text: str, where: str) -> None:
    try:
        data = compose(with_text(where, text))
    except Refused:
        return
    mail = message_from_bytes(data, policy=default)
    assert [a.addr_spec for a in mail["To"].addresses] == ["mette@aarhus.example"]
    assert [a.addr_spec for a in mail["From"].addresses] == ["servicedesk@leverandoer.example"]
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip


@given(st.text(max_size=300))
def test_a_text_arrives_as_it_was_written(text: str) -> None:
    text = "\n".join(text.replace("\r", " ").split("\n"))
    try:
        mail = message_from_bytes(compose(replace(LETTER, body=text + "\n")), policy=default)
    except Refused:
        return  # half a character
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def test_danish_domains_go_out_as_servers_know_them() -> None:
    assert address_on_wire("post@sønderborg.example") == "post@xn--snderborg-l8a.example"


NO_ADDRESSES = [
    *("søren@aarhus.example", "@aarhus.example", "mette", "mette@", "mette@a b.example", "[mette@aarhus.example"),
    *("mette@aarhus.example.", "mette.@aarhus.example", '"mette"@aarhus.example', "mette@[192.0.2.1]", ":@a.example"),
    *("m" * 65 + "@aarhus.example", "mette@bo@aarhus.example", "mette@aarhus..example"),
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_no_server_could_reach_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        compose(replace(LETTER, to=(address,)))


@given(st.from_regex(r"[!-~æ]{1,12}@[a-z.\[\]æ-]{1,12}", fullmatch=True) | st.text(max_size=20))
def test_an_address_arrives_as_it_is_or_is_refused(address: str) -> None:
    """R7: whatever a field of a ticket holds, a look goes on."""
    try:
        mail = message_from_bytes(compose(replace(LETTER, to=(address,))), policy=default)
    except Refused:
        return
    assert [a.addr_spec for a in mail["To"].addresses] == [address_on_wire(address)]
