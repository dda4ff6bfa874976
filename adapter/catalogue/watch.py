"""Follows a site's mapping folder: an edit that holds is in force within a second, a broken one never is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
import watchfiles

from adapter.catalogue.files import FILES
from adapter.catalogue.folder import Contents, read_folder
from adapter.catalogue.load import load_contents, load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.problems import MappingError, Problem

LOOK_MS = 1000
"""How often the folder is read even when the system reports no change: a link further up may have been moved."""
SETTLE_S = 0.15
"""An edit counts when the files have stood still for this long."""
RESTLESS_S = 5.0
"""Files that never stand still are read anyway after this long."""

log = structlog.get_logger(__name__)


def _ignore_change(_: Catalogue) -> None: ...


def _ignore_failure(_: tuple[Problem, ...]) -> None: ...


class CurrentCatalogue:
    """The catalogue in force, from any thread; follows the folder between `start` and `stop`.

    Loading the first time raises MappingError. Afterwards a folder that can't be used leaves the last good catalogue in
    force; `failures` counts such edits and `problems` says what is wrong with the one on disk now. A new catalogue is
    in force when `on_change` has returned; if that raises, it is offered once more after `again` seconds.
    """

    def __init__(
        self,
        folder: Path,
        on_change: Callable[[Catalogue], None] = _ignore_change,
        on_failure: Callable[[tuple[Problem, ...]], None] = _ignore_failure,
        again: float = 10.0,
    ) -> None:
        self.folder = folder
        self.failures = 0
        self.problems: tuple[Problem, ...] = ()
        self._catalogue = load_site(folder)
        self._tried: Contents | None = None
        self._on_change = on_change
        self._on_failure = on_failure
        self._again = again
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def get(self) -> Catalogue:
        """The catalogue in force now."""
        return self._catalogue  # one reference, replaced whole: readers need no lock

    def start(self) -> Self:
        """Begins to follow the folder, in a thread of its own that never keeps the process alive."""
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._follow, name=f"mapping {self.folder.name}", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Ends following; the last catalogue stays in force."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def refresh(self) -> None:
        """Reads the folder once it stands still, and takes it into force if it holds."""
        contents = self._settled()
        if contents == self._tried:
            return
        self._tried = contents
        try:
            catalogue = load_contents(self.folder, contents)
        except MappingError as error:
            self._fail(error.problems)
            return
        self.problems = ()
        if catalogue.version != self._catalogue.version:
            self._on_change(catalogue)
            before, self._catalogue = self._catalogue.version, catalogue
            log.info("mapping_in_force", site=catalogue.site, version=catalogue.version, before=before)

    def _fail(self, problems: tuple[Problem, ...]) -> None:
        self.failures += 1
        self.problems = problems
        for problem in problems:
            log.error("mapping_broken", problem=str(problem), in_force=self._catalogue.version)
        self._on_failure(problems)

    def _settled(self) -> Contents:
        names = tuple(FILES)
        contents = read_folder(self.folder, names)
        deadline = time.monotonic() + RESTLESS_S
        while contents != self._tried and time.monotonic() < deadline and not self._ended.wait(SETTLE_S):
            before, contents = contents, read_folder(self.folder, names)
            if contents == before:
                break
        return contents

    def _follow(self) -> None:
        while not self._ended.is_set():
            try:
                self._follow_one_folder()
            except Exception as error:  # noqa: BLE001  # `on_change` may reach for Jira, and anything can be away
                log.error("mapping_not_taken_up", folder=str(self.folder), problem=f"{type(error).__name__}: {error}")  # noqa: TRY400  # the message says what to do
                self._tried = None
                self._ended.wait(self._again)

    def _follow_one_folder(self) -> None:
        """Follows the folder as long as the path leads to the same one; where there is none, waits for it."""
        self.refresh()
        followed = _identity(self.folder)
        if followed is None:
            self._ended.wait(LOOK_MS / 1000)
            return
        for _ in watchfiles.watch(
            self.folder,
            recursive=False,
            debounce=100,
            step=20,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            stop_event=self._ended,
        ):
            if _identity(self.folder) != followed:
                return
            self.refresh()


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder the path leads to now, or None."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
