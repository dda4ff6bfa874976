"""A running sandbox site, and the handle by which tests arrange and ask."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from adapter.catalogue.model import Catalogue
from tests.sandbox import described
from tests.sandbox.actor import Actor
from tests.sandbox.admin import Admin
from tests.sandbox.app import make_app
from tests.sandbox.described import Violation
from tests.sandbox.dubu import default_seed, seed_from
from tests.sandbox.faults import Fault, Faults, Trouble
from tests.sandbox.journal import Journal
from tests.sandbox.people_records import User
from tests.sandbox.plant import plant
from tests.sandbox.records import Comment, Issue
from tests.sandbox.scoped import PREFIX
from tests.sandbox.seed import Seed
from tests.sandbox.stays import seconds_in
from tests.sandbox.webhooks import Hook, Webhooks

RETRY_DELAYS = (0.2, 0.4, 0.8, 1.6, 3.2)  # Jira takes 5 to 15 minutes each
VIOLATIONS: list[Violation] = []  # of every site in this process that no test has answered for; see pytest_plugin.py
CHECKED = [0]  # messages held against a description, by every site in this process


class _Quiet(WSGIRequestHandler):
    """Answers without a line on stderr for each request, and without waiting for full packets."""

    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.lines.add(self.connection)  # type: ignore[attr-defined]  # _Server has it

    def finish(self) -> None:
        self.server.lines.discard(self.connection)  # type: ignore[attr-defined]  # _Server has it
        with contextlib.suppress(OSError):
            super().finish()

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 # werkzeug's own name
        pass


class _Server(ThreadedWSGIServer):
    """Knows its open connections, so that stopping leaves none behind."""

    request_queue_size = 128

    def __init__(self, *args: Any) -> None:  # noqa: ANN401 # handed through
        self.lines: set[socket.socket] = set()
        super().__init__(*args)

    def hang_up(self) -> None:
        for line in tuple(self.lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Sandbox:
    """A stand-in Jira Service Management site, served over HTTP from this process."""

    def __init__(
        self,
        seed: Seed,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        validate: bool = True,
        retry_delays: tuple[float, ...] | None = None,
    ) -> None:
        self.world = plant(seed)
        self.clock = self.world.clock
        delays = RETRY_DELAYS if self.world.cloud else ()  # Data Center: no retry may be relied on
        self.webhooks = Webhooks(self.world, delays if retry_delays is None else retry_delays)
        self.faults = Faults()
        self.answers: dict[tuple[str, str], bytes] = {}  # the last to each read, by who asked and what; for STALE
        self.requests = Journal()
        self.violations: list[Violation] = []
        self.checked = 0  # messages held against Atlassian's descriptions
        self.why = self._why_not(validate)
        self._server = _Server(host, port, make_app(self), _Quiet)
        self.port = self._server.port
        self.url = f"http://{host}:{self.port}"
        self.world.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="sandbox")

    def _why_not(self, validate: bool) -> str:
        """Why nothing is held against Atlassian's descriptions; empty where it is."""
        if not validate:
            return "not asked for"
        return "" if described.is_there() else "../shared/jira/openapi is not there"

    def validates(self, method: str, path: str) -> bool:
        """Whether this message is held against its description; on Data Center only what Cloud writes alike."""
        return not self.why and (self.world.cloud or described.is_alike(method, path))

    def check(self, found: Violation | None) -> Violation | None:
        """Counts a message that was held against its description, and notes what was found."""
        self.checked += 1
        CHECKED[0] += 1
        if found is not None:
            self.report(found)
        return found

    @classmethod
    @contextmanager
    def start(
        cls,
        source: Catalogue | Seed | None = None,
        *,
        deployment: str | None = None,
        port: int = 0,
        validate: bool = True,
        retry_delays: tuple[float, ...] | None = None,
        webhook: str | None = None,
        secret: str | None = None,
    ) -> Iterator[Sandbox]:
        """A site while the block lasts, from a mapping, a seed, or neither."""
        seed = source if isinstance(source, Seed) else seed_from(source) if source else default_seed()
        site = cls(seed.on(deployment or seed.deployment), port=port, validate=validate, retry_delays=retry_delays)
        if webhook:
            site.tell(webhook, secret)
        site.run()
        try:
            yield site
        finally:
            site.stop()

    def run(self) -> None:
        """Starts serving and delivering."""
        self.webhooks.start()
        self._thread.start()

    def stop(self) -> None:
        """Stops both."""
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join(timeout=10)
        self.webhooks.stop()

    def report(self, violation: Violation) -> None:
        """Notes a message that is not as described."""
        self.violations.append(violation)
        VIOLATIONS.append(violation)

    def forgive(self) -> list[Violation]:
        """Takes the violations away that a test made on purpose, and returns them."""
        found, self.violations = self.violations, []
        for violation in found:
            with contextlib.suppress(ValueError):
                VIOLATIONS.remove(violation)
        return found

    def tell(self, url: str, secret: str | None = None, *events: str, project: str | None = None) -> Hook:
        """Registers a webhook."""
        return self.webhooks.add(Hook(url, secret, events, f"project = {project}" if project else ""))

    def settled(self, timeout: float = 10.0) -> None:
        """Waits until no webhook is under way; TimeoutError otherwise."""
        self.webhooks.settled(timeout)

    def as_user(self, handle: str) -> Actor:
        """Somebody to act as; KeyError names who there is."""
        return Actor(self.world, self.user(handle))

    def user(self, handle: str) -> User:
        """A user by handle."""
        if handle not in self.world.users:
            raise KeyError(f"nobody is called {handle!r}; there are {sorted(self.world.users)}")
        return self.world.users[handle]

    @property
    def scoped_url(self) -> str:
        """The address of scoped tokens (Cloud)."""
        return f"{self.url}/ex/jira/{self.world.cloud_id}"

    def login(self, handle: str = "adapter", *, scoped: bool = False) -> tuple[str | None, str]:
        """Mail address and token on Cloud, a scoped one for the scoped address; None and a PAT on Data Center."""
        user = self.user(handle)
        token = f"{PREFIX}{user.token}" if scoped else user.token
        return (user.email if self.world.cloud else None), token

    def as_admin(self, handle: str = "admin") -> Admin:
        """Somebody to change the site's settings as, by hand, on Cloud and on Data Center alike."""
        return Admin(self.world, self.user(handle))

    def interrupt_after(self, writes: int, trouble: Trouble = Trouble.CUT_BEFORE) -> Fault:
        """Lets some writes pass and then no more, until `faults.clear()`; CUT_AFTER: the next is done, unanswered."""
        return self.faults.add(Fault(trouble, after=writes, writes=True))

    def seconds_in(self, key: str) -> dict[str, float]:
        """How long a ticket has been in each status, in seconds; those it never was in are not there."""
        with self.world.lock:
            return seconds_in(self.issue(key), self.clock.now())

    def issue(self, key: str) -> Issue:
        """A ticket as it stands."""
        return self.world.find_issue(key)

    def status(self, key: str) -> str:
        """The name of a ticket's status."""
        return self.issue(key).status.name

    def value(self, key: str, field: str) -> str | float | date | datetime | list[str] | None:
        """A field's value by the field's name: an option as its text."""
        value = self.issue(key).values.get(self.world.field_named(field).id)
        if isinstance(value, list):
            return [v.handle if isinstance(v, User) else v.name for v in value]
        found: str | float | date | datetime | None = getattr(value, "value", None) or getattr(value, "name", value)
        return found

    def values(self, key: str) -> dict[str, Any]:
        """All fields of a ticket that hold something, by name."""
        found = self.issue(key)
        there = self.world.fields_in(found.project, found.issue_type)
        held = {f.name: self.value(key, f.name) for f in there}
        return {name: value for name, value in held.items() if value is not None}

    def participants(self, key: str) -> list[str]:
        """Who takes part in a request beside its reporter, by handle."""
        return [u.handle for u in self.world.participants_of(self.issue(key))]

    def watchers(self, key: str) -> list[str]:
        """Who watches a ticket, by handle."""
        return [u.handle for u in self.issue(key).watchers]

    def comments(self, key: str, by: str | None = None) -> list[Comment]:
        """A ticket's comments, or those by one user."""
        return [c for c in self.issue(key).comments if by is None or c.author.handle == by]


def load(mappings: Path, name: str) -> Catalogue:
    """The mapping of a site."""
    from adapter.catalogue.load import load_site  # noqa: PLC0415 # a seed of one's own needs no mapping

    return load_site(mappings / name)
