"""Mapping folders to try things on: the shipped one, copied and edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "mappings" / "dubu"
SHARED = ROOT.parent / "shared" / "catalogue"
HERE = "⟦"
"""Stands in an edit where the problem is to be named; it is not part of the file."""


def shared(name: str) -> Path:
    """A file of the customer's catalogue; the test is skipped where the data is not beside the checkout."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here: the customer's catalogue is only beside the project's own checkouts")
    return path


def copy_of_shipped(under: Path) -> Path:
    """A folder of one's own with the shipped files."""
    return Path(shutil.copytree(SHIPPED, under / "dubu"))


def edit(folder: Path, file: str, *edits: tuple[str, str]) -> tuple[int, int] | None:
    """Replaces text that must stand in the file, and says where HERE stood: line and column."""
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, f"{old!r} is not in {file}: mend the test"
        text = text.replace(old, new, 1)
    place = place_of(text)
    (folder / file).write_text(text.replace(HERE, ""), encoding="utf-8")
    return place


def place_of(text: str) -> tuple[int, int] | None:
    """Line and column of HERE."""
    before, mark, _ = text.partition(HERE)
    return (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1) if mark else None
