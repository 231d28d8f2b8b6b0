"""The user guide, the about page and the accessibility statement: one Markdown file each, twice.

`docs/guide/en` and `docs/guide/zh` hold the same files. A link leads to another file (`time.md`),
to a page of the tracker by its URL name (`page:compare`) or to the web. A picture stands for the
one of that name among the static files; `pictures.json` holds its size and what was on the page
that it was taken from, by which the walk that takes the pictures notices a page that has changed.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .method import SHOWN_STATUSES

FOLDER = Path(settings.SHIPPED_DIR) / "docs" / "guide"
LANGUAGES = ("en", "zh")
# In the order in which they are read.
CHAPTERS = (
    "reading",
    "time",
    "measure",
    "compare",
    "taking",
    "analysts",
    "reviewers",
    "corrections",
    "importing",
    "accounts",
    "administration",
)
APART = ("about", "accessibility")
PICTURES = "measures/guide"

Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file of the guide: its name, heading and first paragraph, and all below the heading."""

    name: str
    title: str
    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its place among the static files, its language, its size in pixels."""

    place: str
    language: str
    width: int
    height: int


@cache
def chapter(name: str, language: str) -> Chapter:
    """A file in that language. KeyError: the guide has none of this name."""
    if name not in CHAPTERS + APART:
        raise KeyError(name)
    written = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    heading, text = written.split("\n", 1)
    lead = text.strip().split("\n\n", 1)[0]
    return Chapter(name, heading.removeprefix("# "), _in_one_line(lead), text)


def chapters(language: str) -> tuple[Chapter, ...]:
    """All of the guide, in order."""
    return tuple(chapter(name, language) for name in CHAPTERS)


def neighbours(name: str) -> tuple[str | None, str | None]:
    """The chapters before and after this one; None at either end."""
    place = CHAPTERS.index(name)
    after = CHAPTERS[place + 1] if place + 1 < len(CHAPTERS) else None
    return (CHAPTERS[place - 1] if place else None), after


def shown(text: str, language: str, page: Link, static: Link) -> SafeString:
    """The text as HTML: `page` tells the address of a page by its name, `static` of a file.

    A file of another chapter is the page `guide-chapter:<name>`.
    """
    told = {"language": language, "page": page, "static": static}
    return mark_safe(PARSER.render(text, told))  # noqa: S308 - ours, and HTML in it is escaped


@cache
def pictures() -> Mapping[str, Any]:
    """What is known of each picture, by `<language>/<name>`."""
    found: Mapping[str, Any] = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    return found


def picture(name: str, language: str) -> Picture | None:
    """The picture in that language, else in English; None where none was taken yet."""
    for each in (language, "en"):
        known = pictures().get(f"{each}/{name}")
        if known:
            place = f"{PICTURES}/{each}/{name}.webp"
            return Picture(place, each, known["width"], known["height"])
    return None


def _in_one_line(paragraph: str) -> str:
    """Without line breaks (between Chinese characters no space is due) and without marks."""
    words = re.sub(r"\[([^\]]+)\]\([^)]+\)|[*`]", r"\1", paragraph)
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n|\n(?=[\u3400-\u9fff])", "", words).replace(
        "\n", " "
    )


def _leads_to(target: str, page: Link) -> str:
    if target.startswith("https://"):
        return target
    if target.startswith("page:"):
        return page(target.removeprefix("page:"))
    name = target.removesuffix(".md")
    return page(name if name in APART else f"guide-chapter:{name}")


def _link(
    parser: Any, tokens: Sequence[Token], place: int, options: Any, told: Mapping[str, Any]
) -> str:
    token = tokens[place]
    token.attrs["href"] = _leads_to(str(token.attrs["href"]), told["page"])
    return str(parser.renderToken(tokens, place, options, told))


def _picture(
    parser: Any, tokens: Sequence[Token], place: int, options: Any, told: Mapping[str, Any]
) -> str:
    token = tokens[place]
    found = picture(Path(str(token.attrs["src"])).stem, told["language"])
    if found is None:
        return ""
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        told["static"](found.place),
        found.width,
        found.height,
        token.content,
    )


def _code(
    parser: Any, tokens: Sequence[Token], place: int, options: Any, told: Mapping[str, Any]
) -> str:
    """`status:partial` is that status with its disc."""
    name, _colon, slug = tokens[place].content.partition(":")
    if name == "status" and slug in SHOWN_STATUSES:
        status = SHOWN_STATUSES[slug]
        return format_html('<span class="status {}">{}</span>', status.css, status.label)
    return str(parser.code_inline(tokens, place, options, told))


def _table(
    parser: Any, tokens: Sequence[Token], place: int, options: Any, told: Mapping[str, Any]
) -> str:
    tokens[place].attrs["class"] = "list"
    return str(parser.renderToken(tokens, place, options, told))


def _column(
    parser: Any, tokens: Sequence[Token], place: int, options: Any, told: Mapping[str, Any]
) -> str:
    tokens[place].attrs["scope"] = "col"
    return str(parser.renderToken(tokens, place, options, told))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for token, rule in (
        ("link_open", _link),
        ("image", _picture),
        ("code_inline", _code),
        ("table_open", _table),
        ("th_open", _column),
    ):
        parser.add_render_rule(token, rule)
    return parser


PARSER = _parser()
