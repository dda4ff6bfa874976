"""Offers that the adapter sends: once each, whatever happens on the way (R7, R8, R13)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from adapter.catalogue.words import SiteName
from adapter.database import Database
from adapter.errors import OutOfReach, Refused
from tests.loop.conftest import Desk, open_desk
from tests.post.server import MailServer
from tests.sandbox.faults import Fault, Trouble
from tests.system.mapping import say

DUBU = SiteName("dubu")
SENDS = (("værdi: kladde", "værdi: send"), ("KOMBIT.DUBU@netcompany.com", "servicedesk@leverandoer.example"))


@pytest.fixture
def post() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(params=["cloud", "datacenter"])
def sending(request: pytest.FixtureRequest, database: Database, tmp_path: Path, post: MailServer) -> Iterator[Desk]:
    """A desk on each kind of Jira whose adapter sends offers itself."""
    with open_desk(
        database,
        tmp_path,
        str(request.param),
        environment={"DUBU_SMTP_URL": post.url},
        edit=lambda folder: say(folder, "tilbud.yaml", *SENDS),
    ) as desk:
        yield desk


def prepared(desk: Desk) -> str:
    """A ticket whose offer lacks nothing."""
    key = desk.order()
    desk.settle(key)
    soon = (desk.now() + timedelta(days=14)).date().isoformat()
    desk.site.as_user("agent.anna").edit(key, {"Prisvarsel senest": soon, "Tilbud sendes til": "mette@aarhus.example"})
    desk.settle(key)
    return key


def asked(desk: Desk) -> str:
    """A ticket whose offer an agent has asked the adapter to send."""
    key = prepared(desk)
    desk.site.as_user("agent.anna").edit(key, {"Send tilbud": "Send nu"})
    return key


def files(desk: Desk, key: str) -> list[bytes]:
    """The offers that the adapter attached."""
    return [a.data for a in desk.site.issue(key).attachments if a.filename.startswith("Tilbud-")]


def told(desk: Desk, key: str) -> str:
    """All that the adapter says on a ticket."""
    return "\n".join(c.body for c in desk.site.comments(key, "adapter"))


def test_an_offer_is_sent_when_an_agent_says_so_attached_and_waited_for(sending: Desk, post: MailServer) -> None:
    key = asked(sending)
    assert post.received == []
    sending.settle(key)
    assert len(post.received) == 1
    assert files(sending, key) == post.received
    mail = message_from_bytes(post.received[0], policy=default)
    assert mail["To"] == "mette@aarhus.example"
    assert "34.000 kr., som er en fast pris" in mail.get_content()
    assert sending.site.status(key) == "Afventer Kunde"
    assert sending.site.value(key, "Send tilbud") == "Sendt"


def test_a_reply_to_the_sent_offer_is_its_approval(sending: Desk, post: MailServer) -> None:
    key = asked(sending)
    sending.settle(key)
    number = str(message_from_bytes(post.received[0], policy=default)["Message-ID"])
    sending.yes(key, number)
    sending.settle(key)
    assert sending.site.status(key) == "Godkendt"


def test_a_customer_cannot_have_an_offer_sent(sending: Desk, post: MailServer) -> None:
    key = prepared(sending)
    field = sending.site.world.field_named("Send tilbud")
    issue = sending.site.issue(key)
    issue.values[field.id] = next(o for o in field.options if o.value == "Send nu")  # as if set when it was ordered
    sending.settle(key)
    assert post.received == []


def test_a_missing_piece_is_named_and_nothing_is_sent(sending: Desk, post: MailServer) -> None:
    """R7."""
    key = sending.order()
    sending.settle(key)
    sending.site.as_user("agent.anna").edit(key, {"Send tilbud": "Send nu"})
    sending.settle(key)
    assert post.received == []
    assert "udfyld feltet Prisvarsel senest" in told(sending, key)


@pytest.mark.parametrize("trouble", [Trouble.CUT_BEFORE, Trouble.CUT_AFTER, Trouble.BROKEN, Trouble.BROKEN_AFTER])
def test_an_offer_that_was_sent_and_not_attached_is_only_attached(
    sending: Desk, post: MailServer, trouble: Trouble
) -> None:
    """R8: sent is written down before the file is attached."""
    key = asked(sending)
    sending.site.faults.add(Fault(trouble, method="POST", path="attachments"))
    with contextlib.suppress(OutOfReach):
        sending.look(key)
    assert len(post.received) == 1
    sending.site.faults.clear()
    sending.looker = replace(sending.looker)  # as another worker would go on
    sending.settle(key)
    assert len(post.received) == 1
    assert files(sending, key) == post.received
    assert sending.site.status(key) == "Afventer Kunde"


def test_an_offer_that_was_sent_is_attached_though_nobody_asks_for_it_any_more(sending: Desk, post: MailServer) -> None:
    key = asked(sending)
    sending.site.faults.add(Fault(Trouble.CUT_BEFORE, method="POST", path="attachments"))
    with contextlib.suppress(OutOfReach):
        sending.look(key)
    sending.site.faults.clear()
    sending.site.as_user("agent.anna").edit(key, {"Send tilbud": None})
    sending.settle(key)
    assert files(sending, key) == post.received != []


def test_a_jira_that_takes_no_files_is_told_of_and_the_offer_is_not_sent_again(sending: Desk, post: MailServer) -> None:
    key = asked(sending)
    sending.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="attachments"))
    for attempt in range(1, 5):
        came = sending.look(key)
        assert (came.trouble, came.will_pass) == ("CannotAttach", False)
        sending.store.count_trouble(DUBU, sending.number(key), "CannotAttach", sending.now())
        assert ("kan ikke vedhæftes sagen" in told(sending, key)) is (attempt > 3)
    assert len(post.received) == 1


def test_of_a_ticket_that_left_the_project_no_letter_is_kept_and_none_is_sent_again(
    sending: Desk, post: MailServer
) -> None:
    """R7: what was not attached is in doubt when it comes back, so that somebody asks."""
    key = asked(sending)
    sending.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="attachments"))
    sending.look(key)
    (letter,) = sending.store.dispatches(DUBU, sending.number(key))
    assert sending.store.bytes_of(DUBU, sending.number(key), letter) == post.received[0]
    seen_there = sending.site.world.projects["ANDET"].roles["Administrators"].users
    seen_there.add(sending.site.user("adapter").account_id)
    admin = sending.site.as_user("admin")
    away = admin.move_to_project(key, "ANDET")
    sending.pass_time(seconds=10)
    sending.look(away)
    assert sending.store.bytes_of(DUBU, sending.number(away), letter) is None
    sending.site.faults.clear()
    back = admin.move_to_project(away, "DUBU")
    sending.settle(back)
    # The other project has none of the fields, so a move there and back empties them: a person fills them again.
    sending.site.as_user("agent.anna").edit(back, {"Kategori": "Udførsel af aktivitet ved brugerfejl"})
    sending.settle(back)
    assert len(post.received) == 1
    assert "det vides ikke, om mailen nåede frem" in told(sending, back)


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_mail_server_that_refuses_is_told_of_and_tried_again(sending: Desk, post: MailServer, command: str) -> None:
    """R7: not sent, and the ticket says so; with the address mended it goes out as it is then."""
    key = asked(sending)
    post.answers[command] = "550 5.1.1 unknown"
    came = sending.look(key)
    assert (came.trouble, came.will_pass, post.received) == ("CannotSend", False, [])
    sending.store.count_trouble(DUBU, sending.number(key), "CannotSend", sending.now())
    post.answers[command] = "550 5.1.1 unknown"
    sending.look(key)
    assert "kunne ikke sendes" in told(sending, key)
    assert sending.site.status(key) == "Ny"
    sending.site.as_user("agent.anna").edit(key, {"Tilbud sendes til": "bo@aarhus.example"})
    sending.store.clear_trouble(DUBU, sending.number(key))
    sending.settle(key)
    assert "kunne ikke sendes" not in told(sending, key)
    assert [message_from_bytes(data, policy=default)["To"] for data in post.received] == ["bo@aarhus.example"]
    assert files(sending, key) == post.received


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_mail_server_that_asks_for_patience_is_trouble_that_will_pass(
    sending: Desk, post: MailServer, command: str
) -> None:
    key = asked(sending)
    post.answers[command] = "451 4.3.0 later"
    came = sending.look(key)
    assert (came.trouble, came.will_pass, post.received) == ("CannotSend", True, [])
    sending.settle(key)
    assert files(sending, key) == post.received != []


@pytest.mark.parametrize("took_it", [True, False])
def test_an_offer_of_which_nobody_knows_is_attached_once_told_of_and_never_sent_again(
    sending: Desk, post: MailServer, took_it: bool
) -> None:
    """R7, R8."""
    key = asked(sending)
    post.hangs_up_after_data, post.takes_before_hanging_up = True, took_it
    sending.look(key)
    post.hangs_up_after_data = False
    sending.settle(key)
    assert len(post.received) == took_it
    assert len(files(sending, key)) == 1
    assert told(sending, key).count("det vides ikke, om mailen nåede frem") == 1
    sending.site.as_user("agent.anna").edit(key, {"Send tilbud": "Send nu"})  # somebody has asked, and it is missing
    sending.settle(key)
    assert len(post.received) == took_it + 1
    assert len(files(sending, key)) == 2


def test_an_unusual_yes_of_the_server_sends_an_offer_once(sending: Desk, post: MailServer) -> None:
    """R7, R8."""
    key = asked(sending)
    post.answers["DATA"] = "200 accepted"
    sending.settle(key)
    assert files(sending, key) == post.received
    assert len(post.received) == 1


def test_a_ticket_that_was_out_of_sight_gets_no_second_letter(sending: Desk, post: MailServer) -> None:
    """R7: what it said is forgotten meanwhile, and a person is asked to look."""
    key = asked(sending)
    sending.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="attachments"))
    sending.look(key)
    sending.site.faults.clear()
    sending.site.faults.add(Fault(Trouble.BROKEN, status=404, method="GET", path="/issue/"))
    for _ in range(2):
        sending.look(key)
    sending.site.faults.clear()
    sending.settle(key)
    assert len(post.received) == 1
    assert files(sending, key) == []
    assert told(sending, key).count("det vides ikke, om mailen nåede frem") == 1


def actions(desk: Desk, key: str) -> list[str]:
    """What the journal holds about letters."""
    about = {"SendLetter", "HandedOver", "Sent", "AttachSent", "CannotSend"}
    return [entry.action for entry in desk.store.journal_of(DUBU, key) if entry.action in about]


def test_the_journal_tells_of_each_step_of_a_letter_also_of_one_in_doubt(sending: Desk, post: MailServer) -> None:
    """R24."""
    key = asked(sending)
    sending.settle(key)
    assert actions(sending, key) == ["HandedOver", "Sent", "SendLetter"]
    doubted = asked(sending)
    post.hangs_up_after_data = True
    sending.look(doubted)
    assert actions(sending, doubted) == ["HandedOver"]
    sending.settle(doubted)
    assert actions(sending, doubted) == ["HandedOver", "AttachSent"]


def test_the_journal_tells_once_of_a_letter_that_is_refused_in_one_way_again_and_again(
    sending: Desk, post: MailServer
) -> None:
    """R24."""
    key = asked(sending)
    for _ in range(3):
        post.answers["RCPT"] = "451 4.3.0 later"
        sending.look(key)
        sending.store.count_trouble(DUBU, sending.number(key), "CannotSend", sending.now())
    assert actions(sending, key) == ["CannotSend"]


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 4.3.0 later", OutOfReach), ("550 5.1.1 unknown", Refused)], ids=["later", "never"]
)
def test_whoever_applies_a_plan_by_hand_hears_what_went_wrong_and_whether_it_will_pass(
    sending: Desk, post: MailServer, answer: str, kind: type[Exception]
) -> None:
    key = asked(sending)
    post.answers["RCPT"] = answer
    with pytest.raises(kind, match=f"{key} is not where it should be: CannotSend"):
        sending.looker.apply(sending.number(key))


@pytest.mark.parametrize("url", ["smtp://desk:forkert@localhost:{}", "smtp://localhost:{}"], ids=["wrong", "none"])
def test_a_login_that_the_server_refuses_is_mended_by_somebody_and_sets_no_ticket_aside(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with MailServer("smtp", ("desk", "rigtigt")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.write_authority(tmp_path / "ca.pem")))
        environment = {"DUBU_SMTP_URL": url.format(server.port)}
        edit = lambda folder: say(folder, "tilbud.yaml", *SENDS)  # noqa: E731 - as in the fixture above
        with open_desk(database, tmp_path, "cloud", environment=environment, edit=edit) as desk:
            key = asked(desk)
            came = desk.look(key)
            assert (came.trouble, came.will_pass) == ("CannotSend", True)
            assert (server.received, files(desk, key)) == ([], [])


def test_without_a_mail_server_nothing_is_sent_and_the_ticket_says_so(database: Database, tmp_path: Path) -> None:
    with open_desk(database, tmp_path, "cloud", edit=lambda folder: say(folder, "tilbud.yaml", *SENDS)) as desk:
        key = asked(desk)
        came = desk.look(key)
        assert (came.trouble, came.will_pass) == ("CannotSend", True)
        desk.store.count_trouble(DUBU, desk.number(key), "CannotSend", desk.now())
        desk.look(key)
        assert "kunne ikke sendes" in told(desk, key)
        assert files(desk, key) == []
