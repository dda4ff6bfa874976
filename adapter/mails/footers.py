"""What stands around somebody's words and answers nothing: banners, disclaimers, scanners' notes, names and addresses.

A closed set again: a sentence is a footer's only in one of the shapes below. To leave out all that speaks of personal
data would leave out "Forudsat at personoplysningerne slettes først" too.
"""

from __future__ import annotations

import re

from adapter.catalogue.word_lists import normal, tokens

MOST_FOOTER, MOST_LINES = 3_000, 40  # what is longer is somebody's words

_MAIL = r"(?:e-?mail|e-post|mail|besked|meddelelse|message)(?:en)?"
_THIS = rf"(?:(?:denne|dette|this|the)\s+{_MAIL}|(?:e-?mail|besked|meddelelse)en)"
_FILES = (
    r"(?:\s+(?:og|inkl\.?|inklusive|samt|med|and|including)\s[^.!?]{0,60}\b(?:vedhæft\w*|bilag|attach\w*|files?)"
    r"(?:\s+(?:filer|dokumenter|files|documents))?)?"
)
_PERSONAL = r"(?:personoplysning\w*|persondata\w*|databeskyttelse\w*|privatliv\w*|gdpr|personal\s+data|privacy)"
_SECURE = r"(?:sikker\s+(?:post|mail)|digital\s+post)"
_SHAPES = [
    re.compile(shape)
    for shape in (
        # A label by itself, or before a colon
        rf"\W*(?:ekstern|external|advarsel|caution|warning|obs|bemærk|vigtigt)(?:\s+(?:{_MAIL}|afsender|sender))?\W*",
        (
            r"tænk\s+på\s+miljøet\W{0,3}(?:\s*(?:før|inden|og)\s.{0,20}\b(?:print|udskriv)\w*"
            r"(?:\s+(?:denne|dette|den|mailen|ud|e-?mail(?:en)?|mail))*)?"
        ),
        (
            r"(?:please\s+)?(?:consider|think\s+(?:of|about))\s+the\s+environment\W{0,3}"
            r"(?:\s*before\s+(?:you\s+)?print(?:ing)?(?:\s+(?:this|the)\s+(?:e-?mail|mail|message))?)?"
        ),
        # Of this mail and who may read it
        (
            rf"{_THIS}{_FILES}\s+(?:er|kan|må|indeholder|kommer|stammer|is|are|was|may|might|contains?|originated|came)\b"
            r"[^.!?]{0,200}\b(?:fortrolig\w*|confidential|personoplysning\w*|personfølsom\w*|rette\s+modtager|intended"
            r"|addressee|ekstern\w*|external|uden\s+for\s+\w*organisation\w*|outside)\b[^.!?]{0,150}"
        ),
        (
            r"(?:hvis|såfremt|er|har|skulle|if|should)\s+(?:du|de|you)\b[^.!?]{0,60}\b(?:(?:rette|tilsigtede)\s+modtager"
            rf"|intended\s+recipient|(?:modtaget|received)\s+(?:denne|dette|this|the)\s+{_MAIL})\b[^.!?]{{0,250}}"
        ),
        (
            r"(?:bedes\s+du\s+|please\s+|kindly\s+|venligst\s+)?(?:slet|delete)(?:\s+(?:venligst|herefter|straks|den|så))*"
            rf"(?:\s+(?:denne|this|the))?\s+{_MAIL}\b[^.!?]{{0,80}}"
        ),
        r"(?:please\s+)?(?:notify|inform|kontakt|underret)\s+(?:venligst\s+)?(?:the\s+sender|afsenderen)\b[^.!?]{0,120}",
        (
            r"(?:any|enhver|uautoriseret|unauthori[sz]ed)\b[^.!?]{0,200}"
            r"\b(?:prohibited|forbudt|ikke\s+tilladt|unlawful)\b[^.!?]{0,60}"
        ),
        (
            r"(?:do\s+not\s+|don't\s+)?(?:undlad\s+at\s+)?(?:klikk?e?|åbne?|click|open)\s[^.!?]{0,100}"
            r"\b(?:links?|vedhæft\w*|attachments?)\b[^.!?]{0,60}"
            r"(?:\b(?:hvis|medmindre|med\s+mindre|if|unless)\s+(?:du|you)\b[^.!?]{0,40}"
            r"\b(?:kender|stoler\s+på|recogni[sz]e|know|trust)\s+(?:afsenderen|the\s+sender)\b[^.!?]{0,60})?"
        ),
        (
            r"(?:du\s+får\s+ikke\s+ofte\s+mails?\s+fra|you\s+don't\s+often\s+get\s+email\s+from)\s+\S{1,100}"
            r"|(?:få\s+mere\s+at\s+vide\s+om,\s+hvorfor\s+dette\s+er\s+vigtigt|learn\s+why\s+this\s+is\s+important).{0,80}"
        ),
        # What public bodies write of personal data
        (
            r"(?:du\s+kan\s+)?(?:læse?\s+(?:mere|om|her|hvordan)|se\s+(?:mere|hvordan)|read\s+(?:more|about|how))\b"
            rf"[^!?]{{0,80}}\b{_PERSONAL}[^!?]{{0,120}}"
        ),
        (
            r"(?:vi|kommunen|[\w-]{2,30}\s+kommune)\s+(?:behandler|passer\s+på|beskytter|værner\s+om)\s+(?:dine\s+|alle\s+)?"
            r"(?:personoplysninger|persondata|oplysninger)\b[^!?]{0,120}"
        ),
        (
            r"(?:send|skriv)\s+(?:aldrig\s+|ikke\s+|venligst\s+)*(?:fortrolige|følsomme|personfølsomme)"
            r"(?:\s+(?:og|eller)\s+\w+)?\s+(?:person)?oplysninger\b[^!?]{0,120}"
        ),
        rf"(?:brug|benyt|anvend)\s+(?:i\s+stedet\s+|venligst\s+|altid\s+)*{_SECURE}(?:\s+(?:på|via|til)\s+\S{{1,80}})?",
        rf"(?:send\s+)?{_SECURE}\W{{0,3}}(?:(?:til|via|på|her)\W{{0,3}})?\S{{0,80}}",
    )
]
_HINT = re.compile(
    r"modtage[rt]|recipient|addressee|received|fortrolig|confidential|sikker\s+(?:post|mail)|digital\s+post|miljøet"
    r"|environment|extern|ekstern|click|klikk?|organisation|afsenderen|sender|personoplysn|persondata|databeskyt|privat"
    r"|privacy|gdpr|important|vigtigt",
    re.IGNORECASE,
)
_NOT_HERE = re.compile(  # of what a footer may never speak
    r"\b(?:pris|tilbud|godken|accept|opgave|arbejd|ydelse|bestil|faktur|betal|rabat|budget|time[rn]|kr\b|krone|beløb|stop"
    r"|vent|price|offer|approv|quote|hours?\b|pay|jeg\b|forudsat|forudsætning|betinge|forbehold|dog\b|først|senest|gælder"
    r"|trækk|undtag|provided|subject\s+to|however)|[%€$]",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|mailto:|www\.)[^\s>]+", re.IGNORECASE)
