"""How much of a mail is read, and how a process is confined before it reads one.

Measured: an ordinary mail takes 0.2 s and 55 MB, nearly all for starting Python; a mail of 25 MB 0.7 s and 260 MB; the
worst that is known, half a million open angles of HTML, 1.4 s. The limits leave room above that for slower machines.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import Any

MAX_BYTES = 25 * 2**20
MAX_HEADER_BYTES = 64 * 2**10  # of one header, unfolded
MAX_HEADERS = 1_000  # in the whole mail, parts included
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_TEXT = 2**19  # characters of one body
MAX_ADDRESSES = 300
MAX_ADDRESS_BYTES = 16 * 2**10  # of all headers with addresses together: the library takes quadratic time
MAX_REFERENCES = 1_000
CPU_SECONDS = 6
WALL_SECONDS = 20.0
MEMORY_BYTES = 768 * 2**20
MAX_ANSWER_BYTES = 2**20  # of facts, as JSON

Address = tuple[str, int]


class TooComplex(Exception):
    """A mail goes beyond what is read of one: a person looks at it."""


class NotAMail(Exception):
    """The bytes are something else than a mail."""


def confine(reachable: frozenset[Address]) -> None:
    """Takes from this process, for good, all that reading a mail does not need; `reachable` are DNS servers.

    The limits are the kernel's. The audit hook is a second fence for what has no limit of its own: a parser that is
    led astray gets no socket, no file to write and no other program. A hook can't be removed again.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the mail
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.alarm(int(WALL_SECONDS) + 5)  # where the caller is gone, nobody else ends us
    sys.addaudithook(lambda event, args: _refuse(event, args, reachable))


_FORBIDDEN = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.", "ctypes.", "shutil.")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_WRITING = 0o3 | 0o100 | 0o1000 | 0o2000  # access mode, O_CREAT, O_TRUNC, O_APPEND


def _refuse(event: str, args: tuple[Any, ...], reachable: frozenset[Address]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event in _SENDING and (len(args) < 2 or not isinstance(args[1], tuple) or args[1][:2] not in reachable):
        raise PermissionError(event)
    if event == "open" and isinstance(args[2], int) and args[2] & _WRITING:
        raise PermissionError(event)
