"""The sandbox can give comments back as Jira Cloud does: the same words, other marks and spaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox import Sandbox, default_seed
from tests.sandbox.adf import rewritten

NBSP = "\u00a0"


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start(default_seed("cloud")) as running:
        yield running


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("uden mærker", "uden mærker"),
        ("en linje  \nen til\t", "en linje\r\nen til"),
        ("to  mellemrum, tre   her", f"to{NBSP} mellemrum, tre{NBSP}{NBSP} her"),
        ("den 23-11-2026, 34-årig, e-mail", r"den 23\-11\-2026, 34-årig, e-mail"),
        ("- et\n - to\n** tre", "* et\r\n* to\r\n** tre"),
        ("*Mangler*\n* tilbud\nog mere", "*Mangler*\r\n\r\n* tilbud\r\n\r\nog mere"),
        ("et\n\n\n\nto", "et\r\n\r\nto"),
        ("h3. Status\ntekst\n----\n# punkt", "h3. Status\r\n\r\ntekst\r\n\r\n----\r\n\r\n# punkt"),
    ],
)
def test_words_stay_and_marks_and_spaces_change(sent: str, kept: str) -> None:
    assert rewritten(sent) == kept


@given(st.text(alphabet=" \u00a0\t\r\n*-#.hx12\\", max_size=40))
def test_what_was_rewritten_once_stays_as_it_is(text: str) -> None:
    once = rewritten(text)
    assert rewritten(once) == once
    assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]


def test_comments_are_rewritten_only_where_a_test_wants_it(site: Sandbox) -> None:
    key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
    anna = site.as_user("agent.anna")
    anna.comment(key, "- 1-2 ")
    site.world.rewrites_comments = True
    changed = anna.comment(key, "- 1-2 ")
    anna.edit_comment(key, changed, "- 3-4 ")
    anna.comment(key, "- 5-6 ")
    assert [c.body for c in site.comments(key)] == ["- 1-2 ", r"* 3\-4", r"* 5\-6"]
