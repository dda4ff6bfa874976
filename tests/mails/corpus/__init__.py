"""The corpus: made-up mails as bytes, each with the verdict that it deserves (R9, R11, R12, R20). No real mail."""

from __future__ import annotations

from tests.mails.corpus.approvals import APPROVALS
from tests.mails.corpus.case import Case
from tests.mails.corpus.conditions import CONDITIONS
from tests.mails.corpus.encodings import ENCODINGS
from tests.mails.corpus.forgeries import FORGERIES
from tests.mails.corpus.machines import MACHINES
from tests.mails.corpus.outlook_files import OUTLOOK_FILES
from tests.mails.corpus.quotations import QUOTATIONS
from tests.mails.corpus.refusals import REFUSALS
from tests.mails.corpus.times_and_tickets import RECORDS, TIMES_AND_TICKETS

__all__ = ["CORPUS", "RECORDS", "Case"]

CORPUS: tuple[Case, ...] = (
    *APPROVALS,
    *REFUSALS,
    *CONDITIONS,
    *QUOTATIONS,
    *FORGERIES,
    *MACHINES,
    *ENCODINGS,
    *TIMES_AND_TICKETS,
    *OUTLOOK_FILES,
)
