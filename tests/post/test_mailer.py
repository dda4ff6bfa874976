"""Handing a letter to a real mail server: encrypted, with login, and never in doubt but in one place (R7, R8)."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from adapter.errors import AdapterError, ConfigurationError, OutOfReach, Refused, Uncertain
from adapter.post.compose import compose
from adapter.post.mailer import Mailer
from adapter.ticket.letter import Letter
from tests.post.server import Lines, MailServer, TalkativeServer

LETTER = Letter(
    message_id="dubu.dubu.10001.tilbud-20261123t100000@leverandoer.example",
    sender="servicedesk@leverandoer.example",
    sender_name="DUBU Service Desk",
    to=("mette@aarhus.example",),
    subject="DUBU-1: Tilbud – K10 Bestilling af arkivering",
    body="Hej Aarhus Kommune\n\n.en linje med punktum først\nPrisen er: 34.000 kr.\n",
    written_at=datetime(2026, 11, 23, 10, 0, 5, tzinfo=UTC),
)
SECRET = "hemmeligt%2Fkodeord"


def hand_over(server: MailServer, url: str | None = None, letter: Letter = LETTER) -> list[str]:
    """Sends a letter and tells what was heard on the way."""
    heard: list[str] = []
    Mailer.of(url or server.url).send(letter, compose(letter), lambda: heard.append(f"tried {server.tried}"))
    return heard


def test_a_letter_arrives_as_the_bytes_that_are_attached() -> None:
    with MailServer() as server:
        assert hand_over(server) == ["tried 1"]
        assert server.received == [compose(LETTER)]


@pytest.mark.parametrize("lines", ["smtp", "smtps"])
def test_a_letter_goes_encrypted_and_with_login(lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(lines, ("desk@leverandoer.example", "hemmeligt/kodeord")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.write_authority(tmp_path / "ca.pem")))
        hand_over(server, f"{lines}://desk%40leverandoer.example:{SECRET}@localhost:{server.port}")
        assert server.received == [compose(LETTER)]


@pytest.mark.parametrize("lines", ["smtp", "smtps"])
def test_a_server_with_a_strangers_certificate_gets_neither_login_nor_letter(lines: Lines) -> None:
    with MailServer(lines, ("desk", "hemmeligt/kodeord")) as server:
        with pytest.raises(ConfigurationError, match=r"certificate that is not trusted.*SSL_CERT_FILE"):
            hand_over(server, f"{lines}://desk:{SECRET}@localhost:{server.port}")
        assert (server.received, server.tried) == ([], 0)


def test_a_server_of_another_name_than_its_certificate_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer("smtps", names=("mail.example",)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.write_authority(tmp_path / "ca.pem")))
        with pytest.raises(ConfigurationError, match="not trusted"):
            hand_over(server, f"smtps://localhost:{server.port}")


def test_a_server_without_starttls_gets_no_letter_in_the_clear() -> None:
    with MailServer("smtp", offers_starttls=False) as server:
        with pytest.raises(ConfigurationError, match="offers no STARTTLS"):
            hand_over(server)
        assert (server.received, server.tried) == ([], 0)


def test_a_refused_login_is_told_without_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer("smtp", ("desk", "et andet")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.write_authority(tmp_path / "ca.pem")))
        with pytest.raises(ConfigurationError, match="refuses the login of DUBU_SMTP_URL") as caught:
            hand_over(server, f"smtp://desk:{SECRET}@localhost:{server.port}")
        assert "kodeord" not in str(caught.value) + repr(Mailer.of(f"smtp://desk:{SECRET}@localhost"))
        assert server.received == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [("550 5.1.1 <mette@aarhus.example> unknown", Refused), ("451 4.3.0 mette@aarhus.example later", OutOfReach)],
)
def test_a_no_of_the_server_is_certain_and_repeats_no_address(
    command: str, answer: str, kind: type[AdapterError]
) -> None:
    with MailServer(answers={command: answer}) as server:
        with pytest.raises(kind) as caught:
            hand_over(server)
        assert "mette" not in str(caught.value)
        assert server.received == []
        hand_over(server)  # and the next attempt is as good as the first
        assert len(server.received) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_nothing_is_handed_over_before_the_server_has_said_yes_to_the_rest(command: str) -> None:
    with MailServer(answers={command: "550 no"}) as server:
        heard: list[str] = []
        with pytest.raises(Refused):
            Mailer.of(server.url).send(LETTER, compose(LETTER), lambda: heard.append("handing over"))
        assert heard == []


@pytest.mark.parametrize("took_it", [True, False])
def test_a_server_that_hangs_up_after_the_text_leaves_it_uncertain(took_it: bool) -> None:
    with (
        MailServer(hangs_up_after_data=True, takes_before_hanging_up=took_it) as server,
        pytest.raises(Uncertain, match="went silent while taking a letter"),
    ):
        hand_over(server)
    assert len(server.received) == took_it


@pytest.mark.parametrize("answer", ["250 OK", "200 accepted", "260 queued"])
def test_any_yes_to_the_text_means_that_the_letter_is_sent(answer: str) -> None:
    """RFC 5321, 4.2.1: the first digit decides."""
    with MailServer(answers={"DATA": answer}) as server:
        hand_over(server)
        assert server.received == [compose(LETTER)]


@pytest.mark.parametrize("answer", ["2.0.0 Ok: queued as 12", "354 go on", "100 wait", "OK"])
def test_an_answer_to_the_text_that_says_neither_yes_nor_no_leaves_it_uncertain(answer: str) -> None:
    with MailServer(answers={"DATA": answer}) as server, pytest.raises(Uncertain):
        hand_over(server)


def test_the_answer_to_the_text_is_waited_for_longer_than_any_other() -> None:
    """RFC 5321, 4.5.3.2.6: who gives up early does not know whether the letter was sent."""
    with MailServer(holds_answer=1.5) as server:
        mailer = Mailer.of(server.url)
        patient = replace(mailer, seconds=0.5)
        assert patient.last_seconds >= 10 * patient.seconds
        patient.send(LETTER, compose(LETTER), lambda: None)
        with pytest.raises(Uncertain, match="went silent"):
            replace(mailer, last_seconds=0.1).send(LETTER, compose(LETTER), lambda: None)


@pytest.mark.parametrize("after_text", [False, True], ids=["instead of its greeting", "after the text"])
@pytest.mark.parametrize(
    ("piece", "every"),
    [(b"2", 0.05), (b"250-hello\r\n", 0.05), (b"250-" + b"x" * 500 + b"\r\n", 0.0)],
    ids=["byte by byte", "line by line", "as fast as it can"],
)
def test_a_server_that_never_comes_to_the_end_of_an_answer_is_given_up(
    piece: bytes, every: float, after_text: bool
) -> None:
    """It would hold a ticket, and fill the memory, for as long as it liked; afterwards nobody knows what it did."""
    with TalkativeServer(piece, every, times=200_000 if not every else 200, after_text=after_text) as server:
        mailer = replace(Mailer.of(server.url), seconds=0.5, last_seconds=0.5)
        heard: list[str] = []
        with pytest.raises(Uncertain if after_text else OutOfReach):
            mailer.send(LETTER, compose(LETTER), lambda: heard.append("handing over"))
        assert heard == (["handing over"] if after_text else [])
        assert server.finished.wait(60)
        assert server.stopped_by_us


def test_a_challenge_that_nobody_can_read_is_a_server_out_of_order() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def challenge() -> None:
            line, _ = server.accept()
            with line, line.makefile("rb") as heard:
                for answer in (b"220 hi", b"250-hi\r\n250 AUTH CRAM-MD5", b"334 x"):
                    line.sendall(answer + b"\r\n")
                    heard.readline()

        with ThreadPoolExecutor(1) as beside:
            beside.submit(challenge)
            with pytest.raises(OutOfReach, match="does not answer"):
                hand_over(MailServer(), f"smtp+plain://desk:kodeord@127.0.0.1:{server.getsockname()[1]}")


@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_server_that_demands_a_login_is_a_matter_of_settings_and_not_of_the_letter(code: int) -> None:
    with (
        MailServer(answers={"MAIL": f"{code} 5.7.0 Authentication required"}) as server,
        pytest.raises(ConfigurationError, match="DUBU_SMTP_URL"),
    ):
        hand_over(server)


def test_a_server_that_lets_nobody_in_has_not_refused_the_letter() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def turn_away() -> None:
            line, _ = server.accept()
            line.sendall(b"554 5.7.1 no service for you\r\n")
            line.close()

        with ThreadPoolExecutor(1) as beside:
            beside.submit(turn_away)
            with pytest.raises(OutOfReach, match="lets nobody in"):
                hand_over(MailServer(), f"smtp+plain://127.0.0.1:{server.getsockname()[1]}")


def test_a_letter_that_is_called_back_while_being_handed_over_is_never_sent() -> None:
    def called_back() -> None:
        raise OutOfReach("another worker is sending it")

    with MailServer() as server:
        with pytest.raises(OutOfReach, match="another worker"):
            Mailer.of(server.url).send(LETTER, compose(LETTER), called_back)
        hand_over(server)
        assert len(server.received) == 1


def test_a_server_that_is_away_is_out_of_reach() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(OutOfReach, match="does not answer"):
            hand_over(MailServer(), f"smtp+plain://127.0.0.1:{taken.getsockname()[1]}")


def test_a_server_that_never_greets_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp+plain://127.0.0.1:{silent.getsockname()[1]}"
        mailer = Mailer.of(url)
        with pytest.raises(OutOfReach, match="does not answer"):
            Mailer(mailer.scheme, mailer.host, mailer.port, seconds=0.2).send(LETTER, b"", lambda: None)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mail.example", "names no mail server"),
        ("https://mail.example", "names no mail server"),
        ("smtp://", "names no mail server"),
        ("smtp://mail.example/folder", "names no mail server"),
        ("smtp://mail.example:port", "is no address"),
        ("smtp+plain://mail.example", "unencrypted to another machine"),
        ("smtp+plain://192.0.2.1", "unencrypted to another machine"),
        (f"smtp://{SECRET}@mail.example", "a user without a password"),
        ("smtp://desk:r%C3%B8dtkodeord@mail.example", "other characters than printable ASCII"),
        ("smtp://d%C3%A6sk:kodeord@mail.example", "other characters than printable ASCII"),
        ("smtp://desk:kodeord%0d%0aQUIT@mail.example", "other characters than printable ASCII"),
    ],
)
def test_a_wrong_address_is_told_of_without_its_secrets(url: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        Mailer.of(url)
    assert "kodeord" not in str(caught.value)
    assert "DUBU_SMTP_URL" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://mail.example", 587), ("smtps://mail.example/", 465), ("smtp+plain://localhost", 25)]
)
def test_each_way_has_its_usual_port(url: str, port: int) -> None:
    assert Mailer.of(url).port == port


def test_the_library_of_mails_reads_what_arrives() -> None:
    with MailServer() as server:
        hand_over(server)
        mail = message_from_bytes(server.received[0], policy=default)
    assert mail.get_content().replace("\r\n", "\n") == LETTER.body
    assert mail["Subject"] == LETTER.subject
