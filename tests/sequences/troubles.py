"""What time, Jira, the mail server and the machine do, and when the worker comes by."""

from __future__ import annotations

from random import Random

from tests.sandbox import Fault, Trouble
from tests.sequences.cases import Case
from tests.sequences.stage import Stage
from tests.sequences.steps import act

READS_AND_WRITES = ("GET", "POST", "PUT", "DELETE", ".*")
PATHS = (".*", "/transitions", "/comment", "/attachments", r"/issue/[\w-]+$", "/attachment/content", "/participant")


@act(8)
def time_passes(stage: Stage, case: Case, random: Random) -> str | None:
    """Minutes to weeks."""
    minutes = random.choice((10, 90, 60 * 20, 60 * 24 * 4, 60 * 24 * 25))
    stage.pass_time(minutes=minutes)
    return f"{minutes} minutes"


@act(14)
def jira_fails(stage: Stage, case: Case, random: Random) -> str | None:
    """Some of the next requests fail, for shorter or longer than the adapter tries them again."""
    if random.random() < 0.1:
        stage.site.faults.add(Fault(Trouble.MISSING, "GET", r"/issue/[\w-]+$", times=1))  # only reads come too early
        return "a ticket is not there yet"
    trouble = random.choice((Trouble.BUSY, Trouble.BROKEN, Trouble.BROKEN_AFTER, Trouble.CUT_BEFORE, Trouble.CUT_AFTER))
    fault = Fault(
        trouble,
        method=random.choice(READS_AND_WRITES),
        path=random.choice(PATHS),
        times=random.choice((1, 1, 2, 3, 9)),
        status=random.choice((500, 502, 503, 504)),
        retry_after=random.choice((None, 0, 2, 120)),
    )
    stage.site.faults.add(fault)
    return f"{fault.times} × {trouble} {fault.method} {fault.path}"


@act(2)
def the_mail_server_fails(stage: Stage, case: Case, random: Random) -> str | None:
    """It refuses the next mail, or takes one and says nothing."""
    if stage.post is None:
        return None
    how = random.choice(("RCPT", "DATA", "hangs up"))
    if how == "hangs up":
        stage.post.hangs_up_after_data = True
    else:
        stage.post.answers[how] = random.choice(("451 senere", "550 nej"))
    return how


@act(1)
def the_worker_restarts(stage: Stage, case: Case, random: Random) -> str | None:
    """Another process takes over."""
    stage.restart()
    return "another worker"
