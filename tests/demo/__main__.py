"""Plays the story and prints what happened; exits non-zero where a step did not hold."""

from __future__ import annotations

import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from tests.demo.accounts import explain, report
from tests.demo.figures import figures
from tests.demo.stage import Stage, Step
from tests.demo.story import CHAPTERS
from tests.post.server import MailServer
from tests.system.mapping import say, write_mapping
from tests.system.processes import Running, running

SENDS = (("værdi: kladde", "værdi: send"), ("KOMBIT.DUBU@netcompany.com", "servicedesk@leverandoer.example"))
"""The adapter sends offers itself, from an address that is the supplier's in the story."""


@click.command()
@click.option("--stay", is_flag=True, help="Leave both sites open in the browser until Ctrl-C.")
def main(stay: bool) -> None:
    """Start a sandbox Jira site and the adapter, and play a day at the service desk."""
    console = Console(width=max(132, Console().width), highlight=False)
    console.print("Starting a sandbox Jira site, a mail server and the adapter …")
    with tempfile.TemporaryDirectory(prefix="dubu-demo-") as name, _started(Path(name)) as stage:
        system = stage.system
        console.print(f"  Jira (sandbox)  {system.jira}\n  adapter         {system.adapter}/admin/")
        held = _play(console, stage, Path(name))
        if stay:
            _stay(console, system)
    sys.exit(0 if held else 1)


@contextmanager
def _started(folder: Path) -> Iterator[Stage]:
    mappings = write_mapping(folder / "mappings")
    say(mappings, "tilbud.yaml", *SENDS)
    with MailServer() as post, running(folder, mappings, DUBU_SMTP_URL=post.url) as system:
        yield Stage(system, post)


def _play(console: Console, stage: Stage, folder: Path) -> bool:
    """Prints each step as it holds; False where one does not."""
    try:
        for number, (heading, chapter) in enumerate(CHAPTERS, 1):
            console.print(Text(f"\n{number}  {heading}", style="bold"))
            for step in chapter(stage):
                console.print(_line(step), no_wrap=True, overflow="ellipsis")
        stage.come_to_rest()
        for told in (report(stage, folder), explain(stage), figures(stage)):
            console.print(Text(f"\n{told}"), no_wrap=True, overflow="ellipsis")
    except AssertionError as error:
        console.print(Text(f"\nThis did not hold: {error}", style="bold red"))
        return False
    console.print("\nEvery step held. Try it yourself: make demo STAY=1")
    return True


def _line(step: Step) -> Text:
    return Text(f"{step.ticket:<8} {step.who:<13} {step.did:<39} {step.seconds:4.1f} s  {step.then}")


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
