"""Reads the files of a site's folder as they are on disk, in one piece."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapter.catalogue.problems import Problem
from adapter.catalogue.suggest import suggestion
from adapter.catalogue.tree import LARGEST_FILE
from adapter.fingerprint import fingerprint


@dataclass(frozen=True)
class Contents:
    """The bytes of a site's files, by name, and what stood in the way of reading them."""

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    @property
    def version(self) -> str:
        """First 12 letters of what `cat *.yaml | sha256sum | tr 0-9 g-p` says of the files."""
        return fingerprint(b"".join(self.files[name] for name in sorted(self.files)))


def read_folder(folder: Path, names: tuple[str, ...]) -> Contents:
    """Reads the named files, again until two readings agree, so that an edit under way is never read by half.

    Links are followed where they stay inside the folder, as Kubernetes mounts a ConfigMap; one out of it is a problem.
    """
    contents = _read(folder, names)
    for _ in range(5):
        before, contents = contents, _read(folder, names)
        if contents == before:
            break
    return contents


def _read(folder: Path, names: tuple[str, ...]) -> Contents:
    shown = folder.as_posix()
    try:
        root = folder.resolve(strict=True)
        entries = sorted(entry.name for entry in root.iterdir())
    except (OSError, RuntimeError) as error:
        return Contents(
            {}, (Problem(shown, 1, 1, f"mappen kan ikke læses ({_reason(error)}); se --mappings og --site"),)
        )
    problems = [
        Problem(
            f"{shown}/{name}", 1, 1, f"filen hører ikke til her{suggestion(name, names) or '; flyt eller slet den'}"
        )
        for name in entries
        if name not in names and not _is_left_over(name)
    ]
    files: dict[str, bytes] = {}
    for name in names:
        try:
            files[name] = _read_file(root, name)
        except (OSError, RuntimeError) as error:
            problems.append(Problem(f"{shown}/{name}", 1, 1, f"filen kan ikke læses ({_reason(error)})"))
    return Contents(files, tuple(problems))


def _read_file(root: Path, name: str) -> bytes:
    path = (root / name).resolve(strict=True)
    if not path.is_relative_to(root):
        raise OSError("den er en henvisning ud af mappen; læg filen selv her")
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("den er ikke en almindelig fil")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "den findes ikke"
        case PermissionError():
            return "adapteren har ikke lov til at læse den"
        case NotADirectoryError():
            return "den er ikke en mappe"
        case OSError(strerror=str(text)):
            return text
        case _:
            return str(error) if isinstance(error, OSError) else "henvisninger i ring"


def _is_left_over(name: str) -> bool:
    """True for what editors and mounts leave beside the files: `.katalog.yaml.swp`, `katalog.yaml~`, `..data`."""
    return name.startswith((".", "#")) or name.endswith("~")
