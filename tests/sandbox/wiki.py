"""Jira's wiki markup as HTML: escaped first, then the few marks that comments use."""

from __future__ import annotations

import re
from html import escape

INLINE = (
    (re.compile(r"\{\{(.+?)\}\}"), r"<code>\1</code>"),
    (re.compile(r"\[([^\]|]+)\|(https?://[^\]\s]+)\]"), r'<a href="\2" rel="noreferrer noopener">\1</a>'),
    (re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)"), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"\{color:(#?\w+)\}(.*?)\{color\}"), r'<span style="color:\1">\2</span>'),
)
LISTS = {"*": "ul", "-": "ul", "#": "ol"}
ESCAPED = re.compile(r"\\([*_{}\[\]|#+~^!\\-])")


def to_html(text: str) -> str:
    """Safe HTML of a text in wiki markup."""
    html: list[str] = []
    open_block = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        block, written = _line(line)
        if block != open_block:
            html += [f"</{open_block}>"] * bool(open_block) + [f"<{block}>"] * bool(block)
            open_block = block
        html.append(written)
    if open_block:
        html.append(f"</{open_block}>")
    return "\n".join(html)


def _line(line: str) -> tuple[str, str]:  # noqa: PLR0911 # one return a mark
    """The block that a line belongs in, and the line as HTML."""
    stripped = line.strip()
    heading = re.fullmatch(r"h([1-6])\.\s+(.*)", stripped)
    if heading:
        return "", f"<h{heading[1]}>{inline(heading[2])}</h{heading[1]}>"
    if re.fullmatch(r"-{4,}", stripped):
        return "", "<hr>"
    item = re.fullmatch(r"([*#-]+)\s+(.*)", stripped)
    if item:
        depth = min(len(item[1]), 6) - 1
        inset = f' style="margin-left:{1.2 * depth:.1f}em;list-style:circle"' if depth else ""
        return LISTS[stripped[0]], f"<li{inset}>{inline(item[2])}</li>"
    if stripped.startswith("||"):
        return "table", _row(stripped, "||", "th")
    if stripped.startswith("|") and len(stripped) > 1:
        return "table", _row(stripped, "|", "td")
    if re.fullmatch(r"\{(panel|quote|noformat|code)(:[^}]*)?\}", stripped):
        return "", ""
    return "", f"<p>{inline(line)}</p>" if stripped else ""


def _row(line: str, mark: str, cell: str) -> str:
    text = line.removeprefix(mark).removesuffix(mark)
    parts = re.split(r"(?<!\\)" + re.escape(mark), text) if mark == "||" else re.split(r"(?<!\\)\|{1,2}", text)
    return "<tr>" + "".join(f"<{cell}>{inline(part.strip())}</{cell}>" for part in parts) + "</tr>"


def inline(text: str) -> str:
    """Safe HTML of a line; a backslash keeps a mark from being one."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    html = escape(ESCAPED.sub(keep, text.replace("\0", "")))
    for pattern, replacement in INLINE:
        html = pattern.sub(replacement, html)
    return re.sub(r"\0(\d+)\0", lambda m: escape(kept[int(m[1])]), html)
