"""The options that a select field must offer on the site, and where the mapping names each."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName


def labels_of(catalogue: Catalogue, name: FieldName) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Label, file and path of each option; those of category and subtype are the catalogue's own names."""
    services = catalogue.services
    if name is FieldName.CATEGORY:
        for category_id, category in services.categories.items():
            yield category.name, "katalog.yaml", ("kategorier", category_id, "navn")
        yield services.outside_name, "katalog.yaml", ("uden_for_kataloget",)
        yield services.triage_name, "katalog.yaml", ("til_afklaring",)
    elif name is FieldName.SUBTYPE:
        for category_id, category in services.categories.items():
            for i, subtype in enumerate(category.subtypes):
                yield subtype, "katalog.yaml", ("kategorier", category_id, "underkategorier", str(i))
    else:
        for meaning, label in catalogue.jira.fields[name].options.items():
            yield label, "jira.yaml", ("felter", name.value, "valg", meaning)
