"""What people decide by a short command in a comment: who may, how it is read, and which one stands (R11, R14, R16)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.catalogue.words import AttachmentId, CommentId
from adapter.rules.commands import RAISED, SETTLED, Asks, Commands, owner_accounts, read_commands, remembered
from adapter.rules.verdicts import Verdict, verdicts
from adapter.rules.view import view_of
from adapter.ticket.snapshot import Comment, Person
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    AUTOMATION,
    CREATED,
    CUSTOMER,
    KOMBITS,
    NOW,
    OWNER,
    STRANGER,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    remembering,
    said,
    with_solution,
)

LATER = at("2026-11-23 15:00")
FILES = tuple(attached(number, f"fil{number}.pdf") for number in ("4", "5"))


def internal(body: str, by: Person = AGENT, **known: Any) -> Comment:  # noqa: ANN401 - any of the comment's own fields
    return said(body, by, **{"public": False, **known})


def read(*comments: Comment, accepted: dict[AttachmentId, str] | None = None, category: str = "K8") -> Commands:
    ticket = a_ticket(category=category, attachments=FILES, comments=comments)
    return read_commands(ticket, with_solution(), category, accepted or {})


def why(*comments: Comment) -> list[str]:
    """Why what was written changes nothing; fails where something counts."""
    found = read(*comments)
    assert found.counting == ()
    return [unusable.why for unusable in found.unusable]


@pytest.mark.parametrize(
    ("text", "asks", "target", "says"),
    [
        ("#dubu godkendelse 4 fordi chefen siger ja", Asks.VERDICT, "4", "godkendelse"),
        ("#dubu tilbud nr. 5 fordi chefen siger ja", Asks.VERDICT, "5", "tilbud"),
        ("#dubu ingen #4 fordi chefen siger ja", Asks.VERDICT, "4", "ingen"),
        ("#dubu opsætning kombit fordi chefen siger ja", Asks.SETUP, "", "kombit"),
        ("#DUBU OPSAETNING Betaler, FORDI chefen siger ja", Asks.SETUP, "", "betaler"),
        ("#dubu uenighed fordi chefen siger ja", Asks.DISAGREEMENT, "", RAISED),
        ("#dubu uenighed LØST fordi chefen siger ja", Asks.DISAGREEMENT, "", SETTLED),
        ("#dubu krav mailliste fordi chefen siger ja", Asks.PREREQUISITE, "mailliste", "krav"),
        ("- *#dubu* krav mailliste fordi chefen siger ja", Asks.PREREQUISITE, "mailliste", "krav"),
        ("\\#dubu ikke-krav Mailliste: fordi chefen siger ja", Asks.PREREQUISITE, "mailliste", "ikke-krav"),
        ("\r\n\t *#dubu  krav\tmailliste  fordi   chefen siger  ja* \r\n", Asks.PREREQUISITE, "mailliste", "krav"),
    ],
)
def test_a_command_says_what_of_what_by_whom_when_and_why(text: str, asks: Asks, target: str, says: str) -> None:
    (command,) = read(internal(text), category="K9" if asks is Asks.SETUP else "K8").counting
    assert (command.asks, command.target, command.says) == (asks, target, says)
    assert (command.by, command.at, command.reason, command.comment) == (AGENT, NOW, "chefen siger ja", "1")


@pytest.mark.parametrize("mark", ["* ", "- ", "– ", "** ", "1. ", "\t2) ", "# "])
def test_a_command_may_be_an_item_of_a_list(mark: str) -> None:
    """The ticket lists its commands so, and so they are copied."""
    assert len(read(internal(f"{mark}#dubu uenighed fordi chefen siger nej")).counting) == 1


def test_one_comment_may_hold_several() -> None:
    found = read(internal("#dubu ingen 4 fordi det er et billede\n\n#dubu krav mailliste fordi den er på"))
    assert [command.asks for command in found.counting] == [Asks.VERDICT, Asks.PREREQUISITE]
    assert found.newest(Asks.SETUP) is None


# Who may


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ({"public": True}, "kommando_offentlig"),
        ({"public": None}, "kommando_offentlig"),
        ({"by": CUSTOMER}, "kommando_ikke_servicedesk"),
        ({"by": KOMBITS}, "kommando_ikke_servicedesk"),
        ({"by": AUTOMATION}, "kommando_ikke_servicedesk"),
        ({"by": replace(AGENT, is_app=True)}, "kommando_ikke_servicedesk"),
    ],
)
def test_only_the_service_desks_own_people_decide_and_only_internally(comment: dict[str, Any], reason: str) -> None:
    assert why(internal("#dubu opsætning kombit fordi chefen siger ja", **comment)) == [reason]


def test_a_comment_that_somebody_else_edited_decides_nothing() -> None:
    words = internal("#dubu uenighed fordi chefen siger nej")
    assert why(replace(words, edited_by=STRANGER.account)) == ["kommando_rettet_af_anden"]
    assert read(replace(words, edited_by=AGENT.account)).counting


def test_the_adapters_own_comments_are_not_read_at_all() -> None:
    """The status comment suggests commands, and would otherwise obey itself."""
    assert read(internal("#dubu opsætning kombit fordi chefen siger ja", replace(ADAPTER, is_agent=True))) == Commands(
        (), ()
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#dubu", "kommando_uforståelig"),
        ("#dubu godkendelse 4", "kommando_uforståelig"),
        ("#dubu godkendelse 4 fordi", "kommando_uforståelig"),
        ("#dubu godkendelse 4 fordi ja", "kommando_uforståelig"),
        ("#dubu godkendelse 4 fordi *_ _*", "kommando_uforståelig"),
        ("#dubu godkendelse 4 fordi …", "kommando_uforståelig"),
        ("#dubu godkendelse 4 fordi … – eller: #dubu ingen 4 fordi …", "kommando_uforståelig"),
        ("#dubu opsætning kommune fordi chefen siger ja", "kommando_uforståelig"),
        ("#dubu\nuenighed fordi chefen siger ja", "kommando_ikke_for_sig"),
        ("#dubu uenighed fordi chefen\nsiger ja", "kommando_ikke_for_sig"),
        ("#dubu godkendelse 9 fordi chefen siger ja", "kommando_ukendt_fil"),
        ("#dubu krav findes_ikke fordi chefen siger ja", "kommando_ukendt_krav"),
    ],
)
def test_what_says_nothing_usable_is_told_with_the_reason(text: str, reason: str) -> None:
    """Without a reason nothing is decided (R11): who, when and why are kept."""
    assert why(internal(text)) == [reason]


@pytest.mark.parametrize("category", ["K6", "K8"])
def test_who_pays_a_setup_is_said_only_where_one_is_ordered(category: str) -> None:
    """R16."""
    found = read(internal("#dubu opsætning kombit fordi chefen siger ja"), category=category)
    assert [unusable.why for unusable in found.unusable] == ["kommando_uden_opsætning"]
    assert found.counting == ()


@pytest.mark.parametrize("before", ["Hej ", "{color:red}", "> "])
def test_of_those_who_may_not_decide_a_comment_that_only_speaks_of_commands_is_not_told(before: str) -> None:
    text = f"{before}#dubu uenighed fordi chefen siger nej"
    assert why(said(text, CUSTOMER), internal(text, CUSTOMER), said(text, AGENT)) == []


_PASTED = "#dubu opsætning kombit fordi KOMBIT har lovet det"


@pytest.mark.parametrize(
    "text",
    [
        f"Til orientering skriver kunden:\nHej Anna, se vedlagte.\n{_PASTED}\nHilsen Mette",
        f"{_PASTED}\nHilsen Mette",
        f"{{quote}}\nHej{{quote}}\n{_PASTED}\n{{quote}}hilsen\n{{quote}}",
        f"{{code}}\nHej{{code}}\n{_PASTED}\n{{code}}x\n{{code}}",
        f"{{color:red}}\n{_PASTED}\n{{color}}",
        f"{{color:red}}{_PASTED}{{color}}",
        f"> {_PASTED}",
        f"bq. {_PASTED}",
        f"|{_PASTED}|",
        f"jeg ville skrive {_PASTED}",
        f"Hej\u2028{_PASTED}",
        "\n".join([_PASTED] * 100),
    ],
)
def test_a_command_beside_other_words_may_be_anybodys_and_decides_nothing(text: str) -> None:
    """R11, R16: an agent copies what a customer wrote, and a mark of quotation can be closed by what it quotes."""
    assert why(internal(text)) == ["kommando_ikke_for_sig"]


@pytest.mark.parametrize("text", ["dubu uenighed", "#dubuen er sendt", "Sag #1 er dubu"])
def test_a_comment_without_a_command_is_passed_over(text: str) -> None:
    assert why(internal(text)) == []


def test_a_checklist_is_the_categorys_own() -> None:
    words = internal("#dubu krav mailliste fordi den er på listen")
    assert read(words, category="K8").counting
    assert [u.why for u in read(words, category="K7").unusable] == ["kommando_ukendt_krav"]


def test_a_project_owner_may_end_a_disagreement_from_the_portal_and_do_nothing_else() -> None:
    """R14."""
    assert owner_accounts(with_solution()) == {str(OWNER.account)}
    settles = "#dubu uenighed løst fordi vi er enige om prisen"
    for public in (True, False, None):
        assert read(said(settles, OWNER, public=public)).counting
    assert why(said(settles, replace(OWNER, is_app=True))) == ["kommando_offentlig"]
    assert why(said(settles, CUSTOMER), internal(settles, CUSTOMER)) == [
        "kommando_offentlig",
        "kommando_ikke_servicedesk",
    ]
    assert why(said("#dubu uenighed fordi prisen er for høj", OWNER)) == ["kommando_offentlig"]
    assert why(internal("#dubu opsætning kombit fordi jeg er ejer", OWNER)) == ["kommando_ikke_servicedesk"]


# Which one stands


def test_an_edited_comment_is_as_new_as_its_last_edit() -> None:
    """It says what it says since then, and whatever was written meanwhile is older."""
    first = internal("#dubu ingen 4 fordi det er et billede", when=APPROVED, number="1")
    second = internal(
        "#dubu godkendelse 4 fordi chefen har skrevet under", when=APPROVED + timedelta(hours=1), number="2"
    )
    assert verdicts(read(first, second))[AttachmentId("4")].verdict is Verdict.APPROVAL
    edited = replace(first, updated=LATER, edited_by=AGENT.account)
    standing = verdicts(read(edited, second))[AttachmentId("4")]
    assert (standing.verdict, standing.at, standing.reason) == (Verdict.NEITHER, LATER, "det er et billede")


def test_what_once_opened_the_gate_stands_when_its_author_leaves_but_not_once_it_is_edited() -> None:
    """R11: one comment may hold commands of several kinds, and each stands."""
    words = internal(
        "#dubu krav mailliste fordi den er på\n"
        "#dubu godkendelse 4 fordi chefen siger ja\n"
        "#dubu ingen 5 fordi det er et billede"
    )
    kept = remembered(read(words))
    assert kept == {AttachmentId("kommentar:1"): f"krav:{NOW.isoformat()} vurdering:{NOW.isoformat()}"}
    gone = replace(words, author=replace(AGENT, is_agent=False))
    assert len(read(gone, accepted=kept).counting) == 3
    assert not read(gone).counting
    assert not read(replace(gone, updated=LATER), accepted=kept).counting
    another = replace(gone, body="#dubu opsætning kombit fordi chefen siger ja")
    assert not read(another, accepted=kept).counting
    assert not read(replace(gone, author=replace(gone.author, is_app=True)), accepted=kept).counting


_SAYS = {
    "godkendelse": Verdict.APPROVAL,
    "godkendt": Verdict.APPROVAL,
    "tilbud": Verdict.OFFER,
    "ingen": Verdict.NEITHER,
}
_WORDS = st.tuples(st.sampled_from(sorted(_SAYS)), st.sampled_from(["4", "5"]))


@given(st.lists(_WORDS, max_size=8), st.data())
def test_in_whatever_order_jira_gives_them_the_newest_on_each_file_counts(
    written: list[tuple[str, str]], data: st.DataObject
) -> None:
    """R11."""
    comments = [
        internal(f"#dubu {says} {file} fordi det er sådan", when=CREATED + timedelta(minutes=n), number=str(n))
        for n, (says, file) in enumerate(written)
    ]
    standing = verdicts(read(*data.draw(st.permutations(comments))))
    assert {file: verdict.verdict for file, verdict in standing.items()} == {
        AttachmentId(file): _SAYS[says] for says, file in written
    }


_ANY_COMMAND = st.sampled_from(
    [
        "#dubu godkendelse 2 fordi jeg siger det",
        "#dubu ingen 2 fordi jeg siger det",
        "#dubu tilbud 2 fordi jeg siger det",
        "#dubu opsætning kombit fordi jeg siger det",
        "#dubu uenighed fordi jeg siger det",
        "#dubu uenighed løst fordi jeg siger det",
        "#dubu krav mailliste fordi jeg siger det",
    ]
)
_OTHERS = st.sampled_from([CUSTOMER, STRANGER, KOMBITS, AUTOMATION, replace(AGENT, is_app=True), ADAPTER])


@settings(deadline=None)  # the first example loads the mapping
@given(st.lists(st.tuples(_ANY_COMMAND, _OTHERS, st.sampled_from([True, False, None])), min_size=1, max_size=5))
def test_what_others_than_the_desk_write_never_changes_anything(
    written: list[tuple[str, Person, bool | None]],
) -> None:
    """R11, R14: neither what files are, nor who pays, nor whether work may start."""
    mails = remembering(a1=an_offer(), a2=a_yes())
    own = internal("#dubu uenighed løst fordi vi er enige", when=CREATED, number="99")
    theirs = tuple(
        said(text, by, CREATED + timedelta(hours=3), public=public, number=str(n))
        for n, (text, by, public) in enumerate(written)
    )
    without = view_of(answered(comments=(own,)), with_solution(), mails, LATER)
    found = view_of(answered(comments=(*theirs, own)), with_solution(), mails, LATER)
    assert found.commands.counting == without.commands.counting
    assert (found.gate, found.evidence, found.payer) == (without.gate, without.evidence, without.payer)


@given(st.text(alphabet="#dubu fori4løst*_\\{}quote:>\n\r\t…", max_size=200), st.booleans())
def test_any_comment_can_be_read(text: str, is_command: bool) -> None:
    found = read(internal(f"#dubu{text}" if is_command else text))
    assert all(len(command.reason.strip("*_ ")) >= 3 for command in found.counting)


_LONG = 32_000  # characters, as much as Jira takes


@pytest.mark.parametrize("by", [AGENT, CUSTOMER])
@pytest.mark.parametrize(
    "text",
    [
        f"#dubu uenighed fordi abc{' ' * _LONG}…x",
        f"#dubu uenighed{' ' * _LONG}x",
        f"#dubu uenighed fordi abc{'*_' * (_LONG // 2)}x",
        f"#dubu{'*' * _LONG}x",
        f"{'*' * _LONG}#dubu x",
        f"{'- ' * (_LONG // 2)}#dubu x",
        "\n#dubu" * (_LONG // 6),
        "#dubu{quote:" * (_LONG // 12),
        "#dub" * (_LONG // 4),
    ],
    ids=["reason", "gap", "marks", "stars", "before", "lists", "lines", "open quotes", "nearly"],
)
def test_a_hundred_hostile_comments_take_no_time(text: str, by: Person) -> None:
    """They are read at every look, and may be as long as Jira allows."""
    comments = [Comment(CommentId(str(n)), by, text, NOW, is_public=by is CUSTOMER) for n in range(100)]
    began = time.process_time()
    read(*comments)
    assert time.process_time() - began < 2  # measured: 0.1 at most
