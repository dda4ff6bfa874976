"""What those do who order, pay and approve, all of them honest."""

from __future__ import annotations

from random import Random

from tests.sequences.cases import Case, Kind, Word
from tests.sequences.hands import AGENTS, answers
from tests.sequences.properties import ORDERERS, terms_of
from tests.sequences.stage import Stage
from tests.sequences.steps import MOST_TICKETS, act

KOMBIT = ("kombit.karen", "kombit.gerda", "kombit.kim")
SETUP_NAMES = ("Fagsystem X", "FagsystemX", "Fag-X A/S", "Barnets Plan", "BarnetsPlan ApS")
REQUEST_TYPES = ("Bestil arkivering", "Slet arkiveret data", "Udfør aktivitet ved brugerfejl", "Robotter")


@act(10)
def order(stage: Stage, case: Case, random: Random) -> str | None:
    """Orders something; most often test access for one of two solutions."""
    if len(stage.cases) >= MOST_TICKETS:
        return None
    by = random.choice(list(ORDERERS))
    as_user = stage.site.as_user(by)
    kind = random.random()
    if kind < 0.6:
        name = random.choice(SETUP_NAMES)
        if random.random() < 0.5:
            key = as_user.create("Test af SF1475", request_type="Test af SF1475", fields={"Løsning": name})
            made = Case(key, by, chosen={"Løsning": name})
        else:
            made = Case(as_user.create(f"Test af SF1475 med {name}", request_type="Test af SF1475"), by)
    elif kind < 0.95:
        made = Case(as_user.create("Noget", request_type=random.choice(REQUEST_TYPES)), by)
    else:
        made = Case(as_user.create("En fejl", request_type="Rapportér en fejl"), by, is_outside=True)
    stage.cases.append(made)
    stage.unrested.add(made.key)
    return f"{made.key} by {by}: {stage.site.issue(made.key).summary}, {made.chosen}"


@act(2)
def customer_writes(stage: Stage, case: Case, random: Random) -> str | None:
    """Says something in the portal."""
    words = random.choice(("Hvordan går det?", "Godkendt.", "Vi godkender tilbuddet.", "I må gerne gå i gang."))
    stage.site.as_user(case.orderer).comment(case.key, words)
    return words


@act(2)
def customer_disagrees(stage: Stage, case: Case, random: Random) -> str | None:
    """Presses the button for it."""
    stage.site.as_user(case.orderer).disagree(case.key)
    case.quarrels.append(stage.now())
    return "in the portal"


@act(2)
def customer_cancels(stage: Stage, case: Case, random: Random) -> str | None:
    """Cancels the order, or opens it again."""
    user = stage.site.as_user(case.orderer)
    if "Annuller" in user.steps(case.key):
        user.cancel(case.key)
        return "cancels"
    user.take(case.key, "Genåbn")
    return "opens again"


@act(3)
def customer_brings_a_yes(stage: Stage, case: Case, random: Random) -> str | None:
    """Attaches their own approval in the portal."""
    return answers(stage, case, random, Kind.YES, case.orderer)


@act(26)
def payer_says_yes(stage: Stage, case: Case, random: Random) -> str | None:
    """Whoever pays approves by mail, and an agent attaches it, now or later."""
    return answers(stage, case, random, Kind.YES, random.choice(AGENTS))


@act(3)
def payer_says_no(stage: Stage, case: Case, random: Random) -> str | None:
    """Whoever pays refuses by mail."""
    return answers(stage, case, random, Kind.NO, random.choice(AGENTS))


@act(16)
def kombit_accepts(stage: Stage, case: Case, random: Random) -> str | None:
    """Somebody of KOMBIT's presses the button, asked or not."""
    by = random.choice(KOMBIT)
    stage.site.as_user(by).accept(case.key)
    case.accepted.append(Word(stage.now(), "accepterer", terms_of(stage, case.key)))
    return by
