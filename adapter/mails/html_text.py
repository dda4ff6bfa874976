"""HTML as plain text: quoted parts marked with `>` as in a plain mail, hidden parts left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from adapter.mails.limits import TooComplex
from adapter.mails.own_words import tidied
from adapter.mails.plain_style import is_plain_style, is_plain_tag

MAX_OPEN_TAGS = 2_000


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_VOID = _tags("area base br col embed hr img input link meta param source track wbr")
_BLOCK = _tags(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header"
    " html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_SEEN_BY_SOME = _tags(
    "noscript svg math object embed iframe audio video canvas input select textarea button datalist noframes noembed"
    " xmp plaintext applet map meter progress"
)
"""What draws, loads or lets type, in some programs: its words are not read, and nothing beside it is plain."""
_UNSEEN = _tags("head style script title template") | _SEEN_BY_SOME
_QUOTE_CLASS = re.compile(
    r"gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix|moz-forward-container|tutanota_quote|zmail_extra"
)
_REST_IS_QUOTED = re.compile(
    r"(x_)*(divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|isForwardContent)"
)
_OUTLOOK_LINE = re.compile(
    r"border-top\s*:\s*solid\s*(#e1e1e1|#b5c4df|#cccccc)|border\s*:\s*none\s*;\s*border-top\s*:\s*solid"
)
_WHITE = (
    r"(white|snow|#f[a-f0-9]f[a-f0-9]f[a-f0-9]|#fff(?![a-f0-9])|rgba?\(25[0-5],25[0-5],25[0-5](,[\d.]+)?\)|transparent)"
)
_NOTHING = r"0+(\.0*)?(px|pt|em|rem|%|vw|vh)?(?![\d.])"
_HIDING = re.compile(
    r"display:none|visibility:(hidden|collapse)|mso-hide:all|opacity:(0*\.[0-2]\d*|0+)(?![\d.])"
    rf"|font-size:({_NOTHING}|0*[01]?(\.\d+)?(px|pt)|0*\.[0-2]\d*(em|rem)|\d%)"
    rf"|(?<![-\w])color:{_WHITE}|(?<![-\w])(max-)?(height|width):{_NOTHING}|line-height:{_NOTHING}"
    r"|text-indent:-\d{3,}|(left|top|margin-left|margin-top):-\d{3,}|clip:rect|clip-path|(?<![-\w])transform:"
)
_OFFICE_TAG = re.compile(r"[ovwx]\\?:\*|\.shape")  # in every mail of Outlook's
_FAR_REACHING = re.compile(r"[\[~+>]|:(?!(link|visited|hover|active|focus)\b)")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_NAMED = re.compile(r"[.#]([A-Za-z_][\w-]{0,100})")
_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,20}|\*")


@dataclass(frozen=True)
class Shown:
    """What a reader sees, and the lines of it that may not be plain to every reader."""

    text: str
    odd_lines: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Open:
    tag: str
    hidden: bool = False
    odd: bool = False
    quoted: bool = False
    keeps_lines: bool = False  # <pre>


def text_of_html(html: str) -> Shown:
    """The text that a reader sees, quoted lines beginning with `> `.

    What is hidden by any trick known here (display, size, white letters, moved off the page) is no part of it, nor is
    what might be seen only in some programs. What is neither hidden nor surely plain is part of it and called odd; all
    is odd where words are hidden among those shown, or a style sheet reaches further than can be told.
    """
    if html.count("<!") > MAX_OPEN_TAGS:  # the library looks for each one's end in all that follows
        raise TooComplex
    parser = _Text(_sheet_of(html))
    parser.feed(html)
    parser.close()
    return parser.shown()


@dataclass(frozen=True)
class _Sheet:
    """Classes, ids and tags (as `<p>`) that the mail's own style sheet hides, or shows oddly; or all of it is odd."""

    hidden: frozenset[str]
    odd: frozenset[str]
    all_odd: bool


def _sheet_of(html: str) -> _Sheet:
    hidden: set[str] = set()
    odd: set[str] = set()
    sheets = re.findall(r"<style[^>]{0,500}>(.{0,200000}?)</style", html[: 2**19], re.IGNORECASE | re.DOTALL)
    all_odd = len(sheets) < len(re.findall(r"<style", html, re.IGNORECASE))
    for sheet in sheets:
        bare = re.sub(r"<!--|-->|/\*.*?\*/", " ", sheet, flags=re.DOTALL)
        all_odd |= "\\" in bare.replace("\\:", "") or "@import" in bare.lower()
        for selectors, declarations in _RULE.findall(bare):
            hides = bool(_HIDING.search(_squeezed(declarations)))
            if not hides and (selectors.strip().startswith("@") or is_plain_style(declarations)):
                continue
            for selector in selectors.split(","):
                if _OFFICE_TAG.fullmatch(selector.strip()):
                    continue
                named = _NAMED.findall(selector)
                names = named or [f"<{tag.lower()}>" for tag in _TAG_NAME.findall(selector)]
                (hidden if hides else odd).update(names)
                all_odd |= not names or bool(_FAR_REACHING.search(selector))
    return _Sheet(frozenset(hidden), frozenset(odd), all_odd)


