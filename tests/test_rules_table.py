"""The table of rules in mappings/README.md names every rule once, with a test that exists and cites it."""

from __future__ import annotations

import ast
import re

import pytest

from tests.builders import ROOT

README = ROOT / "mappings" / "README.md"
ROW = re.compile(r"^\| (R\d+) \|.*\| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
RANGE = re.compile(r"\bR(\d+)(?:–R(\d+))?")
ROWS = ROW.findall(README.read_text(encoding="utf-8"))


def cited(text: str) -> set[str]:
    """The rules that a text names, by themselves or from one to another."""
    found = RANGE.findall(text)
    return {f"R{n}" for first, last in found for n in range(int(first), int(last or first) + 1)}


def test_every_rule_stands_in_the_table_once_and_in_order() -> None:
    assert [rule for rule, _, _ in ROWS] == [f"R{n}" for n in range(1, 25)]


@pytest.mark.parametrize(("rule", "file", "name"), ROWS, ids=[rule for rule, _, _ in ROWS])
def test_the_test_that_proves_a_rule_exists_and_cites_it(rule: str, file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    module = ast.parse(source)
    tests = [n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == name]
    assert tests, f"{file} has no {name}"
    own = ast.get_source_segment(source, tests[0]) or ""
    assert rule in cited(own) | cited(ast.get_docstring(module) or ""), f"{file}::{name} does not cite {rule}"


def test_every_mapping_file_is_described() -> None:
    described = set(re.findall(r"^\| `(\w+\.yaml)` \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert described == {file.name for file in (ROOT / "mappings" / "dubu").glob("*.yaml")}
