"""From bytes to facts: what the child does with one mail."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from adapter.catalogue.addresses import digest_of_text
from adapter.catalogue.words import Digest
from adapter.mails.answer import Answer, Judge, agreed
from adapter.mails.eml import read_eml
from adapter.mails.html_text import text_of_html
from adapter.mails.letter import Letter
from adapter.mails.limits import NotAMail, TooComplex
from adapter.mails.msg import OLE_MAGIC, read_msg
from adapter.mails.own_words import own_words
from adapter.mails.reading import Reading
from adapter.mails.signature import check_signature
from adapter.mails.words_found import Lexicon, normal
from adapter.ticket.evidence import Dkim, MailFacts, Says, Unread, UnreadFile
from adapter.ticket.senders import UNMATCHABLE, sender_of

if TYPE_CHECKING:
    from dns.resolver import Resolver

_TICKET_KEY = re.compile(r"(?<![\w-])[a-z][a-z0-9_]{1,30}-\d{1,9}(?!\w)", re.IGNORECASE | re.ASCII)


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
    answer = _answer(letter, Judge(reading))
    signature = Dkim.ABSENT
    if reading.verify_dkim and not is_msg:
        trusted = senders[0].domain if len(senders) == 1 and senders[0].domain != UNMATCHABLE else None
        signature = check_signature(data, trusted, reading.domains, resolver)
    return MailFacts(
        digest=digest,
        message_id=digest_of_text(letter.message_ids[0]) if len(letter.message_ids) == 1 else None,
        references=frozenset(digest_of_text(identifier) for identifier in letter.references),
        senders=senders,
        recipients=tuple(sender_of(address) for address in letter.recipients),
        sent_at=letter.sent_at,
        ticket_keys=frozenset(key.upper() for key in _TICKET_KEY.findall(normal(letter.subject))),
        automatic=letter.is_automatic or Lexicon(reading.automatic_subjects).begins(letter.subject),
        says=answer.says,
        yes_words=answer.yes,
        no_words=answer.no,
        condition_words=answer.conditions,
        offer_words=answer.offer,
        dkim=signature,
        attachments=letter.attachments,
    )


def _answer(letter: Letter, judge: Judge) -> Answer:
    texts = [letter.plain] if letter.plain is not None else []
    if letter.html is not None:
        texts.append(text_of_html(letter.html))
    answers = [judge.answer(own_words(text)) for text in texts if text.strip()]
    if not answers:
        return Answer(Says.NOTHING)
    return agreed(answers[0], answers[1] if len(answers) > 1 else None)
