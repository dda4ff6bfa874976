"""What other projects share with the adapter's is as it was, or is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.catalogue.model import Catalogue
from tests.provision.site import BARE_TYPES, Set, opened
from tests.sandbox import Seed, bare_seed
from tests.sandbox.records import Kind
from tests.sandbox.seed import SeedField

OTHER = "ITS"


def choices(made: Set, key: str = OTHER) -> dict[str, list[tuple[str, str, bool]]]:
    """What can be chosen on another project's tickets, by field; a field that offers nothing is left out."""
    project = made.site.world.projects[key]
    found = {f.name: f.context(project.id) for f in made.site.world.fields.values()}
    return {n: [(o.id, o.value, o.disabled) for o in c.options] for n, c in found.items() if c and c.options}


def test_what_can_be_chosen_in_other_projects_is_as_before(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        before = choices(made)
        assert before
        made.provision()
        assert choices(made) == before
        assert "Betaler" in choices(made, "DUBU")
        assert made.plan().is_empty


@pytest.mark.parametrize(
    ("everywhere", "told"), [(False, "som også gælder i ITS;"), (True, "som også gælder i alle andre projekter;")]
)
def test_a_shared_field_that_lacks_options_is_told_and_nothing_is_written(
    everywhere: bool, told: str, tmp_path: Path
) -> None:
    def make(catalogue: Catalogue) -> Seed:
        return bare_seed(catalogue).with_field(SeedField("Betaler", Kind.SELECT, ("Kommune",), everywhere))

    with opened(tmp_path, BARE_TYPES, make=make) as made:
        before = choices(made)
        (obstacle,) = made.plan().obstacles
        assert told in obstacle.text
        assert "jira.yaml:" in obstacle.place
        assert choices(made) == before
        assert made.site.requests.writes("admin") == []
