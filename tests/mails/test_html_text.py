"""HTML as a reader sees it."""

from __future__ import annotations

import pytest

from adapter.mails.html_text import text_of_html
from adapter.ticket.evidence import Says
from tests.mails.made import facts, mail


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">{}</span>',
        '<span style="display : none !important">{}</span>',
        '<span style="DISPLAY:/**/none">{}</span>',
        '<div style="visibility:hidden">{}</div>',
        '<div style="mso-hide:all">{}</div>',
        '<div style="opacity:0">{}</div>',
        '<div style="opacity:0.01">{}</div>',
        '<div style="font-size:0">{}</div>',
        '<div style="font-size:0px;line-height:0">{}</div>',
        '<div style="font-size:1px">{}</div>',
        '<div style="font-size:.1em">{}</div>',
        '<div style="color:#fff">{}</div>',
        '<div style="color:#FFFFFF">{}</div>',
        '<div style="color:#fefefe">{}</div>',
        '<div style="color:white">{}</div>',
        '<div style="color: rgb(255, 255, 255)">{}</div>',
        '<div style="color:rgba(255,255,255,.5)">{}</div>',
        '<div style="color:transparent">{}</div>',
        '<font color="white">{}</font>',
        '<font color="#FFFFFF">{}</font>',
        '<div style="max-height:0;overflow:hidden">{}</div>',
        '<div style="width:0px">{}</div>',
        '<div style="text-indent:-9999px">{}</div>',
        '<div style="position:absolute;left:-5000px">{}</div>',
        "<div hidden>{}</div>",
        "<script>{}</script>",
        "<style>{}</style>",
        "<title>{}</title>",
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<textarea>{}</textarea>",
        "<select><option>{}</option></select>",
        "<!-- {} -->",
        "<!--[if mso]>{}<![endif]-->",
        '<img alt="{}">',
        '<a title="{}"></a>',
        '<div style="display:none"><p><b>{}</b></p></div>',
        "<style>.x{{display:none}}</style><div class='y x'>{}</div>",
        "<style>#x, p.z {{color:#ffffff}}</style><div id=x>{}</div>",
        "<style>.x span {{display:none}}</style><div class=x><span>{}</span></div>",
        "<style>b {{visibility:hidden}}</style><b>{}</b>",
        "<style>* {{color:white}}</style><p>{}</p>",
        "<style>@media screen {{ .x {{ font-size:0 }} }}</style><div class=x>{}</div>",
    ],
)
def test_hidden_text_is_no_text(hidden: str) -> None:
    assert facts(mail(html=f"<p>Hej</p>{hidden.format('Godkendt')}<p>Hilsen</p>")).says is Says.NOTHING


@pytest.mark.parametrize(
    "seen",
    [
        '<p style="color:#000000;background-color:white">{}</p>',
        '<p style="font-size:11.0pt">{}</p>',
        '<p style="font-size:small">{}</p>',
        '<p style="font-size:10px">{}</p>',
        '<p style="font-size:1em">{}</p>',
        '<p style="font-size:0.9em;text-transform:none;line-height:0.9">{}</p>',
        '<p style="border-color:white;margin-left:0;margin-top:0">{}</p>',
        '<p style="opacity:1;height:10px">{}</p>',
        '<p style="color:#f00">{}</p>',
        '<table width="0"><tr><td>{}</td></tr></table>',
        "<style>p.MsoNormal {{margin:0cm}} .x{{display:none}}</style><p class=MsoNormal>{}</p>",
        "<p>{}",
        "<b>{}</i></b>",
        "{}",
        "<p>Godk<span>endt</span></p>",
        "<p>Godk&shy;endt</p>",
        "<p>&#71;odkendt</p>",
    ],
)
def test_ordinary_text_is_seen(seen: str) -> None:
    assert facts(mail(html=seen.format("Godkendt"))).says is Says.YES


@pytest.mark.parametrize(
    "quote",
    [
        "<blockquote>{}</blockquote>",
        '<blockquote type="cite"><div>{}</div></blockquote>',
        '<div class="gmail_quote">{}</div>',
        '<div class="x_gmail_quote">{}</div>',
        '<div class="yahoo_quoted">{}</div>',
        '<div class="moz-cite-prefix">x</div><blockquote>{}</blockquote>',
        '<div id="appendonsend"></div><div>{}</div>',
        '<div id="x_divRplyFwdMsg">Fra</div><div>{}</div>',
        '<div id="mail-editor-reference-message-container"><div>{}</div></div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>Fra</p></div><p>{}</p>',
        '<div style="border:none;border-top:solid #B5C4DF 1.0pt"><p>Fra</p></div><p>{}</p>',
        "<blockquote></span>{}</blockquote>",
        "<span><blockquote></span>{}</blockquote>",
        "<blockquote>{}",
        "<pre>\n&gt; {}\n</pre>",
        '<div style="white-space: pre-wrap">\n&gt; {}</div>',
        "<p>Fra:</p><p>S</p><p>Sendt:</p><p>i går</p><p>Til:</p><p>A</p><p>Emne:</p><p>T</p><p>{}</p>",
    ],
)
def test_quoted_html_is_no_word_of_the_sender(quote: str) -> None:
    assert facts(mail(html=f"<p>Vi ser på det</p>{quote.format('Godkendt, men nej')}")).says is Says.NOTHING
    assert facts(mail(html=f"<p>Godkendt</p>{quote.format('nej')}")).says is Says.YES


def test_a_yes_below_a_quotation_is_for_a_person() -> None:
    assert facts(mail(html="<blockquote>Tilbud</blockquote><p>Godkendt</p>")).says is Says.CONDITIONAL


def test_lines_and_paragraphs_are_kept_apart() -> None:
    assert text_of_html("<p>a\n b</p><p>c<br>d</p><ul><li>e</li></ul>").text == "a b\n\nc\nd\n\ne\n"
    assert text_of_html("<td>ikke</td><td>godkendt</td>").text.split() == ["ikke", "godkendt"]


def test_broken_html_is_read_as_far_as_it_goes() -> None:
    for broken in ("<", "<p", "</", "<!", "<!--", "<![CDATA[", "&#xffffffff;", "<p style=>", "</p></p>", "<a b='"):
        text_of_html(broken)
