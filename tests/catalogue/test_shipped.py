"""The shipped mapping says what the customer's catalogue says, to the øre, and marks what it only assumes."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # its stubs are a package of their own
from ruamel.yaml import YAML

from adapter.catalogue import schema
from adapter.catalogue.files import FILES
from adapter.catalogue.load import load_site, position_of, sites
from adapter.catalogue.model import Catalogue
from adapter.catalogue.notes import notes, open_assumptions
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import CategoryId, FieldName, Payer
from adapter.rules.payer import is_from
from adapter.ticket.senders import sender_of
from tests.catalogue.folders import ROOT, SHIPPED, copy_of_shipped, edit, shared
from tests.catalogue.source import HEADINGS, Row, row_of_mapping, row_of_source, sections

# What rules.md marks with A and a mapping file can set, by the place where it is set.
ASSUMED = {
    "beviser.yaml": {
        "ja_ord": "R11",
        "nej_ord": "R11",
        "forbehold": "R11",
        "tilbudsord": "R9",
        "autosvar_emner": "R11",
        "vurderes_af_person": "R11",
        "ur_forskel_minutter": "R11",
        "kontrollér_dkim": "R11",
        "underdomæner_tæller": "R11",
        "godkendelsen_dækker": "R12",
    },
    "kalender.yaml": {
        "tidszone": "R5",
        "åbningstider": "R5",
        "lukket_på_helligdage": "R5",
        "lukket_hvert_år": "R5",
        "løsningstid.regnes_fra": "R6",
        "løsningstid.står_stille_i_ventestatus": "R6",
        "løsningstid.slutter_ved": "R6",
    },
    "katalog.yaml": {
        "kategorier.K9.pris": "K9",
        "kategorier.K10.betalere": "K10",
        "kategorier.K10.proces": "K10",
        "kategorier.K11.betalere": "K11",
        "kategorier.K11.proces": "K11",
        "vis_ekskl_moms": "R1",
        "lukket_ved_afklaring": "R2",
        "sæt_katalogets_felter_tilbage": "R4",
        "timer.ved_loft": "R19",
    },
    "jira.yaml": {"kombit_venter_som": "R8"},
    "ord.yaml": {"sikkerhed.mindst": "R2", "sikkerhed.forspring": "R2", "sikkerhed.stavelighed": "R2"},
    "tilbud.yaml": {
        "måde": "R8",
        "afsender": "R15",
        "varsel_arbejdsdage": "R13",
        "kombit_påmindelse_arbejdsdage": "R18",
        "kombit_kræver_mail": "R18",
    },
    "parter.yaml": {
        "projektejere.tilføjes_som": "R14",
        "kombit.domæner": "R11",
        "kommuner.0169.domæner": "R11",
        "kommuner.0173.domæner": "R11",
        "kommuner.0400.domæner": "R11",
        "kommuner.0430.domæner": "R11",
    },
}
# Columns where the customer's text is silent, and the mapping says that it assumes.
SILENT: dict[str, dict[str, Any]] = {
    "K9": {"price": "efter aftale"},
    "K10": {"payers": "Kommune", "stars": "**"},
    "K11": {"payers": "Kommune", "stars": "**"},
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_site(SHIPPED)


@pytest.fixture(scope="module")
def source() -> dict[str, Row]:
    text = shared("servicekatalog.txt").read_text(encoding="utf-8")
    return {category: row_of_source(section) for category, section in sections(text).items()}


def test_the_shipped_mapping_is_the_only_site_and_has_no_problems(catalogue: Catalogue) -> None:
    assert sites(ROOT / "mappings") == ("dubu",)
    assert catalogue.site == "dubu"
    assert re.fullmatch(r"[a-p]{12}", catalogue.version)


@pytest.mark.parametrize("category", HEADINGS)
def test_every_figure_of_a_row_is_the_customers(category: str, catalogue: Catalogue, source: dict[str, Row]) -> None:
    expected = replace(source[category], **SILENT.get(category, {}))
    assert row_of_mapping(catalogue.services.categories[CategoryId(category)]) == expected


@pytest.mark.parametrize("category", SILENT)
def test_where_the_customers_text_is_silent_the_mapping_says_that_it_assumes(
    category: str, catalogue: Catalogue, source: dict[str, Row]
) -> None:
    marked = {a.path for a in catalogue.assumptions if a.file.endswith("katalog.yaml")}
    keys = {"price": "pris", "payers": "betalere", "stars": "proces"}
    for column in SILENT[category]:
        assert not getattr(source[category], column)
        assert f"kategorier.{category}.{keys[column]}" in marked


def test_the_rows_are_named_and_ordered_as_the_customers(catalogue: Catalogue) -> None:
    assert {key: row.name for key, row in catalogue.services.categories.items()} == HEADINGS


def test_the_subtypes_are_the_customers_words(catalogue: Catalogue) -> None:
    section = sections(shared("servicekatalog.txt").read_text(encoding="utf-8"))["K3"]
    for subtype in catalogue.services.categories[CategoryId("K3")].subtypes:
        assert set(subtype.lower().split()) <= set(re.findall(r"[\w/]+", section.lower()))
    assert sum(bool(row.subtypes) for row in catalogue.services.categories.values()) == 1


def test_no_figure_of_the_customers_rows_is_left_out(catalogue: Catalogue) -> None:
    rows = sections(shared("servicekatalog.txt").read_text(encoding="utf-8"))
    amounts = Counter(a for section in rows.values() for a in re.findall(r"\d+\.\d{3}|\d+,\d{2}|\b30\b", section))
    assert amounts == {"938,98": 2, "30": 1, "34.000": 1, "3.400": 1}
    used = Counter(
        value
        for row in map(row_of_mapping, catalogue.services.categories.values())
        for value in (row.price, row.rate, row.cap)
        if value and value[0].isdigit()
    )
    assert used == amounts


@pytest.mark.parametrize("column", [field.name for field in fields(Row)])
def test_a_changed_figure_would_be_noticed(column: str, catalogue: Catalogue) -> None:
    row = catalogue.services.categories[CategoryId("K9")]
    changed = row.model_copy(
        update={
            "reaction_hours": 11,
            "resolution_days": 5,
            "payment": catalogue.services.categories[CategoryId("K10")].payment,
            "payers": row.payers[:1],
            "process": catalogue.services.categories[CategoryId("K1")].process,
            "price": Decimal("938.98"),
            "hourly_rate": Decimal("938.99"),
            "cap_hours": Decimal("30.5"),
            "service_request": True,
        }
    )
    assert getattr(row_of_mapping(changed), column) != getattr(row_of_mapping(row), column)


def test_money_is_exact(catalogue: Catalogue) -> None:
    api, sf1475 = (catalogue.services.categories[CategoryId(key)] for key in ("K8", "K9"))
    assert api.hourly_rate == Decimal("938.98")
    assert sf1475.hourly_rate
    assert sf1475.cap_hours
    assert sf1475.hourly_rate * sf1475.cap_hours == Decimal("28169.40")  # R19
    assert catalogue.services.categories[CategoryId("K1")].price is BY_AGREEMENT


def test_the_municipalities_are_the_98_of_the_official_list(catalogue: Catalogue) -> None:
    with shared("kommuner.csv").open(encoding="utf-8", newline="") as file:
        official = {row["kode"]: row["navn"] for row in csv.DictReader(file)}
    assert len(official) == 98
    municipalities = catalogue.parties.municipalities
    assert list(municipalities) == list(official)
    for code, name in official.items():
        assert name in municipalities[code].aliases
        assert re.fullmatch(rf"{name}s? (Kommune|Regionskommune)", municipalities[code].name)


def test_only_domains_that_are_known_are_listed(catalogue: Catalogue) -> None:
    known = {code: party.domains for code, party in catalogue.parties.municipalities.items() if party.domains}
    assert known == {"0169": ("htk.dk",), "0173": ("ltk.dk",), "0400": ("brk.dk",), "0430": ("fmk.dk",)}
    assert any(note.startswith("94 kommuner uden domæner") for note in notes(catalogue))


def test_orders_arrive_at_the_suppliers_own_address_and_answers_are_sent_from_it(catalogue: Catalogue) -> None:
    """R15: so that a mail from it is the supplier's, and never an approval."""
    address = "kombit.dubu@netcompany.com"
    assert catalogue.parties.supplier.contacts == (address,)
    assert is_from(sender_of(address), catalogue.parties.supplier, subdomains_count=False)
    assert catalogue.offers.sender == address


