"""An edit that holds is in force soon; a broken one never is, however it reached the disk."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.problems import MappingError, Problem
from adapter.catalogue.watch import CurrentCatalogue
from adapter.catalogue.words import CategoryId
from adapter.errors import OutOfReach
from tests.catalogue.folders import SHIPPED, copy_of_shipped, edit

PRICE = ("pris: 34.000", "pris: 35.000")


class Follower:
    """A catalogue that follows a folder, and what it told of."""

    def __init__(self, folder: Path) -> None:
        self.changes: list[Catalogue] = []
        self.failures: list[tuple[Problem, ...]] = []
        self.current = CurrentCatalogue(folder, self.changes.append, self.failures.append)

    def price(self) -> object:
        return self.current.get().services.categories[CategoryId("K10")].price


def until(holds: Callable[[], bool]) -> None:
    """Waits for what must come true, up to a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_shipped(tmp_path)


@pytest.fixture
def follower(folder: Path) -> Iterator[Follower]:
    follower = Follower(folder)
    with follower.current:
        yield follower


def test_an_edit_comes_into_force_once_and_is_told(folder: Path, follower: Follower) -> None:
    before = follower.current.get()
    edit(folder, "katalog.yaml", PRICE)
    until(lambda: follower.price() == Decimal(35000))
    assert [catalogue.version for catalogue in follower.changes] == [follower.current.get().version]
    assert before.services.categories[CategoryId("K10")].price == Decimal(34000)  # what was handed out stays as it was
    assert follower.failures == []


def test_a_broken_edit_leaves_the_last_good_one_in_force_and_is_counted(folder: Path, follower: Follower) -> None:
    version = follower.current.get().version
    edit(folder, "katalog.yaml", ("pris: 34.000", "prsi: 34.000"))
    until(lambda: len(follower.failures) == 1)
    assert follower.current.failures == 1
    assert follower.current.get().version == version
    assert "mente du 'pris'?" in follower.failures[0][0].message
    assert follower.current.problems == follower.failures[0]
    edit(folder, "katalog.yaml", ("prsi: 34.000", "pris: 34.000"))
    until(lambda: not follower.current.problems)
    assert follower.changes == []  # what was in force all the time is no change


def test_a_file_that_editors_replace_by_renaming_is_seen(folder: Path, follower: Follower, tmp_path: Path) -> None:
    fresh = tmp_path / "katalog.yaml"
    shutil.copy(folder / "katalog.yaml", fresh)
    fresh.write_text(fresh.read_text(encoding="utf-8").replace(*PRICE), encoding="utf-8")
    fresh.rename(folder / "katalog.yaml")
    until(lambda: follower.price() == Decimal(35000))


def test_a_mount_that_swaps_a_link_inside_the_folder_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "dubu"
    first, second = folder / "..1", folder / "..2"
    for data in (first, second):
        shutil.copytree(SHIPPED, data)
    edit(second, "katalog.yaml", PRICE)
    (folder / "..data").symlink_to(first.name)
    for name in SHIPPED.iterdir():
        (folder / name.name).symlink_to(f"..data/{name.name}")
    follower = Follower(folder)
    with follower.current:
        assert follower.price() == Decimal(34000)
        (folder / "..data_tmp").symlink_to(second.name)
        (folder / "..data_tmp").rename(folder / "..data")
        until(lambda: follower.price() == Decimal(35000))
        assert follower.failures == []


def test_a_link_to_the_folder_that_is_moved_is_seen(folder: Path, tmp_path: Path) -> None:
    second = Path(shutil.copytree(folder, tmp_path / "second"))
    edit(second, "katalog.yaml", PRICE)
    (tmp_path / "current").symlink_to(folder)
    follower = Follower(tmp_path / "current")
    with follower.current:
        (tmp_path / "next").symlink_to(second)
        (tmp_path / "next").rename(tmp_path / "current")
        until(lambda: follower.price() == Decimal(35000))
        edit(second, "katalog.yaml", PRICE[::-1])
        until(lambda: follower.price() == Decimal(34000))


def test_a_folder_that_is_deleted_and_comes_back_is_followed_on(folder: Path, follower: Follower) -> None:
    shutil.rmtree(folder)
    until(lambda: "mappen kan ikke læses" in "".join(p.message for p in follower.current.problems))
    assert follower.price() == Decimal(34000)
    fresh = copy_of_shipped(folder.parent / "fresh")
    edit(fresh, "katalog.yaml", PRICE)
    fresh.rename(folder)
    until(lambda: follower.price() == Decimal(35000))
    edit(folder, "katalog.yaml", PRICE[::-1])
    until(lambda: follower.price() == Decimal(34000))


def test_a_file_written_piece_by_piece_is_taken_when_it_is_whole(folder: Path, follower: Follower) -> None:
    text = (folder / "katalog.yaml").read_text(encoding="utf-8").replace(*PRICE)
    with (folder / "katalog.yaml").open("w", encoding="utf-8") as file:
        for start in range(0, len(text), 500):
            file.write(text[start : start + 500])
            file.flush()
    until(lambda: follower.price() == Decimal(35000))
    assert all("35.000" in text for _ in follower.changes)
    assert len(follower.changes) == 1


def test_a_change_that_could_not_be_taken_up_is_offered_again(folder: Path) -> None:
    offered: list[str] = []

    def take_up(catalogue: Catalogue) -> None:
        offered.append(catalogue.version)
        if len(offered) == 1:
            raise OutOfReach("Jira is away")

    current = CurrentCatalogue(folder, on_change=take_up, again=0.01)
    with current:
        edit(folder, "katalog.yaml", PRICE)
        until(lambda: len(offered) == 2 and current.get().version == offered[0])
    assert offered[0] == offered[1] == load_site(folder).version


def test_nothing_is_followed_before_the_start_or_after_the_stop(folder: Path) -> None:
    follower = Follower(folder)
    follower.current.start()
    assert follower.current.start() is follower.current  # once is enough
    follower.current.stop()
    follower.current.stop()
    edit(folder, "katalog.yaml", PRICE)
    assert follower.price() == Decimal(34000)
    follower.current.refresh()
    assert follower.price() == Decimal(35000)


def test_a_folder_that_is_broken_from_the_start_is_an_error(folder: Path) -> None:
    edit(folder, "katalog.yaml", ("pris: 34.000", "prsi: 34.000"))
    with pytest.raises(MappingError):
        CurrentCatalogue(folder)
