"""What people wrote, in the language of whoever reads it, marked where it is in the other."""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from . import models, prose
from .method import readers_language
from .models import Words
from .text import HAN

OURS = mark_safe('<small class="quiet" lang="zh">（本站译名）</small>')
LATIN = re.compile("[A-Za-z]{2,}")


def said(thing: Any, name: str) -> SafeString:
    """A field in the reader's language; where it is written in the other only, marked as such."""
    words = models.said(thing, name)
    shown = (
        format_html("{}", words.text) if words.language == readers_language() else _marked(words)
    )
    return shown + _of_our_own(thing, name, words)


def otherwise(thing: Any, name: str) -> SafeString:
    """The same field in the other language, marked; empty where it is not written in both."""
    words = models.otherwise(thing, name)
    if not words.text:
        return SafeString("")
    return _marked(words) + _of_our_own(thing, name, words)


def said_prose(thing: Any, name: str) -> SafeString:
    """As `said`, a text whose Markdown is understood, as a block."""
    return _prose(models.said(thing, name))


def otherwise_prose(thing: Any, name: str) -> SafeString:
    """As `otherwise`, a text whose Markdown is understood, as a block."""
    return _prose(models.otherwise(thing, name))


def _of_our_own(thing: Any, name: str, words: Words) -> SafeString:
    """What stands behind a Chinese name that the document itself does not have."""
    ours = words.language == "zh" and getattr(thing, f"{name}_zh_ours", False)
    return OURS if ours else SafeString("")


def _prose(words: Words) -> SafeString:
    if not words.text:
        return SafeString("")
    shown = prose.shown(words.text)
    return format_html('<div class="prose" lang="{}">{}</div>', words.language, shown)


def _marked(words: Words) -> SafeString:
    return format_html('<span lang="{}">{}</span>', words.language, words.text)


def marked(value: Any) -> SafeString:
    """Words that may be in either language, marked where it is not the reader's."""
    text = str(value)
    spoken = "zh" if HAN.search(text) else "en" if LATIN.search(text) else ""
    if spoken in ("", readers_language()):
        return format_html("{}", text)
    return _marked(Words(text, spoken))
