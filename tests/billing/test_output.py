"""A report is there whole or not at all, is its owner's alone, and takes no other file's place unasked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from adapter.billing.output import check_place, write
from adapter.errors import ConfigurationError


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    place = tmp_path / "november.xlsx"
    before = os.umask(0)
    try:
        write(place, b"content", force=False)
    finally:
        os.umask(before)
    assert place.read_bytes() == b"content"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "november.xlsx"
    place.write_bytes(b"older")
    with pytest.raises(ConfigurationError, match="already there: write over it with --force"):
        check_place(place, force=False)
    with pytest.raises(ConfigurationError, match="already there: write over it with --force"):
        write(place, b"newer", force=False)
    assert place.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [place]


def test_it_is_written_over_only_when_told_to(tmp_path: Path) -> None:
    place = tmp_path / "november.xlsx"
    place.write_bytes(b"older")
    place.chmod(0o644)
    check_place(place, force=True)
    write(place, b"newer", force=True)
    assert place.read_bytes() == b"newer"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    target, place = tmp_path / "elsewhere", tmp_path / "november.xlsx"
    place.symlink_to(target)
    with pytest.raises(ConfigurationError, match="already there"):
        check_place(place, force=False)
    with pytest.raises(ConfigurationError, match="already there"):
        write(place, b"content", force=False)
    write(place, b"content", force=True)
    assert not target.exists()
    assert not place.is_symlink()


def test_a_place_that_cannot_be_written_to_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no folder: make it"):
        check_place(tmp_path / "nowhere" / "november.xlsx", force=False)
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(ConfigurationError, match="is a folder: name a file"):
        check_place(tmp_path / "a.xlsx", force=True)


def test_what_fails_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    place.mkdir()
    with pytest.raises(ConfigurationError, match="can't be written"):
        write(place, b"content", force=True)
    assert list(tmp_path.iterdir()) == [place]
    with pytest.raises(ConfigurationError, match="can't be written"):
        write(tmp_path / "nowhere" / "b.xlsx", b"content", force=False)
