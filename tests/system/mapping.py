"""A copy of the shipped mapping with domains for a few parties, as an admin would have written them."""

from __future__ import annotations

import shutil
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = {"0751": "aarhus.example", "0461": "odense.example", "0265": "roskilde.example"}
"""Aarhus, Odense and Roskilde: the municipalities that have people on the sandbox site."""


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
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(parties, file)
    return folder
