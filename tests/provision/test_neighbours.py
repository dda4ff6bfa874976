"""What other projects share with the adapter's is as it was, or is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.catalogue.model import Catalogue
from adapter.provision.steps import PutOnScreen
from tests.provision.site import BARE_TYPES, Set, opened
from tests.sandbox import Seed, bare_seed
from tests.sandbox.records import Kind
from tests.sandbox.seed import SeedField
from tests.sandbox.site_records import ScreenScheme, TypeScreens

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


def with_scheme_of_its_own(made: Set, *, sharing: bool) -> None:
    """Gives the other project schemes of its own, in which views have the adapter's screen where it is shared."""
    world = made.site.world
    (ours, theirs) = (world.projects[key].screens for key in ("DUBU", OTHER))
    shown = {"view": ours.default.default} if sharing else {}
    scheme = ScreenScheme(int(world.new_setup_id()), "deres", theirs.default.default, shown)
    kinds = TypeScreens(
        world.new_setup_id(), "deres", theirs.default, {world.projects[OTHER].issue_types[1].id: scheme}
    )
    world.screen_schemes[scheme.id], world.type_screens[kinds.id] = scheme, kinds
    world.projects[OTHER].screens = kinds


def test_a_screen_is_shared_where_another_projects_schemes_lead_to_it_too(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        for sharing, others in ((False, ()), (True, (OTHER,))):
            with_scheme_of_its_own(made, sharing=sharing)
            plan = made.plan()
            assert {step.others for step in plan.steps if isinstance(step, PutOnScreen)} == {others}
            assert any("bruges også af ITS" in note for note in plan.notes) is sharing
        made.site.world.projects[OTHER].screens = made.site.world.projects["DUBU"].screens
        assert {step.others for step in made.plan().steps if isinstance(step, PutOnScreen)} == {(OTHER,)}


def test_the_screens_of_other_projects_are_as_before(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        screen = made.site.world.projects[OTHER].screens.default.default
        before = list(screen.fields)
        made.provision()
        assert screen.fields == before


def test_a_shared_screen_takes_the_fields_and_the_run_ends(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        with_scheme_of_its_own(made, sharing=True)
        made.provision()
        assert made.plan().is_empty
        assert "Betaler" in choices(made, "DUBU")
        assert "Betaler" not in choices(made)
