"""What people write in Markdown is shown, and nothing of it runs."""

import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nh3
import pytest
import yaml
from markdown_it import MarkdownIt

from measures import prose
from tests.pages.reader import Node, parse

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a script in capitals": "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "a script in a paragraph": "It says <script>alert(1)</script> so.",
    "a broken tag": '<<script>alert(1)//<</script>\n<img src="x" onerror="alert(1)"',
    "an event": '<p onmouseover="alert(1)">over</p>',
    "an event on a picture": "<img src=x onerror=alert(1)>",
    "an event on a drawing": "<svg onload=alert(1)></svg>",
    "a style": '<p style="position:fixed;inset:0">all of the page</p>',
    "a frame": '<iframe src="https://evil.example"></iframe>',
    "a form": '<form action="https://evil.example"><input name="password"></form>',
    "a base": '<base href="https://evil.example/">',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "a comment": "<!-- <img src=x onerror=alert(1)> --><b>bold</b>",
    "character data": "<![CDATA[<img src=x onerror=alert(1)>]]><i>x</i>",
    "mathematics": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "a template": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "a link of HTML": '<a href="javascript:alert(1)">x</a>',
    "a picture": "![x](https://evil.example/seen-by.png)",
    "a picture of data": "![x](data:image/png;base64,AAAA)",
    "a heading": "# The whole page\n\nand more\n===",
    "a rule": "***",
    "a script in a list": "- one\n  - <script>alert(1)</script>",
    "a script in a quotation": "> <script>alert(1)</script>",
    "a script in a link": "[<img src=x onerror=alert(1)>](https://example.org)",
    "an address within this site": "[x](/accounts/logout/)",
    "an address without a scheme": "[x](//evil.example)",
    "an address of a mailbox": "<mailto:ana@example.org>",
    "an address of data": "[x](data:image/png;base64,AAAA)",
    "a quotation mark in an address": '[x](https://example.org "a" onclick="alert(1)") <b>x</b>',
}
# Links that the parser refuses by itself; a renderer that takes every address would not.
LINKS = {
    "a script": "[x](javascript:alert(1))",
    "a script in mixed letters": "[x](JaVaScRiPt:alert(1))",
    "a script in references": "[x](&#106;avascript&colon;alert(1))",
    "a script between angles": "[x](<javascript:alert(1)>)",
    "a script as an address": "<javascript:alert(1)>",
    "a script of another kind": "[x](vbscript:alert(1))",
    "a page of data": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "a file": "[x](file:///etc/passwd)",
}


def harm(html: str) -> Iterator[str]:
    """What is there beyond paragraphs, emphasis, lists, links to the web, quotations and code."""
    for node in _tolerant(html).everything():
        if node.tag not in prose.TAGS:
            yield f"<{node.tag}>"
        for name, value in node.attributes.items():
            if (node.tag, name) not in {
                ("a", "href"),
                ("a", "title"),
                ("a", "rel"),
                ("ol", "start"),
            }:
                yield f"<{node.tag} {name}>"
            if name == "href" and not value.startswith(("https://", "http://")):
                yield value
        if node.tag == "a" and node["rel"] != "nofollow noopener":
            yield "a link that is followed"


def _tolerant(html: str) -> Node:
    """The page, also where hostile HTML does not close what it opens."""
    try:
        return parse(html)
    except AssertionError:
        return parse(f"<unclosed></unclosed>{nh3.clean(html, tags={'none'})}")


def naive(text: str, *, validate: bool = True) -> str:
    """As somebody would show it who trusts the writer."""
    parser = MarkdownIt("commonmark", {"html": True})
    if not validate:
        parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return str(parser.render(text)).replace("<a ", '<a rel="nofollow noopener" ')


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_gets_through(text: str) -> None:
    assert list(harm(prose.shown(text))) == []
    assert list(harm(naive(text))) != []  # the control: there it would


@pytest.mark.parametrize("text", LINKS.values(), ids=LINKS)
def test_a_link_leads_to_the_web_or_is_none(text: str) -> None:
    shown = parse(prose.shown(text))
    assert shown.all("a") == []
    assert "x" in shown.text or "javascript" in shown.text
    assert list(harm(naive(text, validate=False))) != []


@pytest.mark.parametrize("text", [*HOSTILE.values(), *LINKS.values()])
def test_each_of_the_two_walls_holds_alone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            nh3, "clean", lambda html, **_: html.replace("<a ", '<a rel="nofollow noopener" ')
        )
        assert list(harm(prose.shown(text))) == []
    trusting = MarkdownIt("commonmark", {"html": True})
    trusting.validateLink = lambda url: True  # type: ignore[method-assign]
    monkeypatch.setattr(prose, "PARSER", trusting)
    assert list(harm(prose.shown(text))) == []


