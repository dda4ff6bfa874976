"""The address of scoped tokens (Cloud): the same site behind `/ex/jira/<cloud id>`, where only those tokens count."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

SCOPED = "sandbox.scoped"
PREFIX = "scoped-"
"""What a scoped token of the sandbox begins with; the rest is its owner's usual token."""


class Gateway:
    """Takes the prefix off, tells which site it is, and marks what came that way."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], cloud_id: str) -> None:
        self.inner = inner
        self.root = f"/ex/jira/{cloud_id}"
        self.tenant = json.dumps({"cloudId": cloud_id}).encode()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if path == "/_edge/tenant_info":
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(self.tenant)))])
            return [self.tenant]
        if path.startswith(f"{self.root}/"):
            environ |= {"PATH_INFO": path.removeprefix(self.root), SCOPED: True}
        return self.inner(environ, start_response)


def token_of(given: str, environ: dict[str, Any]) -> str | None:
    """The owner's usual token, if the given one is of the kind that counts at the address it came to."""
    if environ.get(SCOPED):
        return given.removeprefix(PREFIX) if given.startswith(PREFIX) else None
    return None if given.startswith(PREFIX) else given
