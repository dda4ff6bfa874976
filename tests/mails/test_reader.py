"""The process that reads mails: within limits whatever the bytes, without secrets, and the caller unharmed."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.catalogue.words import AttachmentId
from adapter.errors import OutOfReach
from adapter.mails.limits import CPU_SECONDS, MAX_BYTES, MEMORY_BYTES, WALL_SECONDS, _refuse
from adapter.mails.reader import is_mail, read_evidence
from adapter.mails.reading import Reading
from adapter.ticket.evidence import MailFacts, Says, Unread, UnreadFile
from adapter.ticket.snapshot import Attachment
from tests.builders import AGENT, NOW, catalogue
from tests.mails.made import READING, facts, headers, mail, multipart, outlook, quoted
from tests.mails.made_dns import dns_server

PART = b"Content-Type: text/plain\r\n\r\nGodkendt\r\n"


def test_the_child_finds_what_is_found_here() -> None:
    data = mail(outlook("Godkendt på gensyn, æøå"))
    assert read_evidence(data, "svar.eml", READING) == facts(data)


def bomb_of_encoded_words() -> bytes:
    return mail("Godkendt", changed={"Subject": "=?utf-8?q?a?= " * 80_000})


def header_of_encoded_words() -> bytes:
    return mail("Godkendt", changed=dict.fromkeys(("Subject", "From", "To"), "=?utf-8?q?a?= " * 4500))


def comments_in_comments() -> bytes:
    return mail(
        "Godkendt", changed={"From": "(" * 60_000, "To": "<" * 60_000, "Cc": '"' * 60_000, "Date": "(" * 60_000}
    )


def twenty_thousand_parts() -> bytes:
    return headers() + multipart("mixed", *[PART] * 20_000)


def nested_parts() -> bytes:
    inner = PART
    for depth in range(2_000):
        start = f'Content-Type: multipart/mixed; boundary="b{depth}"\r\n\r\n--b{depth}\r\n'.encode()
        inner = start + inner
    return headers() + inner


def nested_mails() -> bytes:
    return headers() + b"Content-Type: message/rfc822\r\n\r\n" * 5_000 + PART


def a_boundary_on_every_line() -> bytes:
    return headers() + b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n' + b"---\r\n" * 500_000


def a_million_header_lines() -> bytes:
    return b"a:\n" * 1_000_000 + mail("Godkendt")


def a_header_of_a_million_lines() -> bytes:
    return b"Subject: x\r\n" + b" x\r\n" * 1_000_000 + mail("Godkendt")


def huge_references() -> bytes:
    return mail("Godkendt", changed={"References": "<a@b.example>\r\n " * 500_000})


def as_large_as_is_read() -> bytes:
    start = mail("Godkendt")[:-2] + b"\r\n"
    return start + b"A" * 72 * 1 + b"\r\n" + (b"QUFB" * 18 + b"\r\n") * ((MAX_BYTES - len(start) - 100) // 74)


def a_large_attachment() -> bytes:
    part = (
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + (b"QUFB" * 18 + b"\r\n") * 330_000
    )
    return headers() + multipart("mixed", PART, part)


def a_million_letters_without_a_break() -> bytes:
    return mail("x" * 2**20)


def a_million_quotations() -> bytes:
    return mail("> " * 2**19)


def headers_without_end() -> bytes:
    return mail("Fra: a\nSendt: b\nTil: c\n" * 40_000)


def attributions_without_end() -> bytes:
    return mail("Den 12. nov. 2026 skrev\n" * 40_000) + b"On 1 wrote " * 10


def signatures_without_end() -> bytes:
    return mail("Tak " * 100_000 + "\n" + "-- \n" * 100_000)


def disclaimers_without_end() -> bytes:
    return mail("CAUTION: " + "mail " * 200_000)


def html_of_open_tags() -> bytes:
    return mail(html="<b>" * 300_000)


def html_of_open_angles() -> bytes:
    return mail(html="<" * 2**18)


def html_of_open_comments() -> bytes:
    return mail(html="<!--" * 2**18)


def html_of_attributes() -> bytes:
    return mail(html="<p " + "a='b' " * 150_000 + ">")


def html_of_styles() -> bytes:
    return mail(html="<style>" + "{" * 400_000 + "</style><style>" * 10_000)


def words_without_end() -> bytes:
    return mail("godkendt ikke " * 70_000)


HOSTILE: list[Callable[[], bytes]] = [
    bomb_of_encoded_words,
    header_of_encoded_words,
    comments_in_comments,
    twenty_thousand_parts,
    nested_parts,
    nested_mails,
    a_boundary_on_every_line,
    a_million_header_lines,
    a_header_of_a_million_lines,
    huge_references,
    as_large_as_is_read,
    a_large_attachment,
    a_million_letters_without_a_break,
    a_million_quotations,
    headers_without_end,
    attributions_without_end,
    signatures_without_end,
    disclaimers_without_end,
    html_of_open_tags,
    html_of_open_angles,
    html_of_open_comments,
    html_of_attributes,
    html_of_styles,
    words_without_end,
]


STILL_READ = (a_large_attachment,)
"""Large, but a yes all the same."""


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_mail_is_no_yes_and_costs_no_more_than_its_share(make: Callable[[], bytes]) -> None:
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    found = read_evidence(data, "mail.eml", READING)
    assert time.monotonic() - started < WALL_SECONDS + 5
    assert found.digest == hashlib.sha256(data).hexdigest()
    assert (isinstance(found, MailFacts) and found.says is Says.YES) is (make in STILL_READ)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY_BYTES
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 10 * MAX_BYTES


def test_more_than_is_read_is_not_even_given_to_the_child() -> None:
    found = read_evidence(b"x" * (MAX_BYTES + 1), "mail.eml", READING)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "data"), [("tom.eml", b""), ("billede.msg", b"\x89PNG"), ("skrald.eml", bytes(range(256)))]
)
def test_what_is_no_mail_is_named(name: str, data: bytes) -> None:
    found = read_evidence(data, name, READING)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.NOT_A_MAIL


def test_a_child_that_spends_its_time_is_ended_and_leaves_nothing() -> None:
    with dns_server({}, is_silent=True) as silent:
        reading = replace(READING, verify_dkim=True, dns_server=silent.address)
        found = read_evidence(_waits_for_dns(), "mail.eml", reading, seconds=4)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_SLOW
    assert _children() == []


def test_a_child_that_cannot_start_says_nothing_about_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutOfReach, match="does not start"):
        read_evidence(mail("Godkendt"), "mail.eml", READING, seconds=0.001)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OutOfReach, match="does not start"):
        read_evidence(mail("Godkendt"), "mail.eml", READING)


def test_a_machine_without_room_for_a_process_is_a_matter_of_later() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(OutOfReach, match="can't be started"):
            read_evidence(mail("Godkendt"), "mail.eml", READING)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_child_is_bare_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBU_DUBU_JIRA_TOKEN", "hemmelig")
    monkeypatch.setenv("DATABASE_URL", "postgresql://hemmelig")
    with dns_server({}, is_silent=True) as silent, ThreadPoolExecutor(1) as pool:
        reading = replace(READING, verify_dkim=True, dns_server=silent.address)
        running = pool.submit(read_evidence, _waits_for_dns(), "mail.eml", reading)
        deadline = time.monotonic() + WALL_SECONDS
        while not silent.asked and time.monotonic() < deadline:
            time.sleep(0.02)
        (child,) = _children()
        environment = (child / "environ").read_bytes()
        limits = {line[:26].strip(): line[26:].split()[0] for line in (child / "limits").read_text().splitlines()[1:]}
        here = (child / "cwd").readlink()
        session = os.getsid(int(child.name))
        os.kill(int(child.name), signal.SIGKILL)
        found = running.result()
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_COMPLEX  # as where the kernel ends it for its memory
    assert b"hemmelig" not in environment
    assert all(line.startswith(b"LD_LIBRARY_PATH=") for line in environment.split(b"\0") if line)
    assert here == Path("/")
    assert session == int(child.name)
    assert limits["Max cpu time"] == str(CPU_SECONDS)
    assert limits["Max address space"] == str(MEMORY_BYTES)
    assert limits["Max file size"] == limits["Max core file size"] == limits["Max processes"] == "0"


def _waits_for_dns() -> bytes:
    signature = "v=1; a=rsa-sha256; d=kommune.example; s=valg; h=from:date:subject; bh=QUFBQQ==; b=QUFBQQ=="
    return f"DKIM-Signature: {signature}\r\n".encode() * 3 + mail("Godkendt")


def _children() -> list[Path]:
    """This process's children that read mails, as folders below /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            is_reader = b"adapter.mails.child" in (stat.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue  # it has just ended
        if parent == os.getpid() and is_reader:
            found.append(stat.parent)
    return found


