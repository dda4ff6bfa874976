"""What the service desk does, its mistakes and its overreaching included."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.sequences import papers
from tests.sequences.cases import Case, Kind, Paper, Word
from tests.sequences.hands import AGENTS, agent, agreed, answers, command, edit
from tests.sequences.people import SETUP_NAMES
from tests.sequences.properties import OUTSIDE, SETUP, payer_of, terms_of
from tests.sequences.stage import Stage
from tests.sequences.steps import act, attach, learn

CATEGORIES = (
    SETUP,
    "Arkivering – Bestilling",
    "Robotter",
    "Udførsel af aktivitet ved brugerfejl",
    "Til afklaring",
    OUTSIDE,
)
STATUSES = ("Ny", "Afventer Kunde", "Afventer 3.part", "Godkendt", "Løst", "Annulleret", "I produktion", "Uenighed")


@act(24)
def agent_offers(stage: Stage, case: Case, random: Random) -> str | None:
    """Fills in what an offer holds, and sends it to whoever pays: by hand, or by telling the adapter to."""
    to = payer_of(stage, case)
    if random.random() < 0.7:
        soon = (stage.now() + timedelta(days=random.randint(5, 30))).date().isoformat()
        edit(stage, case, {"Tilbudte timer": random.choice((10, 20)), "Prisvarsel senest": soon, "Kan udføres": soon})
        if random.random() < 0.7:
            edit(stage, case, {"Tilbudt pris": random.choice((5000, 9000))})
    if stage.post is not None and random.random() < 0.5:
        agent(stage, random).edit(case.key, {"Send tilbud": "Send nu", "Tilbud sendes til": to})
        return f"asks the adapter to send it to {to}"
    at = stage.now() - timedelta(seconds=2)
    number, data = papers.offer(case.key, to, at, "op til 10 timer")
    paper = Paper(case.key, Kind.OFFER, data, number, at, terms_of(stage, case.key), to)
    case.papers.append(paper)
    attach(stage, case, paper, random.choice(AGENTS))
    return f"{number[:12]} to {to}: {agreed(paper)}"


@act(24)
def all_goes_as_it_should(stage: Stage, case: Case, random: Random) -> str | None:
    """Offered, waited for, approved, and started once the ticket is on Godkendt."""
    stage.heal()
    told = [agent_offers(stage, case, random)]
    stage.settle(case.key)
    learn(stage)
    told.append(answers(stage, case, random, Kind.YES, random.choice(AGENTS)))
    stage.settle(case.key)
    if stage.site.status(case.key) == "Godkendt":
        agent(stage, random).move(case.key, "I gang")
    return f"{told}: {stage.site.status(case.key)}"


@act(7)
def agent_attaches_an_older_mail(stage: Stage, case: Case, random: Random) -> str | None:
    """Attaches what was written before: late, once more, or on the wrong ticket."""
    mails = [p for c in stage.cases for p in c.papers if p.key == case.key or p.kind is not Kind.OFFER]
    if not mails:
        return None
    paper = random.choice(mails)
    attach(stage, case, paper, random.choice(AGENTS))
    return f"{paper.kind} {paper.number[:12]} of {paper.key}"


@act(26)
def agent_starts(stage: Stage, case: Case, random: Random) -> str | None:
    """Starts work, approved or not."""
    agent(stage, random).move(case.key, "I gang")
    return "I gang"


@act(9)
def agent_moves(stage: Stage, case: Case, random: Random) -> str | None:
    """Takes the ticket somewhere else."""
    status = random.choice(STATUSES)
    agent(stage, random).move(case.key, status)
    if status == "Uenighed":
        case.quarrels.append(stage.now())
    return status


@act(13)
def agent_edits(stage: Stage, case: Case, random: Random) -> str | None:
    """Changes or empties something that people may choose, or a figure that they may not."""
    name, values = random.choice(
        (
            ("Kategori", CATEGORIES),
            ("Betaler", ("KOMBIT", "KOMBIT", "Kommune", "3. part", "Afklares", None)),
            ("Betalende part", ("Aarhus Kommune", "Odense Kommune", "Fagsystemhuset A/S", None)),
            ("Løsning", (*SETUP_NAMES, "Ukendt System", None)),
            ("Tilbudt pris", (5000, 9000, None)),
            ("Tilbudte timer", (10, 20, None)),
            ("Aftalt dato", ("2031-03-03", None)),
            ("Pris", ("gratis",)),
            ("Reaktionstid (timer)", (99,)),
        )
    )
    value = random.choice(values)
    if name in {"Pris", "Reaktionstid (timer)"}:
        agent(stage, random).edit(case.key, {name: value})
    else:
        edit(stage, case, {name: value})
    return f"{name} = {value}"


@act(2)
def agent_reports_disagreement(stage: Stage, case: Case, random: Random) -> str | None:
    """By the field or by a command; the field is nobody's choice for ever: the adapter puts back what is settled."""
    if random.random() < 0.5:
        if stage.site.value(case.key, "Uenighed") == "Ja":
            return None
        agent(stage, random).edit(case.key, {"Uenighed": "Ja"})
    else:
        command(stage, case, random, "uenighed fordi de ikke er enige om prisen")
    case.quarrels.append(stage.now())
    return "by field or command"


