"""The process that reads one mail: `python -I -m adapter.mails.child`, started by reader.py.

Standard input holds one line of JSON (file name and Reading) and then the mail. Standard output gets `ready`, once all
is loaded and confined, and then the facts as one line of JSON. The mail's text never leaves this process.
"""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

from adapter.mails.facts import facts_of
from adapter.mails.limits import confine
from adapter.mails.reading import Reading
from adapter.mails.signature import reachable, resolver_at
from adapter.ticket.evidence import EVIDENCE

READY = b"ready\n"


def order(filename: str, reading: Reading) -> bytes:
    """The line that tells the child what to read and how."""
    return json.dumps({"filename": filename, "reading": reading.to_json()}).encode("ascii") + b"\n"


def answer_one(source: BinaryIO, sink: BinaryIO) -> None:
    """Reads one order and its mail from `source` and writes the facts to `sink`."""
    wanted = json.loads(source.readline())
    reading = Reading.from_json(wanted["reading"])
    resolver = resolver_at(reading.dns_server) if reading.verify_dkim else None
    confine(reachable(resolver) if resolver is not None else frozenset())
    sink.write(READY)
    sink.flush()
    evidence = facts_of(source.read(), wanted["filename"], reading, resolver)
    sink.write(EVIDENCE.dump_json(evidence) + b"\n")
    sink.flush()


if __name__ == "__main__":
    answer_one(sys.stdin.buffer, sys.stdout.buffer)
