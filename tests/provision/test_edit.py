"""A workflow is changed by as little as closes its side doors, and everything else goes back as it came."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.catalogue.words import StatusRole
from adapter.provision.document import PORTAL, Document, Rule, Transition, leads
from adapter.provision.door import DoorKind
from adapter.provision.draft import Draft
from adapter.provision.edit import Editor, editor_of
from adapter.provision.found import Found, Workflow
from adapter.provision.side_doors import side_doors
from tests.provision.made import CATALOGUE, ROLE, STATUSES, creation, lock, site, status_id, step, workflow

THEIRS: Rule = {"id": "4f", "ruleKey": "forge:expression-condition", "parameters": {"key": "ari:their-app"}}
UNMAPPED = ("Waiting for support", "Til intern afklaring")


def editor(found: Found) -> Editor:
    return editor_of(CATALOGUE, found, found.workflows or ())


def edited(*steps: Transition, names: tuple[str, ...] = STATUSES) -> Draft:
    made = workflow(*steps, names=names)
    return editor(site(made)).edited(made)


def named(draft: Draft, name: str) -> Transition:
    (found,) = (s for s in draft.steps if s["name"] == name)
    return found


def starts(transition: Transition) -> set[str | None]:
    return {link["fromStatusReference"] for link in transition["links"]}


# For any workflow ---------------------------------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
rules = st.sampled_from(
    [
        THEIRS,
        lock(),
        {"ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": ROLE}},
        {"ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": f"{ROLE},10002"}},
        {"ruleKey": "system:restrict-issue-transition", "parameters": {"groupIds": "g"}},
    ]
)
groups = st.fixed_dictionaries(
    {"operation": st.sampled_from(["ALL", "ANY"]), "conditions": st.lists(rules, max_size=2)},
    optional={"conditionGroups": st.just([{"operation": "ANY", "conditions": [THEIRS]}])},
)
references = st.sampled_from([status_id(name) for name in (*STATUSES, *UNMAPPED)])
links = st.lists(
    st.fixed_dictionaries({"fromStatusReference": references, "fromPort": st.integers(0, 7)}), min_size=1, max_size=5
)
transitions = st.fixed_dictionaries(
    {"name": st.sampled_from(["Start arbejde", "Godkend", "Genåbn", "Deres egen"]), "toStatusReference": references},
    optional={
        "conditions": st.one_of(st.none(), groups),
        "validators": st.just([THEIRS]),
        "actions": st.just([THEIRS]),
        "triggers": st.just([THEIRS]),
        "properties": st.dictionaries(texts, texts, max_size=2),
        "transitionScreen": st.just({"ruleKey": "system:transition-screen", "parameters": {"screenId": "3"}}),
        "noget nyt": texts,
    },
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    steps: list[Any] = [{**creation("Ny"), "toStatusReference": draw(references)}]
    for i, made in enumerate(draw(st.lists(transitions, max_size=8))):
        directed = draw(st.booleans())
        way = {"type": "DIRECTED", "links": draw(links)} if directed else {"type": "GLOBAL", "links": []}
        steps.append({**made, **way, "id": str(11 + 10 * i)})
    made_workflow = workflow(*steps, names=(*STATUSES, *UNMAPPED))
    document: Any = {**made_workflow.document, "startPointLayout": {"x": 1.0, "y": 2.0}, "også nyt": draw(texts)}
    return Workflow(document, made_workflow.statuses, made_workflow.issue_types)


OURS = {"conditions", "links", "properties", "toStatusReference"}


@settings(max_examples=80)
@given(workflows())
def test_everything_that_is_not_its_own_goes_back_as_it_came(before: Workflow) -> None:
    after = editor(site(before)).edited(before).workflow.document
    kept = {k: v for k, v in before.document.items() if k not in {"transitions", "statuses"}}
    assert {k: v for k, v in after.items() if k not in {"transitions", "statuses"}} == kept
    assert after["statuses"][: len(before.document["statuses"])] == before.document["statuses"]
    for old, new in zip(before.document["transitions"], after["transitions"], strict=False):
        assert {k: v for k, v in old.items() if k not in OURS} == {k: v for k, v in new.items() if k not in OURS}
        assert (new.get("properties") or {}).items() >= (old.get("properties") or {}).items()
        assert old["type"] == "INITIAL" or new["toStatusReference"] == old["toStatusReference"]
        assert rules_in(new.get("conditions")) >= rules_in(old.get("conditions"))


def rules_in(tree: Any) -> set[str]:  # noqa: ANN401 -- a tree as JSON
    if not tree:
        return set()
    inner = [rules_in(group) for group in tree.get("conditionGroups") or []]
    return {repr(rule) for rule in tree.get("conditions") or []}.union(*inner)


@settings(max_examples=80)
@given(workflows())
def test_twice_is_once(before: Workflow) -> None:
    once = editor(site(before)).edited(before)
    again = editor(site(once.workflow)).edited(once.workflow)
    assert again.changes == ()
    assert again.workflow.document == once.workflow.document


@settings(max_examples=80)
@given(workflows())
def test_no_workflow_has_a_side_door_afterwards_that_provisioning_can_close(before: Workflow) -> None:
    after = editor(site(before)).edited(before).workflow
    told = (DoorKind.UNMAPPED_STATUS, DoorKind.AUTOMATIC_STEP)  # these only a person can close
    assert {door.kind for door in side_doors(CATALOGUE, site(after)) if door.kind not in told} == set()
    assert all(s.get("triggers") for s in after.document["transitions"] if s["id"] in automatic_ids(after))
    ids = [s["id"] for s in after.document["transitions"]]
    assert len(ids) == len(set(ids))


def automatic_ids(flow: Workflow) -> set[str]:
    found = side_doors(CATALOGUE, site(flow))
    return {door.transition_id for door in found if door.kind is DoorKind.AUTOMATIC_STEP}


@settings(max_examples=80)
@given(workflows())
def test_a_workflow_that_is_as_it_should_be_is_not_touched_and_every_touch_is_told(before: Workflow) -> None:
    draft = editor(site(before)).edited(before)
    assert bool(draft.changes) is (draft.workflow.document != before.document)


@settings(max_examples=80)
@given(workflows())
def test_no_step_that_it_adds_or_extends_shares_its_name_with_another_from_the_same_status(before: Workflow) -> None:
    """Jira wants names unique from each status, and a global step's its own."""
    assert clashes(editor(site(before)).edited(before).workflow) <= clashes(before)


