"""A copy of the shipped mapping with domains for a few parties, as an admin would have written them."""

from __future__ import annotations

import shutil
from pathlib import Path

from ruamel.yaml import YAML

from tests.sandbox.plant import made_up_id

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = {"0751": "aarhus.example", "0461": "odense.example", "0265": "roskilde.example"}
"""Aarhus, Odense and Roskilde: the municipalities that have people on the sandbox site."""
SOLUTIONS = {
    "fagsystem-x": {"navn": "Fagsystem X", "også_kaldet": ["FagsystemX", "Fag-X A/S"]},
    "barnets-plan": {"navn": "Barnets Plan", "også_kaldet": ["BarnetsPlan ApS"]},
    "gammelt-system": {"navn": "Gammelt System", "sat_op_før": "Ballerup Kommune"},
}
OWNERS = {"leverandør": "agent.bo", "kombit": "kombit.kim"}
"""The project owners, as people of the sandbox site (on Cloud)."""


def write_mapping(folder: Path) -> Path:
    """Writes the mapping of a site `dubu` below a folder and returns that folder."""
    target = folder / "dubu"
    shutil.copytree(ROOT / "mappings" / "dubu", target)
    yaml = YAML()
    yaml.width = 4096
    path = target / "parter.yaml"
    parties = yaml.load(path.read_text(encoding="utf-8"))
    for code, domain in DOMAINS.items():
        parties["kommuner"][code]["domæner"] = [domain]
    parties["leverandør"]["domæner"] = ["leverandoer.example"]
    parties["kombit"]["domæner"] = ["kombit.example"]
    parties["tredjeparter"] = {"fagsystemhuset": {"navn": "Fagsystemhuset A/S", "domæner": ["fagsystemhuset.example"]}}
    for side, handle in OWNERS.items():
        parties["projektejere"][side]["konti"] = [f"712020:{made_up_id(handle)}"]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(parties, file)
    register = target / "register.yaml"
    known = yaml.load(register.read_text(encoding="utf-8"))
    known["løsninger"] = SOLUTIONS
    with register.open("w", encoding="utf-8") as file:
        yaml.dump(known, file)
    return folder


def say(folder: Path, file: str, *changes: tuple[str, str]) -> None:
    """Edits a mapping file below a folder of `write_mapping`; AssertionError where a text is not there."""
    path = folder / "dubu" / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, f"{file} does not say {before!r}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
