"""Model and site give the diff that was expected, in one order, with each line's place in the mapping."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.catalogue.words import FieldName
from adapter.provision.found import (
    Actor,
    ActorKind,
    Context,
    CustomField,
    Found,
    IssueType,
    Option,
    Project,
    Role,
    Screen,
    Status,
    Webhook,
)
from adapter.provision.plan import edits_of, plan_of
from adapter.provision.steps import (
    SIGNED,
    AddContext,
    AddOptions,
    CreateField,
    CreateRequestType,
    EnableOptions,
    Provisioning,
    PutOnScreen,
    WriteWebhook,
    is_left_of,
)
from adapter.provision.wanted import EVENTS, KINDS, Wanted, wanted_of
from tests.provision.made import ADAPTER, CATALOGUE, PROJECT, creation, site, status_id, workflow

HOOK = "https://adapter.example/webhooks/dubu"
WANTED = wanted_of(CATALOGUE, HOOK)
BETALER = CATALOGUE.jira.fields[FieldName.PAYER]


def whole(wanted: Wanted = WANTED) -> Found:
    """A site that has all that is wanted."""
    fields = tuple(
        CustomField(f"customfield_{20000 + i}", f.name, KINDS[f.type], (context(f.labels, f"c{i}"),))
        for i, f in enumerate(wanted.fields)
    )
    hook = Webhook("1", "hook", HOOK, EVENTS, "project = DUBU", True)
    screen = Screen("5", "Skærm", "9", frozenset(f.id for f in fields))
    found = site(workflow(creation("Ny")), fields=fields, screens=(screen,), webhooks=(hook,))
    (draft,) = edits_of(wanted, found)
    return replace(found, workflows=(draft.workflow,))


def context(labels: tuple[str, ...], name: str = "DUBU", **more: object) -> Context:
    options = tuple(Option(f"{name}-{i}", label) for i, label in enumerate(labels))
    made = Context(name, name, False, frozenset({PROJECT.id}), options=options)
    return replace(made, **more)  # type: ignore[arg-type]  # whatever a test exchanges


def plan(found: Found) -> Provisioning:
    return plan_of(WANTED, found)


def lines(found: Found) -> list[str]:
    return [str(step) for step in plan(found).steps]


def without(found: Found, name: str) -> Found:
    return replace(found, fields=tuple(f for f in found.fields or () if f.name != name))


def exchanged(found: Found, name: str, **more: object) -> Found:
    fields = tuple(replace(f, **more) if f.name == name else f for f in found.fields or ())  # type: ignore[arg-type]
    return replace(found, fields=fields)


def test_a_site_that_has_everything_needs_nothing() -> None:
    assert plan(whole()).is_empty


def test_a_missing_field_is_made_with_its_options_and_put_on_the_screens() -> None:
    made = plan(without(whole(), BETALER.name)).steps
    assert [type(step) for step in made] == [CreateField, AddContext, AddOptions, PutOnScreen]
    assert [str(step) for step in made] == [
        '+ felt "Betaler" (valgliste)',
        '+ felt "Betaler" i projektet',  # whose options are not everybody's
        '+ valg i "Betaler": Kommune, 3. part, KOMBIT, Afklares',
        '+ på skærmbilledet "Skærm": Betaler',
    ]
    assert all(step.place.endswith(("jira.yaml:21:5", "jira.yaml:16:3")) or "jira.yaml:" in step.place for step in made)


def test_only_options_that_are_missing_are_added_and_disabled_ones_are_enabled() -> None:
    some = context(("Kommune", "Deres eget"), "c")
    disabled = replace(some, options=(*some.options, Option("9", "KOMBIT", is_disabled=True)))
    assert lines(exchanged(whole(), BETALER.name, contexts=(disabled,))) == [
        '+ valg i "Betaler": 3. part, Afklares',
        '~ valg i "Betaler" aktiveres: KOMBIT',
    ]
    twice = replace(disabled, options=(*context(BETALER_LABELS).options, Option("9", "KOMBIT", is_disabled=True)))
    assert plan(exchanged(whole(), BETALER.name, contexts=(twice,))).is_empty


def test_a_field_of_other_projects_gets_a_context_of_its_own_and_theirs_is_not_widened() -> None:
    theirs = context(BETALER_LABELS, "deres", project_ids=frozenset({"77"}))
    steps = plan(exchanged(whole(), BETALER.name, contexts=(theirs,))).steps
    assert [type(step) for step in steps] == [AddContext, AddOptions]


def test_a_global_context_is_as_good_as_one_of_its_own() -> None:
    everywhere = context(BETALER_LABELS, "alle", project_ids=frozenset(), is_global=True)
    assert plan(exchanged(whole(), BETALER.name, contexts=(everywhere,))).is_empty


def test_options_that_other_projects_would_get_too_are_left_to_a_person() -> None:
    everybodys = context(("Kommune",), "alle", project_ids=frozenset(), is_global=True)
    theirs = context(("Kommune",), "deres", project_ids=frozenset({PROJECT.id, "77", "78"}), others=("ITS",))
    closed = replace(theirs, options=tuple(replace(o, is_disabled=True) for o in theirs.options))
    for shared, told in (
        (everybodys, '3. part, KOMBIT, Afklares i konteksten "alle", som også gælder i alle andre projekter;'),
        (theirs, '3. part, KOMBIT, Afklares i konteksten "deres", som også gælder i ITS og 1 til;'),
        (closed, 'Kommune, 3. part, KOMBIT, Afklares i konteksten "deres"'),
    ):
        made = plan(exchanged(whole(), BETALER.name, contexts=(shared,)))
        assert made.steps == ()
        (obstacle,) = made.obstacles
        assert f'feltet "Betaler" ({whole().named(BETALER.name)[0].id}) mangler {told}' in obstacle.text
        assert "giv DUBU en kontekst for sig selv" in obstacle.text


def test_everybodys_context_that_nobody_ever_used_is_left_so_and_the_project_gets_its_own() -> None:
    blank = context((), "alle", project_ids=frozenset(), is_global=True)
    made = plan(exchanged(whole(), BETALER.name, contexts=(blank,)))
    assert [type(step) for step in made.steps] == [AddContext, AddOptions]
    assert made.obstacles == ()


BETALER_LABELS = tuple(BETALER.options.values())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "number"}, "findes med en anden type (number)"),
        (
            {"contexts": (context(BETALER_LABELS, "halv", type_ids=frozenset({"99"})),)},
            "ikke sagstyperne Serviceanmodning",
        ),
    ],
)
def test_a_field_that_stands_in_the_way_is_an_obstacle_with_its_place(change: dict[str, object], told: str) -> None:
    (obstacle,) = plan(exchanged(whole(), BETALER.name, **change)).obstacles
    assert told in obstacle.text
    assert "jira.yaml:" in obstacle.place


def test_a_screen_of_other_projects_too_is_named_as_theirs_with_what_follows_for_them() -> None:
    (screen,) = whole().screens or ()
    bare = replace(screen, field_ids=frozenset(screen.field_ids - {whole().named(BETALER.name)[0].id}))
    alone, shared = (
        plan(replace(whole(), screens=(bare,))),
        plan(replace(whole(), screens=(replace(bare, others=KEYS),))),
    )
    assert [str(step) for step in alone.steps] == ['+ på skærmbilledet "Skærm": Betaler']
    assert [str(step) for step in shared.steps] == [
        '+ på skærmbilledet "Skærm" (også brugt af A, B, C, D, E og 2 til): Betaler'
    ]
    assert "giv DUBU et skærmbillede for sig selv" in shared.notes[0]
    assert alone.notes == shared.notes[1:]
    assert "er ikke undersøgt" in alone.notes[0]
    assert plan(replace(whole(), screens=(replace(screen, others=KEYS),))).notes == plan(whole()).notes


KEYS = tuple("ABCDEFG")


TWO = tuple(IssueType(i, name) for i, name in (("1", "Serviceanmodning"), ("2", "Hændelse")))


def split(*contexts: Context) -> Found:
    """A project of two issue types whose payer has some contexts."""
    jira = whole()
    flows = tuple(replace(w, issue_types=TWO) for w in jira.workflows or ())
    jira = replace(jira, project=replace(PROJECT, issue_types=TWO), workflows=flows)
    return exchanged(jira, BETALER.name, contexts=contexts)


def test_contexts_that_cover_all_issue_types_together_are_no_obstacle() -> None:
    first, second = (context(BETALER_LABELS, name, type_ids=frozenset({name})) for name in ("1", "2"))
    assert plan(split(first, second)).is_empty
    (obstacle,) = plan(split(first, replace(second, type_ids=frozenset({"1", "9"})))).obstacles
    assert 'ikke sagstyperne Hændelse; føj dem til konteksten "1" eller "2"' in obstacle.text


def test_everybodys_context_is_for_no_issue_type_that_the_projects_own_leaves_out() -> None:
    """As Jira's description of a field's contexts has it: the global one is asked where a project has none."""
    everybodys = context(BETALER_LABELS, "alle", project_ids=frozenset(), is_global=True)
    own = context(BETALER_LABELS, "egen", type_ids=frozenset({"1"}))
    (obstacle,) = plan(split(own, everybodys)).obstacles
    assert 'ikke sagstyperne Hændelse; føj dem til konteksten "egen"' in obstacle.text
    (obstacle,) = plan(split(replace(everybodys, type_ids=frozenset({"1"})))).obstacles
    assert 'ikke sagstyperne Hændelse; føj dem til konteksten "alle", som også gælder i alle andre' in obstacle.text


def test_two_fields_of_a_name_are_an_obstacle() -> None:
    found = whole()
    twin = replace(found.named(BETALER.name)[0], id="customfield_9", kind="string")
    (obstacle,) = plan(replace(found, fields=(*(found.fields or ()), twin))).obstacles
    assert "der er 2 felter" in obstacle.text
    assert "customfield_9" in obstacle.text


def test_an_answer_field_of_another_kind_is_taken_as_it_is() -> None:
    assert plan(exchanged(whole(), "Hvem opretter", kind="string")).is_empty


def test_a_team_managed_project_is_an_obstacle_and_nothing_else_is_told() -> None:
    found = replace(whole(), project=replace(PROJECT, is_team_managed=True), workflows=())
    (obstacle,) = plan(found).obstacles
    assert "team-managed" in obstacle.text
    assert plan(found).steps == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"other_projects": ("ITS", "HR")}, "bruges også af ITS, HR; kopiér"),
        (
            {"issue_types": (IssueType("1", "Serviceanmodning"), IssueType("9", "Delopgave", is_subtask=True))},
            "er også Delopgaves, som adapteren ikke ser på",
        ),
        ({"rule_keys": frozenset({"system:check-field-value"})}, "sitet tilbyder ikke reglen system:restrict-issue"),
    ],
)
def test_a_workflow_that_cannot_be_changed_is_an_obstacle(change: dict[str, object], told: str) -> None:
    (flow,) = whole().workflows or ()
    found = replace(whole(), workflows=(replace(flow, **change),))  # type: ignore[arg-type]
    (obstacle,) = plan(found).obstacles
    assert told in obstacle.text


def test_a_read_only_workflow_is_an_obstacle() -> None:
    (flow,) = whole().workflows or ()
    found = replace(whole(), workflows=(replace(flow, document={**flow.document, "isEditable": False}),))
    assert "kan ikke ændres" in plan(found).obstacles[0].text


def test_a_status_that_differs_by_a_capital_is_an_obstacle_since_the_site_would_refuse_it() -> None:
    found = whole()
    statuses = tuple(replace(s, name="UENIGHED") if s.name == "Uenighed" else s for s in found.statuses or ())
    assert any('hedder "UENIGHED"' in o.text for o in plan(replace(found, statuses=statuses)).obstacles)


@pytest.mark.parametrize(
    ("name", "category", "told"),
    [
        ("Godkendt", "DONE", "kategorien DONE og skulle være i IN_PROGRESS: sager i den regner Jira for afsluttede"),
        ("Løst", "IN_PROGRESS", "kategorien IN_PROGRESS og skulle være i DONE: sager i den regner Jira ikke for"),
        ("Ny", "IN_PROGRESS", ""),
        ("Uenighed", "TODO", ""),
        ("Løst", "", ""),
    ],
)
def test_a_status_that_is_there_and_done_where_the_mapping_is_not_is_kept_and_noted(
    name: str, category: str, told: str
) -> None:
    wished = tuple(Status(status_id(s.name), s.name, s.category) for s in WANTED.statuses)
    statuses = tuple(replace(s, category=category) if s.name == name else s for s in wished)
    made = plan(replace(whole(), statuses=statuses))
    assert made.is_empty
    notes = [note for note in made.notes if "kategorien" in note]
    assert len(notes) == bool(told)
    assert all(f'statussen "{name}" er på sitet i {told}' in note and "jira.yaml:" in note for note in notes)


def test_an_issue_type_that_the_project_lacks_is_an_obstacle() -> None:
    jira = CATALOGUE.jira.model_copy(update={"issue_types": ("Serviceanmodning", "Bestilling")})
    wanted = wanted_of(replace(CATALOGUE, jira=jira), HOOK)
    assert [o.text for o in plan_of(wanted, whole()).obstacles] == [
        'sagstypen "Bestilling" findes ikke i projektet; opret den, eller ret navnet'
    ]


def test_a_missing_role_is_made_and_joined_before_the_workflow_that_rests_on_it() -> None:
    kinds = [type(step).__name__ for step in plan(replace(whole(), roles=())).steps]
    assert kinds == ["CreateRole", "JoinRole", "ChangeWorkflow"]
    empty = replace(whole(), roles=(Role("10100", "DUBU-adapter"),))
    assert next(type(step).__name__ for step in plan(empty).steps) == "JoinRole"


def test_a_project_without_a_service_desk_stands_in_the_way() -> None:
    (obstacle,) = plan(replace(whole(), request_types=None)).obstacles
    assert 'projektet "DUBU" har ingen servicedesk' in obstacle.text


def test_names_that_differ_by_their_capitals_alone_are_told_instead_of_made_twice() -> None:
    found = whole()
    lower = tuple(replace(f, name=f.name.lower()) if f.name == BETALER.name else f for f in found.fields or ())
    (obstacle,) = plan(replace(found, fields=lower)).obstacles
    assert 'feltet "Betaler" hedder "betaler" på sitet' in obstacle.text
    both = (*(found.fields or ()), replace(lower[0], id="customfield_9", name="betaler"))
    assert plan(replace(found, fields=both)).is_empty
    (role,) = found.roles or ()
    (obstacle,) = plan(replace(found, roles=(replace(role, name=role.name.lower()),))).obstacles
    assert f'projektrollen "{role.name}" hedder "{role.name.lower()}"' in obstacle.text


def test_a_role_that_others_use_is_not_taken_from_them() -> None:
    found = whole()
    (role,) = found.roles or ()
    admins = replace(role, actors=(Actor(ActorKind.GROUP, "g", "jira-administrators"),))
    (obstacle,) = plan(replace(found, roles=(admins,))).obstacles
    assert "bruges af andre end adapteren" in obstacle.text
    assert plan(replace(found, roles=(replace(role, actors=(*role.actors, *admins.actors)),))).obstacles == ()


def test_a_secret_in_the_webhooks_address_is_not_shown() -> None:
    wanted = wanted_of(CATALOGUE, f"{HOOK}?secret=hemmelig")
    (step,) = plan_of(wanted, replace(whole(), webhooks=())).steps
    assert HOOK in str(step)
    assert "hemmelig" not in str(step)


def test_subtasks_need_nothing_where_no_issue_type_is_named() -> None:
    types = (IssueType("9", "Underopgave", is_subtask=True), *PROJECT.issue_types)
    only = frozenset(t.id for t in PROJECT.issue_types)
    found = exchanged(whole(), BETALER.name, contexts=(context(BETALER_LABELS, type_ids=only),))
    found = replace(found, project=replace(PROJECT, issue_types=types), request_types=())
    made = plan(found)
    assert made.obstacles == ()
    assert {step.type_name for step in made.steps if isinstance(step, CreateRequestType)} == {"Serviceanmodning"}


def test_what_is_left_of_a_step_is_only_what_it_asked_for_itself() -> None:
    added = AddOptions("Betaler", "c", ("Kommune", "KOMBIT"), "jira.yaml:1:1")
    assert is_left_of(replace(added, labels=("KOMBIT",)), added)
    assert not is_left_of(replace(added, labels=("KOMBIT", "Afklares")), added)
    assert not is_left_of(replace(added, context="d"), added)
    assert not is_left_of(EnableOptions("Betaler", "c", ("KOMBIT",), "jira.yaml:1:1"), added)
    put = PutOnScreen("5", "Skærm", ("A", "B"), "jira.yaml:2:1")
    assert is_left_of(replace(put, field_names=("B",)), put)
    assert not is_left_of(replace(put, screen_id="6"), put)
    hook = Webhook("", "DUBU", HOOK, EVENTS, "project = DUBU", True)
    unsigned = WriteWebhook(replace(hook, id="1"), (SIGNED,))
    assert is_left_of(unsigned, WriteWebhook(hook))
    assert not is_left_of(replace(unsigned, changes=("tændes", SIGNED)), WriteWebhook(hook))
    assert not is_left_of(replace(unsigned, webhook=replace(hook, url="https://other.example")), WriteWebhook(hook))


def test_the_same_site_gives_the_same_plan() -> None:
    bare = Found(True, PROJECT, ADAPTER, (), (), (), (), (workflow(creation("Ny"), names=("Ny",)),), (), ())
    assert plan(bare) == plan(bare)
    assert len(lines(bare)) == len(set(lines(bare)))


def test_on_data_center_what_has_no_api_is_for_a_person_in_order_and_with_the_sites_names() -> None:
    project = Project("10000", "DUBU", "DUBU", False, (IssueType("1", "Serviceanmodning"),))
    found = Found(is_cloud=False, project=project, account="dubu-adapter", roles=(), fields=(), webhooks=())
    made = plan(found)
    assert {type(step).__name__ for step in made.steps} == {"CreateField", "CreateRole", "JoinRole", "WriteWebhook"}
    told = [step.text for step in made.by_hand]
    assert any('"Betaler" → Configure: valgene Kommune' in text for text in told)
    assert any('hver overgang til "Godkendt" har betingelsen User Is In Project Role "DUBU-adapter"' in t for t in told)
    assert any("Workflows i DUBU: rediger workflowet for Serviceanmodning" in text for text in told)
    assert told[-1].endswith("kør dubu-adapter check")