_THREATS = r"(?:vira|virus(?:es|ser)?|malware|spam|(?:dangerous|farligt|skadeligt)\s+(?:content|indhold))"
_SCANNED = re.compile(
    r"(?:denne|this)\s+(?:e-?)?(?:mail|besked|meddelelse|message)\s+(?:er|blev|is|was|has\s+been)\s+(?:blevet\s+)?"
    r"(?:(?:virus)?s[ck]annet|scanned|checked|kontrolleret|tjekket)(?:\s+og\s+godkendt)?"
    rf"(?:\s+for\s+{_THREATS}(?:\s*(?:,|og|and|samt)\s*{_THREATS})*)?"
    r"(?:,?\s+and\s+is\s+believed\s+to\s+be\s+clean)?(?:\s+(?:af|by|med|with)(?:\s+[\w.-]+){0,3})?[\s.]*",
    re.IGNORECASE,
)
_MOST_ON_A_CARD, _MOST_SHOUTED = 14, 5  # words; of a line in capitals nothing is known by them
_TALK = frozenset(
    """
    er var bliver blev skal skulle må måtte kan kunne vil ville har havde får fik gør være bliv burde bør vi jeg du
    os jer mig dig man det dette prisen pris priser tilbud tilbuddet opgaven arbejdet timer timerne time kr krone
    kroner procent rabat budget kun højst maks max maksimalt mindst indtil først senest inden efter før afvent
    afventer vent venter stop stands foreløbig foreløbigt delvis delvist betinget principielt princippet udkast
    næste igen hvis når så dog men undtagen bortset minus ikke ps we you is are was will shall must can may have has
    had price offer hours only until before after wait pending partial partially draft provided next week month uge
    måned punkt pkt alene ekskl inkl eks moms gælder gældende vedrører angår omfatter dækker forudsat forudsætning
    forbehold såfremt medmindre afvis afvises afslag afslås alligevel bortfalder annulleres glem modsat ovenstående
    vegne behalf regning faktura fakturaen referatet undtaget betingelse næppe uden
    """.split()  # noqa: SIM905  # as a literal, a line a word
)
"""Words of somebody who goes on talking, as names, titles and addresses do not hold."""
_CARD_WORDS = frozenset(
    """
    med venlig venlige venligst hilsen hilsner hilsener mange mvh vh dbh bedste de den der kærlig kærlige gode god
    og i på for af ved til fra c o co att v best kind warm regards wishes sincerely and the of in at with for from
    sendt fra min mit iphone ipad mobil mobile android hent outlook ios my sent get samsung galaxy
    tlf telefon tel phone direkte mobiltelefon mob lokal fax mail email e web www http https cvr ean nr p box postboks
    sal th tv st kld vej gade allé plads træffes telefontid åbningstid åbningstider man tirs ons tors fre kl
    autoriseret cand mag jur scient pol polit merc bachelor hd ba msc phd ing stud
    """.split()  # noqa: SIM905  # as a literal, a line a word
)
_TITLE = re.compile(
    r".{0,40}(?:leder|lederen|chef|chefen|konsulent|medarbejder|rådgiver|behandler|koordinator|specialist|fuldmægtig"
    r"|assistent|ansvarlig|ejer|direktør|jurist|økonom|sekretær|arkitekt|udvikler|analytiker|manager|officer|analyst"
    r"|developer|controller|afdeling|afdelingen|forvaltning|forvaltningen|center|centret|enhed|enheden|kommune|styrelse"
    r"|sekretariat|sekretariatet)|it|børne?|unge|ungdoms|familie|social|digital|digitalisering|økonomi|system|projekt"
    r"|team|support|data|administration|konst|vice|senior|faglig|overassistent"
)


