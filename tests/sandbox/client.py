"""A bare REST client of a sandbox site, logged in as somebody: for claims about the site itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from tests.sandbox.site import Sandbox


class Rest(requests.Session):
    """Sends to the site; addresses are below `/rest/api/2` unless they start with a slash."""

    def __init__(self, site: Sandbox, handle: str | None = "adapter") -> None:
        super().__init__()
        self.trust_env = False
        self.site = site
        if handle is not None:
            name, token = site.login(handle)
            if name is None:
                self.headers["Authorization"] = f"Bearer {token}"
            else:
                self.auth = (name, token)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **more: Any) -> requests.Response:  # noqa: ANN401 # handed through
        """Sends a request to the site."""
        path = str(url)
        if not path.startswith("http"):
            path = self.site.url + (path if path.startswith("/") else f"/rest/api/2/{path}")
        more.setdefault("timeout", 10)
        return super().request(method, path, *args, **more)
