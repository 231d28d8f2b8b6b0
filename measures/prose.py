"""Markdown as people write it in a rationale: shown as HTML, or told as plain text.

Understood are paragraphs, emphasis, lists, links to the web, quotations and code. Whatever else is
written (HTML, headings, pictures, links to elsewhere) stands there as it was written: a finding is
never changed, so none of it is left out where somebody approves it.
"""

import re
from collections.abc import Iterator, Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# Beyond these a text is shown as plain paragraphs: parsing it would take seconds, and the parser
# leaves out what is nested too deeply.
LONGEST = 20_000
DEEPEST = 12

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
ATTRIBUTES = {"*": set[str](), "a": {"href", "title"}, "ol": {"start"}}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["heading", "lheading", "hr", "html_block", "html_inline"])
    # An indented line is no code but a line of its paragraph; a definition would not be shown.
    parser.disable(["code", "reference"])
    parser.inline.ruler.at("image", _no_picture)
    parser.validateLink = _leads_to_the_web  # type: ignore[method-assign]
    return parser


def _no_picture(state: StateInline, silent: bool) -> bool:
    """What begins a picture is text; left to the next rule, the rest would be a link."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.pending += "!["
    state.pos += 2
    return True


def _leads_to_the_web(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))


PARSER = _parser()


def shown(text: str) -> SafeString:
    """The text as HTML that can run nothing and lead nowhere but to the web."""
    tokens = _parsed(text)
    if tokens is None:
        return _paragraphs(text)
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    # The parser lets no HTML through; should it ever, the second wall stands.
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="nofollow noopener",
    )
    return mark_safe(clean.strip())  # noqa: S308 - cleaned in the line above


def plain(text: str) -> str:
    """The words without marks: paragraphs with an empty line between, a link with its address."""
    tokens = _parsed(text)
    return text.strip() if tokens is None else "".join(_blocks(tokens)).strip()


def _parsed(text: str) -> list[Token] | None:
    """What the text is made of; None where it is too long or nested too deeply to be told."""
    if len(text) > LONGEST:
        return None
    tokens = PARSER.parse(text)
    return None if any(token.level > DEEPEST for token in tokens) else tokens


def _paragraphs(text: str) -> SafeString:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return mark_safe("\n".join(f"<p>{escape(part)}</p>" for part in parts))  # noqa: S308 - escaped


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The blocks one after the other, each with what stands between it and the one before."""
    mark, depth = "", 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if not depth:
                yield "\n"
        elif token.type == "list_item_open":
            mark = "  " * (depth - 1) + f"{token.info}{token.markup} "
        elif token.type in ("inline", "fence"):
            words = token.content.rstrip("\n") if token.type == "fence" else _words(token)
            yield f"{mark}{words}\n" if depth else f"{words}\n\n"
            mark = ""


def _words(inline: Token) -> str:
    told: list[str] = []
    addresses: list[tuple[str, int]] = []
    for token in inline.children or ():
        if token.type == "link_open":
            addresses.append((str(token.attrs["href"]), len(told)))
        elif token.type == "link_close":
            address, start = addresses.pop()
            if "".join(told[start:]) != address:
                told.append(f" ({address})")
        else:
            told.append({"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content))
    return "".join(told)