@act(4)
def disagreement_ends(stage: Stage, case: Case, random: Random) -> str | None:
    """An agent writes how it ended, or KOMBIT's project owner does in the portal."""
    words = "uenighed løst fordi projektejerne er enige"
    if random.random() < 0.3:
        stage.site.as_user("kombit.kim").comment(case.key, f"#dubu {words}")
    else:
        command(stage, case, random, words)
    case.ends.append(stage.now())
    return words


@act(6)
def agent_judges(stage: Stage, case: Case, random: Random) -> str | None:
    """Says what a file is, and takes it upon themselves."""
    files = [a.id for a in stage.site.issue(case.key).attachments if a.id in case.files]
    if not files:
        return None
    file = random.choice(files)
    says = random.choices(("godkendelse", "ingen", "tilbud"), (4, 2, 1))[0]
    command(stage, case, random, f"{says} {file} fordi jeg har talt med dem")
    case.verdicts[file] = Word(stage.now(), says, terms_of(stage, case.key), file)
    return f"{says} {file}: {case.files[file].paper.kind}"


@act(3)
def agent_says_who_pays(stage: Stage, case: Case, random: Random) -> str | None:
    """Overrides whose setup it is, with a reason."""
    says = random.choice(("kombit", "betaler", "betaler"))
    command(stage, case, random, f"opsætning {says} fordi det er aftalt")
    case.setup_words.append(says)
    case.chosen.pop("Betaler", None)  # the newer word stands, whatever the field said (R16)
    return says


@act(6)
def agent_logs_work(stage: Stage, case: Case, random: Random) -> str | None:
    """Logs hours, now and then more than were approved."""
    hours = random.choice((1, 2, 9, 16))
    agent(stage, random).log_work(case.key, hours)
    return f"{hours} hours"


@act(8)
def agent_deletes_a_file(stage: Stage, case: Case, random: Random) -> str | None:
    """Removes a mail, the adapter's own record included.

    Only on a ticket that has rested: of what comes and goes between two looks, nobody can know.
    """
    files = stage.site.issue(case.key).attachments
    if not files or case.key in stage.unrested:
        return None
    file = random.choice(files)
    stage.site.as_user("admin").delete_attachment(case.key, file.id)
    return f"{file.id} {file.filename}"


@act(2)
def agent_deletes_a_comment(stage: Stage, case: Case, random: Random) -> str | None:
    """Removes one of the adapter's comments."""
    comments = stage.site.comments(case.key, "adapter")
    if not comments:
        return None
    comment = random.choice(comments)
    stage.site.as_user("admin").delete_comment(case.key, comment.id)
    return comment.body.splitlines()[0]
