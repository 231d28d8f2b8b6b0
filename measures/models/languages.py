"""What the register holds in two languages, as one reader meets it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pypinyin import Style, lazy_pinyin

from ..method import reads_chinese


class Words(NamedTuple):
    """Words and the language that they are in: en or zh."""

    text: str
    language: str


def said(thing: Any, name: str) -> Words:
    """The field in the reader's language where it is written, else in the other."""
    own, other = _both(thing, name)
    return own if own.text or not other.text else other


def otherwise(thing: Any, name: str) -> Words:
    """The field in the language that `said` does not give; empty where there is none."""
    own, other = _both(thing, name)
    return other if own.text and own.text != other.text else Words("", other.language)


def in_order(things: Iterable[Any], name: str = "title") -> list[Any]:
    """The things as their reader looks them up by what that field says: see `place`."""
    return sorted(things, key=lambda thing: place(said(thing, name).text))


def place(words: str) -> tuple[list[str], str]:
    """Where the words stand in a list: by their letters, Chinese ones by their sounds (pinyin).

    Characters of one sound stand together by tone; what sounds alike stands in one order anyhow.
    """
    tones = Style.TONE3
    sounds = lazy_pinyin(words.casefold(), style=tones, neutral_tone_with_five=True)
    return sounds, words


def _both(thing: Any, name: str) -> tuple[Words, Words]:
    english = Words(_value(thing, name), "en")
    chinese = Words(_value(thing, f"{name}_zh"), "zh")
    return (chinese, english) if reads_chinese() else (english, chinese)


def _value(thing: Any, name: str) -> str:
    if isinstance(thing, Mapping):
        return str(thing.get(name) or "")
    return str(getattr(thing, name, "") or "")
