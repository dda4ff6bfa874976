"""`dubu-adapter serve`: the database, the door and the worker of one machine, kept running together."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from prometheus_client.multiprocess import mark_process_dead

from adapter.database import Database, open_database
from adapter.errors import AdapterError, ConfigurationError
from adapter.settings import Settings

CONFIGURATION = 2
"""The exit status of a child whose configuration is wrong: starting it again would not help."""
_GRACE = 25.0  # seconds that the children get to end: a look ends within ten, a request within twenty
_STEADY = 60.0  # seconds after which a child's earlier ends are forgiven
_LONGEST_PAUSE = 30.0  # seconds between two starts
_TICK = 0.1  # seconds
_DATABASE_EVERY = 2.0  # seconds between two looks at the embedded server
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_log = structlog.get_logger()


@dataclass
class Child:
    """One of the two halves, as a process of its own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    ends: int = 0
    started_at: float = 0.0
    start_at: float = 0.0

    def start(self) -> None:
        """Starts the process; it gets SIGTERM by itself where the supervisor is killed."""
        self.started_at = time.monotonic()
        # Out of reach of an interrupt at the terminal: who ends, and in which order, is the supervisor's to say.
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            env=dict(self.environment),
            start_new_session=True,
            preexec_fn=_ends_with(os.getpid()),  # noqa: PLW1509 - the supervisor has one thread
        )

    def status(self) -> int | None:
        """The exit status, None while it runs or waits to be started."""
        return None if self.process is None else self.process.poll()

    def put_off(self, now: float) -> float:
        """Plans the next start; the pause doubles while it keeps ending soon. Returns the seconds until then."""
        self.ends = 1 if now - self.started_at > _STEADY else self.ends + 1
        pause = min(2.0 ** (self.ends - 1), _LONGEST_PAUSE)
        self.process, self.start_at = None, now + pause
        return pause

    def signal(self, number: int) -> None:
        """Sends a signal to the process; SIGKILL to all that it has started as well."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGKILL else os.kill)(self.process.pid, number)


def serve(
    settings: Settings, web: Sequence[str], work: Sequence[str], *, say: Callable[[str], None] | None = None
) -> int:
    """Runs both halves on one database until SIGTERM or SIGINT; returns the exit status.

    Args:
        web: the door's command line; it finds the database in DATABASE_URL.
        work: the worker's.
        say: takes the lines for the operator; default: standard output.

    Raises:
        ConfigurationError: the port is taken, or the database cannot be used.
        OutOfReach: the database of DATABASE_URL does not answer.
    """
    say = say or _say
    _check_port(settings)
    with (
        _asked_to_stop() as stopping,
        open_database(settings) as database,
        tempfile.TemporaryDirectory(prefix="dubu-figures-") as figures,
    ):
        environment = {
            **settings.environment,
            "DATABASE_URL": database.url,
            # Both halves count in one place, so that the door can tell what the worker did.
            "PROMETHEUS_MULTIPROC_DIR": settings.environment.get("PROMETHEUS_MULTIPROC_DIR") or figures,
        }
        children = [Child("web", web, environment), Child("work", work, environment)]
        try:
            return _keep_running(children, settings, database, stopping, say)
        finally:
            _end(children)


def _keep_running(
    children: Sequence[Child],
    settings: Settings,
    database: Database,
    stopping: Callable[[], bool],
    say: Callable[[str], None],
) -> int:
    ready = False
    database_at = time.monotonic()
    while not stopping():
        now = time.monotonic()
        for child in children:
            status = child.status()
            if status == CONFIGURATION and child.ends == 0:  # it has never run: nobody relies on the other half yet
                say(f"{child.name} cannot start: its configuration is wrong, see the lines above")
                return CONFIGURATION
            if status is not None and child.process is not None:
                _forget_figures(child.process.pid, child.environment)
                pause = child.put_off(now)
                say(f"{child.name} ended ({_reason(status)}); it starts again in {pause:.0f} s")
            if child.process is None and now >= child.start_at:
                child.start()
        if not ready and all(child.process for child in children) and _is_live(settings):
            ready = True
            say(f"ready on http://{_authority(settings.host, settings.port)}")
        if now - database_at > _DATABASE_EVERY:
            database_at = now
            _keep_database_up(database)
        time.sleep(_TICK)
    say("stopping")
    return 0


def _keep_database_up(database: Database) -> None:
    try:
        database.keep_up()
    except (AdapterError, OSError) as error:
        _log.error("the embedded database cannot be started again", exc_info=error)


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _log.warning("killed, because it did not end in time", child=child.name)
                child.signal(signal.SIGKILL)
                child.process.wait()


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
                "stop what is there, or set DUBU_HOST and DUBU_PORT"
            ) from error


def _is_live(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - listens, we ask
    connection = http.client.HTTPConnection(host, settings.port, timeout=1)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _reason(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def _forget_figures(pid: int, environment: Mapping[str, str]) -> None:
    mark_process_dead(pid, environment["PROMETHEUS_MULTIPROC_DIR"])  # type: ignore[no-untyped-call]  # it is untyped


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM or SIGINT has come since."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda n, _: asked.append(n)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ends_with(parent: int) -> Callable[[], None] | None:
    """What a child does before its program runs, so that it ends with its parent; Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # found before the fork: after it, as little as may be is done

    def bind() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return bind
