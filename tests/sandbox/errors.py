"""How Jira says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class JiraError(Exception):
    """An answer with a status of 400 or more, in Jira's own shape."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {'; '.join(messages)} {dict(errors or {})}")
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})

    def body(self, path: str) -> dict[str, Any]:
        """The JSON body: the service desk's API and bulk changes have shapes of their own."""
        if path.startswith("/rest/api/3/bulk"):
            return {"errors": [{"message": text} for text in (*self.messages, *self.errors.values())]}
        if path.startswith("/rest/servicedeskapi"):
            text = "; ".join((*self.messages, *self.errors.values()))
            return {"errorMessage": text, "i18nErrorMessage": {"i18nKey": "", "parameters": []}}
        return {"errorMessages": list(self.messages), "errors": self.errors}


def no_issue() -> JiraError:
    """What Jira says of an issue that is not there, and of one that you may not see."""
    return JiraError(404, "Issue does not exist or you do not have permission to see it.")