def clashes(flow: Workflow) -> set[tuple[str, str]]:
    """Pairs of name and status that more than one step has."""
    inside = [s["statusReference"] for s in flow.document["statuses"]]
    steps = [s for s in flow.document["transitions"] if s["type"] != "INITIAL"]
    taken = Counter((s["name"], ref) for s in steps for ref in inside if leads(s, ref, s["toStatusReference"]))
    return {pair for pair, many in taken.items() if many > 1}


# Case by case -------------------------------------------------------------------------------------------------------


def test_a_start_from_elsewhere_is_cut_off_where_it_also_starts_from_godkendt() -> None:
    draft = edited(creation("Ny"), step(11, "Start", "I gang", "Ny", "Godkendt"))
    assert starts(named(draft, "Start")) == {status_id("Godkendt")}
    assert '~ overgang "Start" (11): ikke længere fra "Ny" til "I gang"' in draft.changes


def test_a_start_that_only_starts_elsewhere_stays_for_the_adapters_role_beside_their_condition() -> None:
    before = step(11, "Hurtig", "I gang", "Ny", conditions={"operation": "ANY", "conditions": [THEIRS]})
    after = named(edited(creation("Ny"), before), "Hurtig")
    assert starts(after) == {status_id("Ny")}
    assert after["conditions"] == {
        "operation": "ALL",
        "conditions": [{"ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": ROLE}}],
        "conditionGroups": [{"operation": "ANY", "conditions": [THEIRS]}],
    }


def test_new_tickets_begin_in_new() -> None:
    draft = edited(creation("Waiting for support"), names=(*STATUSES, *UNMAPPED))
    assert draft.steps[0]["toStatusReference"] == status_id("Ny")
    assert '~ overgang "Create" (1): nye sager begynder i "Ny" (før "Waiting for support")' in draft.changes


def test_their_own_steps_to_a_status_are_enough() -> None:
    theirs = step(11, "Bed kunden", "Afventer Kunde", "Ny")
    assert "Afvent kunde" not in {
        s["name"] for s in edited(creation("Ny"), theirs).steps if starts(s) == {status_id("Ny")}
    }


def test_kombits_step_is_on_the_portal_from_both_waiting_statuses() -> None:
    step_of_kombit = named(edited(creation("Ny")), "KOMBIT accepterer")
    assert starts(step_of_kombit) == {status_id("Afventer Kunde"), status_id("Afventer 3.part")}
    assert step_of_kombit["properties"] == {PORTAL: "true"}
    shown = edited(creation("Ny"), step(11, "Ja tak", "KOMBIT-accept modtaget", "Afventer Kunde", "Afventer 3.part"))
    assert named(shown, "Ja tak")["properties"] == {PORTAL: "true"}


def test_a_meaning_without_a_status_gets_one() -> None:
    names = tuple(n for n in STATUSES if n != "Godkendt")
    draft = edited(creation("Ny"), names=names)
    assert '+ status "Godkendt"' in draft.changes
    assert draft.workflow.references(("Godkendt",)) == (status_id("Godkendt"),)
    assert CATALOGUE.jira.statuses[StatusRole.APPROVED] == ("Godkendt",)


def test_the_version_that_was_read_is_the_lock() -> None:
    document: Document = edited(creation("Ny")).workflow.document
    assert document["version"] == {"id": "v", "versionNumber": 3}


def test_a_status_from_which_tickets_can_only_be_closed_gets_a_way_to_reopen() -> None:
    """Their own way out of it led into work, and is the adapter's now."""
    theirs = step(11, "Tilbage i arbejde", "I gang", "Løst")
    draft = edited(creation("Ny"), theirs, step(21, "Arkivér", "Lukket", "Løst"))
    assert status_id("Løst") in starts(named(draft, CATALOGUE.jira.steps.reopen))
    kept = edited(creation("Ny"), theirs, step(21, "Spørg", "Afventer Kunde", "Løst"), step(31, "Ny", "Ny", "Lukket"))
    assert all(status_id("Løst") not in starts(s) for s in kept.steps if s["toStatusReference"] == status_id("Ny"))
