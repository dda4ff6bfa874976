"""Interrupted anywhere, the next run finishes with the same site, and nothing is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.catalogue.model import Catalogue
from adapter.errors import OutOfReach, Refused
from adapter.gateway.retry import Patience
from adapter.provision.steps import (
    AddOptions,
    ChangeWorkflow,
    CreateField,
    CreateRole,
    CreateStatus,
    EnableOptions,
    JoinRole,
    PutOnScreen,
    Step,
)
from tests.provision.site import SECRET, Set, opened
from tests.sandbox import Fault, Seed, Trouble, seed_from
from tests.sandbox.dubu_workflow import ADAPTER_ROLE
from tests.sandbox.workflow_records import Transition

HASTY = Patience(budget=2.0, attempts=2, sleep=lambda _: None)


@contextmanager
def nearly_done(folder: Path) -> Iterator[Set]:
    """A site that lacks one thing of each kind, so that every write can be the one that fails."""
    with opened(folder, make=seed_of) as made:
        approval = made.site.world.field_named("Godkendelse")
        next(o for o in approval.options if o.value == "Godkendt").disabled = True
        yield made


def seed_of(catalogue: Catalogue) -> Seed:
    """The site of the mapping, without some of all that is needed."""
    seed = seed_from(catalogue).without_field("Betaler").without_field("Timepris").without_status("Godkendt")
    seed = seed.without_option("Proces", "*** SF1475-adgang")
    first, *others = seed.projects
    steps = tuple(step for step in first.transitions if step.roles != (ADAPTER_ROLE,))
    roles = {name: actors for name, actors in first.roles.items() if name != ADAPTER_ROLE}
    asked = tuple(name for name in first.request_types if name != "Robotter")
    return replace(seed, projects=(replace(first, transitions=steps, roles=roles, request_types=asked), *others))


def state(made: Set) -> object:
    """All that a run can change, by names: ids differ from site to site."""
    world = made.site.world
    names = {f.id: f.name for f in world.fields.values()}

    def starts(step: Transition) -> tuple[str, ...]:
        return tuple(sorted(world.statuses[ref].name for ref in step.sources))

    flows = {
        f.name: sorted((s.name, s.way, s.target.name, starts(s), len(s.conditions.every())) for s in f.steps)
        for f in world.workflows.values()
    }
    contexts = [
        (f.name, c.name, tuple((o.value, o.disabled) for o in c.options))
        for f in world.fields.values()
        for c in f.contexts
    ]
    screens = sorted((s.name, tuple(sorted(names.get(i, i) for i in s.fields))) for s in world.screens.values())
    roles = {name: (sorted(r.users), sorted(r.groups)) for name, r in world.find_project("DUBU").roles.items()}
    hooks = [(h.url, h.jql, sorted(h.events), h.secret, h.enabled) for h in made.site.webhooks.hooks]
    return flows, sorted(contexts), screens, sorted(s.name for s in world.statuses.values()), roles, hooks


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, int]:
    """The site as an undisturbed run leaves it, and how many writes that takes."""
    with nearly_done(tmp_path_factory.mktemp("whole")) as made:
        made.site.requests.clear()
        kinds = {type(step) for step in made.provision()}
        assert kinds >= {CreateField, AddOptions, EnableOptions, PutOnScreen, CreateStatus, CreateRole, JoinRole}
        assert ChangeWorkflow in kinds
        return state(made), len(made.site.requests.writes("admin"))


def test_a_run_that_dies_at_any_write_is_finished_by_the_next(whole: tuple[object, int], tmp_path: Path) -> None:
    expected, writes = whole
    assert writes > 10
    for passed in range(writes):
        with nearly_done(tmp_path / str(passed)) as made:
            made.site.interrupt_after(passed)
            with pytest.raises(OutOfReach):
                made.provision(HASTY)
            made.site.faults.clear()
            made.provision()
            assert state(made) == expected, f"after {passed} writes"


def lagging(made: Set, reads: int | None, path: str = ".*") -> list[Step]:
    """Does all of it on a site whose reads show a write late: so many are answered as before it."""
    gateway = made.gateway()
    found, _ = gateway.plan()
    assert found is not None
    done: list[Step] = []

    def told(step: Step) -> None:
        done.append(step)
        made.site.faults.clear()
        made.site.faults.add(Fault(Trouble.STALE, method="GET", path=path, times=reads))

    try:
        gateway.bring_about(found, told)
    finally:
        made.site.faults.clear()
    return done


@pytest.mark.parametrize("reads", [1, 2, 5])
def test_what_shows_late_is_waited_for_and_not_made_again(
    whole: tuple[object, int], reads: int, tmp_path: Path
) -> None:
    with nearly_done(tmp_path) as made:
        made.site.requests.clear()
        done = lagging(made, reads)
        assert len(set(done)) == len(done)
        assert len(made.site.requests.writes("admin")) == whole[1]
        assert state(made) == whole[0]


def test_a_secret_that_the_api_does_not_take_is_asked_of_a_person_once(tmp_path: Path) -> None:
    def make(catalogue: Catalogue) -> Seed:
        return seed_of(catalogue).switched(api_takes_secret=False)

    with opened(tmp_path, make=make) as made:
        made.site.requests.clear()
        with pytest.raises(Refused, match="indtast hemmeligheden under System → WebHooks"):
            made.provision()
        assert len([w for w in made.site.requests.writes("admin") if "webhook" in w.path]) == 1
        made.site.webhooks.hooks[0].secret = SECRET
        assert made.provision() == []


def test_what_was_not_agreed_to_is_not_done_and_neither_is_anything_after_it(tmp_path: Path) -> None:
    """As where somebody changes the site after the plan was shown."""
    with nearly_done(tmp_path) as made:
        gateway = made.gateway()
        found, plan = gateway.plan()
        assert found is not None
        done: list[Step] = []
        with pytest.raises(Refused, match="og der er andet at gøre end aftalt"):
            gateway.bring_about(found, done.append, lambda step: not isinstance(step, CreateStatus))
        first = next(i for i, step in enumerate(plan.steps) if isinstance(step, CreateStatus))
        assert [str(step) for step in done] == [str(step) for step in plan.steps[:first]]
        assert "Godkendt" not in {status.name for status in made.site.world.statuses.values()}


def test_what_somebody_else_has_done_meanwhile_is_not_done_twice(tmp_path: Path) -> None:
    """Two who set the site up at once: each looks again before each step."""
    with nearly_done(tmp_path) as made:
        gateway = made.gateway()
        found, plan = gateway.plan()
        assert found is not None
        assert plan.steps
        made.provision()
        done: list[Step] = []
        gateway.bring_about(found, done.append)
        assert done == []
        assert [f.name for f in made.site.world.fields.values()].count("Betaler") == 1


def test_what_never_shows_is_made_once_and_told(tmp_path: Path) -> None:
    with nearly_done(tmp_path) as made:
        with pytest.raises(Refused, match=r'\+ felt "Betaler" .*: Jira siger, at det er gjort, men viser det ikke'):
            lagging(made, None, "/field/search$")
        assert [f.name for f in made.site.world.fields.values()].count("Betaler") == 1
        made.provision()
        assert made.plan().is_empty


@pytest.mark.parametrize("trouble", [Trouble.CUT_AFTER, Trouble.BROKEN_AFTER, Trouble.BUSY])
def test_lost_answers_and_a_busy_site_cost_time_and_double_nothing(
    whole: tuple[object, int], trouble: Trouble, tmp_path: Path
) -> None:
    with nearly_done(tmp_path) as made:
        few, many = 6, 40  # one call is tried eight times, and a POST that is looked for once is enough
        for method, times in (("POST", few if trouble is Trouble.BUSY else many), ("PUT", few)):
            made.site.faults.add(Fault(trouble, method=method, times=times, writes=True, retry_after=0.0))
        made.provision()
        assert state(made) == whole[0]
        names = Counter(f.name for f in made.site.world.fields.values())
        assert max(names.values()) == 1
        assert made.plan().is_empty
