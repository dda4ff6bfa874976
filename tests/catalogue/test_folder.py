"""A site's folder: which files it holds, how they are encoded, and that all that is wrong is said at once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.catalogue.files import FILES
from adapter.catalogue.folder import Contents, read_folder
from adapter.catalogue.load import load_contents, load_site, sites
from adapter.catalogue.problems import MappingError, Problem
from adapter.errors import ConfigurationError
from tests.catalogue.folders import SHIPPED, copy_of_shipped, edit
from tests.catalogue.test_mistakes import the_only_problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_shipped(tmp_path)


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(MappingError) as caught:
        load_site(folder)
    return caught.value.problems


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_files_and_lines(folder: Path) -> None:
    edit(folder, "katalog.yaml", ("pris: 34.000", "prsi: 34.000"), ("pris: 3.400", "pris: 3,4,00"))
    edit(folder, "kalender.yaml", ("lukket_den: []", "lukket_den: [i morgen]"))
    edit(folder, "jira.yaml", ("arbejde: [I gang]", "arbejde: []"), ("udgave: cloud", "udgave: clod"))
    found = problems_of(folder)
    assert [Path(problem.file).name for problem in found] == [
        "jira.yaml",
        "kalender.yaml",
        "katalog.yaml",
        "katalog.yaml",
    ]
    assert list(found) == sorted(found)


def test_a_file_that_cant_be_read_hides_nothing_in_the_others(folder: Path) -> None:
    (folder / "jira.yaml").write_text("felter: [", encoding="utf-8")
    edit(folder, "parter.yaml", ("domæner: []", "domæner: [gmail.com]"))
    edit(folder, "kalender.yaml", ('til: "16:00"', 'til: "07:00"'))
    assert [Path(problem.file).name for problem in problems_of(folder)] == [
        "jira.yaml",
        "kalender.yaml",
        "parter.yaml",
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    problem = the_only_problem(folder)
    assert problem.file == f"{folder.as_posix()}/{name}"
    assert "findes ikke" in problem.message


def test_an_empty_file_is_named(folder: Path) -> None:
    for text in ("", "# kun en kommentar\n", "---\n"):
        (folder / "jira.yaml").write_text(text, encoding="utf-8")
        assert "filen er tom" in the_only_problem(folder).message
    (folder / "jira.yaml").write_text("bare en tekst", encoding="utf-8")
    assert "nøgler med værdier" in the_only_problem(folder).message


def test_a_file_that_does_not_belong_is_a_problem_with_the_name_it_should_have(folder: Path) -> None:
    (folder / "katalog.yml").write_text("x: y", encoding="utf-8")
    problem = the_only_problem(folder)
    assert problem.file.endswith("/katalog.yml")
    assert "mente du 'katalog.yaml'?" in problem.message


@pytest.mark.parametrize("name", [".katalog.yaml.swp", "katalog.yaml~", "#katalog.yaml#", "..data", ".git"])
def test_what_editors_and_mounts_leave_beside_the_files_is_no_problem(name: str, folder: Path) -> None:
    (folder / name).write_text("x", encoding="utf-8")
    load_site(folder)


def test_a_missing_row_of_the_catalogue_is_named(folder: Path) -> None:
    text = (folder / "katalog.yaml").read_text(encoding="utf-8")
    start, end = text.index("  K2:"), text.index("  # Betalbar kun")
    (folder / "katalog.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert any("K2 mangler" in problem.message for problem in problems_of(folder))


def test_a_row_that_the_catalogue_does_not_have_is_named(folder: Path) -> None:
    place = edit(folder, "katalog.yaml", ("  K11:\n", "  ⟦K12:\n"))
    found = {(problem.line, problem.column): problem.message for problem in problems_of(folder)}
    assert place is not None
    assert "ukendt kategori 'K12'" in found[place]


def test_words_must_speak_for_rows_and_subtypes_that_exist(folder: Path) -> None:
    edit(folder, "ord.yaml", ("\n  K7:", "\n  K77:"))
    edit(folder, "katalog.yaml", ("- Personer skal lægges sammen", "- Personer skal samles"))
    messages = [problem.message for problem in problems_of(folder)]
    assert any("ukendt kategori 'K77'" in message for message in messages)
    assert any("ukendt underkategori 'Personer skal lægges sammen'" in message for message in messages)


def test_a_domain_can_be_only_one_partys(folder: Path) -> None:
    edit(folder, "parter.yaml", ("domæner: []", "domæner: [ballerup.dk]"))
    edit(folder, "parter.yaml", ("domæner: []", "domæner: [⟦ældre.ballerup.dk]"))
    assert "Københavns Kommune (ballerup.dk)" in the_only_problem(folder).message


def test_an_address_and_an_account_can_be_only_one_partys(folder: Path) -> None:
    edit(folder, "parter.yaml", ("kontakter: []", "kontakter: [a@b.dk]"), ("konti: []", "konti: [x]"))
    edit(folder, "parter.yaml", ("kontakter: []", "kontakter: [A@b.dk, a@-.dk]"), ("konti: []", "konti: [x]"))
    messages = [problem.message for problem in problems_of(folder)]
    assert [
        words
        for words in ("adressen 'a@b.dk'", "kontoen 'x'", "gyldig mailadresse")
        if any(words in message for message in messages)
    ] == ["adressen 'a@b.dk'", "kontoen 'x'", "gyldig mailadresse"]


def test_a_template_that_cant_be_used_is_named_by_its_own_line(folder: Path) -> None:
    text = (folder / "tekster.yaml").read_text(encoding="utf-8")
    start = text.index("statuskommentar:")
    end = text.index("\nsætninger:")
    broken = text[:start] + "statuskommentar: |\n  {{ overskrift }}\n\n  {% if mangler %}\n  {{ oops\n" + text[end:]
    (folder / "tekster.yaml").write_text(broken, encoding="utf-8")
    problem = the_only_problem(folder)
    line = broken.splitlines()[problem.line - 1]
    assert "oops" in line
    assert "skabelonen kan ikke bruges" in problem.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ findes_ikke }}", "findes_ikke"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ ().__class__.__mro__ }}", "unsafe"),
        ("{% for i in range(9) %}{% endfor %}", "range"),
    ],
)
def test_a_template_says_only_what_it_is_given(text: str, says: str, folder: Path) -> None:
    lines = (folder / "tekster.yaml").read_text(encoding="utf-8").split("\n  godkendt:", 1)
    (folder / "tekster.yaml").write_text(f'{lines[0]}\n  godkendt: "{text}"\n  gdkendt: x\n', encoding="utf-8")
    found = [problem for problem in problems_of(folder) if "mangler; tilføj" not in problem.message]
    assert "ukendt sætning 'gdkendt'; mente du 'godkendt'?" in found[1].message
    assert says in found[0].message


def test_utf_8_with_a_byte_order_mark_and_windows_line_ends_are_read(folder: Path) -> None:
    data = (folder / "katalog.yaml").read_bytes()
    (folder / "katalog.yaml").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert load_site(folder).services == load_site(SHIPPED).services


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_named_at_the_first_letter_that_shows_it(encoding: str, folder: Path) -> None:
    text = "# Grøn\nløsning: x\n"
    (folder / "kalender.yaml").write_bytes(text.encode(encoding))
    problem = the_only_problem(folder)
    assert (problem.line, problem.column) == ((1, 5) if encoding == "latin-1" else (1, 1))
    assert "gem filen igen som UTF-8" in problem.message


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    (folder / "ord.yaml").write_bytes(b"# x\n" * 200_000)
    assert "højst fylde 512 KB" in the_only_problem(folder).message


def test_a_small_file_cant_grow_large_or_deep(folder: Path) -> None:
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n"
    (folder / "jira.yaml").write_text(laughs, encoding="utf-8")
    assert "ankre" in the_only_problem(folder).message
    (folder / "jira.yaml").write_text("a: " + "[" * 50_000, encoding="utf-8")
    assert "for dybt" in the_only_problem(folder).message


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    assert "findes ikke" in the_only_problem(tmp_path / "dubu").message
    (tmp_path / "fil").write_text("x", encoding="utf-8")
    assert "ikke en mappe" in the_only_problem(tmp_path / "fil").message


def test_a_file_that_is_something_else_is_named(folder: Path) -> None:
    (folder / "jira.yaml").unlink()
    (folder / "jira.yaml").mkdir()
    assert "ikke en almindelig fil" in the_only_problem(folder).message
    (folder / "jira.yaml").rmdir()
    os.mkfifo(folder / "jira.yaml")
    assert "ikke en almindelig fil" in the_only_problem(folder).message


def test_links_inside_the_folder_are_followed_and_links_out_of_it_are_not(folder: Path, tmp_path: Path) -> None:
    data = folder / "..2026_11_23"
    data.mkdir()
    for name in FILES:
        (folder / name).rename(data / name)
        (folder / name).symlink_to(f"..data/{name}")
    (folder / "..data").symlink_to(data.name)
    assert load_site(folder).version == load_site(SHIPPED).version  # as Kubernetes mounts a ConfigMap
    (tmp_path / "current").symlink_to(folder)
    assert load_site(tmp_path / "current").services == load_site(SHIPPED).services  # as git-sync does
    (folder / "jira.yaml").unlink()
    (folder / "jira.yaml").symlink_to(SHIPPED / "jira.yaml")
    assert "henvisning ud af mappen" in the_only_problem(folder).message
    (folder / "jira.yaml").unlink()
    (folder / "jira.yaml").symlink_to("jira.yaml")
    assert "kan ikke læses" in the_only_problem(folder).message


def test_sites_are_the_folders_below_the_mappings(tmp_path: Path) -> None:
    for name in ("dubu", "aula", ".schema", "_gammel"):
        (tmp_path / name).mkdir()
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    assert sites(tmp_path) == ("aula", "dubu")


@pytest.mark.parametrize(("names", "says"), [((), "holds no site"), (("Dubu Test",), "can't be a site")])
def test_mappings_that_hold_no_usable_site_say_what_to_do(names: tuple[str, ...], says: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    with pytest.raises(ConfigurationError, match=says):
        sites(tmp_path)
    with pytest.raises(ConfigurationError, match="DUBU_MAPPINGS"):
        sites(tmp_path / "none")


SHIPPED_CONTENTS = read_folder(SHIPPED, tuple(FILES))
ODDITIES = ["\t", "\n", "  ", ": ", "- ", "[", "]", "{", "}", '"', "'", "|", ">", "&a ", "*a", "!!x ", "? ", "<<: "]
ODDITIES += ["#", "---\n", "%YAML 9.9\n", "\\U", '"\\UFFFFFFFF"', "\ufeff", "\x00", "\x85", "\u2028", "~", "34.000"]
ODDITIES += ["værdi: ", "antagelse: x", "{% if %}", "{{", "1.000.000.000", "9" * 5000, "\N{ARABIC-INDIC DIGIT THREE}"]
SNIPPETS = st.one_of(st.text(max_size=8), st.sampled_from(ODDITIES))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(set(FILES) - {"parter.yaml"})),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), SNIPPETS), min_size=1, max_size=3),
)
def test_whatever_an_admin_types_the_answer_is_a_catalogue_or_problems_in_that_file(
    name: str, cuts: list[tuple[float, int, str]]
) -> None:
    text = SHIPPED_CONTENTS.files[name].decode()
    for where, length, snippet in cuts:
        at = int(where * len(text))
        text = text[:at] + snippet + text[at + length :]
    files = {**SHIPPED_CONTENTS.files, name: text.encode("utf-8", "surrogatepass")}
    lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029") + 2
    problems: tuple[Problem, ...] = ()
    try:
        load_contents(SHIPPED, Contents(files, ()))
    except MappingError as error:
        problems = error.problems
    for problem in problems:
        assert problem.file.endswith(".yaml")
        assert 1 <= problem.line <= lines or not problem.file.endswith(name)
        assert problem.column >= 1
        assert problem.message


def test_the_version_can_be_made_by_hand(folder: Path) -> None:
    """R24: whoever reads a journal can tell which files were in force."""
    command = ["sh", "-c", "LC_ALL=C; cat *.yaml | sha256sum | tr 0-9 g-p"]
    by_hand = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    assert by_hand.stdout.decode()[:12] == load_site(folder).version
