"""The body of a request: its raw bytes within limits, and the JSON in them."""

from __future__ import annotations

import json
from typing import NoReturn

from flask import Request
from werkzeug.exceptions import ClientDisconnected

LIMIT = 25_000_000
"""Bytes; Jira never sends more (jira-facts: 25 MB)."""
_CHUNK = 64 * 1024


class TooLarge(Exception):
    """More bytes came, or were announced, than the limit allows."""


class Unfinished(Exception):
    """The body ended before its end."""


class NotJson(Exception):
    """The body is something else than JSON in UTF-8; the message says where, never what."""


def read_body(request: Request, limit: int = LIMIT) -> bytes:
    """The raw bytes, whether their length was announced or not.

    Reads on for a while past the limit without keeping anything: an answer before the last byte is sent reaches many
    clients as a broken connection, not as an answer.
    """
    announced = request.content_length
    kept = bytearray()
    size = 0
    try:
        while size <= 2 * LIMIT and (chunk := request.stream.read(_CHUNK)):
            size += len(chunk)
            if size <= limit:
                kept += chunk
            else:
                kept.clear()
    except (OSError, ClientDisconnected) as error:
        raise Unfinished from error
    if max(size, announced or 0) > limit:
        raise TooLarge
    if announced is not None and size < announced:
        raise Unfinished
    return bytes(kept)


def read_json(raw: bytes) -> object:
    """What the bytes say; a byte order mark is skipped, NaN and Infinity are no JSON."""
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise NotJson(f"not JSON at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except ValueError:  # a number of thousands of digits, NaN, Infinity
        raise NotJson("holds a number that is none") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
