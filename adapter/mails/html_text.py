"""HTML as plain text: quoted parts marked with `>` as in a plain mail, hidden parts left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from adapter.mails.limits import TooComplex

MAX_OPEN_TAGS = 2_000


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_VOID = _tags("area base br col embed hr img input link meta param source track wbr")
_BLOCK = _tags(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header"
    " html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_UNSEEN = _tags(
    "head style script title template noscript svg math object iframe audio video canvas select textarea button"
    " datalist noframes noembed xmp plaintext applet map meter progress"
)
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
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_NAMED = re.compile(r"[.#]([A-Za-z_][\w-]{0,100})")
_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,20}|\*")


@dataclass(frozen=True)
class _Open:
    tag: str
    hidden: bool = False
    quoted: bool = False
    keeps_lines: bool = False  # <pre>


def text_of_html(html: str) -> str:
    """The text that a reader sees, quoted lines beginning with `> `.

    What is hidden by any trick known here (display, size, white letters, moved off the page) is no part of it, nor is
    what might be seen only in some programs: a yes must be plain to everybody.
    """
    parser = _Text(_hidden_names(html))
    parser.feed(html)
    parser.close()
    return parser.text()


def _hidden_names(html: str) -> frozenset[str]:
    """Classes, ids and tags (as `<p>`) that the mail's own style sheet hides, or may hide."""
    names: set[str] = set()
    for sheet in re.findall(r"<style[^>]{0,500}>(.{0,200000}?)</style", html[: 2**19], re.IGNORECASE | re.DOTALL):
        for selectors, declarations in _RULE.findall(sheet):
            if _HIDING.search(_squeezed(declarations)):
                for selector in selectors.split(","):
                    named = _NAMED.findall(selector)
                    names.update(named or (f"<{tag.lower()}>" for tag in _TAG_NAME.findall(selector)))
    return frozenset(names)


def _squeezed(style: str) -> str:
    return re.sub(r"/\*.*?\*/|\\|\s+", "", style).lower()


class _Text(HTMLParser):
    def __init__(self, hidden_names: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden_names = hidden_names
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
        if tag in _VOID:
            return
        if len(self._open) >= MAX_OPEN_TAGS:
            raise TooComplex
        above = self._open[-1] if self._open else _Open("")
        names = {*values.get("class", "").split(), values.get("id", ""), f"<{tag}>", "<*>"}
        color = _squeezed(values.get("color", "")) if tag == "font" else ""
        hides = (
            tag in _UNSEEN
            or "hidden" in values
            or bool(_HIDING.search(style))
            or bool(color and re.fullmatch(_WHITE, color))
            or bool(names & self._hidden_names)
        )
        quotes = tag == "blockquote" or bool(_QUOTE_CLASS.search(values.get("class", "")))
        keeps_lines = tag in {"pre", "listing"} or "white-space:pre" in style
        self._open.append(_Open(tag, above.hidden or hides, above.quoted or quotes, above.keeps_lines or keeps_lines))

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
        if state.hidden:
            return
        quoted = state.quoted or self._rest_is_quoted
        if self._lines[-1][0] != quoted:
            self._lines.append((quoted, []))
        first, *others = data.split("\n") if state.keeps_lines else [data]
        self._lines[-1][1].append(first)
        self._lines += [(quoted, [line]) for line in others]

    def _break(self, *, paragraph: bool = False) -> None:
        self._lines.append((self._lines[-1][0], []))
        if paragraph:
            self._lines.append((self._lines[-1][0], []))

    def text(self) -> str:
        lines: list[str] = []
        for quoted, pieces in self._lines:
            line = re.sub(r"[ \t\r\n\f]+", " ", "".join(pieces)).strip()
            if line:
                lines.append(f"> {line}" if quoted else line)
            elif lines and lines[-1]:
                lines.append("")
        return "\n".join(lines)
