"""What is written to the log: constants, codes and ids; never the text of a ticket or mail, nor a secret.

Whoever writes a line is meant to keep to that. This is the net below: it cuts what could be text, masks what looks
like a CPR number, and tells of an exception its class and its way through our own code: its words may be anything.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

from adapter.errors import AdapterError
from adapter.masking import MASK, mask

_TEXT = re.compile(
    r"(?:^|_)(summary|description|body|text|subject|comment|content|html|filename|name|email|mail|address|sender|"
    r"recipients?|message_id|payload|data|args|kwargs|params|headers?|cookies?|query|response|answer|value|quote|words?|"
    r"password|token|secrets?|authorization|auth|url|dsn|conninfo|title|raw)$"
)
_LONGEST = 300  # characters of one value
_ROOMS = ("adapter", "webhooks")
_OUR_ROOT = Path(__file__).resolve().parent.parent
_PLAIN_SPEAKERS = ("procrastinate", "gunicorn", "werkzeug", "adapter", "webhooks")
"""Loggers whose own words hold no text of a ticket: ours, and those that see no ticket at all, or only its id."""


def configure(log_format: str, stream: TextIO | None = None, least: int = logging.INFO) -> None:
    """Sends every line of this process through the same net, to standard output unless told otherwise.

    `least` is the level below which the project's own lines are left out.
    """
    out = stream or sys.stdout
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_of_errors,
        withhold_text,
        mask_cpr_numbers,
        renderer,
    ]
    structlog.configure(
        processors=chain,
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Through(chain, out)]
    root.setLevel(logging.WARNING)
    for name in (
        "procrastinate",
        "werkzeug",
        "gunicorn",
        "gunicorn.error",
        "gunicorn.access",
        "jira",
        "urllib3",
        "psycopg",
    ):
        foreign = logging.getLogger(name)
        foreign.handlers[:] = []
        foreign.propagate = True
        foreign.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda hook: _uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)


def tell_of_errors(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Puts an exception's class and its way through our code in place of its words; ours may speak for themselves."""
    del logger, method
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = " < ".join(_named(link) for link in _chain(error))
        event["where"] = _way(error)
    event.pop("stack_info", None)
    return event


def withhold_text(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cuts values whose name or shape says that they could be text."""
    del logger, method
    for key, value in list(event.items()):
        event[key] = "withheld" if _TEXT.search(key.lower()) else _scalar(value)
    return event


def mask_cpr_numbers(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Masks what is shaped like a CPR number, wherever it stands."""
    del logger, method
    for key, value in list(event.items()):
        event[key] = _masked(value)
    return event


def masked(text: str) -> str:
    """The text with everything shaped like a CPR number masked."""
    return mask(text)


def _masked(value: object) -> object:
    match value:
        case str():
            return masked(value)
        case bool():
            return value
        case int() if 10**8 <= value < 10**10:
            return MASK  # a number that long is read as one, with its first zero gone
        case list():
            return [_masked(item) for item in value]
        case _:
            return value


def _scalar(value: object) -> object:  # noqa: PLR0911 - one answer a shape
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)} characters)"
        case datetime() | date():
            return value.isoformat()
        case Decimal() | timedelta() | Path():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [_scalar(item) for item in value]
        case Mapping():
            return "withheld"
        case AdapterError():
            return _scalar(str(value))
        case _:
            return type(value).__name__


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in links:
        links.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return links


def _named(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, AdapterError) else name


def _way(error: BaseException) -> list[str]:
    way = []
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_OUR_ROOT) and path.relative_to(_OUR_ROOT).parts[0] in _ROOMS:
            way.append(f"{path.relative_to(_OUR_ROOT)}:{frame.lineno}")
    return way


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    if error is not None and error.__traceback__ is None:
        error = error.with_traceback(trace)
    structlog.get_logger().critical("uncaught", exc_info=error if error is not None else kind())


class _Through(logging.Handler):
    """Takes the lines of other libraries through the same net.

    Their words are told only where they are known to hold no ticket; of the rest, who spoke and where.
    """

    def __init__(self, chain: list[structlog.typing.Processor], out: TextIO) -> None:
        super().__init__()
        self._chain = chain
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        try:
            speaks = record.name.split(".")[0] in _PLAIN_SPEAKERS
            event: Any = {
                "event": record.getMessage() if speaks else "a library reports trouble",
                "logger": record.name,
                "at": f"{record.module}:{record.lineno}",
                "exc_info": record.exc_info,
            }
            for step in self._chain:
                event = step(None, record.levelname.lower(), event)
            self._out.write(f"{event}\n")
            self._out.flush()
        except Exception:  # noqa: BLE001 - a line that cannot be written must not end the work
            self.handleError(logging.makeLogRecord({"msg": "a line could not be written", "name": "adapter.logs"}))
