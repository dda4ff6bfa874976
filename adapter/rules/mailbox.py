"""Mail addresses as people write them into a field, and whether one looks like a person's own (K8 e, R22)."""

from __future__ import annotations

import re

from adapter.catalogue.addresses import domain_of

LONGEST = 500  # characters of a field that is read

_APART = re.compile(r'[\s,;|<>()\[\]"]+')
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{}~-]+(?:\.[\w!#$%&'*+/=?^`{}~-]+)*")
_PARTS = re.compile(r"[._-]+")
_INITIALS = re.compile(r"[a-z]{2,4}|[a-z](?=[a-z0-9]{0,4}[0-9])[a-z0-9]{1,5}")  # ah, jpo, ah123, zb4k

_ROLES = frozenset(
    """
    adgang adm admin api bs by bu bur central cert data dev dk dpo dubu ekstern eu fag faelles fk fm gdpr hr idm idp
    info intern it job kle kmd kt leder ledelse log mail no noc noreply nyt oces oplys ops post prod reply rpa saas sd
    sf soc sp sys tech team tek test ti tlf web www
    """.split()  # noqa: SIM905 - as a list, these would take forty lines
)
"""Words that name a task or a place, whole; and the beginnings and endings of such words below."""
_ROLE_STEMS = tuple(
    """
    adapter administration advis afdeling alarm ansvarlig arkiv beredskab boern borger bruger center
    certifikat dagtilbud digital drift fagsystem familie forvaltning gruppe handicap helpdesk hotline infra integration
    jobcenter kommune kontakt kontor koordin leverand licens monitor myndighed opgrader overvaag platform postkasse
    raadhus raadgiv robot sagsbehand sikker social specialist support system servicedesk service teknik udvikl unge
    vagt varsling ydelse
    """.split()  # noqa: SIM905 - the same
)
_FIRST_NAMES = frozenset(
    """
    aage adam ahmed aksel albert alberte alex alexander alfred ali alma amalie amanda anders andrea andreas ane anette
    anja ann anna anne anni annette annika anton arne arthur asger asta astrid august axel bent bente berit bettina
    birger birgit birgitte birthe bjarne bjoern bo bodil brian britt britta camilla carina carl caroline carsten casper
    cecilie charlotte christian christina christine christoffer claus connie daniel david dennis dorte dorthe ebbe ea
    edith eigil einar elin elisabeth elise ella ellen elna else elsebeth emil emilie emma emmy erik erling esben eskild
    ester eva fatima felix filip finn flemming frank fred frede frederik freja frida frode gert gitte grete grethe
    gudrun gunnar gunver gustav hanne hannah hans harald hassan heidi helen helena helene helge helle henning henriette
    henrik herdis hugo ib ida inga inge ingelise inger ingrid irene isabella ivan jacob jakob jan jane janne jannie
    jannik jens jeppe jesper jette jimmy joan johan johanne johannes john johnny jonas jonathan josefine julie jytte
    joergen kaare kaj kamilla karen karin karina karl karsten kasper katja katrine keld ken kenneth kent kim kirsten
    kirstine kjeld klara klaus knud kristian kristina kristine kristoffer kurt laila lars lasse laura laurits lea leif
    lena lene leo lilian lillian line linda lis lisa lisbeth lise liv lone lotte louise lucas ludvig lukas lykke mads
    magnus maj maja malene malthe marcus maren margit margrethe maria mariam marianne marie marius mark markus martha
    martin mathias mathilde matilde max merete merethe mette mia michael mikael mike mikkel mille mogens mohamed mona
    monica morten naja nanna natasja nicklas nicolai niels nikolaj nina noah noor oda ole olga olivia oluf oscar otto
    palle paul paula peder per pernille peter philip pia poul preben ragnhild rasmus rene rie rikke rita robert rolf
    ronni rosa ruben ruth sabrina sally sandra sanne sara sarah sebastian signe sigrid simon simone sine sofia sofie
    solveig soeren sonja stefan steen stella stig stine sune susan susanne svend sven sys tage tanja teresa thea theis
    theodor therese thomas thor thorbjoern tim tina tine tobias tom tommy tone torben tore trine troels tove uffe
    ulla ulrik ulrikke vagn valdemar vera vibeke victor victoria viggo viktor vilhelm villads villy viola vivi vivian
    walter werner william winnie yasmin yvonne zahra
    """.split()  # noqa: SIM905 - the same
)
_SURNAMES = (
    "andersen",
    "andreasen",
    "christensen",
    "christiansen",
    "eriksen",
    "frederiksen",
    "hansen",
    "henriksen",
    "jacobsen",
    "jakobsen",
    "jensen",
    "joergensen",
    "johansen",
    "johnsen",
    "knudsen",
    "kristensen",
    "larsen",
    "laursen",
    "madsen",
    "mikkelsen",
    "moeller",
    "mortensen",
    "nielsen",
    "olsen",
    "pedersen",
    "petersen",
    "poulsen",
    "rasmussen",
    "simonsen",
    "soerensen",
    "thomsen",
)
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "y", "ö": "oe", "ä": "ae"})
_SHORT = ("oe", "o"), ("ae", "a"), ("aa", "a")  # how søren becomes soren


def addresses_in(text: str) -> tuple[str, ...]:
    """The different addresses in a field's text, well-formed or not, in lower case."""
    words = (word.lower().removeprefix("mailto:").strip(".:'") for word in _APART.split(text[:LONGEST]))
    return tuple(dict.fromkeys(word for word in words if "@" in word))


def only_address(text: str) -> str | None:
    """The one address that a field holds, bare, as a link or behind a name (`Drift <drift@x.dk>`); else None."""
    found = addresses_in(text)
    if len(text) > LONGEST or len(found) != 1:
        return None
    bare = all("@" in word for word in _APART.split(text.strip()) if word)
    named = f"<{found[0]}>" in text.lower()
    local, _, _ = found[0].rpartition("@")
    is_address = len(local) <= 64 and _LOCAL.fullmatch(local) is not None and domain_of(found[0]) is not None
    return found[0] if (bare or named) and is_address else None


def looks_personal(address: str) -> bool:
    """Whether an address looks like one person's own; good enough for a warning, and for nothing else (R22).

    A word for a task anywhere in it speaks for a shared mailbox. Else these look personal: a first name or a common
    surname; two words or more (`anne.hansen`, `a-hansen`); initials, with digits or without (`ah123`, `jpo`), unless
    they are the organisation's own name (`kk@kk.dk`).
    """
    local, _, domain = address.strip().lower().rpartition("@")
    words = [word for word in _PARTS.split(local.partition("+")[0].translate(_LETTERS)) if word]
    if not words or any(_is_role(word) for word in words):
        return False
    if len(words) == 1 and words[0] in domain.split("."):
        return False
    named = any(_is_name(word.strip("0123456789")) for word in words)
    several = len([word for word in words if not word.isdigit()]) > 1
    return named or several or _INITIALS.fullmatch(words[0]) is not None


def _is_role(word: str) -> bool:
    letters = word.strip("0123456789")
    return letters in _ROLES or any(letters.startswith(stem) or letters.endswith(stem) for stem in _ROLE_STEMS)


def _is_name(word: str) -> bool:
    return word in _FIRST_NAMES or word in _SHORTENED or word.endswith((*_SURNAMES, *map(_shortened, _SURNAMES)))


def _shortened(name: str) -> str:
    for long, short in _SHORT:
        name = name.replace(long, short)
    return name


_SHORTENED = frozenset(map(_shortened, _FIRST_NAMES))
