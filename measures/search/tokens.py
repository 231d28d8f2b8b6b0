"""Tokens: what a text is found by, the same whatever engine keeps them.

A Latin word is its English stem; a run of Chinese (or other script without spaces) its overlapping
pairs of characters, and its last character alone. So every part of a run is found by the pairs in
it, and a single character as the beginning of a pair or as the last one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

# 々 and 〇 are written among ideographs; kana and the ideographs beyond the basic plane as well.
HAN = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# "No. 20" is 20, and "China's" is China.
PIECES = re.compile(
    rf"(?P<no>\bno\b\.?\s*(?=\d))|(?P<run>[{HAN}]+)|(?P<word>(?:(?![{HAN}])[^\W_])+)(?:['’]s\b)?"
)
# No token is longer: PostgreSQL keeps at most 2 kB of one, and a spelt character has 7 of them.
LONGEST = 100
# What every engine on every machine takes for letters; other characters are spelt in these.
PLAIN = re.compile("[^a-z0-9\u4e00-\u9fa5]")
# No token, since no text has the character 0. Between two texts, so that no phrase spans them.
BREAK = "x0x"


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and the characters of the text that it stands for, `start` to before `end`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of the text, in its order."""
    return [token for token, _closing in _told(text)]


def phrase(text: str) -> tuple[tuple[str, ...], bool]:
    """The tokens that stand one behind the other where the text stands, and whether the last one
    is but the beginning of a token.

    What follows the text there is unknown: so the last character of a run at its end is not told.
    """
    told = _told(text)
    if not told or not told[-1][1]:
        return tuple(token.text for token, _closing in told), False
    *rest, last = [token.text for token, _closing in told]
    paired = len(told) > 1 and not told[-2][1] and told[-2][0].end == told[-1][0].end
    return (tuple(rest), False) if paired else ((*rest, last), True)


def _told(text: str) -> list[tuple[Token, bool]]:
    """Each token, and whether it is the last character of a run."""
    folded, places = _folded(text)
    told: list[tuple[Token, bool]] = []
    for match in PIECES.finditer(folded):
        if match["word"]:
            start, end = places[match.start("word")], places[match.end("word") - 1] + 1
            told.append((Token(_spelt(stem(match["word"][:LONGEST])), start, end), False))
        elif match["run"]:
            told += _of_a_run(match["run"], places[match.start() : match.end()])
    return told


def _of_a_run(run: str, places: list[int]) -> Iterator[tuple[Token, bool]]:
    for place in range(len(run) - 1):
        yield Token(_spelt(run[place : place + 2]), places[place], places[place + 1] + 1), False
    yield Token(_spelt(run[-1]), places[-1], places[-1] + 1), True


def _spelt(token: str) -> str:
    return PLAIN.sub(lambda match: f"x{ord(match[0]):x}x", token)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in one width and case without accents, and where each character came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces = [_fold(character) for character in text]
    places = [place for place, piece in enumerate(pieces) for _each in piece]
    return "".join(pieces), places


@lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", character)
    plain = "".join(each for each in taken_apart if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", plain).casefold()


_stemmer = snowballstemmer.stemmer("english")
_alone = Lock()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of a folded word: "amendments" and "amended" are "amend"."""
    if not (word.isascii() and word.isalpha()):
        return word
    with _alone:  # The stemmer keeps the word it is at in itself.
        return str(_stemmer.stemWord(word))
