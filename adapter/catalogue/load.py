"""Reads a site's mapping folder into a Catalogue, or says everything that is wrong with it, by line and column."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapter.catalogue.advice import explain
from adapter.catalogue.check import check
from adapter.catalogue.files import FILES, Files
from adapter.catalogue.folder import Contents, read_folder
from adapter.catalogue.model import Catalogue
from adapter.catalogue.positions import Positions
from adapter.catalogue.problems import Finding, MappingError, Problem
from adapter.catalogue.tree import Unreadable, read_tree
from adapter.catalogue.unwrap import Written, unwrap
from adapter.catalogue.values import Closed
from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError

SITE_NAME = r"[a-z][a-z0-9-]{0,30}"
"""A site's folder: its name stands in the webhook's address and, in capitals, in the environment."""

__all__ = ["MappingError", "Problem", "load_contents", "load_site", "position_of", "sites"]


def load_site(folder: Path) -> Catalogue:
    """Reads and checks one site's folder.

    Raises:
        MappingError: something in it is wrong; it holds every problem that was found, not only the first.
    """
    return load_contents(folder, read_folder(folder, tuple(FILES)))


def load_contents(folder: Path, contents: Contents) -> Catalogue:
    """Checks what was read of a site's folder; raises MappingError as load_site does."""
    problems = list(contents.problems)
    written: dict[str, Written] = {}
    for name, data in contents.files.items():
        try:
            tree, doubles = read_tree(data)
        except Unreadable as error:
            doubles = (error,)
        else:
            written[name] = unwrap(name, tree)
            doubles = (*doubles, *written[name].faults)
        problems += [Problem(_shown(folder, name), *fault.place, fault.message) for fault in doubles]
    findings: list[Finding] = []
    models: dict[str, Closed] = {}
    for name, file in written.items():
        try:
            models[name] = FILES[name].model_validate(file.values)
        except ValidationError as error:
            explained = explain(name, file.values, _schema(name), error)
            findings += [finding for finding in explained if finding.path not in file.without_value]
    files = Files.of(models)
    findings += check(files)
    positions = Positions(folder.as_posix(), {name: file.places for name, file in written.items()})
    problems += [_problem(finding, folder, positions, written) for finding in findings]
    catalogue = files.catalogue(
        SiteName(folder.resolve().name if folder.name in {"", ".."} else folder.name),
        contents.version,
        tuple(replace(mark, file=_shown(folder, mark.file)) for file in written.values() for mark in file.assumptions),
        positions,
    )
    if problems or catalogue is None:
        raise MappingError(tuple(sorted(set(problems))))
    return catalogue


def sites(mappings: Path) -> tuple[SiteName, ...]:
    """The sites below the mappings: each folder is one, but for hidden ones.

    Raises:
        ConfigurationError: there is no such folder, none in it, or one whose name can't be a site's.
    """
    try:
        names = sorted(f.name for f in mappings.iterdir() if f.is_dir() and not f.name.startswith((".", "_")))
    except OSError as error:
        raise ConfigurationError(
            f"{mappings} can't be read ({error.strerror}): set --mappings or DUBU_MAPPINGS to the folder of mappings"
        ) from None
    if not names:
        raise ConfigurationError(f"{mappings} holds no site: make a folder such as {mappings / 'dubu'} in it")
    for name in names:
        if not re.fullmatch(SITE_NAME, name):
            raise ConfigurationError(
                f"{mappings / name} can't be a site: name it with small letters a–z, digits and -, such as dubu"
            )
    return tuple(map(SiteName, names))


def position_of(folder: Path, file: str, path: tuple[str, ...]) -> str:
    """Where a value stands now, such as `mappings/dubu/jira.yaml:12:5`, or the nearest thing above it.

    A loaded catalogue knows its own places: `catalogue.positions.of("jira.yaml", "felter", "betaler")`.
    """
    places = {}
    data = read_folder(folder, (file,)).files.get(file)
    if data is not None:
        with suppress(Unreadable):
            places[file] = unwrap(file, read_tree(data)[0]).places
    return Positions(folder.as_posix(), places).of(file, *path)


def _shown(folder: Path, name: str) -> str:
    return (folder / name).as_posix()


def _problem(finding: Finding, folder: Path, positions: Positions, written: dict[str, Written]) -> Problem:
    file = written[finding.file]
    line, column = positions.place(finding.file, finding.path)
    if finding.at_key:
        line, column = file.keys.get(finding.path, (line, column))
    if finding.inner_line and finding.path in file.blocks:
        line, column = line + finding.inner_line, 1
    return Problem(_shown(folder, finding.file), line, column, finding.message)


@cache
def _schema(name: str) -> dict[str, Any]:
    return FILES[name].model_json_schema(by_alias=True)
