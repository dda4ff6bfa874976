"""What must hold between values that are each well-formed: pure functions from a site's files to findings."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.files import Files
from adapter.catalogue.problems import Finding


def check(files: Files) -> Iterator[Finding]:
    """All findings, as far as the files that could be understood allow."""
    yield from ()
