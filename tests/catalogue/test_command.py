"""`mappings check` and `mappings schema` tell an admin, and a script, how the files stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapter.catalogue import schema
from adapter.commands.mappings import mappings
from tests.catalogue.folders import ROOT, copy_of_shipped, edit


def run(*arguments: str) -> Result:
    return CliRunner().invoke(mappings, arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    schema.write(tmp_path / schema.FOLDER)
    return copy_of_shipped(tmp_path)


def test_files_in_order_are_said_to_be_so_with_what_is_assumed(folder: Path) -> None:
    result = run("check", "--mappings", str(folder.parent))
    assert result.exit_code == 0
    assert "ingen fejl (version " in result.output
    row = next(line for line in result.output.splitlines() if "kalender.yaml:12:1" in line)
    assert row.startswith("R5 ")
    assert "åbningstiden står ikke i kataloget" in row
    assert "94 kommuner uden domæner og kontakter" in result.output
    assert "er et eksempel" in result.output
    assert "passer ikke" not in result.output


def test_a_confirmed_assumption_is_open_no_more(folder: Path) -> None:
    edit(
        folder,
        "kalender.yaml",
        ('antagelse: "R5: dansk tid"', 'antagelse: "R5: dansk tid"\n  bekræftet: "Jens Hansen, 2026-11-23"'),
    )
    result = run("check", "--mappings", str(folder.parent))
    assert "1 bekræftet" in result.output
    assert "tidszone" not in result.output


def test_mistakes_are_listed_as_editors_understand_and_exit_1(folder: Path) -> None:
    place = edit(folder, "katalog.yaml", ("pris: 34.000", "⟦prsi: 34.000"))
    assert place is not None
    result = run("check", "--mappings", str(folder.parent), "--site", "dubu")
    assert result.exit_code == 1
    assert result.output.startswith(f"{folder.as_posix()}/katalog.yaml:{place[0]}:{place[1]}: ukendt nøgle 'prsi'")
    assert "1 fejl" in result.output


def test_a_script_gets_the_same_as_json(folder: Path) -> None:
    good = json.loads(run("check", "--json", "--mappings", str(folder.parent)).output)["sites"][0]
    assert (good["site"], good["problems"]) == ("dubu", [])
    assert {"file", "line", "column", "path", "value", "reason", "confirmed"} == set(good["assumptions"][0])
    edit(folder, "katalog.yaml", ("pris: 34.000", "prsi: 34.000"))
    result = run("check", "--json", "--mappings", str(folder.parent))
    bad = json.loads(result.output)["sites"][0]
    assert result.exit_code == 1
    assert bad["version"] is None
    assert set(bad["problems"][0]) == {"file", "line", "column", "message"}


def test_every_site_is_checked_unless_one_is_chosen(folder: Path) -> None:
    folder.rename(folder.with_name("aula"))
    copy_of_shipped(folder.parent)
    edit(folder, "katalog.yaml", ("pris: 34.000", "prsi: 34.000"))
    assert run("check", "--mappings", str(folder.parent)).exit_code == 1
    assert run("check", "--mappings", str(folder.parent), "--site", "aula").exit_code == 0


@pytest.mark.parametrize("arguments", [("--site", "ukendt"), ("--mappings", "findes-ikke")])
def test_a_site_or_folder_that_is_not_there_exits_2(arguments: tuple[str, ...], folder: Path) -> None:
    result = run("check", "--mappings", str(folder.parent), *arguments)
    assert result.exit_code == 2
    assert "choose one of dubu" in result.output or "DUBU_MAPPINGS" in result.output


def test_stale_schemas_are_noted_and_written_anew(folder: Path) -> None:
    (folder.parent / schema.FOLDER / "jira.json").write_text("{}", encoding="utf-8")
    assert "jira.json i .schema passer ikke" in run("check", "--mappings", str(folder.parent)).output
    result = run("schema", "--mappings", str(folder.parent))
    assert (result.exit_code, len(result.output.splitlines())) == (0, 10)
    assert schema.stale(folder.parent / schema.FOLDER) == ()


def test_schemas_can_be_written_elsewhere_but_not_where_a_file_is(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    assert run("schema", "--out", str(out)).exit_code == 0
    assert schema.stale(out) == ()
    result = run("schema", "--out", str(out / "jira.json" / "x"))
    assert result.exit_code == 2
    assert "can't be written" in result.output


def test_help_shows_an_example() -> None:
    assert "Example: dubu-adapter mappings check" in run("check", "--help").output
    assert "Example: dubu-adapter mappings schema" in run("schema", "--help").output


def test_the_folder_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DUBU_MAPPINGS", str(ROOT / "mappings"))
    monkeypatch.chdir(tmp_path)
    assert run("check").exit_code == 0
