"""Delivers webhooks from the background: signed, retried with the same identifier, and lost or late on demand."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import json
import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

import requests

from tests.sandbox.events import payload
from tests.sandbox.people_records import User
from tests.sandbox.search import matches
from tests.sandbox.world import Event, World

RETRIED = frozenset({408, 409, 425, 429, *range(500, 600)})
WORKERS = 4
TIMEOUT = (2.0, 15.0)


def sign(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(eq=False)
class Hook:
    """Somewhere that wants to be told; no secret: unsigned. No events: all of them. No query: of every issue."""

    url: str
    secret: str | None = None
    events: tuple[str, ...] = ()
    jql: str = ""
    name: str = "Webhook"
    enabled: bool = True
    excludes_body: bool = False
    id: int = 0
    changed_by: User | None = None
    changed: datetime | None = None

    def wants(self, world: World, event: Event) -> bool:
        """Whether it is to be told of an event."""
        if not self.enabled or (self.events and event.name not in self.events):
            return False
        return not self.jql or matches(world, self.changed_by or event.by, self.jql, event.issue)


@dataclass
class Delivery:
    """One event on its way to one hook."""

    hook: Hook
    event: str
    issue_id: str
    body: bytes
    identifier: str
    answers: list[int] = field(default_factory=list)  # statuses, 0 for no answer
    outcome: str = "waiting"  # then: delivered, given up, dropped

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return self.outcome == "delivered"


class Webhooks:
    """The deliveries of a site; `retry_delays` in seconds, one a retry."""

    def __init__(self, world: World, retry_delays: tuple[float, ...]) -> None:
        self.world = world
        self.retry_delays = retry_delays
        self.hooks: list[Hook] = []
        self.deliveries: list[Delivery] = []
        self.delay = 0.0  # seconds before a delivery's first try
        self._drop_next = 0
        self._drop_all = False
        self._twice_next = 0
        self._held: list[Delivery] | None = None
        self._due: list[tuple[float, int, Delivery]] = []
        self._number = 0
        self._under_way = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._threads = [threading.Thread(target=self._work, daemon=True, name="webhook") for _ in range(WORKERS)]

    def start(self) -> None:
        """Starts delivering."""
        self.world.listeners.append(self.tell)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stops delivering; what is under way is given up."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=TIMEOUT[1])

    def add(self, hook: Hook) -> Hook:
        """Registers a webhook."""
        hook.id = max((h.id for h in self.hooks), default=0) + 1
        self.hooks.append(hook)
        return hook

    def drop(self, count: int) -> None:
        """Loses the next deliveries without a try."""
        with self._changed:
            self._drop_next = count

    def drop_all(self, lost: bool = True) -> None:
        """Loses all deliveries until told otherwise."""
        with self._changed:
            self._drop_all = lost

    def twice(self, count: int) -> None:
        """Sends the next deliveries twice, under the same identifier."""
        with self._changed:
            self._twice_next = count

    def hold(self) -> None:
        """Keeps deliveries back until they are released."""
        with self._changed:
            self._held = self._held or []

    def release(self, order: list[int] | None = None) -> None:
        """Sends what was held back, newest first or in the order of the numbers given."""
        with self._changed:
            held, self._held = self._held or [], None
            chosen = held[::-1] if order is None else [held[n] for n in order]
            for delivery in chosen:
                self._put(delivery, 0.0)

    def tell(self, event: Event) -> None:
        """Puts an event on its way to every hook that wants it."""
        wanted = [h for h in self.hooks if h.wants(self.world, event)]
        if not wanted:
            return
        body = json.dumps(payload(self.world, event), ensure_ascii=False).encode()
        with self._changed:
            for hook in wanted:
                sent = b"" if hook.excludes_body else body
                delivery = Delivery(hook, event.name, event.issue.id, sent, str(uuid.uuid4()))
                self.deliveries.append(delivery)
                self._send(delivery)

    def _send(self, delivery: Delivery) -> None:
        if self._drop_all or self._drop_next > 0:
            self._drop_next = max(0, self._drop_next - 1)
            delivery.outcome = "dropped"
            return
        copies = 1
        if self._twice_next > 0:
            self._twice_next -= 1
            copies = 2
        for number in range(copies):
            sent = replace(delivery, answers=[]) if number else delivery
            if number:
                self.deliveries.append(sent)
            if self._held is not None:
                self._held.append(sent)
            else:
                self._put(sent, self.delay)

    def _put(self, delivery: Delivery, wait: float) -> None:
        self._number += 1
        heapq.heappush(self._due, (time.monotonic() + wait, self._number, delivery))
        self._under_way += 1
        self._changed.notify_all()

    def settled(self, timeout: float = 10.0) -> None:
        """Waits until no delivery is under way (those held back aside); TimeoutError if that takes too long."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while self._under_way:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{self._under_way} webhook deliveries are still under way after {timeout} s")
                self._changed.wait(left)

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (delivery := self._next()) is not None:
                answer = self._try(session, delivery)
                with self._changed:
                    self._under_way -= 1
                    delivery.answers.append(answer)
                    retries = len(delivery.answers) - 1
                    again = answer == 0 or answer in RETRIED
                    if again and retries < len(self.retry_delays):
                        self._put(delivery, self.retry_delays[retries])
                    else:
                        delivery.outcome = "delivered" if 200 <= answer < 300 else "given up"
                    self._changed.notify_all()

    def _next(self) -> Delivery | None:
        """The next delivery that is due; None when the site stops."""
        with self._changed:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _try(self, session: requests.Session, delivery: Delivery) -> int:
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": delivery.identifier,
            "X-Atlassian-Webhook-Flow": "Primary",
        }
        if delivery.answers:
            headers["X-Atlassian-Webhook-Retry"] = str(len(delivery.answers))
        if delivery.hook.secret is not None:
            headers["X-Hub-Signature"] = sign(delivery.hook.secret, delivery.body)
        try:
            url = delivery.hook.url
            return session.post(
                url, data=delivery.body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ).status_code
        except requests.RequestException:
            return 0
