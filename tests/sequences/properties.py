"""The five claims, each a plain check of the site as it stands against what the actors really did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default

from adapter.catalogue.words import IssueKey
from tests.sequences.cases import AGREED, COVERED, Case, Terms
from tests.sequences.stage import Stage

WORKING = {"I gang", "I produktion"}
CLOSED = {"Løst", "Lukket", "Annulleret"}
OUTSIDE = "Ikke omfattet af kataloget"
SETUP = "Test af SF1475 (API) på DUBU ekstern test miljø"
FIXED = {"Arkivering – Bestilling", "Arkivering – Sletning"}
SOLUTIONS = {
    "fagsystem x": "X", "fagsystemx": "X", "fag-x a/s": "X", "fag-x": "X",
    "barnets plan": "Plan", "barnetsplan aps": "Plan", "barnetsplan": "Plan",
}  # fmt: skip
ADDRESSES = {
    "KOMBIT": "karen@kombit.example",
    "Fagsystemhuset": "troels@fagsystemhuset.example",
    "Aarhus": "mette@aarhus.example",
    "Odense": "ole@odense.example",
    "Roskilde": "rikke@roskilde.example",
}
ORDERERS = {
    "kunde.aarhus": "Aarhus", "kunde.odense": "Odense", "kunde.roskilde": "Roskilde", "3part": "Fagsystemhuset",
}  # fmt: skip


def terms_of(stage: Stage, key: str) -> Terms:
    """What is offered as it stands on the ticket now."""
    return {name: stage.site.value(key, name) for name in (*COVERED, *AGREED)}


def value_of(stage: Stage, case: Case, name: str) -> object:
    """A field as people write it."""
    stands = stage.site.value(case.key, name)
    return stands.isoformat() if isinstance(stands, date) else stands


def payer_of(stage: Stage, case: Case) -> str:
    """The address of whoever pays as the ticket has it now, or of whoever orders while it has nobody."""
    if stage.site.value(case.key, "Betaler") == "KOMBIT":
        return ADDRESSES["KOMBIT"]
    party = stage.site.value(case.key, "Betalende part")
    named = next((address for name, address in ADDRESSES.items() if isinstance(party, str) and name in party), None)
    return named or ADDRESSES[ORDERERS[case.orderer]]


def solution_of(stage: Stage, case: Case) -> str | None:
    """Which solution a ticket is for, whatever it is called there."""
    return SOLUTIONS.get(str(stage.site.value(case.key, "Løsning")).lower())


def standing(stage: Stage, case: Case) -> bool:
    """Whether an approval of what is offered now stands, by what really happened."""
    issue, terms = stage.site.issue(case.key), terms_of(stage, case.key)
    present = {a.id: a.created for a in issue.attachments}
    if not any(True for _ in case.approvals(present, terms, payer_of(stage, case))):
        return False
    cap = terms.get("Tilbudte timer")
    if not cap and terms.get("Kategori") == SETUP and terms.get("Betaler") != "KOMBIT":
        cap = 30
    used = sum(w.seconds for w in issue.worklogs) / 3600
    return terms.get("Kategori") in FIXED or not isinstance(cap, int | float) or used < cap


def works_only_with_an_approval(stage: Stage, case: Case) -> Iterator[str]:
    """1: no payable ticket rests in a work status without a standing approval of what was offered (R10)."""
    chosen = case.chosen.get("Kategori")
    is_free = chosen == OUTSIDE or (chosen is None and case.is_outside)
    if is_free or stage.site.status(case.key) not in WORKING:
        return
    if standing(stage, case):
        stage.worked.add(case.key)
    else:
        terms = terms_of(stage, case.key)
        yield f"1: {case.key} rests in {stage.site.status(case.key)} without an approval of {terms}"


def is_paid_once(stage: Stage, case: Case) -> Iterator[str]:
    """2: no solution is worked on twice at KOMBIT's cost, unless a person has said so with a reason (R16)."""
    solution = solution_of(stage, case)
    is_setup = stage.site.value(case.key, "Kategori") == SETUP and stage.site.value(case.key, "Betaler") == "KOMBIT"
    if solution is None or not is_setup or case.is_overridden or stage.site.status(case.key) not in WORKING:
        return
    tickets = stage.paid.setdefault(solution, set())
    tickets.add(case.key)
    if len(tickets) > 1:
        yield f"2: KOMBIT pays the setup of {solution} on each of {sorted(tickets)}"


def nobody_shares_a_setup(stage: Stage) -> Iterator[str]:
    """2, once all is quiet: no two open tickets tell that KOMBIT pays the same solution (R16)."""
    told: dict[str, list[str]] = {}
    for case in stage.cases:
        solution, key = solution_of(stage, case), case.key
        by_person = case.is_overridden or "Betaler" in case.chosen
        is_setup = stage.site.value(key, "Kategori") == SETUP and stage.site.value(key, "Betaler") == "KOMBIT"
        if solution is not None and is_setup and not by_person and stage.site.status(key) not in CLOSED:
            told.setdefault(solution, []).append(key)
    yield from (f"2: KOMBIT is to pay {solution} on each of {keys}" for solution, keys in told.items() if keys[1:])


def says_everything_once(stage: Stage, case: Case) -> Iterator[str]:
    """3: no comment and no file by the adapter is on the ticket twice."""
    comments = Counter(_letters(c.body.splitlines()[0]) for c in stage.site.comments(case.key, "adapter"))
    files = Counter(a.filename for a in stage.site.issue(case.key).attachments if a.author.handle == "adapter")
    yield from (f"3: {case.key} holds “{what}” {n} times" for what, n in (*comments.items(), *files.items()) if n > 1)


def sends_everything_once(stage: Stage) -> Iterator[str]:
    """3: no mail is sent twice."""
    mails = stage.post.received if stage.post is not None else []
    numbers = Counter(str(message_from_bytes(mail, policy=default)["Message-ID"]) for mail in mails)
    yield from (f"3: the mail {number} was sent {n} times" for number, n in numbers.items() if n > 1)


def leaves_what_people_chose(stage: Stage, case: Case) -> Iterator[str]:
    """4: whatever a person set last stays as they set it (R2, R4)."""
    for name, value in case.chosen.items():
        stands = value_of(stage, case, name)
        if stands != value:
            yield f"4: {case.key} has {stands!r} in {name}, where a person chose {value!r}"


def at_rest(stage: Stage, case: Case) -> Iterator[str]:
    """All that holds of one ticket that has come to rest."""
    yield from works_only_with_an_approval(stage, case)
    yield from is_paid_once(stage, case)
    yield from says_everything_once(stage, case)
    yield from leaves_what_people_chose(stage, case)


def in_the_quiet(stage: Stage) -> Iterator[str]:
    """All that holds when nothing happens any more; 5: a look finds nothing to do, and writes nothing."""
    yield from nobody_shares_a_setup(stage)
    yield from sends_everything_once(stage)
    for case in stage.cases:
        yield from at_rest(stage, case)
        _, plan = stage.desk.looker.plan(IssueKey(case.key))
        if not plan.is_empty:
            yield f"5: {case.key} has something left to do: {plan.actions}"
        stage.pass_time(seconds=3)
        if stage.look(case.key):
            yield f"5: a look at the quiet {case.key} wrote {stage.site.requests.writes('adapter')}"


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter == ",")