def test_exactly_what_the_rules_leave_open_is_marked_as_assumed(catalogue: Catalogue) -> None:
    marked: dict[str, dict[str, str]] = {}
    for assumption in catalogue.assumptions:
        marked.setdefault(assumption.file.rpartition("/")[2], {})[assumption.path] = assumption.reason.split(":")[0]
    assert marked == ASSUMED
    assert open_assumptions(catalogue) == catalogue.assumptions


def test_every_assumption_names_the_line_where_it_is_set(catalogue: Catalogue) -> None:
    for assumption in catalogue.assumptions:
        name = assumption.file.rpartition("/")[2]
        line = (SHIPPED / name).read_text(encoding="utf-8").splitlines()[assumption.line - 1]
        assert line[assumption.column - 1 :].startswith(assumption.path.rpartition(".")[2])


def test_every_form_of_reply_and_state_has_an_option(catalogue: Catalogue) -> None:
    assert catalogue.label(FieldName.PAYER, Payer.THIRD_PARTY) == "3. part"
    assert catalogue.meaning(FieldName.PAYER, "Afklares") == Payer.UNRESOLVED
    assert set(catalogue.jira.request_types.values()) == {*HEADINGS, "uden_for_kataloget"}


def test_the_version_is_that_of_the_bytes(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    assert load_site(folder).version == catalogue.version
    edit(folder, "katalog.yaml", ("# DUBU", "# Dubu"))
    assert load_site(folder).version != catalogue.version


def test_a_place_can_be_named_for_others(catalogue: Catalogue) -> None:
    shown = catalogue.positions.of("jira.yaml", "felter", "betaler", "navn")
    lines = (SHIPPED / "jira.yaml").read_text(encoding="utf-8").splitlines()
    file, line, column = shown.rsplit(":", 2)
    assert file.endswith("mappings/dubu/jira.yaml")
    assert lines[int(line) - 1][int(column) - 1 :] == "Betaler"
    path = ("felter", "betaler", "navn")
    assert position_of(SHIPPED, "jira.yaml", path) == shown
    nearest = catalogue.positions.of("jira.yaml", "felter", "betaler", "findes", "ikke")
    assert nearest == catalogue.positions.of("jira.yaml", "felter", "betaler")
    assert position_of(SHIPPED, "ukendt.yaml", ("x",)).endswith("ukendt.yaml:1:1")


def test_the_schemas_beside_the_files_are_fresh() -> None:
    assert schema.stale(ROOT / "mappings" / schema.FOLDER) == ()


@pytest.mark.parametrize("name", FILES)
def test_an_editor_finds_nothing_wrong_with_the_shipped_files(name: str) -> None:
    text = (SHIPPED / name).read_text(encoding="utf-8")
    pointer = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert pointer
    path = (SHIPPED / pointer[1]).resolve()
    assert path == (ROOT / "mappings" / schema.FOLDER / name.replace(".yaml", ".json"))
    shape = json.loads(path.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(shape)
    as_editors_read_it = YAML(typ="safe", pure=True).load(text)
    assert [error.json_path for error in Draft7Validator(shape).iter_errors(as_editors_read_it)] == []


def test_an_editor_shows_a_misspelt_key_and_a_wrong_option() -> None:
    shape = json.loads((ROOT / "mappings" / schema.FOLDER / "kalender.json").read_text(encoding="utf-8"))
    text = (SHIPPED / "kalender.yaml").read_text(encoding="utf-8")
    for wrong in (text.replace("tidszone:", "tidzone:"), text.replace("værdi: godkendelse", "værdi: godkendelsen")):
        assert wrong != text
        loaded = YAML(typ="safe", pure=True).load(wrong)
        assert not Draft7Validator(shape).is_valid(loaded)
