"""From bytes to facts: what the child does with one mail."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from adapter.catalogue.addresses import digest_of_text
from adapter.catalogue.word_lists import Lexicon, normal
from adapter.catalogue.words import Digest
from adapter.mails.answer import Answer, Judge, agreed
from adapter.mails.approval import Known
from adapter.mails.eml import UNREAD_PART, read_eml
from adapter.mails.html_text import text_of_html
from adapter.mails.letter import Letter
from adapter.mails.limits import NotAMail, TooComplex
from adapter.mails.msg import OLE_MAGIC, read_msg
from adapter.mails.own_words import own_words
from adapter.mails.reading import Reading
from adapter.mails.signature import check_signature
from adapter.ticket.evidence import Dkim, MailFacts, Says, Unread, UnreadFile
from adapter.ticket.senders import UNMATCHABLE, sender_of

if TYPE_CHECKING:
    from dns.resolver import Resolver


def facts_of(data: bytes, filename: str, reading: Reading, resolver: Resolver | None) -> MailFacts | UnreadFile:
    """The facts of one file, or why it has none; it may run long and large, so only the confined child calls it."""
    digest = Digest(hashlib.sha256(data).hexdigest())
    try:
        return _facts(data, filename, digest, reading, resolver)
    except (TooComplex, RecursionError, MemoryError):
        reason = Unread.TOO_COMPLEX
    except NotAMail:
        reason = Unread.NOT_A_MAIL
    except Exception:  # noqa: BLE001  # parsers fail in unforeseeable ways on hostile bytes; the text must not get out
        reason = Unread.BROKEN
    return UnreadFile(digest=digest, reason=reason)


def _facts(data: bytes, filename: str, digest: Digest, reading: Reading, resolver: Resolver | None) -> MailFacts:
    is_msg = data.startswith(OLE_MAGIC) or filename.strip().lower().endswith(".msg")
    letter = read_msg(data) if is_msg else read_eml(data)
    senders = tuple(sender_of(address) for address in letter.senders)
    keys = _keys_in(letter.subject, reading.projects)
    answer = _answer(letter, Judge(reading), Known(letter.names, keys))
    signature = Dkim.ABSENT
    if reading.verify_dkim and not is_msg:
        trusted = senders[0].domain if len(senders) == 1 and senders[0].domain != UNMATCHABLE else None
        signature = check_signature(data, trusted, reading.domains, resolver)
    return MailFacts(
        digest=digest,
        message_id=None if letter.odd_ids else digest_of_text(letter.message_ids[0]),
        references=frozenset(digest_of_text(identifier) for identifier in letter.references),
        senders=senders,
        recipients=tuple(sender_of(address) for address in letter.recipients),
        sent_at=letter.sent_at,
        ticket_keys=keys,
        automatic=letter.is_automatic or Lexicon(reading.automatic_subjects).begins(letter.subject),
        says=answer.says,
        yes_words=answer.yes,
        no_words=answer.no,
        condition_words=answer.conditions,
        offer_words=answer.offer,
        dkim=signature,
        attachments=letter.attachments,
        odd=letter.odd,
    )


def _keys_in(subject: str, projects: tuple[str, ...]) -> frozenset[str]:
    """Keys of the site's own projects; other words with a number, such as a CPR number, stay in the mail."""
    names = "|".join(re.escape(project) for project in projects)
    pattern = rf"(?<![\w-])(?:{names})-[1-9]\d{{0,8}}(?!\w|-\d)" if names else r"(?!)"
    return frozenset(key.upper() for key in re.findall(pattern, normal(subject), re.IGNORECASE | re.ASCII))


def _answer(letter: Letter, judge: Judge, known: Known) -> Answer:
    """What a mail says: each of its texts must say it, and a yes beside a part that is not read is for a person."""
    answers = [] if letter.plain is None else [judge.answer(own_words(letter.plain), known)]
    if letter.html is not None:  # one without words, such as a picture, agrees to nothing
        shown = text_of_html(letter.html)
        answers.append(judge.answer(own_words(shown.text), known, shown.odd_lines))
    if not answers:
        return Answer(Says.NOTHING)
    answer = agreed(answers[0], answers[1] if len(answers) > 1 else None)
    return replace(answer, says=Says.CONDITIONAL) if answer.says is Says.YES and UNREAD_PART in letter.odd else answer