@pytest.mark.parametrize("text", [*HOSTILE.values(), *LINKS.values()])
def test_what_is_not_understood_stands_there_as_it_was_written(text: str) -> None:
    """Nobody approves words that they were not shown."""
    shown = parse(prose.shown(text)).text
    for word in ("alert", "evil.example", "onerror", "javascript", "AAAA"):
        assert (word in shown) == (word in unescape(text)), word


def test_paragraphs_emphasis_lists_links_quotations_and_code_are_understood() -> None:
    text = (
        "First *so* and **so**\nas `one`.\n\n- a\n- b\n\n3. c\n\n> said\n\n```\n<b>\n```\n\n"
        '[the law](https://example.org/law?a=1&b=2 "2020") and <http://example.org/x>'
    )
    assert prose.shown(text) == (
        "<p>First <em>so</em> and <strong>so</strong>\nas <code>one</code>.</p>\n"
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
        '<ol start="3">\n<li>c</li>\n</ol>\n'
        "<blockquote>\n<p>said</p>\n</blockquote>\n"
        "<pre><code>&lt;b&gt;\n</code></pre>\n"
        '<p><a href="https://example.org/law?a=1&amp;b=2" title="2020" rel="nofollow noopener">'
        'the law</a> and <a href="http://example.org/x" rel="nofollow noopener">'
        "http://example.org/x</a></p>"
    )
    assert list(harm(prose.shown(text))) == []


def test_the_plain_text_keeps_the_words_and_leaves_the_marks() -> None:
    text = (
        "First *so* and **so**\nas `one`.\n\n- a\n- b\n  1. c\n  2. d\n\n> said\n\n"
        "[the law](https://example.org/law) and <http://example.org/x>"
    )
    assert prose.plain(text) == (
        "First so and so as one.\n\n- a\n- b\n  1. c\n  2. d\n\nsaid\n\n"
        "the law (https://example.org/law) and http://example.org/x"
    )
    assert prose.plain("  <b>No</b> HTML & no # heading  ") == "<b>No</b> HTML & no # heading"
    assert prose.plain("") == prose.shown("") == ""


def test_the_shipped_rationales_read_as_before() -> None:
    """They were written before Markdown was understood."""
    path = Path(__file__).parent.parent / "seeds" / "findings.yaml"
    texts = [
        row[name]
        for row in yaml.load(path.read_text(), yaml.CSafeLoader)
        for name in ("rationale", "rationale_zh")
        if row.get(name)
    ]
    assert len(texts) > 100
    for text in texts:
        paragraph = parse(prose.shown(text)).one("p")
        assert paragraph.text == " ".join(text.split()) == prose.plain(text)
        assert paragraph.all() == []


def test_text_without_marks_stays_as_it_is() -> None:
    assert prose.shown("one\r\ntwo\r\n\r\n    three") == "<p>one\ntwo</p>\n<p>three</p>"
    assert prose.shown("a_b_c 2*3*4 [1] 5 < 6 & “q”") == (
        "<p>a_b_c 2<em>3</em>4 [1] 5 &lt; 6 &amp; “q”</p>"
    )


DEEP = {
    "quotations": ">" * prose.LONGEST,
    "quotations of lists": "> - " * 400 + "the words",
    "lists": "".join("  " * depth + "- the words\n" for depth in range(100)),
    "brackets": "[" * prose.LONGEST,
    "pictures": "![" * (prose.LONGEST // 2),
    "links in links": "[a](" * (prose.LONGEST // 4),
    "stars": "*a **b " * (prose.LONGEST // 7),
    "backticks": "".join("`" * run + " " for run in range(190)),
    "tags": "<a " * (prose.LONGEST // 3),
    "a very long text": "the words [ *" * prose.LONGEST,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_text_made_to_be_slow_is_shown_at_once_and_whole(text: str) -> None:
    begun = time.perf_counter()
    shown, plain = prose.shown(text), prose.plain(text)
    assert time.perf_counter() - begun < 2
    assert list(harm(shown)) == []
    for words in (parse(shown).text, plain):
        assert words.count("the words") == text.count("the words")
        assert words.count("[") == text.count("[")


def test_the_parser_alone_would_leave_out_what_is_nested_deeply() -> None:
    assert "the words" not in prose.PARSER.render(DEEP["quotations of lists"])
