"""The letters of tilbud.yaml: what each may name, what the offer must say, and that none holds words of a yes (R7)."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import EvidenceFile, LetterTemplate, OfferFile
from adapter.catalogue.texts import rendered
from adapter.catalogue.word_lists import Lexicon

OFFER_NAMES: dict[str, object] = {
    "sag": "DUBU-1",
    "betaler": "Kommunen",
    "kategori": "Kategorien",
    "underkategori": "Underkategorien",
    "løsning": "Løsningen",
    "pris": "34.000 kr.",
    "prisvarsel": "01-12-2026",
    "kan_udføres": "02-12-2026",
    "oplysninger": ["Felt: svar"],
    "omfatter": ["det ene"],
    "omfatter_ikke": ["det andet"],
    "afsendernavn": "Service Desk",
}
"""What the letters may name, with samples; texts from a ticket are made plain before they get here."""
LETTER_NAMES: dict[str, dict[str, object]] = {
    "tilbud": OFFER_NAMES,
    "svar_til_bestiller": OFFER_NAMES,
    "påmindelse": {
        **OFFER_NAMES,
        "nummer": "1",
        "sendt": "23-11-2026 kl. 10:00",
        "har": "overgang",  # or "mail": what KOMBIT has given where both are demanded
        "begge": "begge",  # or empty: whether both are demanded
    },
    "uenighed": {**OFFER_NAMES, "grund": "en grund"},
    "kombit_accept": {
        **OFFER_NAMES,
        "person": "Karen Holm",
        "konto": "5b10ac8d82e05b22cc7d4ef5",
        "tid": "23-11-2026 kl. 10:00",
        "status": "KOMBIT-accept modtaget",
        "tilbud": "nr. 10001",
    },
}
_OPTIONAL = frozenset(
    {"underkategori", "løsning", "kan_udføres", "oplysninger", "omfatter", "omfatter_ikke", "har", "begge"}
)
_PAYABLE = "betalbar"


def letter_text(template: LetterTemplate, names: dict[str, object]) -> tuple[str, str]:
    """A letter's subject, on one line, and its text."""
    return " ".join(rendered(template.subject, names).split()), rendered(template.body, names).strip() + "\n"


def yes_words_in(text: str, evidence: EvidenceFile) -> tuple[str, ...]:
    """The words in a text that would count as a yes where an answer quotes it (R7)."""
    return Lexicon(evidence.yes).entries_in(text)


def answer_words_in(text: str, evidence: EvidenceFile) -> tuple[str, ...]:
    """The words in a text that would count as a yes or a no where an answer quotes it."""
    return Lexicon((*evidence.yes, *evidence.no)).entries_in(text)


def letters(offers: OfferFile) -> dict[str, LetterTemplate]:
    """The templates by their keys in tilbud.yaml."""
    return {
        "tilbud": offers.offer,
        "svar_til_bestiller": offers.orderer,
        "påmindelse": offers.reminder,
        "uenighed": offers.disagreement,
        "kombit_accept": offers.kombit_record,
    }


def letter_faults(offers: OfferFile, evidence: EvidenceFile | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with the letters: keys to it and what to do (R7)."""
    for key, template in letters(offers).items():
        for part, text in (("emne", template.subject), ("brev", template.body)):
            tried = (_faults(key, part, text, names, evidence) for names in (LETTER_NAMES[key], _bare(key)))
            yield from dict.fromkeys(((key, part), message) for messages in tried for message in messages)


def _bare(key: str) -> dict[str, object]:
    """The samples without what a ticket need not have: a text that stands under `if` or `else` is read both ways."""
    return {name: type(value)() if name in _OPTIONAL else value for name, value in LETTER_NAMES[key].items()}


def _faults(key: str, part: str, text: str, names: dict[str, object], evidence: EvidenceFile | None) -> Iterator[str]:
    try:
        said = rendered(text, names)
    except Exception as error:  # noqa: BLE001  # a template can divide by zero or add a text to a number
        yield f"skabelonen kan ikke bruges ({error}); den kan bruge: {', '.join(names)}"
        return
    found = yes_words_in(said, evidence) if evidence and key != "kombit_accept" else ()
    if found:
        told = ", ".join(f"'{word}'" for word in found)
        yield f"brevet siger {told}, som tæller som godkendelse (ja_ord i beviser.yaml); omformulér"
    if (key, part) == ("tilbud", "brev"):
        yield from _incomplete(said, evidence)


def _incomplete(said: str, evidence: EvidenceFile | None) -> Iterator[str]:
    """What an offer must say: that it is payable, its price, when they hear if the price can't hold (R7)."""
    for name in ("pris", "prisvarsel"):
        if str(OFFER_NAMES[name]) not in said:
            yield f"tilbuddet skal sige {{{{ {name} }}}} (R7); tilføj det"
    if _PAYABLE not in said.casefold():
        yield "tilbuddet skal sige, at det er en betalbar ydelse (R7); tilføj det"
    if evidence and not Lexicon(evidence.offer).entries_in(said):
        yield "brevet har intet af tilbudsord i beviser.yaml og tæller derfor ikke; tilføj et"
