"""Which HTML is plain to every reader: a short list of harmless tags, attributes and styles; all else is odd.

Hiding a word has endless ways (CSS escapes, transforms, colours, attribute selectors), showing it plainly has few. A
yes in anything but these is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PLAIN_TAGS = _words(
    "html head body div p span font b strong i em u a br hr ul ol li dl dt dd table tbody thead tfoot tr td th colgroup"
    " col h1 h2 h3 h4 h5 h6 blockquote pre code tt center address small big section article main header footer img meta"
    " style title o:p st1:personname"
)
_ATTRIBUTES = _words(
    "class id lang xml:lang align valign href name title target rel type cite width height border cellpadding"
    " cellspacing contenteditable link vlink alink role tabindex start colspan rowspan clear translate"
    " spellcheck content http-equiv charset src alt nowrap value bordercolor summary"
)
_LENGTH = r"(?:\d{1,3}(?:\.\d*)?(?:px|pt)?|\d{1,2}(?:\.\d*)?(?:em|rem|ex|ch|mm|%)|\d?(?:\.\d+)?(?:em|cm|in|pc|ex|%))"
_KEYWORDS = r"initial|inherit|normal|auto|none|unset|revert"
_LENGTHS = rf"(?:{_LENGTH}|{_KEYWORDS})(?:\s+(?:{_LENGTH}|{_KEYWORDS})){{0,3}}"
_SIZE = (
    r"(?:[89]|\d{2})(?:\.\d+)?(?:px|pt)|[89]\d%|1\d\d%|0?\.[89]\d*r?em|1(?:\.\d+)?r?em|2(?:\.\d+)?r?em|7\.5pt|7pt"
    r"|(?:x-)?small|medium|(?:x-)?large|larger|smaller|inherit|initial"
)
_FONT = _words(
    "family style weight variant variant-caps variant-ligatures variant-numeric variant-east-asian variant-alternates"
    " variant-position variant-emoji stretch kerning feature-settings optical-sizing language-override charset"
    " synthesis variation-settings palette"
)
_ANY_NAME = "[a-z-]*"
_VALUES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile("|".join(names.split())), re.compile(value))
    for names, value in (
        (f"font-({'|'.join(_FONT)}) panose-1", r"(?!.*(?:dings|symbol))[^;\\(]{0,300}"),
        ("font-size", _SIZE),
        ("line-height", r"normal|inherit|initial|(?:[89]|\d\d)(?:\.\d+)?(?:px|pt)|(?:[89]\d|1\d\d|200)(?:\.\d+)?%"),
        ("line-height", r"(?:[12](?:\.\d+)?|0?\.[89]\d*)(?:em)?"),
        ("(margin|padding)(-(left|right|top|bottom))?(-alt)?", _LENGTHS),
        (f"(border|outline|list-style|page|text-wrap|text-underline){_ANY_NAME}", r"[^;\\(]*(\([\d,.\s%]*\))?[^;\\(]*"),
        ("widows orphans tab-interval cursor quotes hyphens", r"[^;\\(]*"),
        ("text-align(-last)?", r"[a-z-]+"),
        (
            "text-decoration(-(line|style|color|thickness))?",
            r"(?:(?:none|underline|solid|initial|inherit|auto|currentcolor|rgb\([\d,\s]+\)|\w*blue|black)\s*)+",
        ),
        ("text-transform text-shadow text-overflow font-size-adjust", r"none|initial|inherit|auto"),
        ("text-indent letter-spacing word-spacing", rf"{_KEYWORDS}|[0-4]?(\.\d+)?(px|pt|cm|em)?"),
        ("white-space(-collapse)? word-(break|wrap) overflow-wrap line-break -webkit-nbsp-mode", r"[\w%-]+"),
        ("box-sizing (-(webkit|ms|moz)-)?text-size-adjust", r"[\w%-]+"),
        ("-webkit-text-stroke-width -webkit-text-stroke", r"0(px)?|initial|inherit"),
        ("caret-color -webkit-tap-highlight-color -webkit-text-decoration-color", r"[\w#(),.\s%-]+"),
        ("direction", r"ltr|inherit|initial"),
        ("display", r"block|inline|inline-block|table(-cell|-row)?|initial|inherit|list-item"),
        ("visibility opacity", r"visible|initial|inherit|1(\.0*)?"),
        ("float clear position overflow(-[xy])?", r"none|static|visible|auto|initial|inherit|relative|both"),
        ("vertical-align", r"[a-z-]+|0(px|pt|cm)?"),
        ("(min-|max-)?width", r"auto|none|inherit|initial|\d{2,4}(\.\d+)?(px|pt|%|em)?|\d{1,3}(\.\d+)?(em|rem|cm|in)"),
        ("min-(height|width) height", r"auto|inherit|initial|\d{2,4}(\.\d+)?(px|pt|%)"),
        ("mso-(?!hide)[a-z0-9-]+", r"[^\\]*"),
    )
)
_NAMED_COLOURS = {
    "black": (0, 0, 0), "white": (255, 255, 255), "navy": (0, 0, 128), "blue": (0, 0, 255), "red": (255, 0, 0),
    "green": (0, 128, 0), "purple": (128, 0, 128), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "maroon": (128, 0, 0), "teal": (0, 128, 128), "darkblue": (0, 0, 139), "windowtext": (0, 0, 0),
    "dimgray": (105, 105, 105), "darkgreen": (0, 100, 0), "darkred": (139, 0, 0), "window": (255, 255, 255),
}  # fmt: skip
_SIZES = _words("2 3 4 5 6 7 +0 +1 +2 -1")
_SAME = _words("inherit initial currentcolor auto transparent none unset")
_DARKEST_PAPER, _LIGHTEST_INK = 215, 160  # of 255


def is_plain_tag(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tells whether a tag with its attributes shows what it holds plainly."""
    return tag in PLAIN_TAGS and all(_is_plain_attribute(tag, name, value) for name, value in attributes.items())