def test_what_a_confined_process_may_not_do() -> None:
    attempts = """
import os, socket, subprocess, sys
from adapter.mails.limits import confine
confine(frozenset({("127.0.0.1", 53)}))
def attempt(name, action):
    try:
        action()
        print(name, "done")
    except PermissionError:
        print(name, "refused")
attempt("read", lambda: open("/etc/hostname").close())
attempt("write", lambda: open("/tmp/adapter-mails-test", "w"))
attempt("append", lambda: open("/tmp/adapter-mails-test", "ab"))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("send", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.2", 53)))
attempt("unix", lambda: socket.socket(socket.AF_UNIX).connect("/tmp/x"))
attempt("dns", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)))
attempt("run", lambda: subprocess.run(["true"]))
attempt("shell", lambda: os.system("true"))
attempt("fork", lambda: os.fork())
attempt("exec", lambda: os.execv("/bin/true", ["true"]))
"""
    done = subprocess.run([sys.executable, "-c", attempts], env={}, capture_output=True, text=True, check=True)
    assert dict(line.split() for line in done.stdout.splitlines()) == {
        "read": "done",
        "write": "refused",
        "append": "refused",
        "connect": "refused",
        "send": "refused",
        "unix": "refused",
        "dns": "done",
        "run": "refused",
        "shell": "refused",
        "fork": "refused",
        "exec": "refused",
    }


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, ("127.0.0.1", 54))),
        ("socket.connect", (None, "/run/socket")),
        ("socket.sendto", (None,)),
        ("open", ("x", "w", os.O_WRONLY)),
        ("open", ("x", None, os.O_RDONLY | os.O_CREAT)),
        ("os.system", ("true",)),
        ("ctypes.dlopen", ("libc.so.6",)),
    ],
)
def test_the_fence_refuses_all_but_reading_and_dns(event: str, args: tuple[object, ...]) -> None:
    with pytest.raises(PermissionError):
        _refuse(event, args, frozenset({("127.0.0.1", 53)}))


