"""Plays the story and prints what happened; exits non-zero where a step did not hold."""

from __future__ import annotations

import signal
import sys
import tempfile
import webbrowser
from pathlib import Path

import click
import requests
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.demo.story import Story
from tests.system.mapping import write_mapping
from tests.system.processes import Running, running


@click.command()
@click.option("--stay", is_flag=True, help="Leave both sites open in the browser until Ctrl-C.")
def main(stay: bool) -> None:
    """Start a sandbox Jira site and the adapter, and play a day at the service desk."""
    console = Console(width=max(100, Console().width))
    console.print("Starting a sandbox Jira site and the adapter …")
    with tempfile.TemporaryDirectory(prefix="dubu-demo-") as folder:
        mappings = write_mapping(Path(folder) / "mappings")
        with running(Path(folder), mappings) as system:
            console.print(f"  Jira (sandbox)  {system.jira}\n  adapter         {system.adapter}/admin/\n")
            failed = _play(console, system)
            if stay:
                _stay(console, system)
    sys.exit(1 if failed else 0)


def _play(console: Console, system: Running) -> bool:
    story = Story(system)
    table = Table("ticket", "who", "does", "then the ticket shows", "after", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    failure: str | None = None
    try:
        for step in story.play():
            after = f"{step.seconds:.1f} s" if step.seconds else ""
            table.add_row(*(Text(text) for text in (step.ticket, step.who, step.did, step.then, after)))
        reads, writes, idle = story.budget()
        figures = (
            f"ordered to filled, median of {len(story.filled_after)}: {story.median_seconds():.2f} s\n"
            f"a new payable ticket: {reads} reads, {writes} writes; an idle look: {idle} read"
        )
        assert story.median_seconds() < 1, "filling took longer than a second"
        assert (reads, writes, idle) <= (2, 2, 1), (
            f"a ticket costs too much: {reads} reads, {writes} writes, idle {idle}"
        )
        violations = requests.get(f"{system.jira}/sandbox/violations", timeout=10).json()
        assert not violations["violations"], violations["violations"][:3]
        held = (
            f"{violations['checked']} messages held against Atlassian's OpenAPI"
            if violations["validates"]
            else (f"not held against Atlassian's OpenAPI: {violations['why']}")
        )
    except AssertionError as error:
        failure = str(error)
        figures = held = ""
    console.print(table)
    if failure is not None:
        console.print(Text(f"\nThis did not hold: {failure}", style="bold red"))
        return True
    console.print(f"\n{figures}\n{held}\n\nEvery step held. Try it yourself: make demo STAY=1")
    return False


def _stay(console: Console, system: Running) -> None:
    token = system.environment["DUBU_ADMIN_TOKEN"]
    console.print(
        f"\nBoth sites stay open: {system.jira} (choose who you are) and {system.adapter}/admin/ "
        f"(any name, password {token}). Ctrl-C ends them."
    )
    for page in (system.jira, f"{system.adapter}/admin/"):
        webbrowser.open(page)
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("Good-bye.")


if __name__ == "__main__":
    main()