def _is_plain_attribute(tag: str, name: str, value: str) -> bool:
    value = value.strip().lower()
    match name:
        case "style" | "face":
            return is_plain_style(value if name == "style" else f"font-family:{value}")
        case "dir":
            return value in {"ltr", "auto", ""}
        case "bgcolor":
            return _is_paper(value)
        case "color" | "text":
            return _is_ink(value)
        case "size":
            return tag != "font" or value in _SIZES
        case _:
            return name in _ATTRIBUTES or name.startswith(("data-", "xmlns", "v:", "o:"))


def is_plain_style(style: str) -> bool:
    """Tells whether every declaration is on the list of harmless ones."""
    if "\\" in style:
        return False
    bare = re.sub(r"&quot;", '"', re.sub(r"/\*.*?\*/", " ", style, flags=re.DOTALL)).lower()
    for declaration in bare.split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        value = re.sub(r"\s*!\s*important$", "", value)
        if name and not (colon and _is_plain_declaration(name, value)):
            return False
    return True


def _is_plain_declaration(name: str, value: str) -> bool:
    if name == "color":
        return _is_ink(value)
    if name in {"background", "background-color"}:
        return _is_paper(value)
    if name.startswith("background-"):
        return value in {"initial", "inherit", "repeat", "scroll", "border-box", "padding-box", "0% 0%", "auto", "none"}
    return any(known.fullmatch(name) and allowed.fullmatch(value) for known, allowed in _VALUES)


def _is_ink(value: str) -> bool:
    if value in {"inherit", "initial", "unset", "auto", "currentcolor"}:
        return True
    colour = _colour(value)
    return colour is not None and _light(colour) <= _LIGHTEST_INK


def _is_paper(value: str) -> bool:
    if value in _SAME or value == "":
        return True
    colour = _colour(value)
    return colour is not None and _light(colour) >= _DARKEST_PAPER


def _light(colour: tuple[int, int, int]) -> float:
    red, green, blue = colour
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _colour(value: str) -> tuple[int, int, int] | None:
    if value in _NAMED_COLOURS:
        return _NAMED_COLOURS[value]
    if match := re.fullmatch(r"#?([0-9a-f]{6})", value):
        digits = match[1]
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", value):
        return int(match[1] * 2, 16), int(match[2] * 2, 16), int(match[3] * 2, 16)
    if match := re.fullmatch(r"rgba?\(\s*(\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)", value):
        return int(match[1]), int(match[2]), int(match[3])
    return None
