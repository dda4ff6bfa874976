"""Mails on a ticket, read in a process of their own: `read_evidence` and what counts as a mail."""

from __future__ import annotations

import contextlib
import hashlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from pydantic import ValidationError

from adapter.catalogue.words import Digest
from adapter.errors import OutOfReach
from adapter.mails.child import READY, order
from adapter.mails.limits import MAX_ANSWER_BYTES, MAX_BYTES, WALL_SECONDS
from adapter.mails.reading import Reading
from adapter.ticket.evidence import EVIDENCE, MailFacts, Unread, UnreadFile
from adapter.ticket.snapshot import Attachment

__all__ = ["MAX_BYTES", "Reading", "is_mail", "read_evidence"]

AT_ONCE = 2  # children of one worker process: each may take its whole share of memory
_turns = threading.BoundedSemaphore(AT_ONCE)
_MAIL_ENDINGS = (".eml", ".msg")
_MAIL_TYPES = ("message/rfc822", "application/vnd.ms-outlook")


def is_mail(attachment: Attachment) -> bool:
    """Tells whether an attachment is to be read as a mail, by its name's ending or its type."""
    return attachment.filename.strip().lower().endswith(_MAIL_ENDINGS) or _type(attachment) in _MAIL_TYPES


def _type(attachment: Attachment) -> str:
    return attachment.mime_type.split(";")[0].strip().lower()


def read_evidence(
    data: bytes, filename: str, reading: Reading, *, seconds: float = WALL_SECONDS
) -> MailFacts | UnreadFile:
    """Reads a mail's facts; whatever the bytes, it returns within `seconds` and this process is unharmed.

    OutOfReach only where the machine can't start a process now: that says nothing about the mail, so the look comes
    again later instead of remembering a readable mail as an unreadable one.
    """
    digest = Digest(hashlib.sha256(data).hexdigest())
    if len(data) > MAX_BYTES:
        return UnreadFile(digest=digest, reason=Unread.TOO_LARGE)
    with _turns:
        output, status, was_slow = _run(order(filename, reading), data, seconds)
    if not output.startswith(READY):
        raise OutOfReach(f"The reader of mails does not start (exit {status}): check memory and the installation")
    if was_slow or status in {-signal.SIGXCPU, -signal.SIGALRM}:
        return UnreadFile(digest=digest, reason=Unread.TOO_SLOW)
    if not output.endswith(b"\n") or output == READY:
        return UnreadFile(digest=digest, reason=Unread.TOO_COMPLEX)  # it died while reading, of memory or worse
    try:
        return EVIDENCE.validate_json(output.removeprefix(READY)).model_copy(update={"digest": digest})
    except ValidationError:
        return UnreadFile(digest=digest, reason=Unread.BROKEN)


def _run(wanted: bytes, data: bytes, seconds: float) -> tuple[bytes, int, bool]:
    """What the child wrote, its exit status, and whether it ran out of time."""
    deadline = time.monotonic() + seconds
    try:
        with os.fdopen(os.memfd_create("mail"), "w+b") as mail:  # it never touches a disk
            mail.write(wanted)
            mail.write(data)
            mail.seek(0)
            child = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", "-m", "adapter.mails.child"],
                stdin=mail,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback could hold text
                cwd="/",
                env=_bare_environment(os.environ),
                start_new_session=True,
            )
    except OSError as error:
        raise OutOfReach(f"The reader of mails can't be started ({error.strerror}): free memory or processes") from None
    assert child.stdout is not None  # noqa: S101  # asked for above; tells the type checker
    try:
        output, was_slow = _output_of(child.stdout.fileno(), deadline)
    finally:
        child.stdout.close()
        _kill(child)
        status = child.wait()
    return output, status, was_slow


def _output_of(pipe: int, deadline: float) -> tuple[bytes, bool]:
    """All that comes before the pipe's end, the deadline or more than any facts need; True where it was late."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    output = bytearray()
    while len(output) <= MAX_ANSWER_BYTES:
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            return bytes(output), True
        chunk = os.read(pipe, 2**16)
        if not chunk:
            break
        output += chunk
    return bytes(output), False


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and whatever it may have started; its number is its own until it is waited for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _bare_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """No secret goes to the child: only where Python's own libraries are, if that is set."""
    return {name: environment[name] for name in ("LD_LIBRARY_PATH",) if name in environment}