def is_footer(paragraph: str) -> bool:
    """Tells what mail programs and policies put above and below everybody's words: every sentence is a footer's."""
    if len(paragraph) > MOST_FOOTER or not _HINT.search(paragraph) or _NOT_HERE.search(paragraph):
        return False
    text = " ".join(paragraph.casefold().split())
    return all(_is_footers(each) for each in re.split(r"(?<=[.!?:])\s+", text))


def _is_footers(sentence: str) -> bool:
    return any(shape.fullmatch(sentence.rstrip(" .!:;*]")) for shape in _SHAPES)


def parted(paragraph: str) -> tuple[str, str]:
    """A paragraph's words, and the footer that begins at one of its lines; either may be empty."""
    if len(paragraph) > MOST_FOOTER or not _HINT.search(paragraph):
        return paragraph, ""
    lines = paragraph.split("\n")
    for start in range(min(len(lines), MOST_LINES)):
        if is_footer(tail := "\n".join(lines[start:])):
            return "\n".join(lines[:start]), tail
    return paragraph, ""


def is_scan_note(line: str) -> bool:
    """Tells a virus scanner's own line, whatever it says of the mail: "scannet og godkendt af MailScanner"."""
    if not _SCANNED.fullmatch(line):
        return False
    said = re.sub(r"\bog\s+godkendt\b", "", line, flags=re.IGNORECASE)
    return not _NOT_HERE.search(said) and _TALK.isdisjoint(tokens(said)[3:])  # behind "denne mail er"


def is_silent(text: str) -> bool:
    """Tells names, titles, numbers, addresses and footers: what stands below a closing and answers nothing."""
    return all(
        all(_is_card(line) for line in parted(paragraph)[0].split("\n"))
        for paragraph in re.split(r"\n\s*\n", normal(text))
    )


def _is_card(line: str) -> bool:
    """Tells a line of a name, a title or an address: few words, each with a reason to stand on a card."""
    bare = _LINK.sub(" ", line)
    words = [word for word in re.findall(r"[^\s,;:()|/<>–—]+", bare) if any(c.isalnum() for c in word)]
    said = [word for word in tokens(line) if word[0].isalnum()]
    if is_scan_note(line):
        return True
    if len(said) > (_MOST_SHOUTED if line.isupper() else _MOST_ON_A_CARD) or "?" in line:
        return False
    return _TALK.isdisjoint(said) and all(_is_on_a_card(word) for word in words)


def _is_on_a_card(word: str) -> bool:
    """Names begin with a capital; numbers, addresses and initials hold other signs; titles are known by their end."""
    bare = word.strip(".'\"»«-•*_!")
    small = bare.casefold()
    parts = [part for part in re.split(r"[.\-&+]", small) if part]
    return (
        not bare[:1].islower()
        or any(c.isdigit() or c in "@_" for c in word)
        or (small.count(".") > 0 and len(parts) > 1 and all(part.isascii() for part in parts))
        or all(part in _CARD_WORDS or _TITLE.fullmatch(part) is not None for part in parts)
    )