def test_the_fence_lets_reading_and_dns_through() -> None:
    dns = frozenset({("127.0.0.1", 53), ("::1", 53)})
    _refuse("open", ("x", "r", os.O_RDONLY | os.O_CLOEXEC), dns)
    _refuse("open", ("x", None, None), dns)
    _refuse("socket.sendto", (None, ("127.0.0.1", 53)), dns)
    _refuse("socket.connect", (None, ("::1", 53, 0, 0)), dns)
    _refuse("import", ("dkim",), dns)


def test_a_confined_process_gets_no_more_memory_than_its_share() -> None:
    greedy = """
from adapter.mails.limits import confine
confine(frozenset())
taken = []
try:
    while True:
        taken.append(bytearray(2**20))
except MemoryError:
    print(len(taken) > 100)
"""
    done = subprocess.run([sys.executable, "-c", greedy], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_many_threads_read_at_once() -> None:
    mails = [mail(f"{word}\n\n{quoted('Nej')}") for word in ("Godkendt", "Nej tak", "Tak", "Godkendt, men ...") * 3]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda data: read_evidence(data, "mail.eml", READING), mails))
    assert [each.says for each in found if isinstance(each, MailFacts)] == [
        Says.YES,
        Says.NO,
        Says.NOTHING,
        Says.CONDITIONAL,
    ] * 3
    assert _children() == []


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("svar.eml", "application/octet-stream", True),
        ("SVAR.MSG ", "", True),
        ("svar", "message/rfc822; charset=x", True),
        ("svar", "application/vnd.ms-outlook", True),
        ("svar.pdf", "application/pdf", False),
        ("svar.eml.exe", "application/octet-stream", False),
    ],
)
def test_a_mail_is_known_by_name_or_type(name: str, kind: str, expected: bool) -> None:
    assert is_mail(_attached(name, kind)) is expected


def _attached(name: str, kind: str) -> Attachment:
    return Attachment(AttachmentId("a1"), name, AGENT, NOW, 1, kind, "")


def test_the_mapping_tells_words_and_domains() -> None:
    reading = Reading.of(catalogue(), "127.0.0.1:53")
    known = catalogue()
    assert reading.yes == known.evidence.yes
    assert reading.verify_dkim is known.evidence.verify_dkim
    assert set(known.parties.kombit.domains) <= set(reading.domains)
    assert Reading.from_json(reading.to_json()) == reading


def test_a_named_contacts_domain_may_be_asked_for_keys() -> None:
    known = catalogue()
    party = known.parties.kombit.model_copy(
        update={"contacts": ("chef@hos-en-anden.example",), "domains": ("brønd.example",)}
    )
    parties = known.parties.model_copy(update={"kombit": party})
    domains = Reading.of(replace(known, parties=parties), None).domains
    assert {"hos-en-anden.example", "xn--brnd-hra.example"} <= set(domains)
