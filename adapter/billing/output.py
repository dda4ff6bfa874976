"""Writes a report so that it is there whole or not at all, and only its owner can read it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from adapter.errors import ConfigurationError


def check_place(path: Path, *, force: bool) -> None:
    """Refuses a place that a report cannot be written to, before anything is read."""
    folder = path.parent
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder: make it, or choose another place with --out")
    if path.is_dir():
        raise ConfigurationError(f"{path} is a folder: name a file in it with --out")
    if not force and (path.exists() or path.is_symlink()):
        raise _already_there(path)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{folder} can't be written to: choose another place with --out")


def write(path: Path, content: bytes, *, force: bool) -> None:
    """Writes a file of mode 0600 beside its place and puts it there in one step."""
    claimed = False
    written: Path | None = None
    try:
        if not force:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # ours from here on
            claimed = True
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".report-", delete=False) as file:  # 0600
            written = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        if claimed:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise _already_there(path) from error
        raise ConfigurationError(f"{path} can't be written ({error.strerror}): choose another with --out") from error


def _already_there(path: Path) -> ConfigurationError:
    return ConfigurationError(f"{path} is already there: write over it with --force, or choose another with --out")
