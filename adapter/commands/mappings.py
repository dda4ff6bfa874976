"""`dubu-adapter mappings …`: what an admin asks about the mapping files, answered in Danish."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from adapter.catalogue import schema as schemas
from adapter.catalogue.load import load_site, sites
from adapter.catalogue.model import Assumption, Catalogue
from adapter.catalogue.notes import notes, open_assumptions
from adapter.catalogue.problems import MappingError, Problem
from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError

mappings_option = click.option(
    "--mappings",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="DUBU_MAPPINGS",
    default=Path("mappings"),
    show_default=True,
    show_envvar=True,
    help="Folder that holds a folder for each site.",
)


@dataclass(frozen=True)
class _Verdict:
    site: SiteName
    problems: tuple[Problem, ...] = ()
    catalogue: Catalogue | None = None
    notes: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return open_assumptions(self.catalogue) if self.catalogue else ()


@click.group()
def mappings() -> None:
    """Check the mapping files, and describe them to editors."""


@mappings.command(epilog="Example: dubu-adapter mappings check --site dubu")
@mappings_option
@click.option("--site", help="Only this site's folder; default: every folder in the mappings.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@click.pass_context
def check(context: click.Context, folder: Path, site: str | None, as_json: bool) -> None:
    """Check the mapping files: every mistake as file:line:column with what to do, then what is assumed.

    Exit status: 0 nothing wrong, 1 something is, 2 no such folder or site.
    """
    verdicts = [_check(folder, name) for name in _chosen(folder, site)]
    if as_json:
        click.echo(json.dumps({"sites": [_plain(verdict) for verdict in verdicts]}, ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            _print(folder, verdict)
    context.exit(1 if any(verdict.problems for verdict in verdicts) else 0)


@mappings.command(epilog="Example: dubu-adapter mappings schema --out mappings/.schema")
@mappings_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write them; default: .schema in the mappings, where the files' first lines point.",
)
def schema(folder: Path, out: Path | None) -> None:
    """Write JSON Schema of the mapping files, so that editors complete and check them."""
    try:
        written = schemas.write(out or folder / schemas.FOLDER)
    except OSError as error:
        raise click.UsageError(f"the schemas can't be written to {out or folder}: {error.strerror}") from error
    for path in written:
        click.echo(path.as_posix())


def _chosen(folder: Path, site: str | None) -> tuple[SiteName, ...]:
    try:
        known = sites(folder)
    except ConfigurationError as error:
        raise click.UsageError(str(error)) from error
    if site is None:
        return known
    if site not in known:
        raise click.UsageError(f"{folder} has no site {site!r}: choose one of {', '.join(known)}")
    return (SiteName(site),)


def _check(folder: Path, site: SiteName) -> _Verdict:
    try:
        catalogue = load_site(folder / site)
    except MappingError as error:
        return _Verdict(site, problems=error.problems)
    stale = schemas.stale(folder / schemas.FOLDER)
    advice = (f"{', '.join(stale)} i {schemas.FOLDER} passer ikke: kør dubu-adapter mappings schema",) if stale else ()
    return _Verdict(site, catalogue=catalogue, notes=(*notes(catalogue), *advice))


def _plain(verdict: _Verdict) -> dict[str, object]:
    return {
        "site": verdict.site,
        "version": verdict.catalogue.version if verdict.catalogue else None,
        "problems": [asdict(problem) for problem in verdict.problems],
        "assumptions": [asdict(assumption) for assumption in verdict.assumptions],
        "notes": list(verdict.notes),
    }


def _print(folder: Path, verdict: _Verdict) -> None:
    for problem in verdict.problems:
        click.echo(str(problem))
    if verdict.catalogue is None:
        click.echo(f"{(folder / verdict.site).as_posix()}: {_count(len(verdict.problems), 'fejl', 'fejl')}")
        return
    confirmed = len(verdict.catalogue.assumptions) - len(verdict.assumptions)
    click.echo(
        f"{(folder / verdict.site).as_posix()}: ingen fejl (version {verdict.catalogue.version}); "
        f"{_count(len(verdict.assumptions), 'åben antagelse', 'åbne antagelser')}, {confirmed} bekræftet"
    )
    if verdict.assumptions:
        _print_assumptions(verdict.assumptions)
    for note in verdict.notes:
        click.echo(f"Bemærk: {note}")


def _print_assumptions(assumptions: tuple[Assumption, ...]) -> None:
    places = [f"{a.file}:{a.line}:{a.column}\n{a.path}" for a in assumptions]
    width = None if sys.stdout.isatty() else max(map(len, places)) + 100  # in a log nobody can widen the window
    console = Console(width=width, highlight=False)
    table = Table("Regel", Column("Sted", no_wrap=True), "Sættes til", "Hvorfor", box=None, pad_edge=False)
    for assumption, place in zip(assumptions, places, strict=True):
        rule, _, reason = assumption.reason.partition(": ")
        table.add_row(Text(rule), Text(place), Text(_short(assumption.value)), Text(reason))
    console.print(table)
    click.echo('Når ejeren har bekræftet en antagelse, så tilføj bekræftet: "navn, dato" ved den.')


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip(", ") + "…"


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