def _squeezed(style: str) -> str:
    return re.sub(r"/\*.*?\*/|\\|\s+", "", style).lower()


class _Text(HTMLParser):
    def __init__(self, sheet: _Sheet) -> None:
        super().__init__(convert_charrefs=True)
        self._sheet = sheet
        self._all_odd = sheet.all_odd
        self._is_conditional = False  # between `<![if …]>` and `<![endif]>`: some programs show it, others do not
        self._odd_lines: set[int] = set()
        self._pictured: set[int] = set()
        self._open: list[_Open] = []
        self._rest_is_quoted = False
        self._lines: list[tuple[bool, list[str]]] = [(False, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._break()
        elif tag in _BLOCK or tag == "hr":
            self._break(paragraph=tag == "p")
        style = _squeezed(values.get("style", ""))
        marker = f"{values.get('id', '')} {values.get('name', '')}"
        if any(_REST_IS_QUOTED.fullmatch(word) for word in marker.split()) or (
            tag in {"div", "td", "table"} and _OUTLOOK_LINE.search(values.get("style", "").lower())
        ):
            self._rest_is_quoted = True
        above = self._open[-1] if self._open else _Open("")
        if not (above.hidden or above.quoted or self._rest_is_quoted):
            self._all_odd |= tag in _SEEN_BY_SOME
            self._pictured |= {len(self._lines) - 1} if tag == "img" else set()
        if tag in _VOID:
            self._all_odd |= tag == "link" and "stylesheet" in values.get("rel", "").lower()
            return
        if len(self._open) >= MAX_OPEN_TAGS:
            raise TooComplex
        names = {*values.get("class", "").split(), values.get("id", ""), f"<{tag}>", "<*>"}
        color = _squeezed(values.get("color", "")) if tag == "font" else ""
        hides = (
            tag in _UNSEEN
            or "hidden" in values
            or bool(_HIDING.search(style))
            or bool(color and re.fullmatch(_WHITE, color))
            or bool(names & self._sheet.hidden)
        )
        is_odd = bool(names & self._sheet.odd) or not is_plain_tag(tag, values)
        quotes = tag == "blockquote" or bool(_QUOTE_CLASS.search(values.get("class", "")))
        keeps_lines = tag in {"pre", "listing"} or "white-space:pre" in style
        self._open.append(
            _Open(
                tag,
                above.hidden or hides,
                above.odd or is_odd,
                above.quoted or quotes,
                above.keeps_lines or keeps_lines,
            )
        )

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK:
            self._break(paragraph=tag == "p")
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return
            if self._open[index].tag in _BLOCK and tag not in _BLOCK:
                return  # a stray </span> does not end the quotation around it

    def handle_data(self, data: str) -> None:
        state = self._open[-1] if self._open else _Open("")
        quoted = state.quoted or self._rest_is_quoted
        if state.hidden:
            self._all_odd |= not quoted and bool(data.strip()) and not any(each.tag in _UNSEEN for each in self._open)
            return
        if self._lines[-1][0] != quoted:
            self._lines.append((quoted, []))
        first, *others = data.split("\n") if state.keeps_lines else [data]
        self._lines[-1][1].append(first)
        self._lines += [(quoted, [line]) for line in others]
        if (state.odd or self._is_conditional) and data.strip():
            self._odd_lines.update(range(len(self._lines) - 1 - len(others), len(self._lines)))

    def handle_comment(self, data: str) -> None:
        word = data.strip().lower()
        if not word.startswith(("[if", "<![", "[endif")):
            return
        self._condition(word.removeprefix("<!"))
        inner = re.sub(r"(?is)^\[if[^\]]*\]>?|<!\[endif\]|<(style|xml)\b.*?</\1>|<[^>]*>|<!", " ", data)
        self._all_odd |= any(c.isalnum() for c in inner) and not word.startswith(("<![", "[endif"))

    def unknown_decl(self, data: str) -> None:
        self._condition(f"[{data.strip().lower()}")

    def _condition(self, word: str) -> None:
        if word.startswith("[endif"):
            self._is_conditional = False
        elif word.startswith("[if") and "[endif]" not in word:
            self._is_conditional = True

    def _break(self, *, paragraph: bool = False) -> None:
        self._lines.append((self._lines[-1][0], []))
        if paragraph:
            self._lines.append((self._lines[-1][0], []))

    def shown(self) -> Shown:
        """The text; a picture may say anything, so it makes its line odd or, where it stands alone, those around it."""
        lines: list[str] = []
        odd: set[str] = set()
        above, is_below_picture = "", False
        for number, (quoted, pieces) in enumerate(self._lines):
            line = re.sub(r"[ \t\r\n\f]+", " ", "".join(pieces)).strip()
            is_picture = number in self._pictured
            if line:
                lines.append(f"> {line}" if quoted else line)
                if self._all_odd or number in self._odd_lines or is_picture or is_below_picture:
                    odd.add(tidied(lines[-1]))
                above, is_below_picture = lines[-1], False
            elif lines and lines[-1]:
                lines.append("")
            if is_picture and not line:
                odd.add(tidied(above))
                is_below_picture = True
        return Shown("\n".join(lines), frozenset(odd))
