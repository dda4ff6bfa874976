"""Who is let in: whoever can sign with, or show, one of the site's secrets."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.signature import is_genuine, is_secret, is_signed

SECRET = "It's a Secret to Everybody"
BODY = b"Hello World!"
VECTOR = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
"""Atlassian's own test vector (jira-facts.md)."""


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_atlassians_own_test_vector_is_signed() -> None:
    assert is_signed(BODY, VECTOR, [SECRET])


def test_every_configured_secret_counts_so_that_secrets_can_be_rotated() -> None:
    for secrets in (["new", SECRET], [SECRET, "new"], ["a", SECRET, "b"]):
        assert is_signed(BODY, VECTOR, secrets)
        assert is_secret(SECRET, secrets)


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "sha256=",
        VECTOR[:-1],
        VECTOR + "0",
        VECTOR[:-1] + "8",
        VECTOR.removeprefix("sha256="),
        VECTOR.replace("sha256", "sha1"),
        VECTOR.replace("sha256", "sha512"),
        f"{VECTOR}, {VECTOR}",
        f"{VECTOR},sha256=00",
        f"x {VECTOR}",
        VECTOR.replace("=", ":"),
        "sha256=" + "æ" * 64,
        "sha256=" + "\x00" * 64,
        SECRET,
    ],
)
def test_anything_but_the_right_signature_is_wrong(header: str) -> None:
    assert not is_signed(BODY, header, [SECRET])


@pytest.mark.parametrize("body", [b"", b"Hello World", b"hello world!", b"Hello World!\n", b"Hello  World!"])
def test_one_byte_of_difference_breaks_the_signature(body: bytes) -> None:
    assert not is_signed(body, VECTOR, [SECRET])


@pytest.mark.parametrize(
    "shown", ["", " ", SECRET[:-1], SECRET + "x", SECRET.lower(), f"{SECRET},{SECRET}", f"{SECRET},new", "*", "æ"]
)
def test_anything_but_the_whole_secret_is_wrong(shown: str) -> None:
    assert not is_secret(shown, [SECRET, "new"])


def test_without_secrets_nobody_is_let_in() -> None:
    for secrets in ([], [""]):
        assert not is_signed(BODY, sign("", BODY), secrets)
        assert not is_secret("", secrets)


def test_a_secret_beyond_ascii_counts_in_both_ways_that_clients_send_it() -> None:
    assert is_secret("æble".encode().decode("latin-1"), ["æble"])
    assert is_secret("æble", ["æble"])
    assert not is_secret("øble", ["æble"])
    assert is_secret("кот".encode().decode("latin-1"), ["кот"])
    assert is_signed(BODY, sign("æble", BODY), ["æble"])


def test_each_credential_shown_must_be_right() -> None:
    right, wrong = VECTOR, VECTOR[:-1] + "0"
    assert is_genuine(BODY, right, None, [SECRET])
    assert is_genuine(BODY, None, SECRET, [SECRET])
    assert is_genuine(BODY, right, SECRET, [SECRET])
    assert not is_genuine(BODY, None, None, [SECRET])
    assert not is_genuine(BODY, wrong, SECRET, [SECRET])
    assert not is_genuine(BODY, "", SECRET, [SECRET])
    assert not is_genuine(BODY, right, "wrong", [SECRET])


@given(st.binary(), st.lists(st.text(min_size=1), min_size=1, max_size=4), st.data())
def test_whoever_has_a_secret_can_sign_and_nobody_else(body: bytes, secrets: list[str], data: st.DataObject) -> None:
    signer = data.draw(st.sampled_from(secrets))
    header = sign(signer, body)
    assert is_signed(body, header, secrets)
    assert not is_signed(body, header, [s + "x" for s in secrets if s + "x" != signer and s + "x" not in secrets])


@given(st.text(alphabet=st.characters(max_codepoint=255)), st.text(), st.lists(st.text()))
def test_no_header_whatever_makes_the_check_fail(signature: str, secret: str, secrets: list[str]) -> None:
    assert is_genuine(b"", signature, secret, secrets) in {True, False}
